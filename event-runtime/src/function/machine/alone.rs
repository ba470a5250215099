//! Answers for the steps of a handler that is called by itself, in a test.

use std::sync::Arc;

use super::promises::PromiseState;
use super::{Failure, Outcome, Promises, Request, StepChange, guard};

/// The host of a handler alone: bodies run once, time passes at once, and nobody else is there.
pub(crate) struct Alone<M> {
    promises: Arc<Promises>,
    /// What a test says that steps give, by their keys.
    mocks: M,
}

impl<M: Fn(&str) -> Option<Outcome>> Alone<M> {
    /// A host with these steps mocked.
    pub(crate) fn new(mocks: M) -> Self {
        Self { promises: Arc::default(), mocks }
    }

    /// What the handler's steps share with this host.
    pub(crate) fn promises(&self) -> Arc<Promises> {
        Arc::clone(&self.promises)
    }

    /// Polls the handler.
    pub(crate) fn enter<T>(&self, poll: impl FnOnce() -> T) -> T {
        let _entered = guard::enter(&self.promises);
        poll()
    }

    /// Answers what has come up; whether anything had.
    pub(crate) fn answer(&self) -> bool {
        let changes = std::mem::take(&mut self.promises.lock().changes);
        let any = !changes.is_empty();
        for change in changes {
            match change {
                StepChange::Found { op, key, request } => {
                    let mocked = (self.mocks)(&key).map(PromiseState::Resolved);
                    self.promises.set(op, mocked.unwrap_or_else(|| answer_to(&key, &request)));
                }
                StepChange::Ran { op, result } => {
                    let outcome = match result {
                        Ok(json) => Outcome::Value(json),
                        Err(error) => Outcome::Failed(Failure::of(&error, 1)),
                    };
                    self.promises.set(op, PromiseState::Resolved(outcome));
                }
                StepChange::Dropped { .. } => {}
            }
        }
        any
    }
}

fn answer_to(key: &str, request: &Request) -> PromiseState {
    let json = match request {
        Request::Run(_) => return PromiseState::Granted { failed: 0 },
        Request::Sleep(_) | Request::SleepUntil(_) | Request::Wait(_) | Request::Signal(_) => {
            "null".to_owned()
        }
        Request::Send(events) => {
            let ids: Vec<String> = (1..=events.len()).map(|number| format!("\"sent-{number}\"")).collect();
            format!("[{}]", ids.join(","))
        }
        Request::Invoke(call) => {
            let message = format!(
                "calls the function `{}`, and a handler alone has none: say what it returns with `.mock_step(\"{key}\", ..)`, or use a \
                 `TestEngine`",
                call.function
            );
            return PromiseState::Resolved(Outcome::Failed(Failure::new(message, 0)));
        }
    };
    PromiseState::Resolved(Outcome::Value(json.into()))
}
