//! Undoing behind a server: by steps of their own, before the failure is answered.

use std::sync::{Arc, Mutex};

use event_inngest_tests::hash;
use event_inngest_tests::simulation::{Recorder, Simulation};
use event_random_programs::Seed;
use event_runtime::inngest::InngestConfig;
use event_runtime::prelude::*;
use serde_json::json;

/// The life of a trip.
#[domain_events]
pub enum TripEvent {
    /// A trip was booked.
    Booked {
        /// How often releasing the hotel fails.
        failures: u32,
        /// Whether it can be paid for.
        rich: bool,
    },
}

registry! { TripEvents = [TripEvent]; }
functions! { TripFunctions in TripEvents = [Agency]; }

/// Notes what it does.
#[derive(Clone, Default)]
pub struct Agency {
    log: Arc<Mutex<Vec<String>>>,
}

impl Agency {
    fn note(&self, what: impl Into<String>) {
        self.log.lock().unwrap().push(what.into());
    }
}

#[controller]
impl Agency {
    /// Books everything, or nothing.
    #[function(id = "trip-booked-reservation", retries = 2)]
    async fn reserve(&self, ctx: &Context<TripBooked>) -> Result<u32> {
        for what in ["flight", "hotel"] {
            let step = ctx.step.run(what, async || {
                self.note(what);
                Ok(format!("the {what}"))
            });
            let step = step.undo(async |booking| {
                if what == "hotel" && ctx.step.attempt() < ctx.event.failures {
                    return Err(Error::msg("no answer"));
                }
                self.note(format!("release {booking}"));
                Ok(())
            });
            step.await?;
        }
        if !ctx.event.rich {
            return Err(Error::msg(format!("declined at attempt {}", ctx.meta.attempt)));
        }
        Ok(7)
    }
}

/// What is done for a trip, and how its run ends.
async fn travel(failures: u32, rich: bool) -> (Vec<String>, String, Vec<String>) {
    let agency = Agency::default();
    let app = App::<TripFunctions>::builder("app").provide(agency.clone()).build().unwrap();
    let service = app.inngest(InngestConfig::dev().checkpointing(None)).service();
    let data = json!({ "failures": failures, "rich": rich });
    let simulation = Simulation {
        service: &service,
        function: "app-trip-booked-reservation",
        event: json!({ "id": "1", "name": "trip/booked", "data": data, "ts": 1 }),
        max_attempts: 3,
        recorder: Recorder::default(),
        is_punctual: true,
    };
    let ended = simulation.run(&mut Seed(1)).await;
    let result = match ended.result {
        Ok(value) => value.to_string(),
        Err(error) => error["message"].as_str().unwrap_or_default().to_owned(),
    };
    let log = agency.log.lock().unwrap().clone();
    (log, result, ended.stack)
}

#[tokio::test]
async fn a_run_that_completes_undoes_nothing() {
    let (log, result, stack) = travel(0, true).await;
    assert_eq!((log, result.as_str(), stack.len()), (vec!["flight".to_owned(), "hotel".to_owned()], "7", 2));
}

#[tokio::test]
async fn the_last_step_is_undone_first_before_the_failure_is_answered() {
    for failures in [0, 2] {
        let (log, result, stack) = travel(failures, false).await;
        assert_eq!(log, ["flight", "hotel", "release the hotel", "release the flight"], "{failures}");
        assert!(result.starts_with("declined"), "{result}");
        let expected = ["flight", "hotel", "hotel (undo)", "flight (undo)"].map(hash);
        assert_eq!(stack, expected);
    }
}

#[tokio::test]
async fn what_cannot_be_undone_does_not_keep_the_rest_from_it() {
    let (log, result, _) = travel(9, false).await;
    assert_eq!(log, ["flight", "hotel", "release the flight"]);
    assert!(result.starts_with("declined"), "{result}");
}
