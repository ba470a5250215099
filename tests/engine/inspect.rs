//! Lists of runs and events: filters, pages, status, and how they are written.

use std::collections::BTreeSet;

use event_runtime::embedded::{Backoff, Engine};
use event_runtime::inspect::{EventFilter, Order, Page, RunFilter, RunInfo, RunStatus, StepKind};
use event_runtime::prelude::*;
use event_runtime::{Event, Key};
use serde_json::{Value, json};

use crate::support::{TestClock, World, at};

/// What a crate goes through.
#[domain_events]
enum CrateEvent {
    /// A crate was packed.
    Packed {
        #[event(key)]
        number: u64,
        how: String,
    },
    /// A crate was sealed.
    Sealed {
        #[event(key)]
        label: String,
    },
    /// A crate was opened.
    #[event(unhandled)]
    Opened { number: u64 },
}

registry! { CrateEvents = [CrateEvent]; }

/// Does as it is told.
#[function(id = "crate-packed-porter", retries = 1)]
async fn carry(ctx: &Context<CratePacked>) -> Result<u64> {
    let CratePacked { number, how } = &ctx.event;
    match &**how {
        "sleep" => ctx.step.sleep("sleep", Duration::from_hours(24)).await?,
        "wait" => {
            ctx.step.wait_for_event::<CrateOpened>("opened").await?;
        }
        "call" => ctx.step.invoke::<Seal>("seal", CrateSealed { label: "sleep".into() }).await?,
        "retry" => ctx.step.run("fail", async || Err("no luck".into())).await?,
        "fail" => return Err(Error::non_retriable("no way")),
        _ => {}
    }
    Ok(ctx.step.run("carry", async || Ok(*number)).await?)
}

/// Seals, after a sleep.
#[function(id = "crate-sealed-sealer")]
async fn seal(ctx: &Context<CrateSealed>) -> Result<()> {
    if ctx.event.label == "sleep" {
        ctx.step.sleep("sleep", Duration::from_hours(24)).await?;
    }
    Ok(())
}

functions! { CrateFunctions in CrateEvents = [carry, seal]; }

fn packed(number: u64, how: &str) -> CratePacked {
    CratePacked { number, how: how.into() }
}

async fn start(world: &World, clock: &TestClock) -> Engine<CrateFunctions> {
    let app = App::<CrateFunctions>::builder("crates").build().unwrap();
    let embedded =
        app.embedded(world.database()).clock(clock.clone()).backoff(Backoff::fixed(Duration::from_hours(1)));
    // Nothing is parked within the test.
    embedded.keep_waiting_runs(1_000, Duration::from_hours(10)).start().await.unwrap()
}

