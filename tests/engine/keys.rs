//! Expressions without a value: each row of the table in the guide of flow control, on real files.

use std::future::pending;
use std::sync::Mutex;

use event_runtime::embedded::{Engine, RunFilter, RunStatus};
use event_runtime::prelude::*;
use serde_json::Value;

use crate::support::{TestClock, World, query, until};

/// The life of a lock.
#[domain_events]
pub enum LockEvent {
    /// A lock was turned.
    Turned {
        number: u32,
        /// Whether what reads it cannot be evaluated.
        broken: bool,
        /// Anything.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<Value>,
    },
    /// A lock was oiled.
    #[event(unhandled)]
    Oiled {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<Value>,
    },
}

registry! { pub LockEvents = [LockEvent]; }

/// What the events hold: a field that is missing, null, or of another type; and an expression that divides by zero.
const MISSING: &str = r#""broken":false"#;
const NULL: &str = r#""broken":false,"key":null"#;
const BROKEN: &str = r#""broken":true,"key":"a""#;
const FALSE: &str = r#""broken":false,"key":false"#;
const A: &str = r#""broken":false,"key":"a""#;
const B: &str = r#""broken":false,"key":"b""#;
const ONE: &str = r#""broken":false,"key":1"#;
const ONE_POINT_NOUGHT: &str = r#""broken":false,"key":1.0"#;

/// Pairs of events.
const WITHOUT_KEY: [[&str; 2]; 5] =
    [[MISSING, MISSING], [NULL, NULL], [BROKEN, BROKEN], [MISSING, NULL], [NULL, BROKEN]];
const SAME_KEY: [[&str; 2]; 2] = [[A, A], [ONE, ONE_POINT_NOUGHT]];
const OTHER_KEY: [[&str; 2]; 2] = [[A, B], [FALSE, A]];

/// A function that never ends, with an option.
macro_rules! locksmith {
    ($function:ident, $list:ident, $trigger:ty, $($options:tt)*) => {
        /// Never ends.
        #[function($($options)*)]
        async fn $function(ctx: &Context<$trigger>) -> Result<()> {
            ctx.step.run("turn", async || pending::<Result<()>>().await).await?;
            Ok(())
        }

        functions! { $list in LockEvents = [$function]; }

        impl $list {
            async fn engine(world: &World, clock: &TestClock) -> Engine<Self> {
                let app = App::<Self>::builder("locks").build().unwrap();
                let engine = app.embedded(world.database()).clock(clock.clone());
                engine.shutdown_grace(Duration::ZERO).start().await.unwrap()
            }

            /// How many runs begin at once after these events.
            #[allow(dead_code, reason = "some begin later")]
            async fn begin(events: [&str; 2]) -> u64 {
                let world = World::new();
                let engine = Self::engine(&world, &TestClock::new()).await;
                turn(&engine.client(), &events).await;
                // They were counted before the events were acknowledged.
                let begun = engine.stats().runs_started;
                engine.shutdown().await;
                begun
            }
        }
    };
}

