//! When things happen behind a server: a race ends with its winner, each branch goes on by itself, and what only waits for all costs
//! no further calls.

use std::sync::{Arc, Mutex};

use event_inngest_tests::simulation::{Ended, Recorder, Simulation};
use event_random_programs::Seed;
use event_runtime::StepError;
use event_runtime::inngest::InngestConfig;
use event_runtime::prelude::*;
use futures_util::future::try_join_all;
use serde_json::json;

/// The life of a contest.
#[domain_events]
pub enum ContestEvent {
    /// A contest was opened.
    Opened {
        /// Which one.
        kind: String,
    },
    /// A contest was closed.
    #[event(unhandled)]
    Closed {},
}

registry! {
    /// Every event.
    pub ContestEvents = [ContestEvent];
}

functions! {
    /// Every function.
    pub ContestFunctions in ContestEvents = [Contests];
}

/// Holds contests.
pub struct Contests {
    /// What was run, in its order, with what had been slept by then.
    log: Arc<Mutex<Vec<String>>>,
}

impl Contests {
    async fn note(&self, step: &Step, id: &str) -> Result<(), StepError> {
        step.run(id, async || {
            self.log.lock().unwrap().push(id.to_owned());
            Ok(())
        })
        .await
    }
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[controller]
impl Contests {
    /// Holds one.
    #[function(id = "contest-opened-judge", retries = 0)]
    async fn judge(&self, ctx: &Context<ContestOpened>) -> Result<String> {
        let step = &ctx.step;
        match ctx.event.kind.as_str() {
            "a wait and a sleep" => {
                let wait = step.wait_for_event::<ContestClosed>("closed").timeout(seconds(30));
                tokio::select! {
                    closed = wait => assert!(closed?.is_none()),
                    slept = step.sleep("short", seconds(2)) => slept?,
                }
                self.note(step, "next").await?;
                step.sleep("then", seconds(1)).await?;
            }
            "branches" => {
                let quick = async {
                    self.note(step, "a1").await?;
                    self.note(step, "a2").await
                };
                let slow = async {
                    step.sleep("nap", seconds(8)).await?;
                    self.note(step, "b2").await
                };
                futures_util::try_join!(quick, slow)?;
            }
            "two bodies" => {
                let winner = tokio::select! {
                    biased;
                    one = self.note(step, "one") => one.map(|()| "one")?,
                    other = self.note(step, "other") => other.map(|()| "other")?,
                };
                self.note(step, "next").await?;
                return Ok(winner.to_owned());
            }
            "a race, and then together" => {
                tokio::select! {
                    slept = step.sleep("long", seconds(3_600)) => slept?,
                    ran = self.note(step, "quick") => ran?,
                }
                futures_util::try_join!(self.note(step, "a"), self.note(step, "b"))?;
                step.sleep("then", seconds(1)).await?;
                self.note(step, "next").await?;
            }
            "a failure ends it" => {
                let fails = step.run("fails", async || Err::<(), _>(Error::msg("no")));
                let both = futures_util::try_join!(step.sleep("long", seconds(60)), fails);
                return Ok(both.unwrap_err().to_string());
            }
            "sixty-four" => {
                let ids: Vec<String> = (0..64).map(|n| format!("body {n}")).collect();
                try_join_all(ids.iter().map(|id| self.note(step, id))).await?;
                self.note(step, "next").await?;
            }
            other => return Err(Error::msg(format!("there is no contest {other}"))),
        }
        Ok(String::new())
    }
}

/// Holds a contest behind a server that makes its calls at once and ends sleeps on time.
async fn hold(kind: &str) -> (Ended, Vec<String>) {
    let log = Arc::<Mutex<Vec<String>>>::default();
    let controller = Contests { log: Arc::clone(&log) };
    let app = App::<ContestFunctions>::builder("app").provide(controller).build().unwrap();
    let service = app.inngest(InngestConfig::dev().checkpointing(None)).service();
    let simulation = Simulation {
        service: &service,
        function: "app-contest-opened-judge",
        event: json!({ "id": "1", "name": "contest/opened", "data": { "kind": kind }, "ts": 1 }),
        max_attempts: 1,
        recorder: Recorder::default(),
        is_punctual: true,
    };
    let ended = simulation.run(&mut Seed(1)).await;
    assert!(ended.result.is_ok(), "{kind}: {:?}", ended.result);
    let log = log.lock().unwrap().clone();
    (ended, log)
}

#[tokio::test]
async fn a_race_ends_with_its_winner() {
    let (ended, log) = hold("a wait and a sleep").await;
    assert_eq!((ended.slept, log), (seconds(3), vec!["next".to_owned()]));
    let (ended, log) = hold("a race, and then together").await;
    assert_eq!((ended.slept, log), (seconds(1), ["quick", "a", "b", "next"].map(str::to_owned).to_vec()));
    let (ended, _) = hold("a failure ends it").await;
    assert_eq!((ended.slept, ended.result), (seconds(0), Ok(json!("step `fails` failed: no"))));
}

#[tokio::test]
async fn each_branch_goes_on_by_itself() {
    let (ended, log) = hold("branches").await;
    assert_eq!((ended.slept, log), (seconds(8), ["a1", "a2", "b2"].map(str::to_owned).to_vec()));
}

/// Both win at once, and lead to calls that overlap: what follows runs once all the same.
#[tokio::test]
async fn what_follows_two_winners_runs_once() {
    let (ended, log) = hold("two bodies").await;
    assert_eq!((ended.result, log), (Ok(json!("one")), ["one", "other", "next"].map(str::to_owned).to_vec()));
}

/// A call that finds them, one each, and one that goes on and runs what follows; then the end.
#[tokio::test]
async fn steps_that_wait_for_each_other_cost_a_call_each() {
    let (ended, log) = hold("sixty-four").await;
    assert_eq!((ended.calls, log.len()), (67, 65));
}
