//! The application that is measured: a function of three steps, one that sleeps, and one that waits.

use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

use event_runtime::prelude::*;

/// What happens to orders.
#[domain_events]
pub enum OrderEvent {
    /// Starts a run of three steps.
    Placed { number: u64 },
    /// Starts a run that sleeps until then, in milliseconds since the Unix epoch.
    Scheduled { number: u64, at: u64 },
    /// Starts a run that waits for the payment of its order.
    Reserved { number: u64 },
    /// The payment of an order.
    Paid { number: u64 },
}

/// The numbers of orders whose run has woken, in their order.
pub static WOKEN: Mutex<Vec<u64>> = Mutex::new(Vec::new());

fn woke(number: u64) {
    WOKEN.lock().expect("nothing panics under the lock").push(number);
}

/// Three steps, each with a small result.
#[function(id = "order-placed-worker")]
async fn three_steps(ctx: &Context<OrderPlaced>) -> Result<u64> {
    let number = ctx.event.number;
    let first = ctx.step.run("first", async || Ok(number + 1)).await?;
    let second = ctx.step.run("second", async || Ok(first + 1)).await?;
    Ok(ctx.step.run("third", async || Ok(second + 1)).await?)
}

/// Sleeps.
#[function(id = "order-scheduled-sleeper")]
async fn sleep(ctx: &Context<OrderScheduled>) -> Result<()> {
    let time = UNIX_EPOCH + Duration::from_millis(ctx.event.at);
    ctx.step.sleep_until("due", time).await?;
    woke(ctx.event.number);
    Ok(())
}

/// Waits for an event that has the same value in one field.
#[function(id = "order-reserved-waiter")]
async fn wait(ctx: &Context<OrderReserved>) -> Result<()> {
    let paid = ctx.step.wait_for_event::<OrderPaid>("paid");
    if paid.matching("async.data.number == event.data.number").await?.is_some() {
        woke(ctx.event.number);
    }
    Ok(())
}

registry! { pub Events = [OrderEvent]; }
functions! { pub Functions in Events = [three_steps, sleep, wait]; }

/// Milliseconds since the Unix epoch.
pub fn now_ms() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is after 1970");
    u64::try_from(now.as_millis()).expect("the clock is before the year 584,000,000")
}
