//! The events of these tests.

use event_runtime::prelude::*;

/// The life of an order.
#[domain_events]
pub enum OrderEvent {
    /// An order was placed.
    Placed { id: u64, account: String },
    /// An order was paid.
    #[event(unhandled)]
    Paid { id: u64, cents: u64 },
    /// An order was cancelled.
    #[event(unhandled)]
    Cancelled { id: u64 },
    /// An order was priced.
    Priced { id: u64 },
}

registry! {
    /// The events of these tests.
    pub Events = [OrderEvent];
}

pub fn placed(id: u64) -> OrderPlaced {
    OrderPlaced { id, account: "acme".into() }
}

pub fn placed_by(id: u64, account: &str) -> OrderPlaced {
    OrderPlaced { id, account: account.into() }
}
