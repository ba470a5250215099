//! A key that an older version of the event does not have.

use event_runtime::prelude::*;

/// The life of an order.
#[domain_events]
pub enum OrderEvent {
    /// An order was placed.
    #[event(version = 3, upcast(OrderPlacedV1, OrderPlacedV2))]
    Placed {
        #[event(key)]
        order_id: u64,
    },
}

/// Has it under another name.
#[payload]
pub struct OrderPlacedV1 {
    id: u64,
}

/// Has it under its name.
#[payload]
#[serde(rename_all = "camelCase")]
pub struct OrderPlacedV2 {
    #[serde(rename = "order_id")]
    id: u64,
}

impl Upcast<OrderPlacedV2> for OrderPlacedV1 {
    fn upcast(self) -> OrderPlacedV2 {
        OrderPlacedV2 { id: self.id }
    }
}

impl Upcast<OrderPlaced> for OrderPlacedV2 {
    fn upcast(self) -> OrderPlaced {
        OrderPlaced { order_id: self.id }
    }
}

fn main() {}
