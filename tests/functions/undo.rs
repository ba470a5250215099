//! Steps that are undone when the function fails for good or is cancelled.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use event_runtime::embedded::{RunFilter, RunStatus};
use event_runtime::prelude::*;
use event_runtime::testing::{TestEngine, TestRun, crash_everywhere};
use event_runtime::{Backoff, StepKind};

use crate::events::{Events, OrderPlaced, OrderPriced, placed};

/// Books and releases, each once for each booking.
#[derive(Clone, Default)]
pub struct Agency {
    booked: Arc<Mutex<Vec<String>>>,
    releases: Arc<AtomicU32>,
}

impl Agency {
    fn book(&self, what: &str) -> String {
        let mut booked = self.booked.lock().unwrap();
        if !booked.iter().any(|booking| booking == what) {
            booked.push(what.to_owned());
        }
        what.to_owned()
    }

    fn release(&self, booking: &str) {
        self.booked.lock().unwrap().retain(|other| other != booking);
    }

    fn booked(&self) -> Vec<String> {
        self.booked.lock().unwrap().clone()
    }
}

#[controller]
impl Agency {
    /// Books a trip: order 1 succeeds, 2 cannot be paid for, 3 sleeps, of 4 the hotel is hard to release, of 5 it cannot be.
    #[function(id = "order-placed-trip", retries = 1, on_failure = tell)]
    async fn reserve(&self, ctx: &Context<OrderPlaced>) -> Result<u64> {
        for what in ["flight", "hotel"] {
            let step = ctx.step.run(what, async || Ok(self.book(what)));
            let step = step.undo(async |booking| {
                if what == "hotel" && ctx.event.id >= 4 {
                    self.releases.fetch_add(1, Ordering::SeqCst);
                    if ctx.event.id == 5 || ctx.step.attempt() < 1 {
                        return Err(Error::msg("the hotel does not answer"));
                    }
                }
                self.release(&booking);
                Ok(())
            });
            step.backoff(Backoff::fixed(Duration::from_mins(1))).await?;
        }
        let (left, right) = tokio::join!(
            ctx.step.run("car", async || Ok(self.book("car"))).undo(async |car: String| {
                self.release(&car);
                Ok(())
            }),
            ctx.step.run("insure", async || Ok(())),
        );
        left?;
        right?;
        if ctx.event.id == 3 {
            ctx.step.sleep("wait", Duration::from_hours(24)).await?;
        }
        if ctx.event.id > 1 {
            ctx.step.run("pay", async || Err::<(), _>(Error::msg("declined"))).retries(0).await?;
        }
        Ok(ctx.event.id)
    }
}

/// Is told of failures, when everything is undone.
#[function(id = "order-placed-trip-failure")]
async fn tell(ctx: &Context<Failed<OrderPlaced>>) -> Result<String> {
    Ok(ctx.event.error.clone())
}

