//! Metadata of a registry, on disk: from clients and JSON, over a restart, and where events were stored before there was any.

use std::path::Path;

use event_runtime::embedded::{Embedded, Engine, EventFilter, EventInfo, RunFilter, RunInfo, RunStatus};
use event_runtime::prelude::*;
use event_runtime::{FunctionList, Issues, SendError};
use serde_json::{Value, json};

use crate::support::query;

/// Who does something, and for whom.
#[payload]
pub struct AppMeta {
    user: u64,
    #[validate(length(min = 1))]
    #[normalize(trim)]
    tenant: String,
}

/// The life of a page.
#[domain_events]
pub enum PageEvent {
    /// A page was written.
    Written { number: u64 },
    /// A page was printed.
    Printed { number: u64 },
}

registry! { pub Events with AppMeta = [PageEvent]; }

/// Prints what is written, an hour later.
#[function(id = "page-written-printer")]
async fn print(ctx: &Context<PageWritten, AppMeta>) -> Result<String> {
    ctx.step.sleep("dry", Duration::from_hours(1)).await?;
    ctx.step.send("print", PagePrinted { number: ctx.event.number }).await?;
    Ok(ctx.meta.app.tenant.clone())
}

/// Files what is printed.
#[function(id = "page-printed-files")]
async fn file(ctx: &Context<PagePrinted, AppMeta>) -> Result<String> {
    Ok(format!("{} of {}", ctx.meta.app.user, ctx.meta.app.tenant))
}

functions! { pub Functions in Events = [print, file]; }

// The same application before its registry named metadata.
registry! { pub OldEvents = [PageEvent]; }

/// Printed without, then.
#[function(id = "page-written-printer", marker = OldPrint)]
async fn print_then(ctx: &Context<PageWritten>) -> Result<()> {
    ctx.step.sleep("dry", Duration::from_hours(1)).await?;
    ctx.step.send("print", PagePrinted { number: ctx.event.number }).await?;
    Ok(())
}

/// Filed without, then.
#[function(id = "page-printed-files", marker = OldFile)]
async fn file_then(ctx: &Context<PagePrinted>) -> Result<u64> {
    Ok(ctx.event.number)
}

functions! { pub OldFunctions in OldEvents = [OldPrint, OldFile]; }

fn app() -> App<Functions> {
    App::<Functions>::builder("press").build().unwrap()
}

fn meta(user: u64, tenant: &str) -> AppMeta {
    AppMeta { user, tenant: tenant.into() }
}

/// An hour after the epoch of the tests, and so on.
fn at_hour<F>(engine: Embedded<F>, hour: i64) -> Embedded<F> {
    engine.clock(crate::support::TestClock::at(1_700_000_000_000 + hour * 3_600_000))
}

async fn runs<F>(engine: &Engine<F>) -> Vec<RunInfo> {
    engine.runs(&RunFilter::default()).await.unwrap().items
}

async fn output<F: FunctionList>(engine: &Engine<F>, function: &str) -> Option<String> {
    runs(engine).await.into_iter().find(|run| run.function_id == function)?.output
}

async fn stored<F: FunctionList>(engine: &Engine<F>, name: &str) -> EventInfo {
    let events = engine.events(&EventFilter::default()).await.unwrap();
    events.into_iter().find(|event| event.name == name).unwrap()
}