async fn turn(client: &Client<LockEvents>, events: &[&str]) {
    for (number, data) in events.iter().enumerate() {
        let event = format!(r#"{{"name":"lock/turned","data":{{"number":{number},{data}}}}}"#);
        client.send_json(event.as_bytes()).await.unwrap();
    }
}

locksmith!(
    at_most_once,
    OnceFunctions,
    LockTurned,
    id = "lock-turned-once",
    idempotency = "event.data.broken ? event.data.number / 0 : event.data.key"
);

#[tokio::test]
async fn idempotency_lets_events_without_a_key_start() {
    for events in WITHOUT_KEY.into_iter().chain([[FALSE, FALSE]]).chain(OTHER_KEY) {
        assert_eq!(OnceFunctions::begin(events).await, 2, "{events:?}");
    }
    for events in SAME_KEY {
        assert_eq!(OnceFunctions::begin(events).await, 1, "{events:?}");
    }
}

#[tokio::test]
async fn a_long_key_is_stored_shortened_and_is_still_itself() {
    let world = World::new();
    let engine = OnceFunctions::engine(&world, &TestClock::new()).await;
    let key =
        |length: usize, last: char| format!(r#""broken":false,"key":"{}{last}""#, "k".repeat(length - 1));
    for (length, last, begun) in [
        (1_024, 'a', 1),
        (1_024, 'a', 1),
        (1_025, 'a', 2),
        (1_025, 'a', 2),
        (1_025, 'b', 3),
        (400_000, 'a', 4),
        (400_000, 'a', 4),
    ] {
        turn(&engine.client(), &[&key(length, last)]).await;
        assert_eq!(engine.stats().runs_started, begun, "{length} {last}");
    }
    let longest = "SELECT max(length(CAST(key AS BLOB))) FROM seen";
    assert_eq!(query::<i64>(&world.database(), longest), 1_024);
    engine.shutdown().await;
}

locksmith!(
    rarely,
    RareFunctions,
    LockTurned,
    id = "lock-turned-rare",
    rate_limit(limit = 1, period = "1h", key = "event.data.broken ? event.data.number / 0 : event.data.key")
);

#[tokio::test]
async fn a_rate_limit_does_not_count_events_without_a_key() {
    for events in WITHOUT_KEY.into_iter().chain([[FALSE, FALSE]]).chain(OTHER_KEY) {
        assert_eq!(RareFunctions::begin(events).await, 2, "{events:?}");
    }
    for events in SAME_KEY {
        assert_eq!(RareFunctions::begin(events).await, 1, "{events:?}");
    }
}

locksmith!(
    singly,
    SingleFunctions,
    LockTurned,
    id = "lock-turned-single",
    singleton(key = "event.data.broken ? event.data.number / 0 : event.data.key")
);

#[tokio::test]
async fn a_singleton_without_a_key_excludes_no_other() {
    for events in WITHOUT_KEY.into_iter().chain([[FALSE, FALSE]]).chain(OTHER_KEY) {
        assert_eq!(SingleFunctions::begin(events).await, 2, "{events:?}");
    }
    for events in SAME_KEY {
        assert_eq!(SingleFunctions::begin(events).await, 1, "{events:?}");
    }
}

locksmith!(
    spread,
    SpreadFunctions,
    LockTurned,
    id = "lock-turned-spread",
    throttle(limit = 1, period = "1h", key = "event.data.broken ? event.data.number / 0 : event.data.key")
);

#[tokio::test]
async fn a_throttle_holds_for_all_events_without_a_key_together() {
    for events in WITHOUT_KEY.into_iter().chain(SAME_KEY).chain([[FALSE, FALSE]]) {
        assert_eq!(SpreadFunctions::begin(events).await, 1, "{events:?}");
    }
    for events in OTHER_KEY.into_iter().chain([[MISSING, A], [MISSING, FALSE]]) {
        assert_eq!(SpreadFunctions::begin(events).await, 2, "{events:?}");
    }
}

locksmith!(
    one_at_a_time,
    OneFunctions,
    LockTurned,
    id = "lock-turned-one",
    concurrency(limit = 1, key = "event.data.broken ? event.data.number / 0 : event.data.key")
);

#[tokio::test]
async fn concurrency_holds_for_all_events_without_a_key_together() {
    for events in WITHOUT_KEY.into_iter().chain(SAME_KEY).chain([[FALSE, FALSE]]) {
        assert_eq!(OneFunctions::begin(events).await, 1, "{events:?}");
    }
    for events in OTHER_KEY.into_iter().chain([[MISSING, A], [MISSING, FALSE]]) {
        assert_eq!(OneFunctions::begin(events).await, 2, "{events:?}");
    }
}

locksmith!(
    gathered,
    GatheredFunctions,
    Batch<LockTurned>,
    id = "lock-turned-gathered",
    batch(max_size = 2, timeout = "60s", key = "event.data.broken ? event.data.number / 0 : event.data.key")
);

#[tokio::test]
async fn a_batch_gathers_all_events_without_a_key_together() {
    for events in WITHOUT_KEY.into_iter().chain(SAME_KEY).chain([[FALSE, FALSE]]) {
        assert_eq!(GatheredFunctions::begin(events).await, 1, "{events:?}");
    }
    for events in OTHER_KEY.into_iter().chain([[MISSING, A], [MISSING, FALSE]]) {
        assert_eq!(GatheredFunctions::begin(events).await, 0, "{events:?}");
    }
}

locksmith!(
    settled,
    SettledFunctions,
    LockTurned,
    id = "lock-turned-settled",
    debounce(period = "10s", key = "event.data.broken ? event.data.number / 0 : event.data.key")
);

#[tokio::test]
async fn a_debounce_loses_no_event_without_a_key() {
    async fn started(events: [&str; 2]) -> i64 {
        let (world, clock) = (World::new(), TestClock::new());
        let engine = SettledFunctions::engine(&world, &clock).await;
        turn(&engine.client(), &events).await;
        engine.shutdown().await;
        let runs = || query::<i64>(&world.database(), "SELECT count(*) FROM runs");
        assert_eq!(runs(), 0, "it is put off");
        clock.advance(10_000);
        let engine = SettledFunctions::engine(&world, &clock).await;
        until("something has started", || engine.stats().runs_started > 0).await;
        engine.shutdown().await;
        runs()
    }
    for events in WITHOUT_KEY.into_iter().chain(OTHER_KEY).chain([[MISSING, A]]) {
        assert_eq!(started(events).await, 2, "{events:?}");
    }
    for events in SAME_KEY.into_iter().chain([[FALSE, FALSE]]) {
        assert_eq!(started(events).await, 1, "{events:?}");
    }
}

locksmith!(
    open_only,
    IfFunctions,
    LockTurned,
    id = "lock-turned-if",
    if = "event.data.broken ? event.data.number / 0 > 0 : event.data.key"
);

#[tokio::test]
async fn a_condition_that_is_not_true_does_not_hold() {
    for event in [MISSING, NULL, BROKEN, FALSE, A, ONE] {
        assert_eq!(IfFunctions::begin([event, event]).await, 0, "{event}");
    }
    let yes = r#""broken":false,"key":true"#;
    assert_eq!(IfFunctions::begin([yes, MISSING]).await, 1);
}

/// Tells in which order runs have their turn: one at a time.
#[function(
    id = "lock-turned-ranked",
    concurrency = 1,
    priority = "event.data.broken ? event.data.number / 0 : event.data.key"
)]
async fn ranked(ctx: &Context<LockTurned>) -> Result<()> {
    ORDER.lock().unwrap().push(ctx.event.number);
    Ok(())
}

