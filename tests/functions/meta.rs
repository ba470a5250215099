//! Metadata of a registry: given, by default, and inherited; over crashes, and to functions that are told of failures.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};

use event_runtime::prelude::*;
use event_runtime::testing::{TestEngine, TestRun, call, crash_everywhere};
use event_runtime::{Batch, BuildError, StepError};
use futures_util::FutureExt;
use serde_json::{Value, json};

/// Who does something, and for whom.
#[payload]
pub struct AppMeta {
    user: u64,
    #[validate(length(min = 1))]
    tenant: String,
    #[event(sensitive)]
    #[serde(default)]
    token: String,
}

/// Other metadata.
#[payload]
pub struct OtherMeta {
    region: String,
}

/// The life of a parcel.
#[domain_events]
pub enum ParcelEvent {
    /// A parcel was packed.
    Packed { number: u64 },
    /// A parcel was weighed.
    Weighed { number: u64 },
    /// A parcel was sent.
    Sent { number: u64 },
    /// A parcel was lost.
    Lost { number: u64 },
    /// A parcel was billed.
    Billed { number: u64 },
    /// A parcel was stacked.
    Stacked { number: u64 },
}

registry! {
    /// Every event, and who has caused it.
    pub Events with AppMeta = [ParcelEvent];
}

fn meta(user: u64, tenant: &str) -> AppMeta {
    AppMeta { user, tenant: tenant.into(), token: String::new() }
}

fn who<T, F>(ctx: &Context<T, AppMeta, F>) -> String {
    format!("{} of {}", ctx.meta.app.user, ctx.meta.app.tenant)
}

/// Packs, weighs, sends, and bills another tenant.
#[function(id = "parcel-packed-dispatch")]
async fn dispatch(ctx: &Context<ParcelPacked, AppMeta>) -> Result<[String; 2]> {
    let number = ctx.event.number;
    ctx.step.sleep("tape", Duration::from_mins(1)).await?;
    let weighed = ctx.step.invoke::<Weigh>("weigh", ParcelWeighed { number }).await?;
    ctx.step.send("send", ParcelSent { number }).await?;
    ctx.step.send("bill", ParcelBilled { number }.with_meta(meta(0, "billing"))).await?;
    Ok([who(ctx), weighed])
}

/// Declares what it sends beside its metadata.
#[function(id = "parcel-weighed-scales", emits(ParcelLost))]
async fn weigh(ctx: &Context<ParcelWeighed, AppMeta>) -> Result<String> {
    ctx.step.run("weigh", async || Ok(who(ctx))).await.map_err(Into::into)
}

/// Looks at no metadata, and hands it on.
#[function(id = "parcel-sent-courier")]
async fn carry(ctx: &Context<ParcelSent>) -> Result<()> {
    ctx.step.send("lose", ParcelLost { number: ctx.event.number }).await?;
    Ok(())
}

/// Fails.
#[function(id = "parcel-lost-search", retries = 0, on_failure = tell)]
async fn search(ctx: &Context<ParcelLost, AppMeta>) -> Result<()> {
    Err(Error::msg(who(ctx)))
}

/// Is told of failures.
#[function(id = "parcel-lost-told")]
async fn tell(ctx: &Context<Failed<ParcelLost>, AppMeta>) -> Result<[String; 2]> {
    Ok([who(ctx), ctx.event.error.clone()])
}

/// Keeps the books.
#[function(id = "parcel-billed-books")]
async fn book(ctx: &Context<ParcelBilled, AppMeta>) -> Result<String> {
    Ok(who(ctx))
}

/// Stacks, and sends what nothing says it may.
#[function(id = "parcel-stacked-stack", batch(max_size = 2, timeout = "1s"))]
async fn stack(ctx: &Context<Batch<ParcelStacked>, AppMeta>) -> Result<Value> {
    let refused =
        ctx.step.send("odd", ParcelBilled { number: 1 }.with_meta(OtherMeta { region: "eu".into() })).await;
    let Err(StepError::Invalid { message, .. }) = refused else { panic!("{refused:?}") };
    Ok(json!([who(ctx), ctx.event.len(), message]))
}

functions! { pub Functions in Events = [dispatch, weigh, carry, search, book, stack]; }

/// Counts what is left every hour.
#[function(id = "count-what-is-left", cron = "0 * * * *")]
async fn count(ctx: &Context<Cron, AppMeta>) -> Result<String> {
    ctx.step.send("bill", ParcelBilled { number: 0 }).await?;
    Ok(who(ctx))
}

functions! { pub CronFunctions in Events = [Functions, count]; }

fn engine() -> TestEngine<Functions> {
    TestEngine::new(&App::<Functions>::builder("post").build().unwrap())
}

fn only(runs: Vec<TestRun>) -> TestRun {
    let [run] = runs.try_into().expect("one run");
    run
}

#[tokio::test]
async fn what_a_function_sends_and_calls_has_the_metadata_of_its_event() {
    for crashes in [false, true] {
        let mut engine = engine();
        engine.send(ParcelPacked { number: 1 }.with_meta(meta(7, "acme"))).await;
        if crashes {
            engine.crash().await;
        }
        engine.advance(Duration::from_mins(1)).await;
        if crashes {
            engine.crash().await;
        }
        engine.run_to_the_end().await;
        only(engine.runs_of_function::<Dispatch>()).completed_with(&["7 of acme", "7 of acme"]);
        // Through a function that does not look at it, to one that fails, and to one that is told of that.
        only(engine.runs_of_function::<Tell>()).completed_with(&["7 of acme", "7 of acme"]);
        only(engine.runs_of_function::<Book>()).completed_with(&"0 of billing");
        let tenants = |metas: Vec<AppMeta>| metas.into_iter().map(|meta| meta.tenant).collect::<Vec<_>>();
        assert_eq!(tenants(engine.sent_meta::<ParcelLost>()), ["acme"]);
        assert_eq!(tenants(engine.sent_meta::<ParcelBilled>()), ["billing"]);
    }
}

