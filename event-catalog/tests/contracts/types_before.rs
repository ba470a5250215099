//! The types of the fields before the edits.

use event_runtime::prelude::*;

/// Two values.
#[payload]
pub(crate) enum Two {
    Red,
    Blue,
}

/// Three values.
#[payload]
pub(crate) enum Three {
    Red,
    Blue,
    Green,
}

/// A line.
#[payload]
pub(crate) struct Line {
    quantity: u8,
}

/// How something is paid.
#[payload]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Method {
    Cash,
    Card { month: u8 },
}

/// How something is paid.
#[payload]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum MoreMethod {
    Cash,
    Card { month: u8 },
    Cheque { number: u32 },
}

/// Where an order comes from.
#[payload(open)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Channel {
    Shop,
    Phone,
}

/// A shape, with its tag outside.
#[payload]
pub(crate) enum Shape {
    Point,
    Circle { radius: u8 },
}

/// A number of things.
#[payload]
pub(crate) struct Quantity(#[validate(range(min = 1, max = 99))] u8);

/// A comment, with the answers to it.
#[payload]
pub(crate) struct Comment {
    text: String,
    #[serde(default)]
    answers: Vec<Comment>,
}
