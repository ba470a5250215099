//! The key of an event: what waits, cancels and counts by it.

use event_runtime::prelude::*;
use event_runtime::testing::{TestEngine, TestRun};
use event_runtime::{Key, event};
use serde_json::json;

/// The life of a parcel.
#[domain_events]
#[serde(rename_all = "kebab-case")]
pub enum ParcelEvent {
    /// A parcel was registered.
    Registered {
        /// The depot that has registered it.
        #[event(key)]
        depot: String,
        /// The number within the depot.
        #[event(key)]
        parcel_number: u64,
        /// In grams.
        weight: u32,
    },
    /// A parcel was weighed again.
    #[event(unhandled)]
    Weighed {
        #[event(key)]
        at_depot: String,
        #[event(key)]
        number: u32,
        weight: u32,
    },
    /// A parcel was lost.
    #[event(unhandled)]
    Lost {
        #[event(key)]
        depot: String,
        #[event(key)]
        parcel_number: u64,
    },
}

/// The life of a door.
#[domain_events]
pub enum DoorEvent {
    /// A door was opened.
    Opened {
        #[event(key)]
        door: Uuid,
        by: String,
    },
    /// A door was closed.
    Closed {
        #[event(key)]
        door: Uuid,
    },
}

registry! { pub Events = [ParcelEvent, DoorEvent]; }

/// Waits until a parcel is weighed again.
#[function(id = "parcel-registered-scales", cancel_on(event = ParcelLost, key), singleton(key))]
async fn weigh(ctx: &Context<ParcelRegistered>) -> Result<Option<u32>> {
    let weighed = ctx.step.wait_for_event::<ParcelWeighed>("weighed").by_key(ctx.event.key());
    let weighed = weighed.timeout(Duration::from_hours(1)).await?;
    Ok(weighed.map(|weighed| weighed.weight))
}

/// Waits until a door is closed by the one who has opened it.
#[function(id = "door-opened-watch")]
async fn watch(ctx: &Context<DoorOpened>) -> Result<Option<String>> {
    let opened = ctx.step.wait_for_event::<DoorOpened>("again").by_key(ctx.event.key());
    let opened = opened.matching("async.data.by != event.data.by").timeout(Duration::from_hours(1)).await?;
    Ok(opened.map(|opened| opened.by))
}

/// Once a day for each door, whichever way it moves.
#[function(id = "door-opened-count", idempotency)]
async fn count(ctx: &Context<Either<DoorOpened, DoorClosed>>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

functions! { pub Functions in Events = [weigh, watch, count]; }

fn engine() -> TestEngine<Functions> {
    TestEngine::new(&App::<Functions>::builder("test").build().unwrap())
}

fn registered(depot: &str, parcel_number: u64) -> ParcelRegistered {
    ParcelRegistered { depot: depot.into(), parcel_number, weight: 1 }
}

fn weighed(depot: &str, number: u32, weight: u32) -> ParcelWeighed {
    ParcelWeighed { at_depot: depot.into(), number, weight }
}

#[test]
fn the_key_is_in_the_descriptor_the_schema_and_the_field() {
    assert_eq!(event!(Events, "parcel/registered").key, ["depot", "parcel-number"]);
    let fields = event!(Events, "parcel/registered").fields;
    assert_eq!(fields.iter().map(|field| field.key).collect::<Vec<_>>(), [true, true, false]);
    let schema = ParcelRegistered::schema().to_value();
    assert_eq!(schema["x-key"], json!(["depot", "parcel-number"]));
    assert_eq!(registered("a:b", 7).key(), Key::of(("a:b", &7_u8)));
    assert_eq!(registered("a:b", 7).key().to_string(), "3:a:b:7");
    assert_eq!(registered("a", 7).key(), weighed("a", 7, 1).key());
}

#[tokio::test]
async fn a_run_is_woken_by_the_event_with_its_key_and_by_no_other() {
    let mut engine = engine();
    let mut ids = Vec::new();
    for (depot, number) in [("a", 1), ("b", 1), ("a", 2), ("\"&& \\", 1)] {
        ids.push(engine.send(registered(depot, number)).await);
    }
    engine.crash().await;
    for (depot, number, weight) in
        [("a", 2, 12), ("\"&& \\", 1, 20), ("b", 2, 13), ("c", 1, 14), ("a", 1, 15)]
    {
        engine.send(weighed(depot, number, weight)).await;
    }
    engine.run_to_the_end().await;
    for (id, result) in ids.iter().zip([Some(15), None, Some(12), Some(20)]) {
        engine.runs_of(id)[0].completed_with(&result);
    }
}

#[tokio::test]
async fn a_key_and_an_expression_both_hold() {
    let mut engine = engine();
    let (door, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let opened = |door, by: &str| DoorOpened { door, by: by.into() };
    let id = engine.send(opened(door, "ada")).await;
    for event in [opened(other, "bob"), opened(door, "ada"), opened(door, "cyd")] {
        engine.send(event).await;
    }
    let run = engine.runs_of(&id).into_iter().find(|run| run.function_id() == "door-opened-watch");
    run.unwrap().completed_with(&Some("cyd"));
}

#[tokio::test]
async fn a_key_alone_is_what_an_option_counts_by() {
    let mut engine = engine();
    let first = engine.send(registered("1", 23)).await;
    let same = engine.send(ParcelRegistered { weight: 2, ..registered("1", 23) }).await;
    let other = engine.send(registered("12", 3)).await;
    let runs = |engine: &TestEngine<Functions>, id| engine.runs_of(id).len();
    assert_eq!(
        (runs(&engine, &first), runs(&engine, &same), runs(&engine, &other)),
        (1, 0, 1),
        "one run for each parcel, and `1`, `23` is not `12`, `3`"
    );
    let (door, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    engine.send(DoorClosed { door }).await;
    engine.send(DoorOpened { door, by: "ada".into() }).await;
    engine.send(DoorClosed { door: other }).await;
    let counted = engine.runs();
    let counted = counted.iter().filter(|run| run.function_id() == "door-opened-count").count();
    assert_eq!(counted, 2);
}

#[tokio::test]
async fn a_run_is_cancelled_by_the_event_with_its_key() {
    let mut engine = engine();
    let kept = engine.send(registered("a", 1)).await;
    let lost = engine.send(registered("a", 2)).await;
    engine.send(ParcelLost { depot: "a".into(), parcel_number: 2 }).await;
    let is_open = |engine: &TestEngine<Functions>, id| engine.runs_of(id).iter().any(TestRun::is_open);
    assert!(is_open(&engine, &kept));
    assert!(!is_open(&engine, &lost));
}