/// Keeps the registry handled.
#[function(id = "order-priced-nothing")]
async fn nothing(ctx: &Context<OrderPriced>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

functions! { Travelling in Events = [Agency, nothing]; }

fn travelling(agency: &Agency) -> App<Travelling> {
    App::<Travelling>::builder("test").provide(agency.clone()).build().unwrap()
}

/// The steps that were undone, in their order.
fn undone(run: &TestRun) -> Vec<&str> {
    run.steps().iter().filter(|step| step.kind == StepKind::Undo).map(|step| step.id.as_str()).collect()
}

#[tokio::test]
async fn a_run_that_completes_undoes_nothing() {
    let agency = Agency::default();
    let mut engine = TestEngine::new(&travelling(&agency));
    let run = engine.run(placed(1)).await;
    run.completed_with(&1);
    assert_eq!((undone(&run).len(), agency.booked().len()), (0, 3));
}

#[tokio::test]
async fn the_last_step_is_undone_first_when_the_function_fails() {
    let agency = Agency::default();
    let mut engine = TestEngine::new(&travelling(&agency));
    let run = engine.run(placed(2)).await;
    run.failed_with("declined");
    assert_eq!(undone(&run), ["car (undo)", "hotel (undo)", "flight (undo)"]);
    assert!(agency.booked().is_empty());
    run.step("flight").ran_times(1);
    let told = engine.runs_of_function::<Tell>();
    assert_eq!(told.len(), 1);
    told[0].completed_with(&"step `pay` failed: declined");
}

#[tokio::test]
async fn a_run_that_is_cancelled_is_undone() {
    let agency = Agency::default();
    let mut engine = TestEngine::new(&travelling(&agency));
    engine.send(placed(3)).await;
    engine.advance(Duration::from_hours(1)).await;
    engine.crash().await;
    let run = engine.runs().remove(0);
    assert!(engine.cancel(&run).await);
    let run = engine.runs().remove(0);
    assert!(!run.is_open());
    assert_eq!(undone(&run), ["car (undo)", "hotel (undo)", "flight (undo)"]);
    assert!(agency.booked().is_empty());
}

#[tokio::test]
async fn undoing_is_retried_and_cannot_be_cancelled() {
    let agency = Agency::default();
    let mut engine = TestEngine::new(&travelling(&agency));
    engine.send(placed(4)).await;
    engine.settle().await;
    let run = engine.runs().remove(0);
    assert!(run.is_open(), "the hotel is tried again in a minute");
    assert!(!engine.cancel(&run).await, "it is ending");
    engine.crash().await;
    assert!(engine.runs()[0].is_open());
    assert_eq!(agency.booked(), ["flight", "hotel"]);
    engine.run_to_the_end().await;
    engine.runs()[0].failed_with("declined");
    assert_eq!((agency.booked().len(), agency.releases.load(Ordering::SeqCst)), (0, 2));
}

#[tokio::test]
async fn what_cannot_be_undone_is_recorded_and_keeps_nothing_else_from_it() {
    let agency = Agency::default();
    let mut engine = TestEngine::new(&travelling(&agency));
    let run = engine.run(placed(5)).await;
    run.failed_with("declined");
    assert_eq!(agency.booked(), ["hotel"]);
    let hotel = run.steps().iter().find(|step| step.id == "hotel (undo)").unwrap();
    assert_eq!(hotel.result, Some(Err("the hotel does not answer".to_owned())));
    assert_eq!(undone(&run).len(), 3);
}

#[tokio::test]
async fn undoing_is_the_same_after_every_crash() {
    for order in [1, 2] {
        let agency = Agency::default();
        let app = || {
            agency.booked.lock().unwrap().clear();
            travelling(&agency)
        };
        let report = crash_everywhere(app, placed(order)).observing("bookings", || agency.booked()).await;
        report.is_idempotent();
        assert!(report.crashes > 10, "{report}");
    }
}

#[tokio::test]
async fn a_run_in_a_file_is_undone_and_can_be_retried() {
    let folder = tempfile::tempdir().unwrap();
    let agency = Agency::default();
    let engine = travelling(&agency).embedded(folder.path().join("events.db")).start().await.unwrap();
    engine.client().send(placed(2)).await.unwrap();
    engine.wait_idle().await.unwrap();
    let failed = engine.runs(&RunFilter::default().status(RunStatus::Failed)).await.unwrap().items.remove(0);
    assert!(agency.booked().is_empty());
    let steps = engine.run(&failed.id).await.unwrap().unwrap().steps;
    assert_eq!(steps.iter().filter(|step| step.kind == StepKind::Undo).count(), 3);

    // What was undone is done again, and undone again.
    engine.retry(&failed.id).await.unwrap();
    engine.wait_idle().await.unwrap();
    assert!(agency.booked().is_empty());
    let steps = engine.run(&failed.id).await.unwrap().unwrap().steps;
    assert_eq!(steps.iter().filter(|step| step.kind == StepKind::Undo).count(), 3);
    engine.shutdown().await;
}
