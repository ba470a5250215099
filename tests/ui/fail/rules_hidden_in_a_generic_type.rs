use event_runtime::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A line of an order.
#[payload]
pub struct Line {
    #[validate(range(min = 1))]
    quantity: u8,
}

/// A page of something, of a type without rules of its own.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Page<T> {
    items: Vec<T>,
}

/// The life of an order.
#[domain_events]
pub enum OrderEvent {
    /// An order was placed.
    Placed {
        first: Page<Line>,
        further: Vec<Option<Page<(u8, Line)>>>,
        // What is in it has no rules.
        notes: Page<String>,
        // It is said that they are not to be checked.
        #[validate(skip)]
        last: Page<Line>,
    },
    /// An order was confirmed.
    Confirmed {
        #[validate(nested)]
        notes: Vec<String>,
        #[validate(nested, skip)]
        line: Line,
        #[validate(inner(skip))]
        lines: Vec<Line>,
    },
}

fn main() {}
