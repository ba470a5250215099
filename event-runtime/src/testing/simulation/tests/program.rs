//! Random functions, and what they may return: a reference that knows nothing of an engine.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use serde_json::value::RawValue;

use super::world::{Log, Payload};
use crate::client::BoxFuture;
use crate::envelope::Outgoing;
use crate::function::{Error, Raw, Result, Step, StepError};
use crate::testing::simulation::Seeded;

/// A function, or a part of one.
#[derive(Debug, Clone)]
pub(super) enum Program {
    /// A body that gives its number, after some attempts that fail; of a number that is divisible by 7 all fail.
    Run(u32),
    /// Minutes.
    Sleep(u64),
    /// For `w/came` with the number of the event.
    Wait,
    /// Calls a function with a higher number.
    Invoke(usize),
    /// Sends the event that starts a function with a higher number.
    Send(usize),
    Sequence(Vec<Program>),
    Together(Vec<Program>),
    Race(Box<Program>, Box<Program>),
}

/// Where a program is executed.
pub(super) struct Scene {
    pub(super) step: Step,
    pub(super) payload: Payload,
    pub(super) run: Arc<str>,
    pub(super) log: Arc<Log>,
}

/// How many functions there are.
pub(super) const FUNCTIONS: usize = 3;

/// What a step gives that has failed for good.
const FAILED: u64 = 1_000;

impl Program {
    /// A program of the function with this number.
    pub(super) fn random(seed: &Seeded, function: usize, depth: usize) -> Self {
        let parts = |seed: &Seeded| {
            (0..seed.below(4)).map(|_| Self::random(seed, function, depth - 1)).collect::<Vec<_>>()
        };
        let may_call = function + 1 < FUNCTIONS;
        let callee = |seed: &Seeded| function + 1 + seed.below(FUNCTIONS - function - 1);
        match seed.below(if depth == 0 { 6 } else { 10 }) {
            2 => Self::Sleep(u64::try_from(seed.below(90)).unwrap()),
            3 => Self::Wait,
            4 if may_call => Self::Invoke(callee(seed)),
            5 if may_call => Self::Send(callee(seed)),
            0 | 1 | 4 | 5 => Self::Run(u32::try_from(seed.below(100)).unwrap()),
            6 | 7 => Self::Sequence(parts(seed)),
            8 => Self::Together(parts(seed)),
            _ => Self::Race(
                Box::new(Self::random(seed, function, depth - 1)),
                Box::new(Self::random(seed, function, depth - 1)),
            ),
        }
    }

    /// What it may return, by whatever wins its races: the reference.
    pub(super) fn results(&self, programs: &[Self], came: Came) -> BTreeSet<u64> {
        match self {
            Self::Run(number) if number.is_multiple_of(7) => [FAILED].into(),
            Self::Run(number) => [u64::from(*number)].into(),
            Self::Sleep(_) => [3].into(),
            Self::Wait => match came {
                Came::Never => [5].into(),
                Came::Maybe => [5, 6].into(),
            },
            Self::Invoke(function) => programs[*function].results(programs, came),
            Self::Send(_) => [8].into(),
            Self::Sequence(parts) => {
                parts.iter().fold([7].into(), |sums, part| mixed(&sums, &part.results(programs, came)))
            }
            Self::Together(parts) => {
                parts.iter().fold([11].into(), |sums, part| mixed(&sums, &part.results(programs, came)))
            }
            Self::Race(one, other) => {
                let won = |winner: u64, part: &Self| mixed(&[winner].into(), &part.results(programs, came));
                won(1, one).union(&won(2, other)).copied().collect()
            }
        }
    }

