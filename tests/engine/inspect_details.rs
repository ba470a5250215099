//! Details of runs and events, statistics, changes as they happen, and what nobody sees.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use event_runtime::embedded::{Backoff, Engine};
use event_runtime::inspect::{Change, EventFilter, RunFilter, RunStatus, StepKind};
use event_runtime::prelude::*;
use serde_json::{Value, json};

use crate::support::{TestClock, World, at};

/// What happens to parcels.
#[domain_events]
enum ParcelEvent {
    /// A parcel was posted.
    Posted {
        #[event(key)]
        number: u64,
        how: String,
        #[event(sensitive)]
        pin: Option<String>,
    },
    /// A parcel was weighed.
    Weighed { grams: u64 },
    /// A parcel was fetched.
    #[event(unhandled)]
    Fetched { number: u64 },
}

registry! { ParcelEvents = [ParcelEvent]; }

/// Does as it is told.
#[function(id = "parcel-posted-carrier", retries = 2)]
async fn carry(ctx: &Context<ParcelPosted>) -> Result<String> {
    let ParcelPosted { how, pin, .. } = &ctx.event;
    match &**how {
        "weigh" => ctx.step.invoke::<Weigh>("scales", ParcelWeighed { grams: 7 }).await?,
        "wait" => {
            let fetched = ctx.step.wait_for_event::<ParcelFetched>("fetched");
            fetched
                .matching("async.data.number == event.data.number")
                .timeout(Duration::from_hours(1))
                .await?;
        }
        "fail" => ctx.step.run("fail", async || Err("the pin was 4711".into())).await?,
        _ => {}
    }
    Ok(ctx.step.run("carry", async || Ok(pin.clone().unwrap_or_default())).await?)
}

/// Weighs.
#[function(id = "parcel-weighed-scales")]
async fn weigh(ctx: &Context<ParcelWeighed>) -> Result<()> {
    ctx.step.sleep("settle", Duration::from_hours(2)).await?;
    Ok(())
}

