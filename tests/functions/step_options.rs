//! Steps with options of their own: retries, back-off, timeout.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::SystemTime;

use event_runtime::prelude::*;
use event_runtime::testing::{TestEngine, crash_everywhere};
use event_runtime::{Backoff, StepError, StepTimedOut};

use crate::events::{Events, OrderPlaced, OrderPriced, placed};

/// Calls a bank that hangs for as many attempts as the id of the order says.
#[derive(Default)]
pub struct Bank {
    attempts: AtomicU32,
    dropped: AtomicU32,
}

/// Tells that an attempt was dropped before its end.
struct Hangs<'b>(&'b Bank);

impl Drop for Hangs<'_> {
    fn drop(&mut self) {
        self.0.dropped.fetch_add(1, Ordering::SeqCst);
    }
}

#[controller]
impl Bank {
    /// Charges, and waits half a minute for the answer.
    #[function(id = "order-placed-patience", retries = 1)]
    async fn charge(&self, ctx: &Context<OrderPlaced>) -> Result<String> {
        let charged = ctx
            .step
            .run("charge", async || {
                if u64::from(self.attempts.fetch_add(1, Ordering::SeqCst)) < ctx.event.id {
                    let _hangs = Hangs(self);
                    std::future::pending::<()>().await;
                }
                Ok(format!("attempt {}", ctx.step.attempt()))
            })
            .retries(3)
            .backoff(Backoff::fixed(Duration::from_secs(10)))
            .timeout(Duration::from_secs(30));
        match charged.await {
            Ok(receipt) => Ok(receipt),
            Err(error) => match (error.downcast::<StepTimedOut>(), &error) {
                (Some(timed_out), StepError::Failed { attempts, .. }) => {
                    assert_eq!(timed_out, StepTimedOut::after(Duration::from_secs(30)));
                    Ok(format!("gave up after {attempts}: {error}"))
                }
                _ => Err(error.into()),
            },
        }
    }
}

/// Waits for somebody outside, in a body that has a minute.
#[function(id = "order-priced-outside")]
async fn outside(ctx: &Context<OrderPriced>) -> Result<u64> {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let answer = Mutex::new(Some(receiver));
    let ask = async || {
        let receiver = answer.lock().unwrap().take().ok_or("asked twice")?;
        Ok(receiver.await?)
    };
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(20));
        let _ = sender.send(7);
    });
    Ok(ctx.step.run("ask", async || ask().await).timeout(Duration::from_mins(1)).retries(0).await?)
}

functions! { Banking in Events = [Bank, outside]; }

fn banking() -> App<Banking> {
    App::<Banking>::builder("test").provide(Bank::default()).build().unwrap()
}

fn since(engine: &TestEngine<Banking>, begin: SystemTime) -> Duration {
    engine.now().duration_since(begin).unwrap()
}

#[tokio::test]
async fn a_body_that_takes_too_long_is_cut_off_and_tried_again() {
    let mut engine = TestEngine::new(&banking());
    let begin = engine.now();
    let run = engine.run(placed(2)).await;
    run.completed_with(&"attempt 2").step("charge").ran_times(3);
    // Twice its time, and twice its back-off.
    assert_eq!(since(&engine, begin), Duration::from_secs(80));
}

#[tokio::test]
async fn the_last_timeout_is_the_failure_of_the_step() {
    let mut engine = TestEngine::new(&banking());
    let begin = engine.now();
    let run = engine.run(placed(99)).await;
    run.completed_with(
        &"gave up after 4: step `charge` failed after 4 attempts: the body took longer than 30s, its timeout, and was cut off",
    );
    run.step("charge").ran_times(4);
    assert_eq!(since(&engine, begin), Duration::from_secs(4 * 30 + 3 * 10));
}

#[tokio::test]
async fn time_passes_for_a_body_that_nobody_can_wake() {
    let mut engine = TestEngine::new(&banking());
    engine.send(placed(1)).await;
    engine.advance(Duration::from_secs(29)).await;
    assert!(engine.runs()[0].is_open());
    engine.advance(Duration::from_secs(1)).await;
    assert!(engine.runs()[0].is_open(), "it waits for its back-off");
    engine.advance(Duration::from_secs(10)).await;
    engine.runs()[0].completed_with(&"attempt 1");
}

#[tokio::test]
async fn time_stands_still_for_a_body_that_waits_for_somebody_outside() {
    let mut engine = TestEngine::new(&banking());
    let begin = engine.now();
    engine.run(OrderPriced { id: 1 }).await.completed_with(&7);
    assert_eq!(since(&engine, begin), Duration::ZERO);
}

#[tokio::test]
async fn a_timeout_can_be_mocked() {
    let mut engine = TestEngine::new(&banking());
    engine.mock_failure::<Charge>("charge", Error::typed(StepTimedOut::after(Duration::from_secs(30))));
    let run = engine.run(placed(0)).await;
    run.completed();
    run.step("charge").ran_times(0);
}

#[tokio::test]
async fn timeouts_are_the_same_after_every_crash() {
    let report = crash_everywhere(banking, placed(99)).await;
    report.is_idempotent();
    assert!(report.crashes > 20, "{report}");
}

/// Asks for what cannot be.
#[function(id = "order-placed-misuse", retries = 0)]
async fn misuse(ctx: &Context<OrderPlaced>) -> Result<Vec<String>> {
    let body = async || Ok(());
    let mut said = Vec::new();
    for step in [
        ctx.step.run("too-often", body).retries(21),
        ctx.step.run("no-time", body).timeout(Duration::ZERO),
        ctx.step.run("too-long", body).timeout(Duration::from_hours(24 * 367)).retries(1),
    ] {
        said.push(step.await.unwrap_err().to_string());
    }
    Ok(said)
}

/// Keeps the registry handled.
#[function(id = "order-priced-nothing")]
async fn nothing(ctx: &Context<OrderPriced>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

functions! { Misusing in Events = [misuse, nothing]; }

#[tokio::test]
async fn options_that_cannot_be_are_errors_of_the_step() {
    let app = App::<Misusing>::builder("test").build().unwrap();
    let run = TestEngine::new(&app).run(placed(1)).await;
    run.completed_with(&[
        "step `too-often` has more than 20 retries, the most there are",
        "step `no-time` has a timeout of zero: its body could do nothing",
        "step `too-long` waits for more than 366 days, the longest time: wait several times, or start a function by `cron`",
    ]);
}

#[tokio::test]
async fn a_real_clock_cuts_off_too() {
    let app = App::<RealTime>::builder("test").build().unwrap();
    let engine = app.embedded(":memory:").start().await.unwrap();
    engine.client().send(placed(1)).await.unwrap();
    engine.wait_idle().await.unwrap();
    let run = engine.runs(&event_runtime::embedded::RunFilter::default()).await.unwrap().items.remove(0);
    assert_eq!(
        run.output.as_deref(),
        Some(
            "\"step `hangs` failed after 2 attempts: the body took longer than 20ms, its timeout, and was cut off\""
        )
    );
    engine.shutdown().await;
}

/// Hangs in real time.
#[function(id = "order-placed-hanger", retries = 9)]
async fn hang(ctx: &Context<OrderPlaced>) -> Result<String> {
    let hangs = ctx.step.run("hangs", async || Ok(std::future::pending::<u8>().await));
    let hangs = hangs.timeout(Duration::from_millis(20)).retries(1).backoff(Backoff::fixed(Duration::ZERO));
    Ok(hangs.await.unwrap_err().to_string())
}

functions! { RealTime in Events = [hang, nothing]; }
