//! What is checked about an application holds for the events and functions of other crates too.
#![deny(warnings)]

use event_consumer::shadowed::UserEvent;
use event_consumer::{OrderEvent, OrderPlaced, OrderShipped};
use event_runtime::prelude::*;

registry! {
    /// Every event, all of another crate.
    pub AppEvents = [OrderEvent, UserEvent];
}

/// Sends what another crate declares, and does not say so.
#[function(id = "order-shipped-greeter", emits(OrderPlaced))]
async fn greet(ctx: &Context<OrderShipped>) -> Result<()> {
    ctx.step.send("again", OrderShipped { id: ctx.event.id }).await?;
    Ok(())
}

/// Has the id that a function of another crate has.
#[function(id = "order-placed-reservation")]
async fn reserve_again(_ctx: &Context<OrderPlaced>) -> Result<()> {
    Ok(())
}

functions! {
    /// Every function: the first two start each other.
    pub AppFunctions in AppEvents = [event_consumer::reserve, greet, reserve_again];
}

fn main() {}
