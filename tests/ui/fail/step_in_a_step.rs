//! Steps do not nest: where the macro sees it, the compiler says so.

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

/// Nests its steps.
#[function(id = "order-placed-counter")]
async fn count(ctx: &Context<OrderPlaced>) -> Result<u64> {
    let step = &ctx.step;
    let id = ctx
        .step
        .run("outer", async || {
            // How often the body has failed is no step.
            let attempt = ctx.step.attempt();
            ctx.step.send("paid", OrderPaid { id: 1, cents: u64::from(attempt) }).await?;
            if attempt > 1 {
                step.sleep("wait", Duration::from_secs(1)).await?;
            }
            Ok(ctx.step.run("inner", async || Ok(ctx.event.id)).await?)
        })
        .await?;
    Ok(id)
}

struct Counter;

#[controller]
impl Counter {
    const LIMIT: u64 = { 1 };

    /// Nests its steps too.
    #[function(id = "order-placed-second-counter")]
    async fn recount(&self, context: &Context<OrderPlaced>) -> Result<u64> {
        let paid = context.step.run("outer", async move || Ok(context.step.wait_for_event::<OrderPaid>("paid").await?));
        Ok(paid.await?.map_or(Self::LIMIT, |paid| paid.cents))
    }
}

functions! { pub AppFunctions in AppEvents = [count, Counter]; }

fn main() {}