#[tokio::test]
async fn of_a_batch_the_first_counts_and_other_metadata_is_refused() {
    let mut engine = engine();
    engine.send(ParcelStacked { number: 1 }.with_meta(meta(1, "acme"))).await;
    engine.send(ParcelStacked { number: 2 }.with_meta(meta(2, "acme"))).await;
    let message = "sends `parcel/billed`: meta.user: is required; meta.tenant: is required";
    only(engine.runs_of_function::<Stack>()).completed_with(&json!(["1 of acme", 2, message]));
}

#[tokio::test]
async fn an_event_without_metadata_is_not_sent() {
    for (event, problem) in [
        (ParcelPacked { number: 1 }.with_meta(meta(1, "")), "meta.tenant: must have at least 1 character"),
        (
            ParcelPacked { number: 1 }.with_meta(AppMeta { token: "x".repeat(20_000), ..meta(1, "acme") }),
            "meta: has 20",
        ),
    ] {
        let mut engine = engine();
        let sent = AssertUnwindSafe(engine.send(event)).catch_unwind().await;
        let message = *sent.unwrap_err().downcast::<String>().unwrap();
        assert!(message.contains(problem), "{message}");
    }
    let mut engine = engine();
    let sent = AssertUnwindSafe(engine.send(ParcelPacked { number: 1 })).catch_unwind().await;
    let message = *sent.unwrap_err().downcast::<String>().unwrap();
    assert!(
        message.starts_with("the event is not valid: meta: is required: send `parcel/packed` with"),
        "{message}"
    );
}

#[tokio::test]
async fn a_time_has_the_default() {
    let without = App::<CronFunctions>::builder("post").build().unwrap_err();
    let BuildError::MissingMeta { function: "count-what-is-left", .. } = without else { panic!("{without}") };
    assert!(
        without.to_string().contains("add `.default_meta(AppMeta { .. })` before `.build()`"),
        "{without}"
    );
    let wrong = App::<CronFunctions>::builder("post").default_meta(meta(0, "")).build().unwrap_err();
    assert!(wrong.to_string().ends_with("meta.tenant: must have at least 1 character, has 0"), "{wrong}");

    let app = App::<CronFunctions>::builder("post").default_meta(meta(0, "nobody")).build().unwrap();
    let mut engine = TestEngine::new(&app);
    engine.advance(Duration::from_hours(1)).await;
    only(engine.runs_of_function::<Count>()).completed_with(&"0 of nobody");
    only(engine.runs_of_function::<Book>()).completed_with(&"0 of nobody");
    // In a test it stands for what an event does not bring.
    engine.run(ParcelWeighed { number: 1 }).await.completed_with(&"0 of nobody");
    engine.run(ParcelWeighed { number: 1 }.with_meta(meta(7, "acme"))).await.completed_with(&"7 of acme");
}

#[tokio::test]
async fn no_crash_changes_it() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let app = || {
        seen.lock().unwrap().clear();
        App::<WatchFunctions>::builder("post").provide(Watcher { seen: Arc::clone(&seen) }).build().unwrap()
    };
    let event = ParcelPacked { number: 1 }.with_meta(meta(7, "acme"));
    let mut report = crash_everywhere(app, event)
        .observing("who", || {
            let mut seen = seen.lock().unwrap().clone();
            seen.sort();
            seen.dedup();
            seen
        })
        .await;
    assert!(report.crashes > 4);
    report.differences.retain(|difference| !difference.repeats);
    report.is_idempotent();
    assert!(seen.lock().unwrap().iter().all(|who| who == "7 of acme"));
}

/// Notes on whose behalf it runs, each time that it is entered.
pub struct Watcher {
    seen: Arc<Mutex<Vec<String>>>,
}

#[controller]
impl Watcher {
    /// Watches, and hands on.
    #[function(id = "parcel-packed-watch")]
    async fn watch(&self, ctx: &Context<ParcelPacked, AppMeta>) -> Result<String> {
        self.seen.lock().unwrap().push(who(ctx));
        ctx.step.sleep("tape", Duration::from_mins(1)).await?;
        ctx.step.send("send", ParcelSent { number: 1 }).await?;
        Ok(who(ctx))
    }

    /// Watches the next one.
    #[function(id = "parcel-sent-watch")]
    async fn watch_sent(&self, ctx: &Context<ParcelSent, AppMeta>) -> Result<String> {
        self.seen.lock().unwrap().push(who(ctx));
        Ok(who(ctx))
    }
}

functions! { pub WatchFunctions in Events = [Watcher]; }

#[tokio::test]
async fn a_handler_alone_is_called_with_it() {
    let weighed =
        call(ParcelBilled { number: 1 }.with_meta(meta(7, "acme")), async |ctx| book(ctx).await).await;
    assert_eq!(weighed.unwrap(), "7 of acme");
}

#[test]
fn a_registry_tells_its_schema_and_nothing_shows_what_is_sensitive() {
    let schema = Events::meta_schema().unwrap().to_value();
    assert_eq!(schema["properties"]["tenant"]["minLength"], 1);
    assert_eq!(schema["properties"]["token"]["x-sensitive"], true);
    assert!(crate::events::Events::meta_schema().is_none());
    let secret = AppMeta { token: "hunter2".into(), ..meta(7, "acme") };
    let envelope = ParcelSent { number: 1 }.with_meta(secret);
    assert!(!format!("{envelope:?}").contains("hunter2"));
}
