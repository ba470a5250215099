//! Random functions behind a simulated server: however it orders its calls, and whatever becomes of checkpoints, a function
//! ends as the order of its recorded steps says, and no step that has succeeded runs again.
#![allow(unreachable_pub, missing_docs, reason = "modules of a test")]

mod times;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use event_inngest_tests::fake::FakeServer;
use event_inngest_tests::hash;
use event_inngest_tests::simulation::{Recorder, Simulation};
use event_random_programs::{Boxed, Program, Seed, Steps, body};
use event_runtime::inngest::{Checkpointing, InngestConfig};
use event_runtime::prelude::*;
use serde_json::json;

/// The life of a program.
#[domain_events]
pub enum ProgramEvent {
    /// A program was started.
    Started { seed: u64 },
}

registry! {
    /// Every event.
    pub Events = [ProgramEvent];
}

functions! {
    /// Every function.
    pub Functions in Events = [Runner];
}

/// How often the body of each number has succeeded.
type Succeeded = Arc<Mutex<HashMap<u32, usize>>>;

/// Runs programs.
pub struct Runner {
    succeeded: Succeeded,
}

#[controller]
impl Runner {
    /// Runs a program.
    #[function(id = "program-started-runner")]
    async fn run(&self, ctx: &Context<ProgramStarted>) -> Result<u64> {
        let program = Program::from_seed(ctx.event.seed);
        Ok(program.execute(&Real { step: &ctx.step, succeeded: &self.succeeded }).await)
    }
}

/// The steps of a run.
struct Real<'r> {
    step: &'r Step,
    succeeded: &'r Succeeded,
}

impl Steps for Real<'_> {
    fn run<'a>(&'a self, id: &str, number: u32) -> Boxed<'a, Option<u32>> {
        let step = self.step.run(id, async move || {
            // Bodies that end at once and bodies that do not.
            for _ in 0..number % 3 {
                tokio::task::yield_now().await;
            }
            let value = body(number, self.step.attempt()).map_err(Error::msg)?;
            *self.succeeded.lock().unwrap().entry(number).or_default() += 1;
            Ok(value)
        });
        Box::pin(async move { step.await.ok() })
    }

    fn sleep<'a>(&'a self, id: &str, _: u32) -> Boxed<'a, ()> {
        let step = self.step.sleep(id, Duration::from_secs(1));
        Box::pin(async move { step.await.unwrap() })
    }
}

/// Runs programs, each from a seed, and compares their ends with what the order of their steps demands.
async fn check(checkpointing: Option<Checkpointing>, refusal: usize, seeds: std::ops::Range<u64>) {
    let recorder = Recorder::default();
    let (taker, refusing) = (recorder.clone(), Mutex::new(Seed(seeds.start)));
    let server = FakeServer::start(move |asked| {
        // What will not go better at another attempt.
        if refusal > 0 && refusing.lock().unwrap().below(refusal) == 0 {
            return (409, json!({}));
        }
        taker.checkpoint(asked);
        (200, json!({}))
    })
    .await;
    let succeeded = Succeeded::default();
    let app = App::<Functions>::builder("app")
        .provide(Runner { succeeded: Arc::clone(&succeeded) })
        .build()
        .unwrap();
    let config = InngestConfig::dev().checkpointing(checkpointing).api_origin(&server.origin).unwrap();
    let service = app.inngest(config).service();
    let (mut calls, mut steps) = (0, 0);
    for seed in seeds {
        let program = Program::from_seed(seed);
        let simulation = Simulation {
            service: &service,
            function: "app-program-started-runner",
            event: json!({ "id": "1", "name": "program/started", "data": { "seed": seed }, "ts": 1 }),
            max_attempts: 3,
            recorder: recorder.clone(),
            is_punctual: false,
        };
        succeeded.lock().unwrap().clear();
        let ended = simulation.run(&mut Seed(seed + 1)).await;
        let expected = program.result_in_order(&ended.stack, hash);
        assert_eq!(
            ended.result.ok(),
            expected.map(Into::into),
            "seed {seed}: {program:?} with {:?}",
            ended.stack
        );
        let bodies = program.bodies();
        for (number, times) in &*succeeded.lock().unwrap() {
            assert!(
                *times <= bodies.iter().filter(|body| *body == number).count(),
                "seed {seed}: {number} has succeeded {times} times in {program:?}"
            );
        }
        (calls, steps) = (calls + ended.calls, steps + ended.stack.len());
    }
    println!("{calls} calls, {steps} recorded steps");
}

#[tokio::test]
async fn one_call_a_step() {
    check(None, 0, 0..1_000).await;
}

#[tokio::test]
async fn steps_are_reported_during_the_call() {
    check(Some(Checkpointing::SAFE), 0, 10_000..10_500).await;
}

#[tokio::test]
async fn a_report_that_fails_loses_nothing() {
    check(Some(Checkpointing::SAFE), 3, 20_000..20_500).await;
}

#[tokio::test]
async fn results_are_gathered_and_none_is_lost() {
    check(Some(Checkpointing::BLENDED), 3, 30_000..30_500).await;
}
