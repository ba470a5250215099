//! What starts a function: several events, conditions, batches, times.

use event_runtime::prelude::*;
use event_runtime::testing::TestEngine;

use crate::events::{Events, OrderCancelled, OrderEvent, OrderPlaced, OrderPriced, placed, placed_by};

/// Keeps the books.
#[function(id = "order-placed-books")]
async fn books(ctx: &Context<Either<OrderPlaced, OrderCancelled>>) -> Result<String> {
    Ok(match &ctx.event {
        Either::Left(placed) => format!("placed {}", placed.id),
        Either::Right(cancelled) => format!("cancelled {}", cancelled.id),
    })
}

/// Counts whatever happens to an order.
#[function(id = "order-audit", if = "event.data.id > 10")]
async fn audit(ctx: &Context<OrderEvent>) -> Result<String> {
    Ok(ctx.meta.event_name.clone())
}

/// Prices orders, several at once.
#[function(id = "order-priced-bulk", batch(max_size = 3, timeout = "10s"))]
async fn bulk(ctx: &Context<Batch<OrderPriced>>) -> Result<Vec<u64>> {
    Ok(ctx.event.iter().map(|priced| priced.id).collect())
}

/// Cleans up every morning.
#[function(id = "morning-clean-up", cron = "TZ=Europe/Paris 0 6 * * *")]
async fn clean_up(ctx: &Context<Cron>) -> Result<String> {
    Ok(ctx.event.cron.clone())
}

functions! { Triggered in Events = [books, audit, bulk, clean_up]; }

fn engine() -> TestEngine<Triggered> {
    TestEngine::new(&App::<Triggered>::builder("test").build().unwrap())
}

#[tokio::test]
async fn one_function_reacts_to_two_events() {
    let mut engine = engine();
    engine.run(placed(1)).await.completed_with(&"placed 1");
    engine.run(OrderCancelled { id: 2 }).await.completed_with(&"cancelled 2");
}

#[tokio::test]
async fn a_condition_keeps_events_out() {
    let mut engine = engine();
    engine.run(placed_by(10, "a")).await;
    assert!(engine.runs_of_function::<Audit>().is_empty());
    engine.run(placed_by(11, "a")).await;
    engine.runs_of_function::<Audit>()[0].completed_with(&"order/placed");
}

#[tokio::test]
async fn a_batch_starts_when_it_is_full_or_its_time_is_over() {
    let mut engine = engine();
    for id in 1..=4 {
        engine.send(OrderPriced { id }).await;
    }
    let runs = engine.runs_of_function::<Bulk>();
    assert_eq!(runs.len(), 1);
    runs[0].completed_with(&[1, 2, 3]);
    engine.crash().await;
    engine.advance(Duration::from_secs(10)).await;
    engine.runs_of_function::<Bulk>()[1].completed_with(&[4]);
}

#[tokio::test]
async fn a_function_starts_by_itself_in_the_time_of_its_zone() {
    let mut engine = engine();
    // It begins at midnight UTC on 1 January, when Paris is an hour ahead.
    engine.advance(Duration::from_hours(5)).await;
    let runs = engine.runs_of_function::<CleanUp>();
    assert_eq!(runs.len(), 1);
    runs[0].completed_with(&"TZ=Europe/Paris 0 6 * * *");
    engine.crash().await;
    engine.advance(Duration::from_hours(48)).await;
    assert_eq!(engine.runs_of_function::<CleanUp>().len(), 3);
}

#[tokio::test]
async fn an_event_of_the_future_starts_its_functions_then() {
    let mut engine = engine();
    let then = engine.now() + Duration::from_mins(1);
    engine.send(placed(1).with_ts(then)).await;
    assert!(engine.runs()[0].is_open());
    engine.advance(Duration::from_mins(1)).await;
    engine.runs()[0].completed_with(&"placed 1");
}
