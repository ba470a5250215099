//! The results of steps and of functions are recorded as JSON.

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

pub struct Sum(u64);

/// Returns what cannot be recorded.
#[function(id = "order-placed-total")]
async fn total(ctx: &Context<OrderPlaced>) -> Result<Sum> {
    Ok(Sum(ctx.event.id))
}

/// A step of it returns what cannot be recorded.
#[function(id = "order-placed-second-total")]
async fn second_total(ctx: &Context<OrderPlaced>) -> Result<u64> {
    let total = ctx.step.run("total", async || Ok(Sum(ctx.event.id))).await?;
    Ok(total.0)
}

functions! { pub AppFunctions in AppEvents = [total, second_total]; }

fn main() {}
