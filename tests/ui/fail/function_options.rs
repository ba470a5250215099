//! Options of a function that are wrong where they are literals.

use event_runtime::prelude::*;

/// The life of an order.
#[domain_events]
pub enum OrderEvent {
    /// An order was placed.
    Placed { id: u64, account: String },
    /// An order was cancelled.
    Cancelled { id: u64 },
}

/// Has limits that are none.
#[function(
    id = "order-placed-limits",
    retries = 21,
    concurrency(limit = 0),
    concurrency(limit = 1, scope = "env"),
    concurrency(limit = 1),
    throttle(limit = 1, period = "0s"),
    rate_limit(limit = 1),
    debounce(period = "10s", timeout = "5s"),
)]
async fn limits(ctx: &Context<OrderPlaced>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

/// Has batches that are none.
#[function(id = "order-placed-batches", batch(max_size = 0, timeout = "2m", if = "event.data.acount != ''"), jitter = "10s", priority = "event.data.id")]
async fn batches(ctx: &Context<Batch<OrderPlaced>>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

/// Has options that nobody knows.
#[function(
    id = "order-placed-unknown",
    concurency(limit = 1),
    throttle(limit = 1, periode = "1m"),
    singleton(mode = "abort"),
    timeouts(start = "soon"),
)]
async fn unknown(ctx: &Context<OrderPlaced>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

/// Has expressions that are none.
#[function(
    id = "order-placed-expressions",
    if = "event.data.id ==",
    idempotency = "evnt.data.id",
    cancel_on(event = OrderCancelled, if = "async.data.id == event.data.id"),
)]
async fn expressions(ctx: &Context<OrderPlaced>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

fn main() {}
