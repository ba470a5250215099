//! What is told to who looks on: metrics, spans, and never a payload.

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};

use event_runtime::embedded::Engine;
use event_runtime::prelude::*;
use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use tracing_subscriber::fmt::format::FmtSpan;

/// The life of a parcel.
#[domain_events]
enum ParcelEvent {
    /// A parcel was sent.
    Sent { secret: String },
    /// A parcel was followed.
    Followed { secret: String },
}

registry! { ParcelEvents = [ParcelEvent]; }

/// Follows a parcel.
#[function(id = "parcel-sent-follower", concurrency(limit = 9, key = "event.data.secret - 1"))]
async fn follow(ctx: &Context<ParcelSent>) -> Result<Option<String>> {
    let secret = ctx.event.secret.clone();
    ctx.step
        .run("look", async || {
            if ctx.step.attempt() == 0 {
                return Err(Error::msg("not there yet"));
            }
            Ok(secret.clone())
        })
        .await?;
    ctx.step.send("tell", ParcelFollowed { secret }).await?;
    Ok(ctx.meta.traceparent.clone())
}

/// Hears of it.
#[function(id = "parcel-followed-listener")]
async fn listen(ctx: &Context<ParcelFollowed>) -> Result<Option<String>> {
    Ok(ctx.meta.traceparent.clone())
}

functions! { ParcelFunctions in ParcelEvents = [follow, listen]; }

/// Everything that was logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Everything that the engines of these tests have logged.
fn log() -> String {
    static LINES: LazyLock<Lines> = LazyLock::new(|| {
        let lines = Lines::default();
        let writer = lines.clone();
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::DEBUG)
            .with_span_events(FmtSpan::NEW)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .init();
        lines
    });
    String::from_utf8(LINES.0.lock().unwrap().clone()).unwrap()
}

/// Waits until a line has all of these parts. Fails after two minutes.
async fn until_logged(parts: &[&str]) {
    for _ in 0..120_000 {
        if log().lines().any(|line| parts.iter().all(|part| line.contains(part))) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("{parts:?} was not logged:\n{}", log());
}

const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

#[tokio::test]
async fn everything_is_told_but_the_payload() {
    log();
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    recorder.install().unwrap();

    let app = App::<ParcelFunctions>::builder("parcels").build().unwrap();
    let engine = app.embedded(":memory:").backoff(event_runtime::embedded::Backoff::fixed(Duration::ZERO));
    let engine = engine.start().await.unwrap();
    let sent = ParcelSent { secret: "hunter2".into() }.with_traceparent(TRACE);
    engine.client().send(sent.with_id("parcel-1")).await.unwrap();
    engine.wait_idle().await.unwrap();
    let runs = engine.runs(&event_runtime::embedded::RunFilter::default()).await.unwrap();
    for run in &runs {
        let expected = format!("\"{TRACE}\"");
        assert_eq!(run.output.as_deref(), Some(&*expected), "the trace is carried on to {}", run.function_id);
    }
    engine.shutdown().await;

    let log = log();
    assert!(!log.contains("hunter2"), "a payload was logged:\n{log}");
    for told in [
        "event{name=\"parcel/sent\" id=\"parcel-1\" count=1}",
        "run{function=\"parcel-sent-follower\"",
        "event=\"parcel-1\"",
        "step{step=\"look\" attempt=1}",
        "not there yet",
        "the expression of an option has no value function=\"parcel-sent-follower\" option=\"concurrency\" event=\"parcel-1\"",
        TRACE,
    ] {
        assert!(log.contains(told), "`{told}` was not logged:\n{log}");
    }

    let metrics: Vec<(String, DebugValue)> = snapshotter
        .snapshot()
        .into_vec()
        .into_iter()
        .map(|(key, _, _, value)| (key.key().to_string(), value))
        .collect();
    let counted = |name: &str, label: &str| {
        metrics.iter().find_map(|(key, value)| match value {
            DebugValue::Counter(count) if key.contains(name) && key.contains(label) => Some(*count),
            _ => None,
        })
    };
    assert_eq!(counted("events_total", "parcel/sent"), Some(1));
    assert_eq!(counted("retries_total", "parcel-sent-follower"), Some(1));
    assert_eq!(counted("runs_total", "parcel-followed-listener"), Some(1));
    assert_eq!(counted("steps_total", "send"), Some(1));
    assert_eq!(counted("expression_failures_total", "concurrency"), Some(1));
    assert!(metrics.iter().any(|(key, _)| key.contains("run_seconds")), "{metrics:?}");
}

/// The life of a crate.
#[domain_events]
enum CrateEvent {
    /// A crate was packed.
    Packed { mebibytes: usize },
}

registry! { CrateEvents = [CrateEvent]; }

/// Keeps a result of this size.
#[function(id = "crate-packed-keeper")]
async fn keep(ctx: &Context<CratePacked>) -> Result<usize> {
    let text = ctx.step.run("large", async || Ok("x".repeat(ctx.event.mebibytes << 20))).await?;
    Ok(text.len())
}

functions! { CrateFunctions in CrateEvents = [keep]; }

async fn crates(file: &Path) -> Engine<CrateFunctions> {
    log();
    App::<CrateFunctions>::builder("crates").build().unwrap().embedded(file).start().await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_waits_for_a_lock_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("locked.db");
    let engine = crates(&file).await;
    let holder = rusqlite::Connection::open(&file).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let client = engine.client();
    let sending = tokio::spawn(async move { client.send(CratePacked { mebibytes: 0 }).await });
    until_logged(&["WARN", "another connection has locked the database: the engine waits", "locked.db"])
        .await;
    holder.execute_batch("ROLLBACK").unwrap();
    sending.await.unwrap().unwrap();
    engine.wait_idle().await.unwrap();
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_grows_since_somebody_reads_is_told() {
    const GROWS: &str = "somebody reads the database and does not end";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("read.db");
    let engine = crates(&file).await;
    let work = async || {
        for _ in 0..8 {
            engine.client().send(CratePacked { mebibytes: 3 }).await.unwrap();
            engine.wait_idle().await.unwrap();
        }
    };
    work().await;
    assert!(!log().contains(GROWS), "nobody reads");
    let reader = rusqlite::Connection::open(&file).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema").unwrap();
    work().await;
    until_logged(&["WARN", GROWS, "mebibytes=2"]).await;
    reader.execute_batch("COMMIT").unwrap();
    engine.shutdown().await;
}
