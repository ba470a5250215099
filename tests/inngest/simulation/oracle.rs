//! How a program must end when its steps are recorded in a given order: a host of thirty lines, with nothing of the runtime.

use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

use event_inngest_tests::hash;

use crate::program::{Boxed, Program, Steps, body};

/// The steps of a program.
#[derive(Default)]
struct Oracle(Mutex<State>);

#[derive(Default)]
struct State {
    uses: HashMap<String, u32>,
    /// Waiting, and not recorded yet.
    waiting: Vec<String>,
    /// Recorded.
    ended: Vec<String>,
}

impl Oracle {
    /// The key of a step, numbered in the order of the calls.
    fn key(&self, id: &str) -> String {
        let mut state = self.0.lock().unwrap();
        let uses = state.uses.entry(id.to_owned()).or_default();
        *uses += 1;
        if *uses == 1 { id.to_owned() } else { format!("{id}:{}", *uses - 1) }
    }

    fn wait(&self, key: String) -> Boxed<'_, ()> {
        Box::pin(poll_fn(move |_| {
            let mut state = self.0.lock().unwrap();
            if state.ended.contains(&key) {
                return Poll::Ready(());
            }
            if !state.waiting.contains(&key) {
                state.waiting.push(key.clone());
            }
            Poll::Pending
        }))
    }
}

impl Steps for Oracle {
    fn run<'a>(&'a self, id: &str, number: u32) -> Boxed<'a, Option<u32>> {
        let waiting = self.wait(self.key(id));
        Box::pin(async move {
            waiting.await;
            body(number, 1).ok()
        })
    }

    fn sleep<'a>(&'a self, id: &str) -> Boxed<'a, ()> {
        self.wait(self.key(id))
    }
}

/// What the program gives when its steps end in the order of these hashed ids. A step that it does not wait for when its
/// turn has come is stepped over: it is the loser of a race.
pub fn result(program: &Program, stack: &[String]) -> Option<u64> {
    let oracle = Oracle::default();
    let mut running = program.execute(&oracle);
    let mut cx = Context::from_waker(Waker::noop());
    for next in stack.iter().map(Some).chain([None]) {
        if let Poll::Ready(value) = running.as_mut().poll(&mut cx) {
            return Some(value);
        }
        let mut state = oracle.0.lock().unwrap();
        let found = next.and_then(|next| state.waiting.iter().position(|key| hash(key) == *next));
        if let Some(found) = found {
            let key = state.waiting.swap_remove(found);
            state.ended.push(key);
        }
    }
    None
}
