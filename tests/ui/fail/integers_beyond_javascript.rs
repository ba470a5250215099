//! Integers that JavaScript does not read exactly, in a set that is to be safe for it.

use std::collections::BTreeMap;

use event_runtime::prelude::*;

/// A line of an order.
#[payload]
pub struct Line {
    quantity: u32,
    weights: Vec<u64>,
}

type Cents = i64;

/// The life of an order.
#[domain_events(js_safe)]
pub enum OrderEvent {
    /// Placed.
    Placed {
        id: u64,
        #[validate(range(min = -9007199254740991, max = 9007199254740991))]
        within: i64,
        #[validate(range(max = 9007199254740991))]
        below: i64,
        #[validate(range(max = 9007199254740992))]
        above: u64,
        #[validate(one_of(1, 2))]
        size: u64,
        #[validate(inner(range(max = 7)))]
        days: Vec<u64>,
        counts: BTreeMap<u64, Option<usize>>,
        total: Cents,
        lines: Vec<Line>,
    },
}

fn main() {}
