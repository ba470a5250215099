//! A batch, a time and a failure are taken as what they are.

use event_runtime::prelude::*;

/// The life of an order.
#[domain_events]
pub enum OrderEvent {
    /// An order was placed.
    Placed { id: u64 },
    /// An order was cancelled.
    Cancelled { id: u64 },
}

/// Gathers events, and takes one.
#[function(id = "order-placed-one", batch(max_size = 10, timeout = "5s"))]
async fn one(ctx: &Context<OrderPlaced>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

/// Takes several events, and does not say how they are gathered.
#[function(id = "order-placed-many")]
async fn many(ctx: &Context<Batch<OrderPlaced>>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

/// Starts by itself, and takes an event.
#[function(id = "order-placed-morning", cron = "0 9 * * *")]
async fn morning(ctx: &Context<OrderPlaced>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

/// Tells of its failures somebody who is told of those of another event.
#[function(id = "order-placed-risk", on_failure = told)]
async fn risk(ctx: &Context<OrderPlaced>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

/// Is told that a cancellation failed.
#[function(id = "order-cancelled-failure")]
async fn told(ctx: &Context<Failed<OrderCancelled>>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

/// Is named after neither of its events.
#[function(id = "order-shipped-books")]
async fn books(ctx: &Context<Either<OrderPlaced, OrderCancelled>>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

fn main() {}
