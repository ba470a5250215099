//! The rows of the guide's table "What changes", each on both hosts. What needs a real server is in `tests/inngest/live`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use event_inngest_tests::fake::FakeServer;
use event_inngest_tests::simulation::{Ended, Recorder, Simulation};
use event_random_programs::Seed;
use event_runtime::embedded::{Backoff, Engine, Limits, RunFilter, RunInfo};
use event_runtime::inngest::InngestConfig;
use event_runtime::prelude::*;
use event_runtime::testing::TestEngine;
use event_runtime::{SendError, StepError};
use serde_json::{Value, json};

/// The limits of both hosts here: the defaults, which are the same, take long.
const STEPS: usize = 50;
const RUN_BYTES: usize = 100_000;

/// The life of a trial.
#[domain_events]
pub enum TrialEvent {
    /// A trial was begun.
    Begun {
        /// What is tried.
        kind: String,
    },
    /// A trial was counted.
    Counted {
        /// How much.
        count: u64,
    },
}

registry! {
    /// Every event.
    pub TrialEvents = [TrialEvent];
}

functions! {
    /// Every function.
    pub TrialFunctions in TrialEvents = [Trials, count];
}

/// Tries things.
pub struct Trials {
    /// How often the code outside of steps has run.
    entries: Arc<AtomicUsize>,
}

#[controller]
impl Trials {
    /// Tries one thing.
    #[function(id = "trial-begun-judge", retries = 1)]
    async fn judge(&self, ctx: &Context<TrialBegun>) -> Result<Value> {
        self.entries.fetch_add(1, Ordering::SeqCst);
        let step = &ctx.step;
        match ctx.event.kind.as_str() {
            "three steps" => {
                for id in ["one", "two", "three"] {
                    step.run(id, async || Ok(())).await?;
                }
            }
            "a caught failure" => {
                return match step.run("fails", async || Err::<(), _>(Error::msg("no"))).await {
                    Err(StepError::Failed { attempts, .. }) => Ok(json!(attempts)),
                    other => Ok(json!(format!("{other:?}"))),
                };
            }
            "a failure" => step.run("fails", async || Err::<(), _>(Error::msg("no"))).await?,
            "a great integer" => {
                let result = step.run("counts", async || Ok(9_007_199_254_740_993_u64)).await?;
                return Ok(json!(result));
            }
            "a great result" => {
                step.run("talks", async || Ok("x".repeat(5 * 1024 * 1024))).await?;
            }
            "great results" => {
                for n in 0..9 {
                    step.run(&format!("talks {n}"), async || Ok("x".repeat(RUN_BYTES / 8))).await?;
                }
            }
            "many steps" => {
                for n in 0..=STEPS {
                    step.run(&format!("step {n}"), async || Ok(())).await?;
                }
            }
            other => return Err(Error::msg(format!("there is no trial {other}"))),
        }
        Ok(Value::Null)
    }
}

/// Takes two a minute.
#[function(id = "trial-counted-limited", rate_limit(limit = 2, period = "1m"))]
async fn count(ctx: &Context<TrialCounted>) -> Result<u64> {
    Ok(ctx.event.count)
}

fn app() -> (App<TrialFunctions>, Arc<AtomicUsize>) {
    let entries = Arc::<AtomicUsize>::default();
    let trials = Trials { entries: Arc::clone(&entries) };
    (App::builder("app").provide(trials).build().unwrap(), entries)
}

/// The run of a trial on the embedded engine, and how often its function was entered.
async fn embedded(kind: &str) -> (RunInfo, usize) {
    let (app, entries) = app();
    let mut limits = Limits::default();
    assert_eq!((limits.steps_per_run, limits.run_state_bytes), (1_000, 32 * 1024 * 1024));
    (limits.steps_per_run, limits.run_state_bytes) = (u32::try_from(STEPS).unwrap(), RUN_BYTES);
    let engine = app.embedded(":memory:").limits(limits).backoff(Backoff::fixed(Duration::ZERO));
    let engine = engine.start().await.unwrap();
    engine.client().send(TrialBegun { kind: kind.to_owned() }).await.unwrap();
    engine.wait_idle().await.unwrap();
    let run = runs(&engine).await.remove(0);
    engine.shutdown().await;
    (run, entries.load(Ordering::SeqCst))
}

async fn runs(engine: &Engine<TrialFunctions>) -> Vec<RunInfo> {
    engine.runs(&RunFilter::default()).await.unwrap().items
}

/// The end of a trial behind a simulated server, and how often its function was entered.
async fn served(kind: &str) -> (Ended, usize) {
    let (app, entries) = app();
    let config = InngestConfig::dev().checkpointing(None).max_steps(STEPS).max_run_bytes(RUN_BYTES);
    let service = app.inngest(config).service();
    let simulation = Simulation {
        service: &service,
        function: "app-trial-begun-judge",
        event: json!({ "id": "1", "name": "trial/begun", "data": { "kind": kind }, "ts": 1 }),
        max_attempts: 2,
        recorder: Recorder::default(),
        is_punctual: true,
    };
    (simulation.run(&mut Seed(1)).await, entries.load(Ordering::SeqCst))
}

