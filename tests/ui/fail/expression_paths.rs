//! Expressions that read fields which the events do not have.

use event_runtime::prelude::*;

/// The life of an order.
#[domain_events]
pub enum OrderEvent {
    /// An order was placed.
    Placed { id: u64, account: String },
    /// An order was cancelled.
    Cancelled { id: u64 },
}

/// Misspells a field of its own event, of the envelope, and of the event that cancels it.
#[function(
    id = "order-placed-misspelled",
    concurrency(limit = 1, key = "event.data.acount"),
    idempotency = "event.payload.id",
    cancel_on(event = OrderCancelled, if = "async.data.order == event.data.id"),
)]
async fn misspelled(ctx: &Context<OrderPlaced>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

fn main() {}
