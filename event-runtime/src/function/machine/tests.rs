//! Random functions, executed, cut off anywhere, and entered again: a later entry continues the earlier one.
//!
//! A program is a tree of steps; the host of the test delivers results in an order drawn from a seed. A failure prints it.

use std::collections::HashMap;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use serde_json::value::RawValue;

use super::{Failure, Machine, Note, OpId, Outcome, Request, Shared, Turn};
use crate::client::BoxFuture;
use crate::envelope::RawEnvelope;
use crate::function::Reading;
use crate::function::{Error, Handler, Invocation, Result, Step};

/// A function.
#[derive(Debug, Clone)]
enum Program {
    /// A step whose body gives its number, or fails if that is divisible by 5.
    Run(u32),
    Sleep(u32),
    Sequence(Vec<Program>),
    Together(Vec<Program>),
    Race(Box<Program>, Box<Program>),
}

impl Program {
    /// What it gives depends on every result, and on who wins each race.
    fn execute<'a>(&'a self, step: &'a Step) -> BoxFuture<'a, u64> {
        Box::pin(async move {
            match self {
                // Ids repeat, so that they are numbered.
                Self::Run(number) => {
                    match step.run(&format!("run-{}", number % 4), async || body(*number)).await {
                        Ok(value) => u64::from(value) + 1,
                        Err(_) => 1000,
                    }
                }
                Self::Sleep(number) => {
                    let slept =
                        step.sleep(&format!("sleep-{}", number % 2), std::time::Duration::from_secs(1)).await;
                    u64::from(slept.is_ok())
                }
                Self::Sequence(parts) => {
                    let mut sum = 7;
                    for part in parts {
                        sum = mix(sum, part.execute(step).await);
                    }
                    sum
                }
                Self::Together(parts) => {
                    let all = parts.iter().map(|part| part.execute(step)).collect();
                    Together { all, done: Vec::new() }.await.into_iter().fold(11, mix)
                }
                Self::Race(one, other) => {
                    tokio::select! {
                        biased;
                        value = one.execute(step) => mix(1, value),
                        value = other.execute(step) => mix(2, value),
                    }
                }
            }
        })
    }

    fn random(seed: &mut Seed, depth: u32) -> Self {
        let parts = |seed: &mut Seed| (0..seed.below(4)).map(|_| Self::random(seed, depth - 1)).collect();
        match seed.below(if depth == 0 { 3 } else { 7 }) {
            0 | 1 => Self::Run(seed.below(100)),
            2 => Self::Sleep(seed.below(100)),
            3 | 4 => Self::Sequence(parts(seed)),
            5 => Self::Together(parts(seed)),
            _ => Self::Race(Box::new(Self::random(seed, depth - 1)), Box::new(Self::random(seed, depth - 1))),
        }
    }
}

fn body(number: u32) -> Result<u32> {
    if number.is_multiple_of(5) { Err(Error::msg("divisible")) } else { Ok(number) }
}

fn mix(sum: u64, value: u64) -> u64 {
    sum.wrapping_mul(31).wrapping_add(value)
}

/// All of some futures: polled in their order whenever one wakes.
struct Together<'a> {
    all: Vec<BoxFuture<'a, u64>>,
    done: Vec<Option<u64>>,
}

impl Future for Together<'_> {
    type Output = Vec<u64>;

    fn poll(mut self: std::pin::Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { all, done } = &mut *self;
        done.resize(all.len(), None);
        for (future, done) in all.iter_mut().zip(done.iter_mut()) {
            if done.is_none()
                && let Poll::Ready(value) = future.as_mut().poll(cx)
            {
                *done = Some(value);
            }
        }
        done.iter().copied().collect::<Option<Vec<_>>>().map_or(Poll::Pending, Poll::Ready)
    }
}

/// Pseudo-random numbers (`SplitMix64`).
struct Seed(u64);

impl Seed {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u32::try_from((bits ^ (bits >> 31)) % u64::from(bound)).unwrap()
    }
}

type Record = (Arc<str>, Outcome);

/// How an entry ended.
#[derive(Debug, PartialEq)]
enum Entered {
    /// The function has returned this.
    Returned(String),
    /// It was cut off.
    CutOff,
}

/// One entry with a host in memory: recorded results first and in their order, then new ones in a random order.
fn enter(handler: &Handler, recorded: &mut Vec<Record>, seed: &mut Seed, cut_off_after: usize) -> Entered {
    let mut machine = Machine::new(handler, invocation);
    let mut host = Host::default();
    let mut cx = Context::from_waker(Waker::noop());
    let before = recorded.len();
    loop {
        match machine.poll_turn(&mut cx) {
            Poll::Ready(Turn::Complete(result)) => {
                return Entered::Returned(result.unwrap().get().to_owned());
            }
            Poll::Ready(Turn::Quiet(notes)) => notes.into_iter().for_each(|note| host.note(note)),
            Poll::Pending => continue,
        }
        if host.replay(&machine, &recorded[..before]) {
            continue;
        }
        for op in std::mem::take(&mut host.bodies) {
            machine.grant(op, 0);
            host.granted = true;
        }
        if std::mem::take(&mut host.granted) {
            continue;
        }
        if recorded.len() - before == cut_off_after {
            return Entered::CutOff;
        }
        assert!(!host.ended.is_empty(), "the function waits for nothing");
        let drawn = seed.below(u32::try_from(host.ended.len()).unwrap());
        let (op, outcome) = host.ended.swap_remove(usize::try_from(drawn).unwrap());
        recorded.push((Arc::clone(&host.keys[op]), outcome.clone()));
        machine.deliver(op, outcome);
    }
}

