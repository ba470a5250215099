//! A function is invoked with the event that it takes.

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

/// What an order costs.
#[function(id = "order-placed-total")]
async fn total(ctx: &Context<OrderPlaced>) -> Result<u64> {
    Ok(ctx.event.id)
}

/// Invokes it.
#[function(id = "order-placed-confirmation")]
async fn confirm(ctx: &Context<OrderPlaced>) -> Result<u64> {
    let one = ctx.step.invoke::<Total>("one", OrderPaid { id: 1, cents: 1 }).await?;
    let two = ctx.step.invoke::<Total>("two", OrderPaid { id: 1, cents: 1 }.with_id("two")).await?;
    let three = ctx.step.invoke::<Total>("three", 3).await?;
    Ok(one + two + three)
}

functions! { pub AppFunctions in AppEvents = [total, confirm]; }

fn main() {}
