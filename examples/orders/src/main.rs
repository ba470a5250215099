//! A shop: functions that wait for events, call each other, are cancelled, and take several events at once.
//!
//! ```text
//! cargo run -p example-orders
//! ```
//!
//! `tests.rs` holds the same functions against virtual time.

use event_runtime::embedded::RunFilter;
use event_runtime::prelude::*;
use example_orders::events::{OrderCancelled, OrderPlaced, PaymentReceived};
use example_orders::functions;

#[tokio::main]
async fn main() -> Result<()> {
    let (app, outbox) = functions::shop()?;
    let engine = app.embedded(":memory:").start().await?;
    let client = engine.client();
    for (id, customer) in [(1, "Ada"), (2, "Grace"), (3, "Barbara")] {
        client.send(OrderPlaced { id, customer: customer.into(), cents: 1_000 * id }).await?;
    }
    // Wait until every order waits for its payment.
    while outbox.lines().len() < 3 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    client.send(OrderCancelled { id: 2 }).await?;
    for order in [1, 3] {
        client.send(PaymentReceived { order, cents: 1_000 * order }).await?;
    }
    // The carrier is called for what has come within a minute: here it is not waited for.
    while engine.totals().await?.open > 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    for line in outbox.lines() {
        println!("{line}");
    }
    for run in engine.runs(&RunFilter::default()).await?.iter().rev() {
        let outcome = run.output.as_deref().or(run.error.as_deref()).unwrap_or("open");
        println!("{:<26} {:?}: {outcome}", run.function_id, run.status);
    }
    engine.shutdown().await;
    Ok(())
}
