//! Flow control: how many at once, how often, which first, which not at all.

use event_runtime::prelude::*;
use event_runtime::testing::{TestEngine, TestRun};

use crate::events::{Events, OrderCancelled, OrderPlaced, OrderPriced, placed, placed_by};

/// Keeps the registry handled.
#[function(id = "order-priced-nothing")]
async fn nothing(ctx: &Context<OrderPriced>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

/// A function that sleeps for a minute, with some options, and an engine for it.
macro_rules! sleeper {
    ($function:ident, $id:literal, $list:ident, $($options:tt)*) => {
        /// Sleeps for a minute.
        #[function(id = $id, $($options)*)]
        async fn $function(ctx: &Context<OrderPlaced>) -> Result<u64> {
            ctx.step.sleep("minute", Duration::from_mins(1)).await?;
            Ok(ctx.event.id)
        }

        functions! { $list in Events = [$function, nothing]; }

        impl $list {
            fn engine() -> TestEngine<Self> {
                TestEngine::new(&App::<Self>::builder("test").build().unwrap())
            }
        }
    };
}

fn ended(runs: &[TestRun]) -> usize {
    runs.iter().filter(|run| !run.is_open()).count()
}

sleeper!(
    throttled,
    "order-placed-throttled",
    ThrottledApp,
    throttle(limit = 1, period = "10s", key = "event.data.account")
);

#[tokio::test]
async fn a_throttle_spreads_starts_for_each_key() {
    let mut engine = ThrottledApp::engine();
    for id in 1..=3 {
        engine.send(placed_by(id, "a")).await;
    }
    engine.send(placed_by(4, "b")).await;
    engine.crash().await;
    engine.advance(Duration::from_mins(1)).await;
    assert_eq!(ended(&engine.runs()), 2, "the first of each account started at once");
    engine.advance(Duration::from_secs(10)).await;
    assert_eq!(ended(&engine.runs()), 3);
    engine.advance(Duration::from_secs(10)).await;
    assert_eq!(ended(&engine.runs()), 4);
}

sleeper!(limited, "order-placed-limited", LimitedApp, rate_limit(limit = 2, period = "1h"));

#[tokio::test]
async fn a_rate_limit_skips_what_is_too_much() {
    let mut engine = LimitedApp::engine();
    for id in 1..=5 {
        engine.send(placed(id)).await;
    }
    assert_eq!(engine.runs().len(), 2);
    engine.advance(Duration::from_mins(30)).await;
    engine.send(placed(6)).await;
    assert_eq!(engine.runs().len(), 3, "half of the period lets one more in");
}

sleeper!(
    debounced,
    "order-placed-debounced",
    DebouncedApp,
    debounce(period = "10s", timeout = "25s", key = "event.data.account")
);

#[tokio::test]
async fn a_debounce_starts_with_the_last_event() {
    let mut engine = DebouncedApp::engine();
    for id in 1..=2 {
        engine.send(placed(id)).await;
        engine.advance(Duration::from_secs(9)).await;
    }
    engine.crash().await;
    assert!(engine.runs().is_empty());
    engine.run_to_the_end().await;
    assert_eq!(engine.runs().len(), 1);
    engine.runs()[0].completed_with(&2);
}

#[tokio::test]
async fn a_debounce_waits_no_longer_than_its_timeout() {
    let mut engine = DebouncedApp::engine();
    for id in 1..=4 {
        engine.send(placed(id)).await;
        engine.advance(Duration::from_secs(8)).await;
    }
    assert_eq!(engine.runs().len(), 1, "25 seconds after the first event");
    engine.run_to_the_end().await;
    engine.runs()[0].completed_with(&4);
}

sleeper!(single, "order-placed-single", SingleApp, singleton(key = "event.data.account", mode = "skip"));

#[tokio::test]
async fn a_singleton_skips_events_while_it_runs() {
    let mut engine = SingleApp::engine();
    engine.send(placed_by(1, "a")).await;
    engine.send(placed_by(2, "a")).await;
    engine.send(placed_by(3, "b")).await;
    engine.crash().await;
    engine.send(placed_by(4, "a")).await;
    engine.run_to_the_end().await;
    assert_eq!(engine.runs().len(), 2);
    engine.run(placed_by(5, "a")).await.completed_with(&5);
}

sleeper!(latest, "order-placed-latest", LatestApp, singleton(mode = "cancel"));

#[tokio::test]
async fn a_singleton_cancels_the_run_before() {
    let mut engine = LatestApp::engine();
    engine.send(placed(1)).await;
    engine.send(placed(2)).await;
    engine.run_to_the_end().await;
    let runs = engine.runs();
    runs[0].cancelled_with("a new run of the singleton");
    runs[1].completed_with(&2);
}

sleeper!(cancellable, "order-placed-cancellable", CancellableApp, cancel_on(event = OrderCancelled, if = "async.data.id == event.data.id", timeout = "30s"));

#[tokio::test]
async fn an_event_cancels_the_run_it_means() {
    let mut engine = CancellableApp::engine();
    engine.send(placed(1)).await;
    engine.send(placed(2)).await;
    engine.crash().await;
    engine.send(OrderCancelled { id: 2 }).await;
    engine.advance(Duration::from_secs(31)).await;
    engine.send(OrderCancelled { id: 1 }).await;
    engine.run_to_the_end().await;
    let runs = engine.runs();
    runs[0].completed_with(&1);
    runs[1].cancelled_with("cancelled by the event `order/cancelled`");
}

sleeper!(idempotent, "order-placed-idempotent", IdempotentApp, idempotency = "event.data.account");

#[tokio::test]
async fn an_idempotency_key_starts_one_run_a_day() {
    let mut engine = IdempotentApp::engine();
    engine.run(placed_by(1, "a")).await;
    engine.send(placed_by(2, "a")).await;
    engine.send(placed_by(3, "b")).await;
    assert_eq!(engine.runs().len(), 2);
    engine.advance(Duration::from_hours(24)).await;
    engine.send(placed_by(4, "a")).await;
    assert_eq!(engine.runs().len(), 3);
}

sleeper!(divided, "order-placed-divided", DividedApp, idempotency = "10 / event.data.id");

#[tokio::test]
async fn an_event_without_a_value_for_the_idempotency_key_is_like_no_other() {
    let mut engine = DividedApp::engine();
    engine.send(placed(0)).await;
    engine.send(placed(0)).await;
    engine.send(placed(5)).await;
    engine.send(placed(5)).await;
    assert_eq!(engine.runs().len(), 3, "10 / 0 has no value, 10 / 5 has one");
}

sleeper!(hurried, "order-placed-hurried", HurriedApp, timeouts(finish = "30s"));

#[tokio::test]
async fn a_run_that_takes_too_long_is_cancelled() {
    let mut engine = HurriedApp::engine();
    engine.run(placed(1)).await.cancelled_with("did not end in time");
    assert_eq!(engine.runs().len(), 1);
}

/// Takes a minute of work for an order, not of sleep.
#[function(
    id = "order-placed-worker",
    concurrency(limit = 1, key = "event.data.account"),
    priority = "event.data.id",
    timeouts(start = "90s")
)]
async fn work(ctx: &Context<OrderPlaced>) -> Result<u64> {
    let done = ctx.step.wait_for_event::<OrderPriced>("never").timeout(Duration::from_secs(1));
    done.await?;
    Ok(ctx.event.id)
}

