//! A key is asked for, and the event has none.

use event_runtime::prelude::*;

/// The life of an order.
#[domain_events]
pub enum OrderEvent {
    /// An order was placed.
    Placed {
        #[event(key)]
        id: u64,
        account: String,
    },
    /// An order was paid.
    Paid { order_id: u64 },
    /// An order was cancelled.
    Cancelled {
        #[event(key)]
        order_id: u64,
    },
}

/// Counts by it.
#[function(id = "order-paid-once", idempotency, singleton(key))]
async fn once(ctx: &Context<OrderPaid>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

/// Counts by that of two events.
#[function(id = "order-placed-books", concurrency(limit = 1, key))]
async fn keep_books(ctx: &Context<Either<OrderPlaced, OrderCancelled>>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

/// Counts by that of no event.
#[function(id = "nightly-report", cron = "@daily", throttle(limit = 1, period = "1h", key))]
async fn report(ctx: &Context<Cron>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

/// Is cancelled by an event without one.
#[function(id = "order-placed-payment", cancel_on(event = OrderPaid, key))]
async fn pay(ctx: &Context<OrderPlaced>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

/// Waits for an event without one.
#[function(id = "order-placed-watch")]
async fn watch(ctx: &Context<OrderPlaced>) -> Result<()> {
    ctx.step.wait_for_event::<OrderPaid>("paid").by_key(ctx.event.key()).await?;
    Ok(())
}

/// Has none to wait by.
#[function(id = "order-paid-watch")]
async fn watch_paid(ctx: &Context<OrderPaid>) -> Result<()> {
    ctx.step.wait_for_event::<OrderPlaced>("placed").by_key(ctx.event.key()).await?;
    Ok(())
}

fn main() {}
