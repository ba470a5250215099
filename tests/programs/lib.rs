//! Random functions for the simulations of every host: trees of steps, drawn from a seed, and what they may return.
//!
//! A program is executed with the [`Steps`] of a host, or with those of a reference that knows nothing of a host. What it
//! returns depends on every result and on who wins each race, so that a host that hands results over in another order, or
//! twice, or not at all, is found out.

mod futures;
mod reference;
mod seed;

use std::collections::BTreeSet;
use std::ops::Range;

pub use futures::Boxed;
use futures::{Race, Together};
pub use seed::Seed;

/// A function, or a part of one.
#[derive(Debug, Clone)]
#[allow(clippy::exhaustive_enums, reason = "tests match it")]
pub enum Program {
    /// A body that behaves as [`body`] says of its number.
    Run(u32),
    /// A sleep of so many minutes.
    Sleep(u32),
    /// A wait for the event that the host of the program sends, or does not.
    Wait,
    /// A call of the function with this number.
    Invoke(usize),
    /// The event that starts the function with this number.
    Send(usize),
    /// One after the other.
    Sequence(Vec<Program>),
    /// All at once.
    Together(Vec<Program>),
    /// Both at once, until one has ended.
    Race(Box<Program>, Box<Program>),
}

/// What programs are executed with. Each call makes a step, in the order of the calls; the future waits for it.
pub trait Steps: Sync {
    /// Runs [`body`] as often as it takes; `None` when it has failed for good.
    fn run<'a>(&'a self, id: &str, number: u32) -> Boxed<'a, Option<u32>>;

    /// Sleeps for so many minutes.
    fn sleep<'a>(&'a self, id: &str, minutes: u32) -> Boxed<'a, ()>;

    /// Waits for an event, and tells whether it has come. Only of programs that were drawn with [`Draws::waits`].
    fn wait<'a>(&'a self, id: &str) -> Boxed<'a, bool> {
        unreachable!("a program has the step `{id}`, which it was not to have")
    }

    /// Calls a function. Only of programs that were drawn with [`Draws::callees`].
    fn invoke<'a>(&'a self, id: &str, function: usize) -> Boxed<'a, u64> {
        unreachable!("a program has the step `{id}` for function {function}, which it was not to have")
    }

    /// Sends the event that starts a function. Only of programs that were drawn with [`Draws::callees`].
    fn send<'a>(&'a self, id: &str, function: usize) -> Boxed<'a, ()> {
        unreachable!("a program has the step `{id}` for function {function}, which it was not to have")
    }
}

/// How often a body that does not fail for good may fail first.
pub const MAX_FAILURES: u32 = 2;

/// What a body does at an attempt, counted from 0: one with a number that is divisible by 5 fails for good, of the others
/// some fail once or twice first.
///
/// # Errors
///
/// When the attempt fails.
pub fn body(number: u32, attempt: u32) -> Result<u32, String> {
    if number.is_multiple_of(5) {
        Err(format!("{number} is divisible"))
    } else if attempt < number % (MAX_FAILURES + 1) {
        Err("not yet".to_owned())
    } else {
        Ok(number)
    }
}

/// What a program may be made of.
#[derive(Debug, Clone, Default)]
#[allow(clippy::exhaustive_structs, reason = "tests write it")]
pub struct Draws {
    /// Whether it waits for events.
    pub waits: bool,
    /// The functions that it may call, and whose events it may send.
    pub callees: Range<usize>,
}

/// Whether an event that is waited for was ever sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "there are two")]
pub enum Came {
    /// Nobody has sent it.
    Never,
    /// It was sent, perhaps too late.
    Maybe,
}

/// What a step gives that has failed for good.
const FAILED: u64 = 1_000;
/// What a sleep gives.
const SLEPT: u64 = 3;
/// What a wait gives when the time was over, and when the event has come.
const WAITED: [u64; 2] = [5, 6];
/// What a sent event gives.
const SENT: u64 = 8;

impl Program {
    /// The program of a seed, made of bodies and sleeps.
    #[must_use]
    pub fn from_seed(seed: u64) -> Self {
        let mut seed = Seed(seed);
        Self::random(&mut |bound| seed.below(bound), 4, &Draws::default())
    }

