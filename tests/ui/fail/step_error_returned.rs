//! A step fails with another error than a function.

use event_runtime::{StepError, prelude::*};

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

/// Ends with a step.
#[function(id = "order-placed-total")]
async fn total(ctx: &Context<OrderPlaced>) -> Result<u64> {
    ctx.step.run("total", async || Ok(ctx.event.id)).await
}

/// Returns the error of steps.
#[function(id = "order-placed-second-total")]
async fn second_total(ctx: &Context<OrderPlaced>) -> Result<u64, StepError> {
    ctx.step.run("total", async || Ok(ctx.event.name.len() as u64)).await
}

functions! { pub AppFunctions in AppEvents = [total, second_total]; }

fn main() {}