/// Notes heavy parcels.
#[function(id = "parcel-weighed-heavy", if = "event.data.grams > 1000")]
async fn heavy(ctx: &Context<ParcelWeighed>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

/// Tells once an hour.
#[function(id = "parcel-weighed-teller", rate_limit(limit = 1, period = "1h"))]
async fn tell(ctx: &Context<ParcelWeighed>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

/// Tells the last one.
#[function(id = "parcel-weighed-last", debounce(period = "1h"))]
async fn tell_last(ctx: &Context<ParcelWeighed>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

functions! { ParcelFunctions in ParcelEvents = [carry, weigh, heavy, tell, tell_last]; }

fn posted(number: u64, how: &str) -> ParcelPosted {
    ParcelPosted { number, how: how.into(), pin: None }
}

async fn start(world: &World, clock: &TestClock) -> Engine<ParcelFunctions> {
    let app = App::<ParcelFunctions>::builder("parcels").build().unwrap();
    let embedded = app.embedded(world.database()).clock(clock.clone());
    embedded.backoff(Backoff::fixed(Duration::from_hours(1))).start().await.unwrap()
}

/// Waits until as many runs of a function have this status.
async fn until(
    engine: &Engine<ParcelFunctions>,
    function: &str,
    status: RunStatus,
    runs: usize,
) -> Vec<String> {
    let filter = RunFilter::new().function(function).status(status);
    for _ in 0..30_000 {
        let page = engine.runs(&filter).await.unwrap();
        if page.len() == runs {
            return page.into_iter().map(|run| run.id).collect();
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("waited in vain for {runs} runs of {function} that are {status}")
}

#[tokio::test]
async fn a_run_says_what_it_waits_for_and_who_has_to_do_with_it() {
    let (world, clock) = (World::new(), TestClock::new());
    let engine = start(&world, &clock).await;
    engine.client().send(posted(1, "weigh").with_id("one")).await.unwrap();
    let child = until(&engine, "parcel-weighed-scales", RunStatus::Waiting, 1).await.remove(0);
    let parent = until(&engine, "parcel-posted-carrier", RunStatus::Waiting, 1).await.remove(0);

    let details = engine.run(&parent).await.unwrap().unwrap();
    assert_eq!(details.event.as_ref().map(|event| &*event.id), Some("one"));
    assert_eq!(details.run.key.as_deref(), Some("1"));
    let source = details.source.clone().unwrap();
    assert!(source.contains("inspect_details.rs:"), "{source}");
    let links: Vec<_> = details.children.iter().map(|link| (&*link.id, link.step.as_deref())).collect();
    assert_eq!(links, [(&*child, Some("scales"))]);
    assert_eq!(details.parent, None);

    let details = engine.run(&child).await.unwrap().unwrap();
    let above = details.parent.clone().unwrap();
    assert_eq!((&*above.id, above.step.as_deref()), (&*parent, Some("scales")));
    let settle = &details.steps[0];
    let begun = settle.began.unwrap();
    assert_eq!((settle.kind, settle.due), (StepKind::Sleep, Some(begun + Duration::from_hours(2))));

    clock.advance(2 * 3_600_000);
    until(&engine, "parcel-weighed-scales", RunStatus::Completed, 1).await;
    let details = engine.run(&child).await.unwrap().unwrap();
    assert_eq!(details.steps[0].began, Some(begun), "a step that has ended still says when it began");
    assert!(details.steps[0].at >= begun + Duration::from_hours(2));

    engine.client().send(posted(2, "wait")).await.unwrap();
    let waits = until(&engine, "parcel-posted-carrier", RunStatus::Waiting, 1).await.remove(0);
    let step = engine.run(&waits).await.unwrap().unwrap().steps.remove(0);
    assert_eq!(step.waits_for.as_deref(), Some("parcel/fetched"));
    assert_eq!(step.matching.as_deref(), Some("async.data.number == event.data.number"));
    engine.shutdown().await;
}

#[tokio::test]
async fn an_event_says_what_it_has_started_and_what_not() {
    let (world, clock) = (World::new(), TestClock::new());
    let engine = start(&world, &clock).await;
    for id in ["first", "second"] {
        engine.client().send(ParcelWeighed { grams: 5 }.with_id(id)).await.unwrap();
    }
    let skipped = |event: &event_runtime::inspect::EventInfo| -> Vec<(String, String)> {
        event.skipped.iter().map(|skip| (skip.function_id.clone(), skip.by.clone())).collect()
    };
    let by = |function: &str, by: &str| (format!("parcel-weighed-{function}"), by.to_owned());
    let first = engine.event("first").await.unwrap().unwrap();
    assert_eq!(first.event.runs, 2, "{first:?}");
    assert_eq!(first.runs.len(), 2);
    assert_eq!(skipped(&first.event), [by("last", "debounce"), by("heavy", "if")]);
    let second = engine.event("second").await.unwrap().unwrap();
    assert_eq!(skipped(&second.event), [by("teller", "rate_limit"), by("heavy", "if")]);
    let listed = engine.events(&EventFilter::new()).await.unwrap();
    assert_eq!(skipped(&listed[0]), skipped(&second.event));
    assert!(second.issues.is_empty());
    assert!(engine.event("third").await.unwrap().is_none());
    engine.shutdown().await;
}

#[tokio::test]
async fn statistics_count_the_runs_of_a_window() {
    let (world, clock) = (World::new(), TestClock::new());
    let engine = start(&world, &clock).await;
    engine.client().send(posted(0, "")).await.unwrap();
    until(&engine, "parcel-posted-carrier", RunStatus::Completed, 1).await;
    clock.advance(2 * 3_600_000);
    engine.client().send_all((1..=3).map(|number| posted(number, ""))).await.unwrap();
    engine.client().send(posted(4, "fail")).await.unwrap();
    engine.client().send(posted(5, "wait")).await.unwrap();
    until(&engine, "parcel-posted-carrier", RunStatus::Completed, 4).await;
    until(&engine, "parcel-posted-carrier", RunStatus::Waiting, 2).await;
    let functions = engine.functions(Duration::from_hours(1)).await.unwrap();
    let carry = &functions[0];
    assert_eq!((carry.id, carry.triggers), ("parcel-posted-carrier", &["parcel/posted"][..]));
    assert_eq!(carry.options, ["2 retries"]);
    let stats = &carry.stats;
    assert_eq!((stats.completed, stats.failed, stats.waiting, stats.open), (3, 0, 2, 0), "{stats:?}");
    assert_eq!(stats.failure_rate(), Some(0.0));
    assert!(stats.ran.is_some() && !stats.is_partial);
    let all = engine.functions(Duration::from_hours(24)).await.unwrap();
    assert_eq!(all[0].stats.completed, 4);
    let info = engine.info().await.unwrap();
    assert_eq!((info.sizes.events, info.sizes.runs, info.sizes.open_runs), (6, 6, 2));
    assert!(info.sizes.file_bytes > 0 && info.limits.concurrent_runs == 1_000);
    assert_eq!((info.application.as_str(), info.state), ("parcels", "running"));
    engine.shutdown().await;
}

#[tokio::test]
async fn changes_are_told_in_order_and_end_with_the_engine() {
    let (world, clock) = (World::new(), TestClock::new());
    let engine = start(&world, &clock).await;
    let mut changes = engine.changes();
    engine.client().send(posted(1, "").with_id("one")).await.unwrap();
    engine.wait_idle().await.unwrap();
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(serde_json::to_value(changes.next().await.unwrap()).unwrap());
    }
    let kinds: Vec<&str> = seen.iter().filter_map(|change| change["type"].as_str()).collect();
    assert_eq!(kinds, ["event", "run", "step", "run"], "{seen:?}");
    assert_eq!(seen[0], json!({ "type": "event", "id": "one", "name": "parcel/posted" }));
    assert_eq!((&seen[1]["status"], &seen[3]["status"]), (&json!("open"), &json!("completed")));
    engine.shutdown().await;
    assert_eq!(changes.next().await, None);
    assert_eq!(engine.changes().next().await, None, "there is nothing to come");
}

#[tokio::test]
async fn a_reader_that_is_slow_is_told_how_much_it_has_missed() {
    let (world, clock) = (World::new(), TestClock::new());
    let engine = start(&world, &clock).await;
    let mut changes = engine.changes();
    let sent = 2_000;
    engine.client().send_all((0..sent).map(|number| ParcelFetched { number })).await.unwrap();
    let Some(Change::Missed { changes: missed }) = changes.next().await else { panic!("nothing was missed") };
    let mut seen = 0;
    while seen + missed < sent {
        assert!(matches!(changes.next().await, Some(Change::Event { .. })));
        seen += 1;
    }
    assert!(missed > 0 && seen > 0, "{missed} missed, {seen} seen");
    engine.shutdown().await;
}

#[tokio::test]
async fn who_looks_on_sees_nothing_sensitive() {
    let (world, clock) = (World::new(), TestClock::new());
    let engine = start(&world, &clock).await;
    let redaction = engine.redaction();
    let secret = |number, how: &str| ParcelPosted { number, how: how.into(), pin: Some("4711".into()) };
    engine.client().send(secret(1, "").with_id("one")).await.unwrap();
    engine.client().send(secret(2, "fail").with_id("two")).await.unwrap();
    let run = until(&engine, "parcel-posted-carrier", RunStatus::Completed, 1).await.remove(0);
    let failing = until(&engine, "parcel-posted-carrier", RunStatus::Waiting, 1).await.remove(0);

    let mut event = engine.event("one").await.unwrap().unwrap();
    assert!(event.event.data.get().contains("4711"));
    redaction.event_details(&mut event);
    let data: Value = serde_json::from_str(event.event.data.get()).unwrap();
    assert_eq!(data, json!({ "number": 1, "how": "", "pin": "•••" }));
    for id in [run, failing] {
        let mut details = engine.run(&id).await.unwrap().unwrap();
        assert!(serde_json::to_string(&details).unwrap().contains("4711"));
        redaction.run_details(&mut details);
        let shown = serde_json::to_string(&details).unwrap();
        assert!(!shown.contains("4711") && shown.contains("•••"), "{shown}");
    }
    let mut page = engine.runs(&RunFilter::new()).await.unwrap();
    redaction.runs(&mut page.items);
    assert!(!serde_json::to_string(&page).unwrap().contains("4711"));
    assert!(
        engine.events(&EventFilter::new().text("4711")).await.unwrap().is_empty(),
        "nobody finds it by search"
    );
    engine.shutdown().await;
}

#[tokio::test]
async fn a_text_is_found_and_a_search_is_bounded() {
    let (world, clock) = (World::new(), TestClock::new());
    let engine = start(&world, &clock).await;
    engine.client().send(posted(0, "NEEDLE").with_id("in-the-hay")).await.unwrap();
    engine.client().send_all((1..100).map(|number| posted(number, "hay"))).await.unwrap();
    engine.wait_idle().await.unwrap();
    let found = engine.events(&EventFilter::new().text("needle")).await.unwrap();
    assert_eq!(found[0].id, "in-the-hay");
    assert_eq!(engine.runs(&RunFilter::new().text("IN-THE")).await.unwrap().len(), 1);
    let domain = EventFilter::new().domain("parcel").limit(7);
    let page = engine.events(&domain).await.unwrap();
    assert_eq!(page.len(), 7);

    let filter = EventFilter::new().text("needle").limit(1).look_at(30);
    let (mut page, mut pages, mut found) = (engine.events(&filter).await.unwrap(), 1, 0);
    loop {
        found += page.len();
        let Some(next) = page.next else { break };
        page = engine.events(&filter.clone().after(next)).await.unwrap();
        pages += 1;
    }
    assert_eq!((found, pages), (1, 4));
    let filter = RunFilter::new().text("in-the-hay").limit(1).look_at(30);
    let mut page = engine.runs(&filter).await.unwrap();
    assert!(page.is_empty() && page.next.is_some());
    while let Some(next) = page.next {
        page = engine.runs(&filter.clone().after(next)).await.unwrap();
    }
    assert_eq!(page.len(), 1);
    let late = RunFilter::new().created_after(at(9_000_000_000_000)).look_at(50);
    assert!(engine.runs(&late).await.unwrap().next.is_some());
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn readers_that_stay_do_not_let_the_log_grow() {
    let (world, clock) = (World::new(), TestClock::new());
    let engine = start(&world, &clock).await;
    let over = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..4)
        .map(|_| {
            let (engine, over) = (engine.clone(), Arc::clone(&over));
            tokio::spawn(async move {
                let mut pages = 0;
                while !over.load(Ordering::Relaxed) {
                    engine.events(&EventFilter::new().limit(2)).await.unwrap();
                    pages += 1;
                }
                pages
            })
        })
        .collect();
    let mut longest = 0;
    // 60 MiB in all.
    let how = "x".repeat(100 * 1024);
    for part in 0..60 {
        engine.client().send_all((0..10).map(|number| posted(10 * part + number, &how))).await.unwrap();
        longest = longest.max(engine.info().await.unwrap().sizes.log_bytes);
    }
    over.store(true, Ordering::Relaxed);
    for reader in readers {
        assert!(reader.await.unwrap() > 0);
    }
    assert!(longest < 50 * 1024 * 1024, "the log grew to {longest} bytes");
    engine.shutdown().await;
}
