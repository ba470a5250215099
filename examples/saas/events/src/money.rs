//! Types that payloads of several domains share.

use event_runtime::prelude::*;

/// An e-mail address, in lower case.
#[payload]
pub struct Email(
    #[normalize(trim, lowercase)]
    #[validate(email)]
    String,
);

/// A currency of ISO 4217.
#[payload]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    Eur,
    Usd,
}

/// An amount of money.
#[payload]
pub struct Money {
    pub currency: Currency,
    /// In the smallest unit of the currency.
    #[validate(range(min = 1))]
    pub cents: u64,
}

/// How a customer pays.
#[payload]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum PaymentMethod {
    /// By card.
    Card {
        /// The last four digits of its number.
        #[validate(pattern("^[0-9]{4}$"))]
        last4: String,
    },
    /// By bank transfer.
    Transfer {
        #[validate(length(min = 15, max = 34))]
        iban: String,
    },
}
