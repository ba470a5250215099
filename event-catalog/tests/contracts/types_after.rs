//! The types of the fields after the edits.

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

/// A line with a note.
#[payload]
pub(crate) struct LineWithNote {
    quantity: u8,
    note: Option<String>,
}

/// A line with a price.
#[payload]
pub(crate) struct LineWithPrice {
    quantity: u8,
    price: u32,
}

/// A line by another name.
#[payload]
pub(crate) struct Row {
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

/// How something is paid.
#[payload]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum MethodWithYear {
    Cash,
    Card { month: u8, year: u16 },
}

/// Where an order comes from.
#[payload(open)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MoreChannel {
    Shop,
    Phone,
    App,
}

/// Where an order comes from.
#[payload]
#[serde(rename_all = "lowercase")]
pub(crate) enum Closed {
    Shop,
    Phone,
}

/// A shape, with its tag outside.
#[payload]
pub(crate) enum MoreShape {
    Point,
    Circle { radius: u8 },
    Square { side: u8 },
}

/// A number of things.
#[payload]
pub(crate) struct Quantity(#[validate(range(min = 1, max = 99))] u8);

/// A small number of things.
#[payload]
pub(crate) struct SmallQuantity(#[validate(range(min = 1, max = 9))] u8);

/// Who did it.
#[payload]
pub(crate) struct Audit {
    by: String,
}

/// A comment, with the answers to it.
#[payload]
pub(crate) struct CommentWithLikes {
    text: String,
    #[serde(default)]
    likes: u32,
    #[serde(default)]
    answers: Vec<CommentWithLikes>,
}

/// A short comment.
#[payload]
pub(crate) struct ShortComment {
    #[validate(length(max = 5))]
    text: String,
    #[serde(default)]
    answers: Vec<ShortComment>,
}
