//! The operation of a step: the future's end of its promise.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use serde::de::DeserializeOwned;

use super::promises::{OpId, Promise, PromiseState, Promises, StepChange};
use super::{Attempt, Failure, Outcome, Request, guard};
use crate::function::{Result, StepError, StepKind};

/// The greatest length of a step id, in bytes.
const MAX_ID_BYTES: usize = 255;

/// The operation of one step. Dropping it tells the host that the handler has lost interest.
pub(crate) struct Operation {
    promises: Arc<Promises>,
    key: Arc<str>,
    kind: StepKind,
    repeat: u32,
    /// How long an attempt of its body may take.
    timeout: Option<Duration>,
    state: OperationState,
}

enum OperationState {
    /// Not awaited yet.
    New(Request),
    /// Found by the host under this number.
    Found(OpId),
    /// The result was taken.
    Taken,
}

/// An answer of the host.
pub(crate) enum Answer {
    /// The body may run.
    Go(Attempt),
    /// The body may run that undoes what the step has given.
    Undo(Attempt, Result<Arc<str>, StepError>),
    /// The result.
    Done(Result<Arc<str>, StepError>),
}

impl Operation {
    /// An operation of the handler that has these promises. Repeats of an id are numbered now; the host finds the operation
    /// when it is first awaited.
    pub(crate) fn new(promises: &Arc<Promises>, id: &str, request: Request) -> Self {
        let (key, repeat) = promises.lock().new_key(id);
        let kind = request.kind();
        Self {
            promises: Arc::clone(promises),
            key,
            kind,
            repeat,
            timeout: None,
            state: OperationState::New(request),
        }
    }

    /// The key of the step, and the id that its function gave it.
    pub(crate) fn names(&self) -> (&str, &str) {
        let id = if self.repeat == 0 {
            &*self.key
        } else {
            self.key.rsplit_once(':').map_or(&*self.key, |(id, _)| id)
        };
        (&self.key, id)
    }

    /// Waits for an answer of the host.
    pub(crate) fn poll_answer(&mut self, cx: &mut Context<'_>) -> Poll<Answer> {
        if let Some(message) = guard::misuse(&self.promises) {
            return Poll::Ready(Answer::Done(Err(self.invalid(message))));
        }
        match std::mem::replace(&mut self.state, OperationState::Taken) {
            OperationState::New(request) => self.find(request, cx),
            OperationState::Found(op) => self.ask(op, cx),
            OperationState::Taken => {
                Poll::Ready(Answer::Done(Err(self.invalid("was awaited again after its result".to_owned()))))
            }
        }
    }

    fn find(&mut self, request: Request, cx: &Context<'_>) -> Poll<Answer> {
        if self.key.is_empty() || self.key.len() > MAX_ID_BYTES {
            let message = format!("has an id of {} bytes: it must have 1 to {MAX_ID_BYTES}", self.key.len());
            return Poll::Ready(Answer::Done(Err(self.invalid(message))));
        }
        if let Request::Run(options) = &request {
            self.timeout = options.timeout;
        }
        let mut table = self.promises.lock();
        let op = table.promises.len();
        let waker = Some(cx.waker().clone());
        table.promises.push(Promise { state: PromiseState::Waiting, waker, repeat: self.repeat });
        table.changes.push(StepChange::Found { op, key: Arc::clone(&self.key), request });
        self.state = OperationState::Found(op);
        Poll::Pending
    }

    fn ask(&mut self, op: OpId, cx: &Context<'_>) -> Poll<Answer> {
        let mut table = self.promises.lock();
        let promise = &mut table.promises[op];
        match std::mem::replace(&mut promise.state, PromiseState::Gone) {
            PromiseState::Granted { failed } => {
                promise.state = PromiseState::Running { is_stuck: false };
                self.state = OperationState::Found(op);
                let (promises, key) = (Arc::clone(&self.promises), Arc::clone(&self.key));
                Poll::Ready(Answer::Go(Attempt { promises, op, key, failed, timeout: self.timeout }))
            }
            PromiseState::ToUndo { failed, output } => {
                promise.state = PromiseState::Running { is_stuck: false };
                self.state = OperationState::Found(op);
                drop(table);
                let (promises, key) = (Arc::clone(&self.promises), Arc::clone(&self.key));
                let attempt = Attempt { promises, op, key, failed, timeout: self.timeout };
                let output = self.promises.recall((&self.key, self.kind), Outcome::Value(output));
                let output = output
                    .ok_or_else(|| self.invalid("has a recorded result that cannot be read".to_owned()));
                Poll::Ready(Answer::Undo(attempt, output.and_then(|output| self.result(output))))
            }
            PromiseState::Resolved(outcome) => {
                drop(table);
                match self.promises.recall((&self.key, self.kind), outcome) {
                    Some(outcome) => Poll::Ready(Answer::Done(self.result(outcome))),
                    // The execution fails: a function that went on would take a failure of its step for a fact.
                    None => Poll::Pending,
                }
            }
            state => {
                promise.state = state;
                let replaced = promise.waker.replace(cx.waker().clone());
                self.state = OperationState::Found(op);
                drop(table);
                drop(replaced);
                Poll::Pending
            }
        }
    }

    fn result(&self, outcome: Outcome) -> Result<Arc<str>, StepError> {
        match outcome {
            Outcome::Value(json) => Ok(json),
            Outcome::Failed(failure) if failure.attempts == 0 => Err(self.invalid(failure.message)),
            Outcome::Failed(failure) => {
                let Failure { message, attempts, typed } = failure;
                let typed = typed.map(|typed| *typed);
                let error = StepError::Failed { step: self.key.to_string(), message, attempts, typed };
                self.promises.lock().failures.push(&error);
                Err(error)
            }
        }
    }

    pub(crate) fn invalid(&self, message: String) -> StepError {
        StepError::Invalid { step: self.key.to_string(), message }
    }

    /// The error of a recorded result that is none of the step's as it is now. Who looks on learns of it.
    pub(crate) fn undecodable(&self, message: String) -> StepError {
        self.promises.lock().undecodable.push((Arc::clone(&self.key), message.clone()));
        self.invalid(message)
    }

    /// The request, before the operation was first awaited.
    pub(crate) fn request_mut(&mut self) -> Option<&mut Request> {
        match &mut self.state {
            OperationState::New(request) => Some(request),
            OperationState::Found(_) | OperationState::Taken => None,
        }
    }

    /// The value of a result. It is decoded on the live path too, so that what does not survive JSON shows at once.
    pub(crate) fn decode<T: DeserializeOwned>(&self, json: &str) -> Result<T, StepError> {
        serde_json::from_str(json).map_err(|error| {
            self.undecodable(format!(
                "has a recorded result that does not decode: {error}. If its type was changed, give the step another id"
            ))
        })
    }
}

impl Drop for Operation {
    fn drop(&mut self) {
        // The host knows nothing of a step that was never awaited, and is done with one whose result was taken.
        let OperationState::Found(op) = self.state else { return };
        let waker = {
            let mut table = self.promises.lock();
            let promise = &mut table.promises[op];
            if matches!(promise.state, PromiseState::Gone) {
                return;
            }
            promise.state = PromiseState::Gone;
            let waker = promise.waker.take();
            table.changes.push(StepChange::Dropped { op });
            waker
        };
        drop(waker);
    }
}
