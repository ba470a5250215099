//! The rules as data: for JSON Schema, and for the catalogue of events.

use serde_json::Value;

/// A rule of a field.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Rule {
    /// `length`: code points of a text, elements of a collection; both included.
    Length {
        /// The least length.
        min: Option<usize>,
        /// The greatest length.
        max: Option<usize>,
    },
    /// `range`.
    Range {
        /// The least value.
        min: Option<Bound>,
        /// The greatest value.
        max: Option<Bound>,
        /// What every value is greater than.
        above: Option<Bound>,
        /// What every value is less than.
        below: Option<Bound>,
    },
    /// `email`.
    Email,
    /// `url`.
    Url,
    /// `url(scheme(..))`: the schemes, in lower case.
    UrlOf(&'static [&'static str]),
    /// `uri_reference`.
    UriReference,
    /// `hostname`.
    Hostname,
    /// `uuid`.
    Uuid,
    /// `uuid(version = ..)`.
    UuidOf(u8),
    /// `ip`, `ip(v4)` or `ip(v6)`.
    Ip(IpVersion),
    /// `datetime`.
    DateTime,
    /// `date`.
    Date,
    /// `time`.
    Time,
    /// `pattern`: the expression as it is matched, with shorthands such as `\\d` written out.
    Pattern(&'static str),
    /// `starts_with`.
    StartsWith(&'static str),
    /// `ends_with`.
    EndsWith(&'static str),
    /// `contains`.
    Contains(&'static str),
    /// `multiple_of`.
    MultipleOf(u128),
    /// `one_of`.
    OneOf(&'static [Choice]),
    /// `unique`.
    Unique,
    /// `inner`: rules of each element.
    Inner(&'static [Rule]),
    /// `keys`: rules of each key of a map.
    Keys(&'static [Rule]),
    /// `or_empty`: rules from which the empty text is excused.
    OrEmpty(&'static [Rule]),
    /// `custom`: the path of the function.
    Custom(&'static str),
}

/// Which IP addresses a rule allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IpVersion {
    /// Both.
    Any,
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

/// A value that `one_of` allows.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Choice {
    /// A text.
    Text(&'static str),
    /// A number.
    Number(Bound),
}

impl From<Choice> for Value {
    fn from(choice: Choice) -> Self {
        match choice {
            Choice::Text(text) => text.into(),
            Choice::Number(number) => number.into(),
        }
    }
}

/// A number in a rule.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Bound {
    /// Of an integer.
    Integer(i128),
    /// Of an integer beyond `i128`.
    Unsigned(u128),
    /// Of a float.
    Float(f64),
}

impl Bound {
    /// As a length.
    #[doc(hidden)]
    #[must_use]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "made of a `usize`")]
    pub const fn count(self) -> usize {
        match self {
            Self::Integer(number) => number as usize,
            Self::Unsigned(_) | Self::Float(_) => usize::MAX,
        }
    }

    /// Whether JavaScript has all integers up to this one.
    #[doc(hidden)]
    #[must_use]
    pub const fn is_exact(self) -> bool {
        matches!(self, Self::Integer(-9_007_199_254_740_991..=9_007_199_254_740_991))
    }
}

impl From<Bound> for Value {
    /// A number of JSON; integers of more than 64 bits as the nearest float.
    #[allow(clippy::cast_precision_loss, reason = "JSON is mostly read so")]
    fn from(bound: Bound) -> Self {
        match bound {
            Bound::Integer(bound) => {
                serde_json::Number::from_i128(bound).map_or_else(|| (bound as f64).into(), Self::Number)
            }
            Bound::Unsigned(bound) => (bound as f64).into(),
            Bound::Float(bound) => bound.into(),
        }
    }
}
