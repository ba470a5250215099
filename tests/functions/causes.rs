//! Causation and correlation: where an event comes from, across functions, crashes and failures.

use event_runtime::prelude::*;
use event_runtime::testing::{TestEngine, TestRun};
use serde_json::{Value, json};

/// The life of a letter.
#[domain_events]
pub enum LetterEvent {
    /// A letter was written.
    Written { number: u64 },
    /// A letter was stamped.
    Stamped { number: u64 },
    /// A letter was weighed.
    Weighed { number: u64 },
    /// A letter was delivered.
    Delivered { number: u64 },
}

registry! { pub Events = [LetterEvent]; }

/// Where the event of a run comes from.
fn origin<T>(ctx: &Context<T>) -> Value {
    json!({ "cause": ctx.meta.cause, "correlation": ctx.meta.correlation_id() })
}

/// Stamps a letter, once it was weighed.
#[function(id = "letter-written-stamp")]
async fn stamp(ctx: &Context<LetterWritten>) -> Result<[Value; 2]> {
    let number = ctx.event.number;
    ctx.step.sleep("ink", Duration::from_secs(1)).await?;
    let weighed = ctx.step.invoke::<Weigh>("weigh", LetterWeighed { number }).await?;
    ctx.step.send("stamp", LetterStamped { number }).await?;
    Ok([origin(ctx), weighed])
}

/// Weighs a letter.
#[function(id = "letter-weighed-scales")]
async fn weigh(ctx: &Context<LetterWeighed>) -> Result<Value> {
    Ok(origin(ctx))
}

/// Delivers a letter, in two parts.
#[function(id = "letter-stamped-delivery")]
async fn deliver(ctx: &Context<LetterStamped>) -> Result<Value> {
    let number = ctx.event.number;
    ctx.step
        .send_all("deliver", [LetterDelivered { number }, LetterDelivered { number: number + 1 }])
        .await?;
    Ok(origin(ctx))
}

/// Loses a letter.
#[function(id = "letter-delivered-loss", retries = 0, on_failure = mourn)]
async fn lose(ctx: &Context<LetterDelivered>) -> Result<()> {
    Err(Error::msg(format!("letter {} is lost", ctx.event.number)))
}

/// Is told of losses.
#[function(id = "letter-delivered-mourning")]
async fn mourn(ctx: &Context<Failed<LetterDelivered>>) -> Result<Value> {
    let lost = ctx.event.event.raw().next().map(|event| event.correlation_id().to_owned());
    let cause = ctx.meta.cause.as_ref().map(|cause| (&cause.run_id, &cause.step_id));
    Ok(json!([cause, ctx.meta.correlation_id(), lost]))
}

/// Runs without an event.
#[function(id = "empty-the-box", cron = "0 * * * *")]
async fn empty(ctx: &Context<Cron>) -> Result<Value> {
    Ok(json!([ctx.meta.cause, ctx.meta.correlation_id() == ctx.meta.event_id]))
}

functions! { pub Functions in Events = [stamp, weigh, deliver, lose, mourn, empty]; }

fn engine() -> TestEngine<Functions> {
    TestEngine::new(&App::<Functions>::builder("post").build().unwrap())
}

fn run(engine: &TestEngine<Functions>, function: &str) -> TestRun {
    engine.runs().into_iter().find(|run| run.function_id() == function).unwrap()
}

#[tokio::test]
async fn a_chain_is_known_to_each_of_its_functions() {
    for crashes in [false, true] {
        let mut engine = engine();
        let first = engine.send(LetterWritten { number: 1 }.with_id("the-first")).await;
        assert_eq!(first, "the-first");
        if crashes {
            engine.crash().await;
        }
        engine.advance(Duration::from_secs(1)).await;
        if crashes {
            engine.crash().await;
        }
        let (stamping, delivery) =
            (run(&engine, "letter-written-stamp"), run(&engine, "letter-stamped-delivery"));
        let cause = |event: &str, run: &TestRun, step: &str| json!({ "event_id": event, "run_id": run.id(), "step_id": step, "correlation_id": "the-first" });
        let began = json!({ "cause": null, "correlation": "the-first" });
        let called = json!({ "cause": cause("the-first", &stamping, "weigh"), "correlation": "the-first" });
        stamping.completed_with(&json!([began, called]));
        let stamped = json!({ "cause": cause("the-first", &stamping, "stamp"), "correlation": "the-first" });
        delivery.completed_with(&stamped);

        // A failure comes of the run that failed, and not of one of its steps.
        let losses = engine.runs_of_function::<Mourn>();
        let lost: Vec<TestRun> = engine.runs_of_function::<Lose>();
        assert_eq!((lost.len(), losses.len()), (2, 2));
        for (lost, loss) in lost.iter().zip(&losses) {
            loss.completed_with(&json!([[lost.id(), null], "the-first", "the-first"]));
        }
    }
}

#[tokio::test]
async fn a_time_begins_a_chain() {
    let mut engine = engine();
    engine.advance(Duration::from_hours(1)).await;
    run(&engine, "empty-the-box").completed_with(&json!([null, true]));
}
