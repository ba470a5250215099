//! The process that is killed: the engine, its console, and some load.

use std::path::PathBuf;

use event_runtime::embedded::{Backoff, Engine, EngineState};
use event_runtime::inspect::{EventFilter, Order};
use event_runtime::prelude::*;

use crate::events::{Line, OrderPlaced, PaymentReceived, WorkflowCreated};
use crate::functions::{AppFunctions, Shop};

/// Serves the console on this address until the engine stops.
pub(crate) async fn run(database: PathBuf, address: &str) -> Result<()> {
    let app = App::<AppFunctions>::builder("shop").provide(Shop).build()?;
    let backoff = Backoff::exponential(Duration::from_secs(2), Duration::from_secs(20));
    let engine = app.embedded(database).backoff(backoff).start().await?;
    tokio::spawn(load(engine.clone()));
    std::thread::spawn(end_with_the_supervisor);
    Ok(event_console::serve(&engine, address).await?)
}

/// Ends the process when the supervisor is gone, which holds the other end of standard input. The engine takes that as it takes a
/// `SIGKILL`.
fn end_with_the_supervisor() {
    let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
    std::process::exit(0);
}

/// Places an order now and then, and pays for some.
async fn load(engine: Engine<AppFunctions>) -> Result<()> {
    let client = engine.client();
    let newest = EventFilter::new().name(OrderPlaced::NAME).order(Order::Newest).limit(1);
    let before =
        engine.events(&newest).await?.first().and_then(|event| event.id.strip_prefix("order-")?.parse().ok());
    let mut number: u64 = before.unwrap_or(0);
    while engine.state() == EngineState::Running {
        number += 1;
        client.send(order(number).with_id(format!("order-{number}"))).await?;
        if number.is_multiple_of(3) {
            client.send(PaymentReceived { number: number.saturating_sub(4) }).await?;
        }
        if number.is_multiple_of(10) {
            client.send(WorkflowCreated { id: number, name: format!("Report {number}"), steps: 3 }).await?;
        }
        tokio::time::sleep(Duration::from_millis(900)).await;
    }
    Ok(())
}

fn order(number: u64) -> OrderPlaced {
    let line = |product: &str, quantity| Line { product: product.to_owned(), quantity };
    let lines = [line("tea-100", 2), line("cup", 1), line("sugar-500", 4)];
    let count = usize::try_from(1 + number % 3).unwrap_or(1);
    OrderPlaced {
        number,
        customer: format!("customer-{}@example.org", number % 50),
        card: "4242 4242 4242 4242".to_owned(),
        lines: lines.into_iter().take(count).collect(),
    }
}