static ORDER: Mutex<Vec<u32>> = Mutex::new(Vec::new());

functions! { RankedFunctions in LockEvents = [ranked]; }

#[tokio::test]
async fn a_priority_without_a_value_is_0() {
    let (world, clock) = (World::new(), TestClock::new());
    let app = App::<RankedFunctions>::builder("locks").build().unwrap();
    let engine = || app.embedded(world.database()).clock(clock.clone()).start();
    let running = engine().await.unwrap();
    // All are due at the same time: the priority alone tells them apart, and where it is the same the order in which they came.
    let due = 1_700_000_060_000_i64;
    let sixty = r#""broken":false,"key":60"#;
    let behind = r#""broken":false,"key":-60.5"#;
    for (number, data) in [behind, MISSING, NULL, BROKEN, FALSE, A, sixty].into_iter().enumerate() {
        let event = format!(r#"{{"name":"lock/turned","ts":{due},"data":{{"number":{number},{data}}}}}"#);
        running.client().send_json(event.as_bytes()).await.unwrap();
    }
    running.shutdown().await;
    clock.advance(60_000);
    let running = engine().await.unwrap();
    running.wait_idle().await.unwrap();
    assert_eq!(*ORDER.lock().unwrap(), [6, 1, 2, 3, 4, 5, 0]);
    running.shutdown().await;
}

/// Is cancelled by oil, and waits for it.
#[function(
    id = "lock-turned-waiting",
    cancel_on(event = LockOiled, if = "async.data.key > event.data.number")
)]
async fn waiting(ctx: &Context<LockTurned>) -> Result<bool> {
    let oiled = ctx.step.wait_for_event::<LockOiled>("oil");
    Ok(oiled.matching("async.data.key == event.data.key + 1").await?.is_some())
}

functions! { WaitingFunctions in LockEvents = [waiting]; }

#[tokio::test]
async fn what_cannot_be_compared_neither_wakes_nor_cancels() {
    let world = World::new();
    let app = App::<WaitingFunctions>::builder("locks").build().unwrap();
    let engine = app.embedded(world.database()).start().await.unwrap();
    // The first waits for 8 and is cancelled by more than 100; the second waits for nothing, since "a" + 1 has no value.
    for data in [r#""number":100,"broken":false,"key":7"#, r#""number":1,"broken":false,"key":"a""#] {
        let event = format!(r#"{{"name":"lock/turned","data":{{{data}}}}}"#);
        engine.client().send_json(event.as_bytes()).await.unwrap();
    }
    until("both wait", || query::<i64>(&world.database(), "SELECT count(*) FROM steps") == 2).await;
    let open = async || {
        let runs = engine.runs(&RunFilter::default()).await.unwrap();
        runs.iter().filter(|run| matches!(run.status, RunStatus::Open | RunStatus::Waiting)).count()
    };
    for key in ["{}", r#"{"key":null}"#, r#"{"key":"b"}"#, r#"{"key":[1]}"#, r#"{"key":false}"#] {
        let event = format!(r#"{{"name":"lock/oiled","data":{key}}}"#);
        engine.client().send_json(event.as_bytes()).await.unwrap();
        assert_eq!(open().await, 2, "{key}");
    }
    engine.client().send_json(br#"{"name":"lock/oiled","data":{"key":8}}"#).await.unwrap();
    engine.wait_idle().await.unwrap();
    let runs = engine.runs(&RunFilter::default()).await.unwrap();
    let ends: Vec<_> = runs.iter().map(|run| (run.status, run.output.as_deref())).collect();
    assert_eq!(ends, [(RunStatus::Cancelled, None), (RunStatus::Completed, Some("true"))]);
    engine.shutdown().await;
}
