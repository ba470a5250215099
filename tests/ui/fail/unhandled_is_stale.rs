//! A warning, which is denied here to be seen.
#![deny(warnings)]

use event_runtime::prelude::*;

/// The life of an order.
#[domain_events]
pub enum OrderEvent {
    /// An order was placed.
    Placed { id: u64, name: String },
    /// An order was paid.
    #[event(unhandled)]
    Paid { id: u64, cents: u64 },
}

registry! { pub AppEvents = [OrderEvent]; }

/// Handles what is said to be handled by none.
#[function(id = "order-paid-counter")]
async fn count(ctx: &Context<OrderPaid>) -> Result<u64> {
    Ok(ctx.event.id)
}

/// Handles the other.
#[function(id = "order-placed-counter")]
async fn count_placed(ctx: &Context<OrderPlaced>) -> Result<u64> {
    Ok(ctx.event.id)
}

functions! { pub AppFunctions in AppEvents = [count, count_placed]; }

fn main() {}
