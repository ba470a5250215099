//! Versions whose chain is broken.

use event_runtime::prelude::*;

/// The first payload.
#[payload]
pub struct OrderPlacedV1 {
    id: u64,
}

/// The second payload.
#[payload]
pub struct OrderPlacedV2 {
    id: u64,
    cents: u64,
}

impl Upcast<OrderPlacedV2> for OrderPlacedV1 {
    fn upcast(self) -> OrderPlacedV2 {
        OrderPlacedV2 { id: self.id, cents: 0 }
    }
}

/// The life of an order.
#[domain_events]
pub enum OrderEvent {
    /// An order was placed.
    #[event(version = 3, upcast(OrderPlacedV1, OrderPlacedV2))]
    Placed { id: u64, euros: u64 },
}

/// The life of an invoice.
#[domain_events]
pub enum InvoiceEvent {
    /// An invoice was sent.
    #[event(version = 3, upcast(OrderPlacedV1))]
    Sent { id: u64 },
    /// An invoice was paid.
    #[event(upcast = OrderPlacedV1)]
    Paid { id: u64 },
    /// An invoice was settled.
    #[event(version = 0)]
    Settled { id: u64 },
    /// An invoice was lost.
    #[event(versoin = 2)]
    Lost { id: u64 },
    /// An invoice was found.
    #[event(name = "invoice.found")]
    Found { id: u64 },
}

fn main() {}
