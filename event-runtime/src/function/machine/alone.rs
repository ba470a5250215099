//! Answers for the steps of a handler that is called by itself, in a test.

use std::sync::Arc;

use super::promises::PromiseState;
use super::{Failure, Outcome, Promises, Request, StepChange, guard};

/// The host of a handler alone: bodies run once, time passes at once, and nobody else is there.
#[derive(Default)]
pub(crate) struct Alone(Arc<Promises>);

impl Alone {
    /// What the handler's steps share with this host.
    pub(crate) fn promises(&self) -> Arc<Promises> {
        Arc::clone(&self.0)
    }

    /// Polls the handler.
    pub(crate) fn enter<T>(&self, poll: impl FnOnce() -> T) -> T {
        let _entered = guard::enter(&self.0);
        poll()
    }

    /// Answers what has come up; whether anything had.
    pub(crate) fn answer(&self) -> bool {
        let changes = std::mem::take(&mut self.0.lock().changes);
        let any = !changes.is_empty();
        for change in changes {
            match change {
                StepChange::Found { op, request, .. } => self.0.set(op, answer_to(&request)),
                StepChange::Ran { op, result } => {
                    let outcome = match result {
                        Ok(json) => Outcome::Value(json),
                        Err(error) => Outcome::Failed(Failure::of(&error, 1)),
                    };
                    self.0.set(op, PromiseState::Resolved(outcome));
                }
                StepChange::Dropped { .. } => {}
            }
        }
        any
    }
}

fn answer_to(request: &Request) -> PromiseState {
    let json = match request {
        Request::Run => return PromiseState::Granted { failed: 0 },
        Request::Sleep(_) | Request::SleepUntil(_) | Request::Wait(_) => "null".to_owned(),
        Request::Send(events) => {
            let ids: Vec<String> = (1..=events.len()).map(|number| format!("\"sent-{number}\"")).collect();
            format!("[{}]", ids.join(","))
        }
        Request::Invoke(call) => {
            let message = format!(
                "calls the function `{}`, and a handler alone has none: use a `TestEngine`",
                call.function
            );
            return PromiseState::Resolved(Outcome::Failed(Failure::new(message, 0)));
        }
    };
    PromiseState::Resolved(Outcome::Value(json.into()))
}