    /// Draws a program. `below` gives a number below its argument.
    pub fn random(below: &mut impl FnMut(usize) -> usize, depth: usize, draws: &Draws) -> Self {
        let part = |below: &mut _| Self::random(below, depth - 1, draws);
        match below(if depth == 0 { 6 } else { 10 }) {
            2 => Self::Sleep(number(below)),
            3 if draws.waits => Self::Wait,
            4 if !draws.callees.is_empty() => Self::Invoke(callee(below, draws)),
            5 if !draws.callees.is_empty() => Self::Send(callee(below, draws)),
            ..=5 => Self::Run(number(below)),
            6 | 7 => Self::Sequence((0..below(4)).map(|_| part(below)).collect()),
            8 => Self::Together((0..below(4)).map(|_| part(below)).collect()),
            _ => Self::Race(Box::new(part(below)), Box::new(part(below))),
        }
    }

    /// Executes it with the steps of a host.
    pub fn execute<'a>(&'a self, steps: &'a dyn Steps) -> Boxed<'a, u64> {
        match self {
            // Ids repeat, so that they are numbered: in the order of the calls, not of the polls.
            Self::Run(number) => {
                let step = steps.run(&format!("run-{}", number % 4), *number);
                Box::pin(async move { step.await.map_or(FAILED, u64::from) })
            }
            Self::Sleep(minutes) => {
                let step = steps.sleep(&format!("sleep-{}", minutes % 2), *minutes);
                Box::pin(async move {
                    step.await;
                    SLEPT
                })
            }
            Self::Wait => {
                let step = steps.wait("wait");
                Box::pin(async move { WAITED[usize::from(step.await)] })
            }
            Self::Invoke(function) => steps.invoke("invoke", *function),
            Self::Send(function) => {
                let step = steps.send("send", *function);
                Box::pin(async move {
                    step.await;
                    SENT
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
                let all = Together::new(parts.iter().map(|part| part.execute(steps)).collect());
                Box::pin(async move { all.await.into_iter().fold(11, mix) })
            }
            Self::Race(one, other) => {
                let race = Race::new(one.execute(steps), other.execute(steps));
                Box::pin(async move {
                    let (winner, value) = race.await;
                    mix(winner, value)
                })
            }
        }
    }

    /// Everything that it may return, by whatever wins its races. `programs` are the functions by their number.
    #[must_use]
    pub fn results(&self, programs: &[Self], came: Came) -> BTreeSet<u64> {
        let mixed = |first: u64, parts: &[Self]| {
            parts.iter().fold([first].into(), |sums, part| mix_all(&sums, &part.results(programs, came)))
        };
        match self {
            Self::Run(number) => [body(*number, MAX_FAILURES).map_or(FAILED, u64::from)].into(),
            Self::Sleep(_) => [SLEPT].into(),
            Self::Wait if came == Came::Never => [WAITED[0]].into(),
            Self::Wait => WAITED.into(),
            Self::Invoke(function) => programs[*function].results(programs, came),
            Self::Send(_) => [SENT].into(),
            Self::Sequence(parts) => mixed(7, parts),
            Self::Together(parts) => mixed(11, parts),
            Self::Race(one, other) => {
                let won = |winner: u64, part: &Self| mix_all(&[winner].into(), &part.results(programs, came));
                won(1, one).union(&won(2, other)).copied().collect()
            }
        }
    }

    /// The numbers of its bodies, each as often as it has it.
    #[must_use]
    pub fn bodies(&self) -> Vec<u32> {
        match self {
            Self::Run(number) => vec![*number],
            Self::Sleep(_) | Self::Wait | Self::Invoke(_) | Self::Send(_) => Vec::new(),
            Self::Sequence(parts) | Self::Together(parts) => parts.iter().flat_map(Self::bodies).collect(),
            Self::Race(one, other) => [one.bodies(), other.bodies()].concat(),
        }
    }
}

fn number(below: &mut impl FnMut(usize) -> usize) -> u32 {
    u32::try_from(below(100)).expect("it is below 100")
}

fn callee(below: &mut impl FnMut(usize) -> usize, draws: &Draws) -> usize {
    draws.callees.start + below(draws.callees.len())
}

/// Mixes a value into a sum: neither the value nor its place can be told from another. It fits every JSON parser's numbers.
fn mix(sum: u64, value: u64) -> u64 {
    sum.wrapping_mul(31).wrapping_add(value) % 1_000_000_007
}

/// Every sum mixed with every value.
fn mix_all(sums: &BTreeSet<u64>, values: &BTreeSet<u64>) -> BTreeSet<u64> {
    sums.iter().flat_map(|sum| values.iter().map(|value| mix(*sum, *value))).collect()
}