fn rejected(sent: Result<event_runtime::Receipt, SendError>) -> Issues {
    match sent {
        Err(SendError::Rejected(issues)) => issues,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn it_is_stored_with_the_event_and_outlives_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.db");
    let engine = at_hour(app().embedded(&path), 0).start().await.unwrap();
    engine.client().with_meta(meta(7, "acme")).send(PageWritten { number: 1 }).await.unwrap();
    engine.shutdown().await;
    assert_eq!(query::<String>(&path, "SELECT meta FROM events"), r#"{"user":7,"tenant":"acme"}"#);

    let engine = at_hour(app().embedded(&path), 1).start().await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!(output(&engine, "page-written-printer").await.unwrap(), r#""acme""#);
    assert_eq!(output(&engine, "page-printed-files").await.unwrap(), r#""7 of acme""#);
    let printed = stored(&engine, "page/printed").await;
    assert_eq!(printed.meta.unwrap().get(), r#"{"user":7,"tenant":"acme"}"#);
    engine.shutdown().await;
}

#[tokio::test]
async fn json_from_outside_carries_it_or_is_refused() {
    let engine = app().embedded(":memory:").start().await.unwrap();
    let client = engine.client();
    let envelope =
        |meta: Value| json!({ "name": "page/printed", "data": { "number": 1 }, "meta": meta }).to_string();
    for (given, issues) in [
        (json!(null), "meta: is required"),
        (json!({ "user": -1, "tenant": " " }), "meta.user: must be at least 0"),
        (json!({ "user": 1, "tenant": " " }), "meta.tenant: must have at least 1 character, has 0"),
        (json!("acme"), "meta: "),
        (json!({ "user": 1, "tenant": "x".repeat(20_000) }), "meta: has 20"),
    ] {
        let found = rejected(client.send_json(envelope(given).as_bytes()).await).to_string();
        assert!(found.starts_with(issues), "{found}");
    }
    let without = rejected(client.send_json(br#"{ "name": "page/printed", "data": {} }"#).await);
    assert_eq!(without.to_string(), "number: is required; meta: is required");

    client.send_json(envelope(json!({ "user": 1, "tenant": " acme " })).as_bytes()).await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!(output(&engine, "page-printed-files").await.unwrap(), r#""1 of acme""#);

    // What the application says itself stands in place of what comes from outside.
    let stamped = client.with_meta(meta(2, "umbrella"));
    stamped.send_json(envelope(json!({ "user": 1, "tenant": "acme" })).as_bytes()).await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!(output(&engine, "page-printed-files").await.unwrap(), r#""2 of umbrella""#);
    let wrong = client.with_meta(meta(2, ""));
    let issues = rejected(wrong.send(PagePrinted { number: 1 }).await);
    assert_eq!(issues.to_string(), "meta.tenant: must have at least 1 character, has 0");
    assert_eq!(rejected(wrong.send_json(envelope(json!(null)).as_bytes()).await), issues);
    engine.shutdown().await;
}

#[tokio::test]
async fn an_event_may_bring_its_own() {
    let engine = app().embedded(":memory:").start().await.unwrap();
    let client = engine.client();
    client.send(PagePrinted { number: 1 }.with_meta(meta(1, "own"))).await.unwrap();
    client
        .with_meta(meta(2, "all"))
        .send_all([PagePrinted { number: 2 }, PagePrinted { number: 3 }])
        .await
        .unwrap();
    let above = PagePrinted { number: 4 }.with_meta(meta(4, "above"));
    client.with_meta(meta(3, "below")).send(above).await.unwrap();
    engine.wait_idle().await.unwrap();
    let mut outputs: Vec<_> = runs(&engine).await.into_iter().filter_map(|run| run.output).collect();
    outputs.sort();
    assert_eq!(outputs, [r#""1 of own""#, r#""2 of all""#, r#""2 of all""#, r#""4 of above""#]);
    engine.shutdown().await;
}

async fn write_without(path: &Path) {
    let old = App::<OldFunctions>::builder("press").build().unwrap();
    let engine = at_hour(old.embedded(path), 0).start().await.unwrap();
    engine.client().send(PageWritten { number: 1 }).await.unwrap();
    assert!(stored(&engine, "page/written").await.meta.is_none());
    engine.shutdown().await;
}

#[tokio::test]
async fn what_was_stored_without_waits_for_a_default() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.db");
    write_without(&path).await;

    // Without a default the run is held, and nothing is lost.
    let engine = at_hour(app().embedded(&path), 1).start().await.unwrap();
    let held = async {
        loop {
            if let Some(reason) = runs(&engine).await.into_iter().find_map(|run| run.held) {
                return reason;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let held = tokio::time::timeout(Duration::from_secs(30), held).await.unwrap();
    assert!(held.contains("meta: is required") && held.contains("default_meta"), "{held}");
    engine.shutdown().await;

    let with_default = App::<Functions>::builder("press").default_meta(meta(0, "nobody")).build().unwrap();
    let engine = at_hour(with_default.embedded(&path), 1).start().await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!(output(&engine, "page-printed-files").await.unwrap(), r#""0 of nobody""#);
    assert!(runs(&engine).await.iter().all(|run| run.status == RunStatus::Completed));
    engine.shutdown().await;
}
