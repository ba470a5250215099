//! Random functions, executed, cut off anywhere, and entered again: a later attempt continues the earlier one.
//!
//! The host of the test lets steps end in an order drawn from a seed. A failure prints it.

use std::collections::HashSet;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use event_random_programs::{Boxed, MAX_FAILURES, Program, Seed, Steps, body};
use serde_json::value::RawValue;

use super::{Completion, Failure, Journal, Machine, OpId, Outcome, Polled, Promises, Request, StepChange};
use crate::event::{RawEnvelope, Reading};
use crate::function::{Error, Handler, Invocation, Result, Step, StepKind, encode_output};

/// The steps of a run.
struct Real(Step);

impl Steps for Real {
    fn run<'a>(&'a self, id: &str, number: u32) -> Boxed<'a, Option<u32>> {
        // The host of the test does not retry.
        let step = self.0.run(id, async move || body(number, MAX_FAILURES).map_err(Error::msg));
        Box::pin(async move { step.await.ok() })
    }

    fn sleep<'a>(&'a self, id: &str, _: u32) -> Boxed<'a, ()> {
        let step = self.0.sleep(id, Duration::from_secs(1));
        Box::pin(async move { step.await.unwrap() })
    }
}

fn handler(program: &Program) -> Handler {
    let program = Arc::new(program.clone());
    Arc::new(move |invocation| {
        let (program, steps) = (Arc::clone(&program), Real(Step::new(invocation.promises)));
        Box::pin(async move { encode_output(&program.execute(&steps).await) })
    })
}

fn invocation(promises: Arc<Promises>) -> Invocation {
    let data = RawValue::from_string("{}".to_owned()).unwrap();
    let (id, name) = (String::new(), String::new());
    let event = Arc::new(RawEnvelope {
        id,
        name,
        data,
        ts: 0,
        v: None,
        user: None,
        traceparent: None,
        cause: None,
        meta: None,
    });
    Invocation {
        promises,
        events: [event].into(),
        run_id: "run".into(),
        attempt: 0,
        function: "test",
        means: None,
        reading: Reading::Sent,
    }
}

type Record = (Arc<str>, Completion);

/// The end of an attempt.
#[derive(Debug, PartialEq)]
enum Ended {
    /// The function has returned this.
    Returned(String),
    /// It was cut off.
    CutOff,
}

/// One attempt with a host in memory: what is recorded comes first, then steps end in a random order.
fn attempt(handler: &Handler, recorded: &mut Vec<Record>, seed: &mut Seed, cut_off_after: usize) -> Ended {
    let mut host = Host::new(handler, recorded);
    let mut cx = Context::from_waker(Waker::noop());
    let before = recorded.len();
    loop {
        match host.machine.poll_until_quiet(&mut cx) {
            Poll::Ready(Polled::Returned(result)) => {
                assert_eq!(host.journal.deviation(), None, "nothing but the order of the steps has changed");
                return Ended::Returned(result.unwrap().as_ref().to_owned());
            }
            Poll::Ready(Polled::Quiet(changes)) => changes.into_iter().for_each(|change| host.take(change)),
            Poll::Pending => continue,
        }
        if host.journal.deliver_next(&mut host.machine).is_some() || host.begin_found() {
            continue;
        }
        if recorded.len() - before == cut_off_after {
            return Ended::CutOff;
        }
        assert!(!host.ended.is_empty(), "the function waits for nothing");
        let (op, outcome) = host.ended.swap_remove(seed.below(host.ended.len()));
        let (key, kind) = host.steps[op].clone();
        let (place, completion) = (u32::try_from(recorded.len()).unwrap(), Completion { kind, outcome });
        recorded.push((Arc::clone(&key), completion.clone()));
        host.journal.record(key, place, completion);
    }
}

struct Host {
    machine: Machine,
    journal: Journal<Completion>,
    steps: Vec<(Arc<str>, StepKind)>,
    /// Steps that were found, and have not begun.
    found: Vec<(OpId, Request)>,
    /// Steps that have ended, and are not recorded yet.
    ended: Vec<(OpId, Outcome)>,
}

impl Host {
    fn new(handler: &Handler, recorded: &[Record]) -> Self {
        let mut journal = Journal::default();
        for (place, (key, completion)) in (0..).zip(recorded) {
            journal.record(Arc::clone(key), place, completion.clone());
        }
        let machine = Machine::new(handler, invocation);
        Self { machine, journal, steps: Vec::new(), found: Vec::new(), ended: Vec::new() }
    }

    fn take(&mut self, change: StepChange) {
        match change {
            StepChange::Found { op, key, request } => {
                assert_eq!(op, self.steps.len());
                assert!(!self.steps.iter().any(|(of, _)| *of == key), "`{key}` is found twice");
                if !self.journal.find(op, &key, request.kind()) {
                    self.found.push((op, request.clone()));
                }
                self.steps.push((key, request.kind()));
            }
            StepChange::Ran { op, result } => self.ended.push((op, outcome(result))),
            StepChange::Dropped { op } => {
                self.journal.abandon(op, &self.steps[op].0);
                self.found.retain(|(of, _)| *of != op);
                self.ended.retain(|(of, _)| *of != op);
            }
        }
    }

    /// Begins what was found: bodies run, and sleeps are over.
    fn begin_found(&mut self) -> bool {
        let mut has_granted = false;
        for (op, request) in std::mem::take(&mut self.found) {
            if matches!(request, Request::Run(_)) {
                self.machine.grant(op, 0);
                has_granted = true;
            } else {
                self.ended.push((op, Outcome::Value("null".into())));
            }
        }
        has_granted
    }
}

fn outcome(result: Result<Arc<str>>) -> Outcome {
    match result {
        Ok(value) => Outcome::Value(value),
        Err(error) => Outcome::Failed(Failure::new(error.to_string(), 1)),
    }
}

#[test]
fn a_later_attempt_continues_the_earlier_ones() {
    for seed in 0..3_000 {
        let program = Program::from_seed(seed);
        let (handler, mut draws) = (handler(&program), Seed(seed + 1));
        let mut recorded = Vec::new();
        let whole = attempt(&handler, &mut recorded, &mut draws, usize::MAX);
        let order: Vec<String> = recorded.iter().map(|(key, _)| key.to_string()).collect();
        let expected = program.result_in_order(&order, str::to_owned).expect("it returns");
        assert_eq!(whole, Ended::Returned(expected.to_string()), "seed {seed}: {program:?} with {order:?}");
        let replayed = attempt(&handler, &mut recorded.clone(), &mut draws, 0);
        assert_eq!(whole, replayed, "seed {seed}: {program:?} with {order:?}");

        // What was recorded before the cut leads every later attempt to the same decisions.
        for cut in 0..recorded.len() {
            let mut kept = recorded[..cut].to_vec();
            let mut attempts = 0;
            let end = loop {
                attempts += 1;
                assert!(attempts <= 1000, "seed {seed}: {program:?} does not end");
                match attempt(&handler, &mut kept, &mut draws, 1) {
                    Ended::CutOff => {}
                    returned @ Ended::Returned(_) => break returned,
                }
            };
            let keys: Vec<&str> = kept.iter().map(|(key, _)| &**key).collect();
            let again = attempt(&handler, &mut kept.clone(), &mut draws, 0);
            assert_eq!(end, again, "seed {seed}, cut {cut}: {program:?} with {keys:?}");
            let recorded_once = keys.iter().collect::<HashSet<_>>().len() == keys.len();
            assert!(recorded_once, "seed {seed}, cut {cut}: a step has two results in {keys:?}");
        }
    }
}
