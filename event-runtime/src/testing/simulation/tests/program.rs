//! The steps of random programs on the engine.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Poll, Waker};
use std::time::Duration;

use event_random_programs::{Boxed, Draws, Program, Steps, body};
use serde_json::value::RawValue;

use super::world::{EVENTS, IDS, Log, Payload};
use crate::backoff::Backoff;
use crate::event::Outgoing;
use crate::function::{Error, Raw, Result, Step};
use crate::testing::simulation::Seeded;

/// What signals are completed with.
pub(super) const SIGNAL: u64 = 7;

/// How many functions there are.
pub(super) const FUNCTIONS: usize = 3;

/// The programs, shared by the handlers.
pub(super) type Programs = Arc<[Program]>;

/// A program of the function with this number: it calls those with higher numbers.
pub(super) fn random(seed: &Seeded, function: usize) -> Program {
    let draws = Draws { waits: true, callees: function + 1..FUNCTIONS };
    Program::random(&mut |bound| seed.below(bound), 3, &draws)
}

/// The steps of a run.
pub(super) struct Real {
    pub(super) step: Step,
    pub(super) payload: Payload,
    pub(super) run: Arc<str>,
    pub(super) log: Arc<Log>,
    /// How many results the handler has seen.
    pub(super) seen: AtomicUsize,
}

impl Steps for Real {
    fn run<'a>(&'a self, id: &str, number: u32) -> Boxed<'a, Option<u32>> {
        let step = self.step.run(id, async move || self.body(number).await);
        // Some have options of their own, which come to the same: attempts that fail may take too long instead.
        let step = match number % 4 {
            1 => step.timeout(Duration::from_mins(1)),
            3 => {
                step.retries(3).backoff(Backoff::exponential(Duration::from_mins(1), Duration::from_mins(3)))
            }
            _ => step,
        };
        Box::pin(async move { self.see(step.await).ok() })
    }

    fn sleep<'a>(&'a self, id: &str, minutes: u32) -> Boxed<'a, ()> {
        let step = self.step.sleep(id, Duration::from_mins(minutes.into()));
        Box::pin(async move { self.see(step.await).unwrap() })
    }

    fn wait<'a>(&'a self, id: &str) -> Boxed<'a, bool> {
        if self.payload.k == 1 {
            let signal = self.step.signal::<u64>(id);
            self.log.add_token(signal.token());
            let signal = signal.timeout(Duration::from_hours(1));
            return Box::pin(async move {
                let came = self.see(signal.await).unwrap();
                assert!(came.is_none_or(|came| came == SIGNAL), "another's signal: {came:?}");
                came.is_some()
            });
        }
        let (condition, timeout) = ("async.data.n == event.data.n", Duration::from_hours(1));
        let step = self.step.wait_for_raw(id, "w/came", condition, timeout);
        Box::pin(async move {
            let Raw(json) = self.see(step.await).unwrap();
            let is_mine = json.contains(&format!("\"n\":{}", self.payload.n));
            assert!(json == "null" || is_mine, "another's event: {json}");
            is_mine
        })
    }

    fn invoke<'a>(&'a self, id: &str, function: usize) -> Boxed<'a, u64> {
        let step = self.step.invoke_raw(id, IDS[function], self.outgoing(function));
        Box::pin(async move {
            let Raw(json) = self.see(step.await).unwrap();
            json.parse().unwrap()
        })
    }

    fn send<'a>(&'a self, id: &str, function: usize) -> Boxed<'a, ()> {
        let step = self.step.send_raw(id, self.outgoing(function));
        Box::pin(async move {
            self.see(step.await).unwrap();
        })
    }
}

impl Real {
    /// Counts a result that the handler sees.
    fn see<T>(&self, result: T) -> T {
        self.seen.fetch_add(1, Ordering::Relaxed);
        result
    }

    async fn body(&self, number: u32) -> Result<u32> {
        let _running = self.log.enter_body(&self.run, self.seen.load(Ordering::Relaxed));
        for _ in 0..number % 3 {
            outside().await;
        }
        match body(number, self.step.attempt()) {
            Err(_) if number % 4 == 1 => std::future::pending().await,
            result => result.map_err(Error::msg),
        }
    }

    fn outgoing(&self, function: usize) -> Outgoing {
        let Payload { n, k } = self.payload;
        let data = RawValue::from_string(format!(r#"{{"n":{n},"k":{k}}}"#)).unwrap();
        Outgoing::of_test(EVENTS[function], data)
    }
}

thread_local! {
    /// Bodies that wait for the outside.
    static OUTSIDE: RefCell<Vec<Waker>> = const { RefCell::new(Vec::new()) };
}

/// Lets what bodies wait for come.
pub(super) fn wake_bodies() {
    OUTSIDE.with_borrow_mut(std::mem::take).into_iter().for_each(Waker::wake);
}

/// Waits until the outside has had its turn: meanwhile other bodies run.
async fn outside() {
    let mut has_waited = false;
    std::future::poll_fn(|cx| {
        if std::mem::replace(&mut has_waited, true) {
            return Poll::Ready(());
        }
        OUTSIDE.with_borrow_mut(|outside| outside.push(cx.waker().clone()));
        Poll::Pending
    })
    .await;
}
