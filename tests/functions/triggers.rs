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

/// Reprices orders, several at once unless they are the first ones.
#[function(id = "order-priced-again", batch(max_size = 2, timeout = "10s", if = "event.data.id > 1"))]
async fn again(ctx: &Context<Batch<OrderPriced>>) -> Result<Vec<u64>> {
    Ok(ctx.event.iter().map(|priced| priced.id).collect())
}

/// Exports what has happened, not all at once with the other services.
#[function(id = "hourly-export", cron = "@hourly", jitter = "5m")]
async fn export(ctx: &Context<Cron>) -> Result<SystemTime> {
    Ok(ctx.meta.ts)
}

/// Cleans up every morning.
#[function(id = "morning-clean-up", cron = "TZ=Europe/Paris 0 6 * * *")]
async fn clean_up(ctx: &Context<Cron>) -> Result<String> {
    Ok(ctx.event.cron.clone())
}

functions! { Triggered in Events = [books, audit, bulk, again, export, clean_up]; }

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
async fn an_event_that_is_not_to_be_batched_starts_a_run_at_once() {
    let mut engine = engine();
    for id in [2, 1, 3] {
        engine.send(OrderPriced { id }).await;
    }
    let runs = engine.runs_of_function::<Again>();
    runs[0].completed_with(&[1]);
    runs[1].completed_with(&[2, 3]);
}

#[tokio::test]
async fn a_time_with_jitter_comes_later_and_says_when_it_was() {
    let mut engine = engine();
    let begin = engine.now();
    engine.advance(Duration::from_mins(59)).await;
    assert!(engine.runs_of_function::<Export>().is_empty());
    engine.advance(Duration::from_mins(6)).await;
    let runs = engine.runs_of_function::<Export>();
    assert_eq!(runs.len(), 1);
    runs[0].completed_with(&(begin + Duration::from_hours(1)));
    engine.crash().await;
    engine.advance(Duration::from_hours(10)).await;
    assert_eq!(engine.runs_of_function::<Export>().len(), 11);
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
async fn crons_are_left_out_and_fired_by_hand() {
    let mut engine = engine().without_crons();
    engine.advance(Duration::from_hours(48)).await;
    engine.crash().await;
    engine.run(placed(1)).await;
    engine.advance(Duration::from_hours(48)).await;
    assert!(engine.runs_of_function::<CleanUp>().is_empty());
    for fired in 1..=2 {
        engine.fire::<CleanUp>().await.completed_with(&"TZ=Europe/Paris 0 6 * * *");
        assert_eq!(engine.runs_of_function::<CleanUp>().len(), fired);
    }
    engine.nothing_else_sent();
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

/// What the macro would refuse: a descriptor that comes from elsewhere.
struct Odd<const CRON: usize>;

const CRONS: [&[&str]; 3] =
    [&["0 9 * * *", "0 0 30 2 *"], &["TZ=Europe/Pariss 0 9 * * *"], &["every morning"]];

impl<const CRON: usize> event_runtime::Function for Odd<CRON> {
    type Controller = ();
    type Trigger = Cron;
    type Meta = ();
    type Output = String;
    type Scope = ();
    const SOURCE: event_runtime::__private_v0_1::FunctionSource =
        event_runtime::__private_v0_1::FunctionSource {
            id: "odd-times",
            hash: CRON as u64,
            options: event_runtime::options::Options::DEFAULT.crons(CRONS[CRON]),
            ..<CleanUp as event_runtime::Function>::SOURCE
        };

    async fn call((): &(), ctx: &Context<Cron>) -> Result<String> {
        Ok(ctx.event.cron.clone())
    }
}

#[test]
fn a_time_that_cannot_be_read_or_never_comes_is_refused() {
    type Never = Odd<0>;
    type Nowhere = Odd<1>;
    type Unreadable = Odd<2>;
    functions! { NeverList in Events = [Never]; }
    functions! { NowhereList in Events = [Nowhere]; }
    functions! { UnreadableList in Events = [Unreadable]; }
    let never = App::<NeverList>::builder("test").build().unwrap_err();
    assert_eq!(
        never.to_string(),
        "the cron `0 0 30 2 *` of the function `odd-times` cannot be followed: there is no 30 February, so that this never comes: \
         write a day from 1 to 29"
    );
    let nowhere = App::<NowhereList>::builder("test").build().unwrap_err();
    assert_eq!(
        nowhere.to_string(),
        "the cron `TZ=Europe/Pariss 0 9 * * *` of the function `odd-times` cannot be followed: there is no time zone \
         `Europe/Pariss`: did you mean `Europe/Paris`?"
    );
    let unreadable = App::<UnreadableList>::builder("test").build().unwrap_err();
    let problem = "the cron `every morning` of the function `odd-times` cannot be followed: a cron expression has five fields";
    assert!(unreadable.to_string().starts_with(problem), "{unreadable}");
}
