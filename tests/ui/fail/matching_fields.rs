//! The expressions of `matching` are compared with the fields of both events.

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

/// Waits for a payment.
#[function(id = "order-placed-payment-watch")]
async fn watch(ctx: &Context<OrderPlaced>) -> Result<bool> {
    use OrderPaid as Paid;

    let one = ctx.step.wait_for_event::<Paid>("one").matching("async.data.idd == event.data.id").await?;
    let two = ctx.step.wait_for_event::<Paid>("two").timeout(Duration::from_secs(1));
    let two = two.matching("async.data.id == event.data.nam").await?;
    let three: Option<OrderPaid> = ctx.step.wait_for_event("three").matching("event.data.cents == 1").await?;
    let four = ctx.step.wait_for_event::<OrderPaid>("four").matching("later.data.id == 1").await?;
    let five = ctx.step.wait_for_event::<OrderPaid>("five").matching("async.data.id ==").await?;
    let six = ctx.step.wait_for_event::<OrderPaid>("six").matching("async.cents == 1 && async.data.id == event.data.id");
    let all = [one, two, three, four, five, six.await?];
    Ok(all.iter().all(Option::is_some))
}

functions! { pub AppFunctions in AppEvents = [watch]; }

fn main() {}
