//! Keys that are never equal: a text and a number.

use event_runtime::Key;
use event_runtime::prelude::*;

/// The life of an order.
#[domain_events]
pub enum OrderEvent {
    /// An order was placed.
    Placed {
        #[event(key)]
        id: u64,
    },
    /// An order was paid.
    Paid {
        #[event(key)]
        reference: String,
    },
    /// An order was packed.
    Packed {
        #[event(key)]
        depot: String,
        #[event(key)]
        order_id: u64,
    },
}

/// Is cancelled by what has another key.
#[function(
    id = "order-placed-payment",
    cancel_on(event = OrderPaid, key),
    cancel_on(event = OrderPacked, key),
)]
async fn pay(ctx: &Context<OrderPlaced>) -> Result<()> {
    ctx.step.wait_for_event::<OrderPaid>("paid").by_key(ctx.event.key()).await?;
    ctx.step.wait_for_event::<OrderPacked>("packed").by_key(Key::of((&ctx.event.id, &ctx.event.id))).await?;
    ctx.step.wait_for_event::<OrderPacked>("again").by_key(Key::of(7)).await?;
    Ok(())
}

fn main() {}
