//! Every shape of a payload.

#![allow(unreachable_pub, reason = "used by its test alone")]

use event_runtime::prelude::*;

/// An e-mail address.
#[payload]
#[derive(PartialEq, Eq, Hash)]
pub struct Email(
    #[normalize(trim, lowercase, nfc, collapse_whitespace)]
    #[validate(email)]
    String,
);

/// A number in a list.
#[payload]
#[derive(PartialEq, Eq)]
pub struct Numbers(#[validate(length(max = 3), inner(range(max = 9)))] Vec<u8>);

/// A card.
#[payload]
#[derive(PartialEq, Eq)]
pub struct Card {
    /// The number.
    #[event(sensitive)]
    #[validate(length(min = 4))]
    pub number: String,
}

/// How something is paid.
#[payload(open)]
#[derive(PartialEq, Eq)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Method {
    /// In notes and coins.
    Cash,
    /// By card.
    Card(Card),
    /// From account to account.
    BankTransfer {
        /// From where.
        #[event(sensitive)]
        #[validate(length(min = 15))]
        iban: String,
        /// A word that is a keyword.
        r#for: Option<Email>,
        /// Only in tests.
        #[cfg(test)]
        #[validate(range(max = 3))]
        test: u8,
    },
    /// Only in tests.
    #[cfg(test)]
    Test(Box<Card>),
    /// Never.
    #[cfg(not(any(test, not(test))))]
    Never {
        /// Of no type.
        of: Nothing,
    },
}

/// With the content beside the tag.
#[payload]
#[serde(tag = "type", content = "data")]
pub enum Adjacent {
    /// A number.
    Number(#[validate(range(max = 3))] u8),
    /// The old way.
    #[deprecated]
    Old {
        /// How.
        #[deprecated]
        how: bool,
    },
}

/// A colour.
#[payload]
#[derive(Copy, PartialEq, Eq, Hash, Default)]
#[serde(rename_all = "UPPERCASE")]
pub enum Colour {
    /// As blood.
    #[default]
    Red,
    /// As the sea.
    Blue,
}

/// The life of a purchase.
#[domain_events]
pub enum PurchaseEvent {
    /// A purchase was made.
    Made(Method),
    /// A purchase was checked.
    Checked {
        /// How.
        #[serde(flatten)]
        card: Card,
        /// The colours.
        colours: Vec<Colour>,
        /// Numbers.
        numbers: Option<Numbers>,
        /// More.
        adjacent: Option<Adjacent>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_read_and_checked() {
        let made = PurchaseMade::parse(
            br#"{ "iban": "DE89370400440532013000", "for": " A@B.de", "test": 1, "type": "bank_transfer" }"#,
        );
        assert!(std::matches!(made, Ok(PurchaseMade(Method::BankTransfer { test: 1, .. }))));
        let issues =
            PurchaseChecked::parse(br#"{ "number": "411", "colours": ["RED", "BLU"], "numbers": [10] }"#)
                .unwrap_err();
        let paths: Vec<_> = issues.iter().map(|issue| &*issue.path).collect();
        assert_eq!(paths, ["colours[1]", "numbers[0]", "number"]);
    }
}
