//! The marker of a function hides a type of the prelude, or one in its signature.

use event_runtime::prelude::*;

/// The life of an order.
#[domain_events]
pub enum OrderEvent {
    /// An order was placed.
    Placed {},
    /// An order was paid.
    Paid {},
}

/// Is named like the trigger beside it.
#[function(id = "order-placed-batch")]
async fn batch(_: &Context<OrderPlaced>) -> Result<()> {
    Ok(())
}

/// Takes several at once, and steps.
#[function(id = "order-placed-gatherer", batch(max_size = 10, timeout = "5s"))]
async fn gather(ctx: &Context<Batch<OrderPlaced>>) -> Result<()> {
    help(&ctx.step).await
}

async fn help(step: &Step) -> Result<()> {
    step.run("help", async || Ok(())).await?;
    Ok(())
}

/// Is named like what the others use.
#[function(id = "order-placed-step")]
async fn step(_: &Context<OrderPlaced>) -> Result<()> {
    Ok(())
}

/// Chooses a name that is taken.
#[function(id = "order-placed-chooser", marker = Either)]
async fn choose(_: &Context<OrderPlaced>) -> Result<()> {
    Ok(())
}

/// Methods of controllers have markers too.
pub struct Desk;

#[controller]
impl Desk {
    /// Is named like its trigger.
    #[function(id = "order-paid-desk")]
    async fn failed(&self, _: &Context<OrderPaid>) -> Result<()> {
        Ok(())
    }
}

registry! { pub Events = [OrderEvent]; }
functions! { pub Functions in Events = [batch, gather, step, Desk]; }

fn main() {}
