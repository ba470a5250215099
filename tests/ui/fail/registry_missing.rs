//! A list of functions that names no registry which there is.

use event_runtime::prelude::*;

/// The life of an order.
#[domain_events]
pub enum OrderEvent {
    /// An order was placed.
    Placed { id: u64 },
}

/// Counts.
#[function(id = "order-placed-counter")]
async fn count(ctx: &Context<OrderPlaced>) -> Result<u64> {
    Ok(ctx.event.id)
}

/// Prints.
#[function(id = "order-placed-printer")]
async fn print(ctx: &Context<OrderPlaced>) -> Result<u64> {
    Ok(ctx.event.id)
}

functions! { pub AppFunctions in AppEvents = [count, print]; }

fn main() {}
