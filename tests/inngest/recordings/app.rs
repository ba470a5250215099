//! The functions of the recorded app, in Rust.

use event_runtime::{Either, StepError, prelude::*};
use serde::{Deserialize, Serialize};

/// The life of a workflow, as the recorded app has it.
#[domain_events]
pub enum WorkflowEvent {
    /// Starts two steps, one after the other.
    Created { n: i64 },
    /// Starts steps that run together.
    Completed { id: String },
    /// Starts what sleeps and waits.
    Paused { id: String },
    /// Is waited for.
    #[event(unhandled)]
    Approved { id: String },
    /// Is waited for in vain.
    #[event(unhandled)]
    NeverSent {},
    /// Starts a loop.
    Archived { id: String },
    /// Starts what calls another function.
    Requested { id: String },
    /// Starts what fails in a step.
    Failed { id: String },
    /// Starts what fails for good.
    Rejected { id: String },
    /// Starts what is to be tried later.
    Delayed { id: String },
    /// Comes in batches.
    Batched { i: u32 },
    /// Starts what has every option.
    Configured { id: String, plan: String, vip: bool },
    /// Cancels it.
    #[event(unhandled)]
    Cancelled { id: String },
    /// Is debounced.
    Debounced { id: String, k: u32 },
    /// Is limited.
    Limited { id: String },
    /// Runs alone.
    Singled { id: String },
}

registry! {
    /// The events of the recorded app.
    pub WireEvents = [WorkflowEvent];
}

functions! {
    /// The functions of the recorded app, in the order of its registration.
    pub WireFunctions in WireEvents = [
        created, fanout, waiter, cleaner, invoker, retrier, fatal, later, collector, everything, last, rate, singleton,
    ];
}

#[derive(Debug, Serialize, Deserialize)]
struct Loaded {
    n: i64,
}

#[derive(Debug, Serialize, Deserialize)]
struct Processed {
    v: i64,
}

#[derive(Debug, Serialize)]
struct CreatedReport {
    ok: bool,
    v: i64,
}

/// Two steps, one after the other.
#[function(id = "workflow-created-handler", name = "Handle Workflow Created")]
async fn created(ctx: &Context<WorkflowCreated>) -> Result<CreatedReport> {
    let loaded = ctx.step.run("load", async || Ok(Loaded { n: ctx.event.n })).await?;
    let processed = ctx.step.run("process-creation", async || Ok(Processed { v: loaded.n * 2 })).await?;
    Ok(CreatedReport { ok: true, v: processed.v })
}

#[derive(Debug, Serialize)]
struct FanoutReport {
    c: u32,
}

/// Steps that run together.
#[function(id = "workflow-completed-fanout")]
async fn fanout(ctx: &Context<WorkflowCompleted>) -> Result<FanoutReport> {
    let a = ctx.step.run("a", async || Ok(1_u32));
    let b = ctx.step.run("b", async || Ok(2_u32));
    let (a, b) = futures_util::try_join!(a, b)?;
    Ok(FanoutReport { c: ctx.step.run("after", async || Ok(a + b)).await? })
}

#[derive(Debug, Serialize)]
struct WaiterReport {
    w: Option<&'static str>,
    t: Option<&'static str>,
    n: usize,
}

/// Sleeps, waits, and sends.
#[function(id = "workflow-paused-waiter")]
async fn waiter(ctx: &Context<WorkflowPaused>) -> Result<WaiterReport> {
    ctx.step.sleep("pause", Duration::from_secs(1)).await?;
    let approved = ctx.step.wait_for_event::<WorkflowApproved>("wait-approval");
    let approved =
        approved.matching("event.data.id == async.data.id").timeout(Duration::from_secs(20)).await?;
    let never =
        ctx.step.wait_for_event::<WorkflowNeverSent>("wait-timeout").timeout(Duration::from_secs(1)).await?;
    let sent = ctx.step.send_all("emit", [WorkflowArchived { id: ctx.event.id.clone() }]).await?;
    Ok(WaiterReport {
        w: approved.map(|_| WorkflowEvent::APPROVED),
        t: never.map(|_| WorkflowEvent::NEVER_SENT),
        n: sent.len(),
    })
}

#[derive(Debug, Serialize, Deserialize)]
struct Cleaned {
    cleaned: String,
}

