//! A function that sends an event by which it is cancelled cancels itself.

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

/// Declares what it sends.
#[function(id = "order-placed-payment", emits(OrderPaid), cancel_on(event = OrderPaid, if = "async.data.id == event.data.id"))]
async fn pay(ctx: &Context<OrderPlaced>) -> Result<()> {
    ctx.step.send("paid", OrderPaid { id: ctx.event.id, cents: 1 }).await?;
    Ok(())
}

/// Declares nothing.
#[function(id = "order-placed-second-payment", cancel_on(event = self::OrderPaid))]
async fn pay_again(ctx: &Context<OrderPlaced>) -> Result<()> {
    ctx.step.send_all("paid", [OrderPaid { id: ctx.event.id, cents: 1 }.with_id("once")]).await?;
    Ok(())
}

/// Expects it.
#[function(id = "order-placed-third-payment", cancel_on(event = OrderPaid, allow_own))]
async fn pay_at_last(ctx: &Context<OrderPlaced>) -> Result<()> {
    ctx.step.send("paid", OrderPaid { id: ctx.event.id, cents: 1 }).await?;
    Ok(())
}

/// Sends another event.
#[function(id = "order-placed-copy", cancel_on(event = OrderPaid), allow_cycle)]
async fn copy(ctx: &Context<OrderPlaced>) -> Result<()> {
    ctx.step.send("placed", OrderPlaced { id: 0, name: String::new() }).await?;
    Ok(())
}

functions! { pub AppFunctions in AppEvents = [pay, pay_again, pay_at_last, copy]; }

fn main() {}
