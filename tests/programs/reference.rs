//! What a program returns when its steps end in a given order: a host of thirty lines, with nothing of the runtime.

use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

use crate::{Boxed, MAX_FAILURES, Program, Steps, body};

/// The steps of the reference.
#[derive(Default)]
struct Reference(Mutex<State>);

#[derive(Default)]
struct State {
    uses: HashMap<String, u32>,
    /// Keys of steps that are waited for, and have not ended.
    waiting: Vec<String>,
    ended: Vec<String>,
}

impl Reference {
    /// The key of a step, numbered in the order of the calls.
    fn key(&self, id: &str) -> String {
        let mut state = self.0.lock().expect("nobody panics under the lock");
        let uses = state.uses.entry(id.to_owned()).or_default();
        *uses += 1;
        if *uses == 1 { id.to_owned() } else { format!("{id}:{}", *uses - 1) }
    }

    fn wait_for(&self, key: String) -> Boxed<'_, ()> {
        Box::pin(poll_fn(move |_| {
            let mut state = self.0.lock().expect("nobody panics under the lock");
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

impl Steps for Reference {
    fn run<'a>(&'a self, id: &str, number: u32) -> Boxed<'a, Option<u32>> {
        let ended = self.wait_for(self.key(id));
        Box::pin(async move {
            ended.await;
            body(number, MAX_FAILURES).ok()
        })
    }

    fn sleep<'a>(&'a self, id: &str, _: u32) -> Boxed<'a, ()> {
        self.wait_for(self.key(id))
    }
}

impl Program {
    /// What it returns when its steps end in this order; `None` when it has not returned by then. `name` gives the name of a
    /// step, by its key, in the order. A step that is not waited for when its turn has come is stepped over: it is the loser
    /// of a race.
    ///
    /// # Panics
    ///
    /// When the program waits for an event, calls a function or sends an event: of those the reference knows nothing.
    #[must_use]
    pub fn result_in_order(&self, order: &[String], name: impl Fn(&str) -> String) -> Option<u64> {
        let reference = Reference::default();
        let mut running = self.execute(&reference);
        let mut cx = Context::from_waker(Waker::noop());
        for next in order.iter().map(Some).chain([None]) {
            if let Poll::Ready(value) = running.as_mut().poll(&mut cx) {
                return Some(value);
            }
            let mut state = reference.0.lock().expect("nobody panics under the lock");
            let found = next.and_then(|next| state.waiting.iter().position(|key| name(key) == *next));
            if let Some(found) = found {
                let key = state.waiting.swap_remove(found);
                state.ended.push(key);
            }
        }
        None
    }
}
