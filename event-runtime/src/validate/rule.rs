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
    /// `range`; both included.
    Range {
        /// The least value.
        min: Option<Bound>,
        /// The greatest value.
        max: Option<Bound>,
    },
    /// `email`.
    Email,
    /// `url`.
    Url,
    /// `uuid`.
    Uuid,
    /// `ip`, `ip(v4)` or `ip(v6)`.
    Ip(IpVersion),
    /// `datetime`.
    DateTime,
    /// `pattern`.
    Pattern(&'static str),
    /// `starts_with`.
    StartsWith(&'static str),
    /// `ends_with`.
    EndsWith(&'static str),
    /// `contains`.
    Contains(&'static str),
    /// `multiple_of`.
    MultipleOf(u64),
    /// `one_of`.
    OneOf(&'static [Choice]),
    /// `unique`.
    Unique,
    /// `inner`: rules of each element.
    Inner(&'static [Rule]),
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

/// A bound of a range.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Bound {
    /// Of an integer.
    Integer(i128),
    /// Of a float.
    Float(f64),
}

impl From<Bound> for Value {
    fn from(bound: Bound) -> Self {
        match bound {
            Bound::Integer(bound) => serde_json::Number::from_i128(bound).map_or(Self::Null, Self::Number),
            Bound::Float(bound) => bound.into(),
        }
    }
}
