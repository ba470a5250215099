//! One operation, as the step that waits for it sees it.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::{Note, OpId, Outcome, Request, Shared, Slot, State, guard, panic_message};
use crate::function::{Error, Result, StepError};

/// The greatest length of a step id, in bytes.
const MAX_ID_BYTES: usize = 255;

/// One operation. Dropping it tells the host that the handler has lost interest.
pub(crate) struct Operation {
    shared: Arc<Shared>,
    key: Arc<str>,
    place: Place,
}

enum Place {
    /// Not awaited yet.
    Unfound(Request),
    /// Found by the host under this number.
    Found(OpId),
    /// The result was taken.
    Taken,
}

/// What the host has answered.
pub(crate) enum Signal {
    /// The body may run; it has failed so often.
    Go { failed: u32 },
    /// The result.
    Done(Result<Arc<str>, StepError>),
}

impl Operation {
    /// An operation of the handler that `shared` belongs to. Repeats of an id are numbered now; the host finds the
    /// operation when it is first awaited.
    pub(crate) fn new(shared: &Arc<Shared>, id: &str, request: Request) -> Self {
        let uses = {
            let mut inbox = shared.lock();
            let uses = inbox.uses.entry(id.to_owned()).or_default();
            *uses += 1;
            *uses - 1
        };
        let key = if uses == 0 { id.into() } else { format!("{id}:{uses}").into() };
        Self { shared: Arc::clone(shared), key, place: Place::Unfound(request) }
    }

    /// Waits for an answer of the host.
    pub(crate) fn poll_signal(&mut self, cx: &mut Context<'_>) -> Poll<Signal> {
        if let Some(message) = guard::misuse(&self.shared) {
            return Poll::Ready(Signal::Done(Err(self.invalid(message))));
        }
        match std::mem::replace(&mut self.place, Place::Taken) {
            Place::Unfound(request) => self.find(request, cx),
            Place::Found(op) => self.ask(op, cx),
            Place::Taken => {
                Poll::Ready(Signal::Done(Err(self.invalid("was awaited again after its result".to_owned()))))
            }
        }
    }

    fn find(&mut self, request: Request, cx: &Context<'_>) -> Poll<Signal> {
        if self.key.is_empty() || self.key.len() > MAX_ID_BYTES {
            let message = format!("has an id of {} bytes: it must have 1 to {MAX_ID_BYTES}", self.key.len());
            return Poll::Ready(Signal::Done(Err(self.invalid(message))));
        }
        let mut inbox = self.shared.lock();
        let op = inbox.operations.len();
        inbox.operations.push(Slot { state: State::Waiting, waker: Some(cx.waker().clone()) });
        inbox.notes.push(Note::Found { op, key: Arc::clone(&self.key), request });
        self.place = Place::Found(op);
        Poll::Pending
    }

    fn ask(&mut self, op: OpId, cx: &Context<'_>) -> Poll<Signal> {
        let mut inbox = self.shared.lock();
        let slot = &mut inbox.operations[op];
        match std::mem::replace(&mut slot.state, State::Gone) {
            State::Granted { failed } => {
                slot.state = State::Running;
                self.place = Place::Found(op);
                Poll::Ready(Signal::Go { failed })
            }
            State::Resolved(outcome) => {
                drop(inbox);
                Poll::Ready(Signal::Done(self.result(outcome)))
            }
            state => {
                slot.state = state;
                let replaced = slot.waker.replace(cx.waker().clone());
                self.place = Place::Found(op);
                drop(inbox);
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
                let step = self.key.to_string();
                Err(StepError::Failed { step, message: failure.message, attempts: failure.attempts })
            }
        }
    }

    pub(crate) fn invalid(&self, message: String) -> StepError {
        StepError::Invalid { step: self.key.to_string(), message }
    }

    /// The request, before the operation was first awaited.
    pub(crate) fn request_mut(&mut self) -> Option<&mut Request> {
        match &mut self.place {
            Place::Unfound(request) => Some(request),
            Place::Found(_) | Place::Taken => None,
        }
    }

    /// Waits for an answer of the host.
    pub(crate) async fn signal(&mut self) -> Signal {
        poll_fn(|cx| self.poll_signal(cx)).await
    }

    /// Runs a body that was granted and has failed so often, and hands its result to the host. A panic is a failed
    /// attempt.
    pub(crate) async fn execute(&mut self, failed: u32, body: impl Future<Output = Result<Box<RawValue>>>) {
        let mut body = pin!(body);
        let span = tracing::info_span!("step", step = &*self.key, attempt = failed);
        let result = poll_fn(|cx| {
            let (_entered, _span) = (guard::enter_body(&self.shared, &self.key, failed), span.enter());
            catch_unwind(AssertUnwindSafe(|| body.as_mut().poll(cx))).unwrap_or_else(|panic| {
                Poll::Ready(Err(Error::msg(format!("the body panicked: {}", panic_message(&*panic)))))
            })
        })
        .await;
        if let Place::Found(op) = self.place {
            let mut inbox = self.shared.lock();
            inbox.operations[op].state = State::Waiting;
            inbox.notes.push(Note::Ran { op, result });
        }
    }

    /// The value of a result. It is decoded on the live path too, so that what does not survive JSON shows at once.
    pub(crate) fn decode<T: DeserializeOwned>(&self, json: &str) -> Result<T, StepError> {
        serde_json::from_str(json).map_err(|error| {
            self.invalid(format!(
                "has a recorded result that does not decode: {error}. If its type was changed, give the step another id"
            ))
        })
    }
}

impl Drop for Operation {
    fn drop(&mut self) {
        let Place::Found(op) = self.place else { return };
        let waker = {
            let mut inbox = self.shared.lock();
            let slot = &mut inbox.operations[op];
            if matches!(slot.state, State::Gone) {
                return;
            }
            slot.state = State::Gone;
            let waker = slot.waker.take();
            inbox.notes.push(Note::Dropped { op });
            waker
        };
        drop(waker);
    }
}