fn invocation(shared: Arc<Shared>) -> Invocation {
    let data = RawValue::from_string("{}".to_owned()).unwrap();
    let (id, name) = (String::new(), String::new());
    let event = Arc::new(RawEnvelope { id, name, data, ts: 0, v: None, user: None, traceparent: None });
    Invocation {
        shared,
        events: [event].into(),
        run_id: "run".into(),
        attempt: 0,
        function: "test",
        reading: Reading::Sent,
    }
}

#[derive(Default)]
struct Host {
    keys: Vec<Arc<str>>,
    replayed: usize,
    /// Operations that wait for a recorded result.
    awaited: HashMap<Arc<str>, OpId>,
    found: Vec<(OpId, Request)>,
    bodies: Vec<OpId>,
    granted: bool,
    /// Operations whose result is not delivered yet.
    ended: Vec<(OpId, Outcome)>,
}

impl Host {
    fn note(&mut self, note: Note) {
        match note {
            Note::Found { op, key, request } => {
                assert_eq!(op, self.keys.len());
                assert!(!self.keys.contains(&key), "`{key}` is found twice");
                self.keys.push(key);
                self.found.push((op, request));
            }
            Note::Ran { op, result } => self.ended.push((op, outcome(result))),
            Note::Dropped { op } => {
                self.found.retain(|(of, _)| *of != op);
                self.bodies.retain(|of| *of != op);
                self.ended.retain(|(of, _)| *of != op);
                self.awaited.retain(|_, of| *of != op);
            }
        }
    }

    /// Delivers the first recorded result that is awaited. When none is, what was found is begun.
    fn replay(&mut self, machine: &Machine, recorded: &[Record]) -> bool {
        for (op, request) in std::mem::take(&mut self.found) {
            let key = &self.keys[op];
            if recorded.iter().any(|(of, _)| of == key) {
                self.awaited.insert(Arc::clone(key), op);
            } else if matches!(request, Request::Run) {
                self.bodies.push(op);
            } else {
                self.ended.push((op, Outcome::Value("null".into())));
            }
        }
        let next = recorded[self.replayed..].iter().position(|(key, _)| self.awaited.contains_key(key));
        let Some(skipped) = next else { return false };
        // Only what a race has dropped in this very order may be passed over.
        self.replayed += skipped;
        let (key, outcome) = &recorded[self.replayed];
        self.replayed += 1;
        let op = self.awaited.remove(key).unwrap();
        machine.deliver(op, outcome.clone());
        true
    }
}

fn outcome(result: Result<Box<RawValue>>) -> Outcome {
    match result {
        Ok(value) => Outcome::Value(value.get().into()),
        Err(error) => Outcome::Failed(Failure { message: error.to_string(), attempts: 1 }),
    }
}

fn handler(program: &Program) -> Handler {
    let program = Arc::new(program.clone());
    Arc::new(move |invocation| {
        let program = Arc::clone(&program);
        Box::pin(async move {
            Ok(serde_json::value::to_raw_value(&program.execute(&Step::new(invocation.shared)).await)?)
        })
    })
}

#[test]
fn a_later_entry_continues_the_earlier_ones() {
    for seed in 0..3_000 {
        let mut draws = Seed(seed);
        let program = Program::random(&mut draws, 4);
        let handler = handler(&program);
        let mut recorded = Vec::new();
        let whole = enter(&handler, &mut recorded, &mut draws, usize::MAX);
        let replayed = enter(&handler, &mut recorded.clone(), &mut draws, 0);
        assert_eq!(whole, replayed, "seed {seed}: {program:?} with {recorded:?}");

        // What was recorded before the cut leads every later entry to the same decisions.
        for cut in 0..recorded.len() {
            let mut kept = recorded[..cut].to_vec();
            let mut entries = 0;
            let end = loop {
                entries += 1;
                assert!(entries <= 1000, "seed {seed}: {program:?} does not end");
                match enter(&handler, &mut kept, &mut draws, 1) {
                    Entered::CutOff => {}
                    returned @ Entered::Returned(_) => break returned,
                }
            };
            let keys: Vec<&str> = kept.iter().map(|(key, _)| &**key).collect();
            let again = enter(&handler, &mut kept.clone(), &mut draws, 0);
            assert_eq!(end, again, "seed {seed}, cut {cut}: {program:?} with {keys:?}");
            let recorded_once = keys.iter().collect::<std::collections::HashSet<_>>().len() == keys.len();
            assert!(recorded_once, "seed {seed}, cut {cut}: a step has two results in {keys:?}");
        }
    }
}