/// A loop.
#[function(id = "workflow-archived-cleaner")]
async fn cleaner(ctx: &Context<WorkflowArchived>) -> Result<Cleaned> {
    for round in 0..3_u32 {
        ctx.step.run("loop", async || Ok(round)).await?;
    }
    Ok(Cleaned { cleaned: ctx.event.id.clone() })
}

/// Calls another function.
#[function(id = "workflow-requested-invoker")]
async fn invoker(ctx: &Context<WorkflowRequested>) -> Result<Cleaned> {
    Ok(ctx.step.invoke::<Cleaner>("call-cleaner", WorkflowArchived { id: "inv".to_owned() }).await?)
}

#[derive(Debug, Serialize)]
struct Caught {
    caught: String,
}

/// Fails in a step, and goes on.
#[function(id = "workflow-failed-retrier", retries = 1)]
async fn retrier(ctx: &Context<WorkflowFailed>) -> Result<Caught> {
    let boom = async || Err::<(), _>(Error::msg(format!("boom {}", ctx.step.attempt())));
    match ctx.step.run("boom", boom).await {
        Err(StepError::Failed { message, .. }) => Ok(Caught { caught: message }),
        other => Err(Error::msg(format!("not caught: {other:?}"))),
    }
}

/// Fails for good.
#[function(id = "workflow-rejected-fatal", retries = 2, on_failure = mourn)]
async fn fatal(_: &Context<WorkflowRejected>) -> Result<()> {
    Err(Error::non_retriable(Error::msg("never again")))
}

#[derive(Debug, Serialize)]
struct Mourned {
    failed: String,
}

/// Is told of failures.
#[function(id = "workflow-rejected-mourner", retries = 1)]
async fn mourn(ctx: &Context<Failed<WorkflowRejected>>) -> Result<Mourned> {
    assert_eq!(ctx.event.function_id, "workflow-rejected-fatal");
    Ok(Mourned { failed: ctx.event.error.clone() })
}

#[derive(Debug, Serialize)]
struct Delayed {
    attempt: u32,
}

/// Is to be tried later.
#[function(id = "workflow-delayed-later", retries = 1)]
async fn later(ctx: &Context<WorkflowDelayed>) -> Result<Delayed> {
    match ctx.meta.attempt {
        0 => Err(Error::msg("later").retry_after(Duration::from_secs(2))),
        attempt => Ok(Delayed { attempt }),
    }
}

#[derive(Debug, Serialize)]
struct Collected {
    n: usize,
}

/// Takes a batch.
#[function(id = "workflow-batched-collector", batch(max_size = 3, timeout = "2s"))]
async fn collector(ctx: &Context<Batch<WorkflowBatched>>) -> Result<Collected> {
    Ok(Collected { n: ctx.event.len() })
}

/// Has every option.
#[function(
    id = "workflow-configured-everything",
    if = "event.data.plan == 'pro'",
    cron = "0 0 1 1 *",
    retries = 7,
    concurrency(limit = 5, key = "event.data.id"),
    throttle(limit = 10, period = "1m", burst = 2, key = "event.data.id"),
    priority = "event.data.vip ? 100 : 0",
    cancel_on(event = WorkflowCancelled, if = "event.data.id == async.data.id", timeout = "1h"),
    idempotency = "event.data.id",
    timeouts(start = "10s", finish = "1m")
)]
async fn everything(_: &Context<Either<WorkflowConfigured, Cron>>) -> Result<&'static str> {
    Ok("configured")
}

#[derive(Debug, Serialize)]
struct LastReport {
    id: String,
    k: u32,
}

/// Gets the last event.
#[function(id = "workflow-debounced-last", debounce(period = "1s", key = "event.data.id", timeout = "10s"))]
async fn last(ctx: &Context<WorkflowDebounced>) -> Result<LastReport> {
    Ok(LastReport { id: ctx.event.id.clone(), k: ctx.event.k })
}

/// Is limited.
#[function(id = "workflow-limited-rate", rate_limit(limit = 1, period = "1m", key = "event.data.id"))]
async fn rate(_: &Context<WorkflowLimited>) -> Result<u32> {
    Ok(1)
}

/// Runs alone.
#[function(id = "workflow-singled-singleton", singleton(mode = "skip", key = "event.data.id"))]
async fn singleton(_: &Context<WorkflowSingled>) -> Result<u32> {
    Ok(1)
}
