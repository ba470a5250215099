//! What happens to orders and payments.

use event_runtime::prelude::*;

/// The life of an order.
#[domain_events]
pub enum OrderEvent {
    /// A customer placed an order.
    Placed {
        id: u64,
        #[validate(length(min = 1, max = 80))]
        customer: String,
        #[validate(range(min = 1))]
        cents: u64,
    },
    /// A customer cancelled an order before it was shipped.
    #[event(unhandled)]
    Cancelled { id: u64 },
    /// An order has left the house.
    Shipped { id: u64, customer: String },
    /// Nobody has paid for an order in time.
    #[event(unhandled)]
    Expired { id: u64 },
}

/// What the bank tells.
#[domain_events]
pub enum PaymentEvent {
    /// The money for an order has arrived.
    #[event(unhandled)]
    Received { order: u64, cents: u64 },
    /// The bank was asked for the money for an order.
    Requested { order: u64, cents: u64 },
}

registry! {
    /// Every event of the shop.
    pub ShopEvents = [OrderEvent, PaymentEvent];
}