/// What both say of a trial that fails.
async fn failures(kind: &str) -> (String, String) {
    let (run, _) = embedded(kind).await;
    let (ended, _) = served(kind).await;
    let message = ended.result.expect_err("it fails")["message"].as_str().expect("a message").to_owned();
    (run.error.expect("it fails"), message)
}

#[tokio::test]
async fn what_a_function_does_outside_its_steps() {
    assert_eq!(embedded("three steps").await.1, 1);
    let (ended, entries) = served("three steps").await;
    assert_eq!((ended.calls, entries), (4, 4), "a call for each step, and one that finds none");
}

#[tokio::test]
async fn the_attempts_of_a_failure() {
    assert_eq!(embedded("a caught failure").await.0.output.as_deref(), Some("2"));
    assert_eq!(served("a caught failure").await.0.result, Ok(json!(1)));
    let texts = failures("a failure").await;
    assert_eq!(texts, ("step `fails` failed after 2 attempts: no".to_owned(), "no".to_owned()));
}

#[tokio::test]
async fn an_integer_beyond_what_a_double_holds() {
    assert_eq!(embedded("a great integer").await.0.output.as_deref(), Some("9007199254740993"));
    let (ended, _) = served("a great integer").await;
    let error = ended.result.unwrap_err()["message"].as_str().unwrap().to_owned();
    assert!(error.contains("result: is 9007199254740993"), "{error}");
    let inngest = app().0.inngest(InngestConfig::dev());
    let refused = inngest.client().send(TrialCounted { count: 9_007_199_254_740_993 }).await;
    assert!(
        matches!(refused, Err(SendError::Rejected(issues)) if issues.iter().next().unwrap().path == "count")
    );
}

#[tokio::test]
async fn results_and_steps_have_limits() {
    // One is too much by itself, whatever the run may have.
    let (engine, server) = failures("a great result").await;
    assert!(engine.contains("the result has 5242882 bytes"), "{engine}");
    assert!(server.contains("the result has 5242882 bytes"), "{server}");
    let (engine, server) = failures("great results").await;
    let text = "the results of the run have more than 100000 bytes together";
    assert!(engine.contains(text), "{engine}");
    assert!(server.contains(text), "{server}");
    let (engine, server) = failures("many steps").await;
    assert!(engine.contains("the run has more than 50 steps"), "{engine}");
    assert!(server.contains("the run has more than 50 steps"), "{server}");
}

#[tokio::test]
async fn receipts_of_events_that_are_sent_again() {
    let event = || TrialCounted { count: 1 }.with_id("the-same");
    let engine = app().0.embedded(":memory:").start().await.unwrap();
    assert!(!engine.client().send(event()).await.unwrap().duplicate);
    assert!(engine.client().send(event()).await.unwrap().duplicate);
    engine.shutdown().await;
    let server = FakeServer::start(|_| (200, json!({ "ids": ["one"] }))).await;
    let config = InngestConfig::dev().event_api_origin(&server.origin).unwrap();
    let client = app().0.inngest(config).client();
    for _ in 0..2 {
        assert!(!client.send(event()).await.unwrap().duplicate);
    }
}

#[tokio::test]
async fn events_that_are_sent_together() {
    let two = || [1, 2].map(|count| TrialCounted { count });
    let mut limits = Limits::default();
    limits.events_per_send = 1;
    let engine = app().0.embedded(":memory:").limits(limits).start().await.unwrap();
    engine.client().send_all(two()).await.unwrap_err();
    engine.wait_idle().await.unwrap();
    assert!(runs(&engine).await.is_empty(), "none was taken");
    engine.shutdown().await;
    let server =
        FakeServer::start(|_| (400, json!({ "ids": ["one"], "error": "the second is no good" }))).await;
    let config = InngestConfig::dev().event_api_origin(&server.origin).unwrap();
    let partly = app().0.inngest(config).client().send_all(two()).await.unwrap_err();
    assert!(matches!(partly, SendError::Partly { refused, .. } if refused == [1]));
}

/// A server starts one of these four: see the live suite.
#[tokio::test]
async fn a_rate_limit_lets_its_limit_through_at_once() {
    let mut engine = TestEngine::new(&app().0);
    for count in 0..4 {
        engine.send(TrialCounted { count }).await;
    }
    engine.settle().await;
    assert_eq!(engine.runs_of_function::<Count>().len(), 2);
    engine.advance(Duration::from_secs(30)).await;
    engine.send(TrialCounted { count: 4 }).await;
    assert_eq!(engine.runs_of_function::<Count>().len(), 3, "and then one in each half of the minute");
}
