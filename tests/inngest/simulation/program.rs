//! Random functions: trees of steps.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use event_inngest_tests::seed::Seed;

pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A function.
#[derive(Debug, Clone)]
pub enum Program {
    /// A step that gives its number, or fails.
    Run(u32),
    Sleep(u32),
    Sequence(Vec<Program>),
    Together(Vec<Program>),
    Race(Box<Program>, Box<Program>),
}

/// What programs are made of: the steps of a run, or of what tells how it must end.
pub trait Steps: Sync {
    /// `None` when it failed for good.
    fn run<'a>(&'a self, id: &str, number: u32) -> Boxed<'a, Option<u32>>;
    fn sleep<'a>(&'a self, id: &str) -> Boxed<'a, ()>;
}

/// Of what a body does at its attempts.
pub fn body(number: u32, attempt: u32) -> Result<u32, String> {
    match number {
        number if number.is_multiple_of(5) => Err(format!("{number} is divisible")),
        number if number.is_multiple_of(7) && attempt == 0 => Err("not yet".to_owned()),
        number => Ok(number),
    }
}

impl Program {
    /// What it gives depends on every result, and on who wins each race.
    pub fn execute<'a>(&'a self, steps: &'a dyn Steps) -> Boxed<'a, u64> {
        match self {
            // Ids repeat, so that they are numbered: by the order of the calls, not of the polls.
            Self::Run(number) => {
                let step = steps.run(&format!("run-{}", number % 4), *number);
                Box::pin(async move { step.await.map_or(1_000, |value| u64::from(value) + 1) })
            }
            Self::Sleep(number) => {
                let step = steps.sleep(&format!("sleep-{}", number % 2));
                Box::pin(async move {
                    step.await;
                    1
                })
            }
            Self::Sequence(parts) => Box::pin(async move {
                let mut sum = 7;
                for part in parts {
                    sum = mix(sum, part.execute(steps).await);
                }
                sum
            }),
            Self::Together(parts) => {
                let all: Vec<_> = parts.iter().map(|part| part.execute(steps)).collect();
                Box::pin(async move { Together { all, done: Vec::new() }.await.into_iter().fold(11, mix) })
            }
            Self::Race(one, other) => {
                let (one, other) = (one.execute(steps), other.execute(steps));
                Box::pin(async move {
                    tokio::select! {
                        biased;
                        value = one => mix(1, value),
                        value = other => mix(2, value),
                    }
                })
            }
        }
    }

    pub fn random(seed: &mut Seed, depth: u32) -> Self {
        let number = |seed: &mut Seed| u32::try_from(seed.below(100)).unwrap();
        let parts = |seed: &mut Seed| (0..seed.below(4)).map(|_| Self::random(seed, depth - 1)).collect();
        match seed.below(if depth == 0 { 3 } else { 7 }) {
            0 | 1 => Self::Run(number(seed)),
            2 => Self::Sleep(number(seed)),
            3 | 4 => Self::Sequence(parts(seed)),
            5 => Self::Together(parts(seed)),
            _ => Self::Race(Box::new(Self::random(seed, depth - 1)), Box::new(Self::random(seed, depth - 1))),
        }
    }
}

fn mix(sum: u64, value: u64) -> u64 {
    sum.wrapping_mul(31).wrapping_add(value) % 1_000_000_007
}

/// All of some futures: polled in their order whenever one wakes.
struct Together<'a> {
    all: Vec<Boxed<'a, u64>>,
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
