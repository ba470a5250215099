//! The functions that Inngest's conformance runner calls. Their names are not ours: `foreign` lets them in.

use event_runtime::prelude::*;
use serde::{Deserialize, Serialize};

/// What the runner sends.
#[domain_events(foreign)]
pub enum RunnerEvent {
    /// Starts `simple-fn`.
    #[event(name = "tests/function.test")]
    FunctionTest {},
    /// Starts `step-test`.
    #[event(name = "tests/step.test")]
    StepTest {},
    /// Starts `retry-test`.
    #[event(name = "tests/retry.test")]
    RetryTest {},
    /// Starts `cancel-test`.
    #[event(name = "tests/cancel.test")]
    CancelTest {
        /// By which the run is cancelled.
        request_id: String,
    },
    /// Cancels `cancel-test`.
    #[event(name = "cancel/please", unhandled)]
    CancelPlease {
        /// Which run is meant.
        request_id: String,
    },
    /// Starts `wait-for-event`.
    #[event(name = "tests/wait.test")]
    WaitTest {
        /// Which event is waited for.
        id: String,
    },
    /// Is waited for.
    #[event(name = "test/resume", unhandled)]
    Resume {
        /// Which run is meant.
        id: String,
        /// Whether it may go on.
        resume: bool,
    },
}

registry! {
    /// What the runner sends.
    pub RunnerEvents = [RunnerEvent];
}

functions! {
    /// What the runner calls.
    pub RunnerFunctions in RunnerEvents = [simple_fn, step_test, retry_test, cancel_test, wait_for_event];
}

/// What most of the functions return.
#[derive(Debug, Serialize, Deserialize)]
pub struct Report {
    name: String,
    body: String,
}

impl Report {
    fn of(name: &str) -> Self {
        Self { name: name.to_owned(), body: "ok".to_owned() }
    }
}

/// Returns.
#[function(id = "simple-fn", foreign)]
async fn simple_fn(ctx: &Context<RunnerFunctionTest>) -> Result<Report> {
    Ok(Report::of(&ctx.meta.event_name))
}

/// What the second step of `step-test` gives.
#[derive(Debug, Serialize, Deserialize)]
struct Second {
    first: String,
    second: bool,
}

/// Runs steps, and sleeps between them.
#[function(id = "step-test", foreign)]
async fn step_test(ctx: &Context<RunnerStepTest>) -> Result<Report> {
    let first = ctx.step.run("first step", async || Ok("first step".to_owned())).await?;
    ctx.step.sleep("sleep", Duration::from_secs(2)).await?;
    ctx.step.run("second step", async || Ok(Second { first: first.clone(), second: true })).await?;
    Ok(Report::of(&ctx.meta.event_name))
}

/// Fails in its step, and then outside of it; each goes well at the second attempt.
#[function(id = "retry-test", foreign)]
async fn retry_test(ctx: &Context<RunnerRetryTest>) -> Result<Report> {
    let attempts = async || match ctx.step.attempt() {
        0 => Err(Error::msg("broken")),
        failed => Ok(format!("yes: {}", failed + 1)),
    };
    ctx.step.run("first step", attempts).await?;
    if ctx.meta.attempt == 0 {
        return Err(Error::msg("broken func"));
    }
    Ok(Report::of(&ctx.meta.event_name))
}

/// Sleeps until it is cancelled.
#[function(
    id = "cancel-test",
    foreign,
    cancel_on(event = RunnerCancelPlease, if = "async.data.request_id == event.data.request_id")
)]
async fn cancel_test(ctx: &Context<RunnerCancelTest>) -> Result<Report> {
    ctx.step.sleep("sleep", Duration::from_secs(10)).await?;
    Ok(Report::of(&ctx.meta.event_name))
}

/// What `wait-for-event` has received.
#[derive(Debug, Serialize, Deserialize)]
pub struct Received {
    result: Option<RunnerResume>,
}

/// Waits for an event.
#[function(id = "wait-for-event", foreign)]
async fn wait_for_event(ctx: &Context<RunnerWaitTest>) -> Result<Received> {
    let resume = ctx.step.wait_for_event::<RunnerResume>("wait");
    let resume = resume.matching("async.data.resume == true && async.data.id == event.data.id");
    Ok(Received { result: resume.timeout(Duration::from_secs(10)).await? })
}
