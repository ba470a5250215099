//! Fields that cannot be the key of an event.

use event_runtime::prelude::*;

/// A line of an order.
#[payload]
pub struct Line {
    #[event(key)]
    number: u32,
}

/// The life of an order.
#[domain_events]
pub enum OrderEvent {
    /// The key may be missing.
    Placed {
        #[event(key)]
        id: Option<Uuid>,
        #[event(key)]
        #[serde(default)]
        tenant: String,
        #[event(key)]
        #[cfg(test)]
        of_test: String,
    },
    /// The key is no key.
    Priced {
        #[event(key)]
        euros: f64,
        #[event(key)]
        urgent: bool,
        #[event(key)]
        serial: u128,
    },
    /// The key is a struct, and a list.
    Packed {
        #[event(key)]
        line: Line,
        #[event(key)]
        boxes: Vec<u32>,
    },
    /// What is written is no option.
    Sent {
        #[event(keys)]
        id: u64,
        #[event(key = "id")]
        other: u64,
        #[event]
        third: u64,
    },
    /// The key has too many fields.
    Split {
        #[event(key)]
        a: u8,
        #[event(key)]
        b: u8,
        #[event(key)]
        c: u8,
        #[event(key)]
        d: u8,
        #[event(key)]
        e: u8,
    },
}

/// `if` and `key` are two conditions.
#[function(id = "order-split-end", cancel_on(event = OrderSplit, key, if = "true"))]
async fn end(ctx: &Context<OrderSplit>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

fn main() {}
