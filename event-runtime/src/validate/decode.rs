//! From bytes to a validated value.

use super::json::{Json, Reader, Writer};
use super::{Issue, Issues, Path, code};

/// A type that can be parsed and validated: the payload of an event, or a type with `#[payload]`.
pub trait Payload: Json {
    /// Decodes JSON and validates it. Unknown fields are ignored.
    ///
    /// # Errors
    ///
    /// Every issue found, in the order of the fields: of decoding and of the rules.
    ///
    /// ```
    /// use event_runtime::prelude::*;
    ///
    /// /// One line of an order.
    /// #[payload]
    /// pub struct Line {
    ///     #[validate(range(min = 1, max = 99))]
    ///     quantity: u8,
    ///     product: Uuid,
    /// }
    ///
    /// let issues = Line::parse(br#"{ "quantity": 0, "product": 7 }"#).unwrap_err();
    /// assert_eq!(issues.len(), 2);
    /// ```
    fn parse(json: &[u8]) -> Result<Self, Issues> {
        match std::str::from_utf8(json) {
            Ok(text) => Self::parse_str(text),
            Err(error) => Err(invalid_utf8(error)),
        }
    }

    /// [`parse`](Payload::parse) for what is known to be UTF-8.
    ///
    /// # Errors
    ///
    /// Every issue found, in the order of the fields.
    fn parse_str(json: &str) -> Result<Self, Issues> {
        let value = Self::decode_str(json)?;
        value.validate()?;
        Ok(value)
    }

    /// Writes the payload as JSON.
    ///
    /// `serde_json::to_string` gives the same text, more slowly: serde is served through this one.
    ///
    /// # Errors
    ///
    /// What JSON has no form for, such as a number that is not finite, each with its path. Rules are not checked.
    ///
    /// ```
    /// use event_runtime::prelude::*;
    ///
    /// /// A reading.
    /// #[payload]
    /// pub struct Reading {
    ///     celsius: f64,
    /// }
    ///
    /// assert_eq!(Reading { celsius: 21.5 }.to_json().unwrap(), r#"{"celsius":21.5}"#);
    /// assert!(Reading { celsius: f64::NAN }.to_json().is_err());
    /// ```
    fn to_json(&self) -> Result<String, Issues> {
        Writer::write(self, &Path::root())
    }

    /// Decodes JSON that was valid when it was stored; it is not validated again.
    ///
    /// # Errors
    ///
    /// Every issue found, when it does not decode.
    #[doc(hidden)]
    fn decode_str(json: &str) -> Result<Self, Issues> {
        let mut reader = Reader::new(json);
        let value = Self::read(&mut reader, &Path::root());
        reader.finish(value)
    }
}

impl<T: Json> Payload for T {}

/// The issue of bytes that are not UTF-8.
#[cold]
pub(crate) fn invalid_utf8(error: std::str::Utf8Error) -> Issues {
    let at = error.valid_up_to();
    Issue::new(&Path::root(), code::INVALID_UTF8, format!("not UTF-8: byte {at} starts no character"))
        .with("byte", at)
        .into()
}

/// The issue of a text that is not JSON.
#[cold]
pub(crate) fn invalid_json(error: &serde_json::Error) -> Issues {
    Issue::new(&Path::root(), code::INVALID_JSON, format!("not JSON: {error}"))
        .with("line", error.line())
        .with("column", error.column())
        .into()
}

/// The issue of an event that a set does not declare.
#[cold]
pub fn not_of_domain(name: &str, domain: &str) -> Issues {
    let message = format!("the domain `{domain}` has no event `{name}`");
    Issue::new(&Path::root().field("name"), code::UNKNOWN_EVENT, message).with("name", name).into()
}