functions! { Working in Events = [work, nothing]; }

#[tokio::test]
async fn runs_that_wait_give_their_place_to_others() {
    let app = App::<Working>::builder("test").build().unwrap();
    let mut engine = TestEngine::new(&app);
    for id in 1..=3 {
        engine.send(placed(id)).await;
    }
    engine.advance(Duration::from_secs(1)).await;
    assert_eq!(ended(&engine.runs()), 3, "none of them executes while it waits");
}

/// Tells in which order runs have their turn: one at a time, greater numbers first.
#[function(id = "order-placed-ranking", concurrency = 1, priority = "event.data.id * 10")]
async fn rank(ctx: &Context<OrderPlaced>) -> Result<()> {
    ctx.step.send("tell", OrderPriced { id: ctx.event.id }).await?;
    Ok(())
}

functions! { Ranking in Events = [rank, nothing]; }

#[tokio::test]
async fn priority_says_who_comes_first() {
    let app = App::<Ranking>::builder("test").build().unwrap();
    let mut engine = TestEngine::new(&app);
    let then = engine.now() + Duration::from_mins(1);
    for id in [2, 1, 3] {
        engine.send(placed(id).with_ts(then)).await;
    }
    engine.run_to_the_end().await;
    let ids: Vec<u64> = engine.sent::<OrderPriced>().into_iter().map(|priced| priced.id).collect();
    assert_eq!(ids, [3, 2, 1]);
}