    /// Executes it with the steps of a run.
    pub(super) fn execute<'a>(&'a self, scene: &'a Scene) -> BoxFuture<'a, u64> {
        let Scene { step, payload, .. } = scene;
        Box::pin(async move {
            match self {
                // Ids repeat, so that they are numbered.
                Self::Run(number) => {
                    let body = async || body(*number, scene).await;
                    match step.run(&format!("run-{}", number % 4), body).await {
                        Ok(value) => u64::from(value),
                        Err(_) => FAILED,
                    }
                }
                Self::Sleep(minutes) => {
                    let slept = step.sleep("sleep", Duration::from_mins(*minutes)).await;
                    assert!(slept.is_ok());
                    3
                }
                Self::Wait => {
                    let wait = step.wait_for_raw(
                        "wait",
                        "w/came",
                        "async.data.n == event.data.n",
                        Duration::from_hours(1),
                    );
                    match wait.await {
                        Ok(Raw(json)) if json == "null" => 5,
                        Ok(Raw(json)) => {
                            assert!(
                                json.contains(&format!("\"n\":{}", payload.n)),
                                "another's event: {json}"
                            );
                            6
                        }
                        Err(error) => panic!("{error}"),
                    }
                }
                Self::Invoke(function) => {
                    let event = outgoing(*function, payload);
                    match step.invoke_raw("invoke", super::world::IDS[*function], event).await {
                        Ok(Raw(json)) => json.parse().unwrap(),
                        Err(StepError::Failed { message, .. }) => panic!("{message}"),
                        Err(error) => panic!("{error}"),
                    }
                }
                Self::Send(function) => {
                    step.send_raw("send", outgoing(*function, payload)).await.unwrap();
                    8
                }
                Self::Sequence(parts) => {
                    let mut sum = 7;
                    for part in parts {
                        sum = mix(sum, part.execute(scene).await);
                    }
                    sum
                }
                Self::Together(parts) => {
                    let all = parts.iter().map(|part| part.execute(scene)).collect();
                    Together { all, done: Vec::new() }.await.into_iter().fold(11, mix)
                }
                Self::Race(one, other) => {
                    tokio::select! {
                        biased;
                        value = one.execute(scene) => mix(1, value),
                        value = other.execute(scene) => mix(2, value),
                    }
                }
            }
        })
    }
}

/// Whether an event that is waited for was ever sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Came {
    Never,
    Maybe,
}

fn outgoing(function: usize, payload: &Payload) -> Outgoing {
    let data = RawValue::from_string(format!(r#"{{"n":{},"k":{}}}"#, payload.n, payload.k)).unwrap();
    Outgoing::of_test(super::world::EVENTS[function], data)
}

async fn body(number: u32, scene: &Scene) -> Result<u32> {
    let _running = scene.log.enter_body(&scene.run);
    for _ in 0..number % 3 {
        YieldOnce(false).await;
    }
    if number.is_multiple_of(7) || scene.step.attempt() < number % 3 {
        return Err(Error::msg("not yet"));
    }
    Ok(number)
}

pub(super) fn mix(sum: u64, value: u64) -> u64 {
    sum.wrapping_mul(31).wrapping_add(value)
}

/// Every sum mixed with every value.
fn mixed(sums: &BTreeSet<u64>, values: &BTreeSet<u64>) -> BTreeSet<u64> {
    sums.iter().flat_map(|sum| values.iter().map(|value| mix(*sum, *value))).collect()
}

thread_local! {
    /// Bodies that wait for the outside.
    static OUTSIDE: RefCell<Vec<Waker>> = const { RefCell::new(Vec::new()) };
}

/// What bodies have waited for has come.
pub(super) fn wake_bodies() {
    OUTSIDE.with_borrow_mut(std::mem::take).into_iter().for_each(Waker::wake);
}

/// Pending until the outside has had its turn: meanwhile other bodies run.
struct YieldOnce(bool);

impl Future for YieldOnce {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) {
            return Poll::Ready(());
        }
        OUTSIDE.with_borrow_mut(|outside| outside.push(cx.waker().clone()));
        Poll::Pending
    }
}

/// All of some futures: polled in their order whenever one wakes.
struct Together<'a> {
    all: Vec<BoxFuture<'a, u64>>,
    done: Vec<Option<u64>>,
}

impl Future for Together<'_> {
    type Output = Vec<u64>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
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

/// The programs, shared by the handlers.
pub(super) type Programs = Arc<[Program]>;
