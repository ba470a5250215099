//! The two hosts side by side: random functions on the embedded engine, on virtual time, and behind a simulated Inngest server.
//! Each ends as the order of its own record says. Where no steps race, both record the same steps and end alike; and what
//! the engine has recorded, races included, leads the endpoint to the same end.
#![allow(unreachable_pub, missing_docs, reason = "modules of a test")]

mod differences;

use event_inngest_tests::endpoint::ask;
use event_inngest_tests::hash;
use event_inngest_tests::simulation::{Recorder, Simulation};
use event_random_programs::{Boxed, Program, Seed, Steps, body};
use event_runtime::inngest::{InngestConfig, InngestService};
use event_runtime::prelude::*;
use event_runtime::testing::{StepRecord, TestEngine};
use serde_json::{Map, Value, json};

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
    pub Functions in Events = [run_program];
}

/// Runs a program.
#[function(id = "program-started-runner", retries = 2)]
async fn run_program(ctx: &Context<ProgramStarted>) -> Result<u64> {
    let program = Program::from_seed(ctx.event.seed);
    Ok(program.execute(&Real(&ctx.step)).await)
}

/// The steps of a run.
struct Real<'r>(&'r Step);

impl Steps for Real<'_> {
    fn run<'a>(&'a self, id: &str, number: u32) -> Boxed<'a, Option<u32>> {
        let step = self.0.run(id, async move || body(number, self.0.attempt()).map_err(Error::msg));
        Box::pin(async move { step.await.ok() })
    }

    fn sleep<'a>(&'a self, id: &str, _: u32) -> Boxed<'a, ()> {
        let step = self.0.sleep(id, Duration::from_secs(1));
        Box::pin(async move { step.await.unwrap() })
    }
}

const FUNCTION: &str = "app-program-started-runner";

fn has_race(program: &Program) -> bool {
    match program {
        Program::Run(_) | Program::Sleep(_) | Program::Wait | Program::Invoke(_) | Program::Send(_) => false,
        Program::Sequence(parts) | Program::Together(parts) => parts.iter().any(has_race),
        Program::Race(..) => true,
    }
}

fn event(seed: u64) -> Value {
    json!({ "id": "1", "name": "program/started", "data": { "seed": seed }, "ts": 1 })
}

/// What the engine has recorded, as a server gives it.
fn memo(step: &StepRecord) -> Value {
    match step.result.clone() {
        Some(Ok(value)) if step.kind == event_runtime::StepKind::Run => json!({ "data": value }),
        Some(Err(message)) => json!({ "error": { "name": "Error", "message": message } }),
        _ => Value::Null,
    }
}

/// The end to which a record leads the endpoint, in one call.
async fn replayed(service: &InngestService, seed: u64, recorded: &[&StepRecord]) -> Value {
    let stack: Vec<_> = recorded.iter().map(|step| hash(&step.id)).collect();
    let steps: Map<_, _> = recorded.iter().map(|step| (hash(&step.id), memo(step))).collect();
    let ctx = json!({ "run_id": "r", "attempt": 0, "stack": { "stack": stack, "current": stack.len() } });
    let body = json!({ "event": event(seed), "events": [event(seed)], "steps": steps, "ctx": ctx });
    let uri = format!("/api/inngest?fnId={FUNCTION}&stepId=step");
    let answer = ask(service, "POST", &uri, &[], body.to_string().as_bytes()).await;
    assert_eq!(answer.status, 200, "seed {seed}: {:?}", answer.body);
    answer.json()
}

#[tokio::test(flavor = "current_thread")]
async fn both_hosts_agree() {
    let app = App::<Functions>::builder("app").build().unwrap();
    let service = app.inngest(InngestConfig::dev().checkpointing(None)).service();
    let (mut alike, mut steps) = (0, 0);
    for seed in 0..1_000 {
        let program = Program::from_seed(seed);
        let mut engine = TestEngine::with_seed(&app, seed);
        let id = engine.send(ProgramStarted { seed }).await;
        engine.run_to_the_end().await;
        let run = &engine.runs_of(&id)[0];
        let recorded: Vec<&StepRecord> = run.steps().iter().filter(|step| step.result.is_some()).collect();
        let order: Vec<String> = recorded.iter().map(|step| hash(&step.id)).collect();
        let expected = program.result_in_order(&order, hash);
        run.completed_with(&expected.expect("an end"));
        assert_eq!(replayed(&service, seed, &recorded).await, json!(expected), "seed {seed}: {program:?}");

        let simulation = Simulation {
            service: &service,
            function: FUNCTION,
            event: event(seed),
            max_attempts: 3,
            recorder: Recorder::default(),
            is_punctual: false,
        };
        let ended = simulation.run(&mut Seed(seed + 1)).await;
        assert_eq!(
            ended.result,
            Ok(json!(program.result_in_order(&ended.stack, hash))),
            "seed {seed}: {program:?}"
        );
        if !has_race(&program) {
            let sorted = |mut hashes: Vec<String>| {
                hashes.sort();
                hashes
            };
            assert_eq!(ended.result, Ok(json!(expected)), "seed {seed}: {program:?}");
            assert_eq!(sorted(ended.stack), sorted(order), "seed {seed}: {program:?}");
            alike += 1;
        }
        steps += recorded.len();
    }
    println!("{steps} steps recorded by the engine; {alike} programs without a race");
}