/// Waits until so many runs have each status.
async fn until(engine: &Engine<CrateFunctions>, status: RunStatus, runs: usize) -> Page<RunInfo> {
    for _ in 0..30_000 {
        let page = engine.runs(&RunFilter::new().status(status).limit(1_000)).await.unwrap();
        if page.len() == runs {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("waited in vain for {runs} runs that are {status}")
}

fn events(page: &Page<RunInfo>) -> Vec<&str> {
    page.iter().filter_map(|run| run.event_id.as_deref()).collect()
}

#[tokio::test]
async fn a_run_that_waits_is_waiting_from_its_first_moment() {
    let (world, clock) = (World::new(), TestClock::new());
    let engine = start(&world, &clock).await;
    for how in ["sleep", "wait", "call", "retry"] {
        engine.client().send(packed(1, how).with_id(how)).await.unwrap();
    }
    // The function that is called sleeps too.
    let waiting = until(&engine, RunStatus::Waiting, 5).await;
    assert_eq!(waiting.iter().filter(|run| run.function_id == "crate-packed-porter").count(), 4);
    assert!(engine.runs(&RunFilter::new().status(RunStatus::Open)).await.unwrap().is_empty());
    let details = engine.run(&waiting[0].id).await.unwrap().unwrap();
    assert_eq!(details.run.status, RunStatus::Waiting);
    let both = RunFilter::new().status(RunStatus::Open).status(RunStatus::Waiting);
    assert_eq!(engine.runs(&both).await.unwrap().len(), 5);
    assert_eq!(engine.runs(&both.event_id("sleep")).await.unwrap()[0].status, RunStatus::Waiting);
    engine.client().send(CrateOpened { number: 1 }).await.unwrap();
    let done = until(&engine, RunStatus::Completed, 1).await;
    assert_eq!(events(&done), ["wait"]);
    engine.shutdown().await;
}

#[tokio::test]
async fn pages_hold_every_run_once_whatever_is_created_meanwhile() {
    let (world, clock) = (World::new(), TestClock::new());
    let engine = start(&world, &clock).await;
    let client = engine.client();
    client.send_all((0..25).map(|number| packed(number, "").with_id(format!("{number:02}")))).await.unwrap();
    engine.wait_idle().await.unwrap();
    let all: Vec<String> = (0..25).map(|number| format!("{number:02}")).collect();
    for filter in [
        RunFilter::new(),
        RunFilter::new().of::<Carry>().status(RunStatus::Completed),
        RunFilter::new().status(RunStatus::Completed).status(RunStatus::Failed),
    ] {
        for order in [Order::Newest, Order::Oldest] {
            let filter = filter.clone().order(order).limit(7).created_before(at(1_700_000_000_001));
            let (mut found, mut after) = (Vec::new(), None);
            loop {
                let page = match after {
                    None => engine.runs(&filter).await.unwrap(),
                    Some(cursor) => engine.runs(&filter.clone().after(cursor)).await.unwrap(),
                };
                found.extend(page.iter().filter_map(|run| run.event_id.clone()));
                clock.advance(1);
                client.send(packed(99, "")).await.unwrap();
                let Some(next) = page.next else { break };
                after = Some(next.to_string().parse().unwrap());
            }
            if order == Order::Newest {
                found.reverse();
            }
            assert_eq!(found, all, "{filter:?}");
        }
    }
    engine.wait_idle().await.unwrap();
    let events = engine.events(&EventFilter::new().order(Order::Oldest).limit(25)).await.unwrap();
    assert_eq!(events.iter().map(|event| event.id.clone()).collect::<Vec<_>>(), all);
    let rest = EventFilter::new().order(Order::Oldest).after(events.next.unwrap());
    assert!(engine.events(&rest).await.unwrap().iter().all(|event| event.data.get().contains("99")));
    engine.shutdown().await;
}

#[tokio::test]
async fn runs_are_found_by_each_condition() {
    let (world, clock) = (World::new(), TestClock::new());
    let engine = start(&world, &clock).await;
    let client = engine.client();
    for (minute, how) in ["", "fail", ""].into_iter().enumerate() {
        client
            .send(packed(u64::MAX - 2 + minute as u64, how).with_id(format!("packed-{minute}")))
            .await
            .unwrap();
        engine.wait_idle().await.unwrap();
        clock.advance(60_000);
    }
    client.send(CrateSealed { label: "Ä \"7\"".into() }.with_id("sealed")).await.unwrap();
    client.send(CrateSealed { label: u64::MAX.to_string() }.with_id("numbered")).await.unwrap();
    engine.wait_idle().await.unwrap();

    let begin = 1_700_000_000_000;
    let (first, second) = (at(begin), at(begin + 60_000));
    let new = RunFilter::new;
    let cases: Vec<(RunFilter, &[&str])> = vec![
        (new(), &["numbered", "sealed", "packed-2", "packed-1", "packed-0"]),
        (new().function("crate-sealed-sealer"), &["numbered", "sealed"]),
        (new().of::<Seal>().of::<Carry>().limit(1), &["numbered"]),
        (new().function("nobody"), &[]),
        (new().status(RunStatus::Failed), &["packed-1"]),
        (new().status(RunStatus::Failed).of::<Seal>(), &[]),
        (new().event_id("packed-1"), &["packed-1"]),
        (new().event_id("packed-1").status(RunStatus::Completed), &[]),
        (new().event_id("packed-1").of::<Seal>(), &[]),
        (new().event_name(CrateEvent::SEALED), &["numbered", "sealed"]),
        (new().event_name(CrateEvent::SEALED).status(RunStatus::Failed), &[]),
        (new().key(&packed(u64::MAX, "").key()), &["packed-2"]),
        (new().key(&Key::of(&(u64::MAX - 1))).status(RunStatus::Failed), &["packed-1"]),
        (new().key(&Key::of("Ä \"7\"")), &["sealed"]),
        (new().key(&Key::of(&u64::MAX.to_string())), &["numbered"]),
        (new().key(&Key::of(("a", "b"))), &[]),
        (serde_json::from_value(json!({ "key": u64::MAX.to_string() })).unwrap(), &["numbered", "packed-2"]),
        (new().created_after(second), &["numbered", "sealed", "packed-2", "packed-1"]),
        (new().created_before(second), &["packed-0"]),
        (new().started_after(first).started_before(second), &["packed-0"]),
        (new().ended_after(second).status(RunStatus::Failed), &["packed-1"]),
        (new().ended_before(first), &[]),
        (new().order(Order::Oldest).limit(2), &["packed-0", "packed-1"]),
    ];
    for (filter, expected) in cases {
        assert_eq!(events(&engine.runs(&filter).await.unwrap()), expected, "{filter:?}");
    }
    let ids = |page: Page<event_runtime::inspect::EventInfo>| -> Vec<String> {
        page.into_iter().map(|event| event.id).collect()
    };
    let new = EventFilter::new;
    let cases: Vec<(EventFilter, &[&str])> = vec![
        (new().name(CratePacked::NAME).limit(2), &["packed-2", "packed-1"]),
        (new().domain("crate").received_before(second), &["packed-0"]),
        (new().domain("crat"), &[]),
        (new().id("sealed"), &["sealed"]),
        (new().key(&Key::of("Ä \"7\"")), &["sealed"]),
        (
            new().name(CrateEvent::PACKED).name(CrateEvent::OPENED).received_after(second),
            &["packed-2", "packed-1"],
        ),
    ];
    for (filter, expected) in cases {
        assert_eq!(ids(engine.events(&filter).await.unwrap()), expected, "{filter:?}");
    }
    engine.shutdown().await;
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test]
async fn what_is_listed_has_stable_names_in_json() {
    let (world, clock) = (World::new(), TestClock::new());
    let engine = start(&world, &clock).await;
    let receipt = engine.client().send(packed(7, "").with_id("seven")).await.unwrap();
    assert_eq!(serde_json::to_value(&receipt).unwrap(), json!({ "id": "seven", "duplicate": false }));
    assert_eq!(receipt.to_string(), "seven");
    engine.wait_idle().await.unwrap();
    let page = engine.runs(&RunFilter::new()).await.unwrap();
    let run = &page[0];
    let id = &run.id;
    assert_eq!(run.to_string(), format!("run {id} of `crate-packed-porter`: completed"));
    let at = "2023-11-14T22:13:20.000Z";
    let expected = json!({
        "id": id, "function_id": "crate-packed-porter", "status": "completed", "event_id": "seven",
        "event_name": "crate/packed", "key": "7", "attempt": 0, "created": at, "started": at, "ended": at, "output": 7,
        "error": null, "replay_of": null, "held": null,
    });
    assert_eq!(serde_json::to_value(&page).unwrap(), json!({ "items": [expected], "next": null }));
    let details = engine.run(id).await.unwrap().unwrap();
    assert_eq!(details.steps[0].kind, StepKind::Run);
    assert_eq!(details.to_string(), format!("{run}\n  run `carry`: done"));
    let expected = json!({
        "id": "carry", "kind": "run", "output": 7, "error": null, "due": null, "at": at, "began": at,
        "failed_attempts": 0, "waits_for": null, "matching": null,
    });
    let details = serde_json::to_value(&details).unwrap();
    assert_eq!(
        (keys(&details), &details["steps"]),
        (
            [
                "run", "event", "batch", "source", "due", "deadline", "parent", "children", "replays",
                "steps", "failures",
            ]
            .into(),
            &json!([expected])
        )
    );
    let events = engine.events(&EventFilter::new()).await.unwrap();
    assert_eq!(events[0].to_string(), "event `crate/packed`, seven");
    let event = serde_json::to_value(&events[0]).unwrap();
    let expected = json!({
        "id": "seven", "name": "crate/packed", "data": { "number": 7, "how": "" }, "ts": at, "received": at, "cause": null, "meta": null,
        "version": null, "user": null, "traceparent": null, "runs": 1, "skipped": [],
    });
    assert_eq!(event, expected);
    let totals = engine.totals().await.unwrap();
    let counts = ["events", "runs", "open", "completed", "failed", "cancelled", "steps_recorded"];
    assert_eq!(keys(&serde_json::to_value(totals).unwrap()), counts.into());
    assert_eq!(serde_json::to_value(engine.state()).unwrap(), "running");
    engine.shutdown().await;
}
