//! An enum is a set of events, and none of them.

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

/// Awaits, sends and wraps the enum.
#[function(id = "order-placed-watch")]
async fn watch(ctx: &Context<OrderPlaced>) -> Result<()> {
    let paid = ctx.step.wait_for_event::<OrderEvent>("paid").await?;
    let name = ctx.step.wait_for_event::<String>("name").matching("async.data.id == 1").await?;
    let event: OrderEvent = OrderPaid { id: 1, cents: 1 }.into();
    ctx.step.send("event", event).await?;
    Ok(drop((paid, name)))
}

/// Sends the enum.
pub async fn send(client: &Client<AppEvents>, event: OrderEvent) {
    client.send(event).await.unwrap();
}

functions! { pub AppFunctions in AppEvents = [watch]; }

fn main() {}
