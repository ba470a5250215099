//! The step machine: it polls a handler, and tells a host which operations the handler waits for.
//!
//! A host drives it: [`Machine::poll_turn`] polls the handler until it is quiet and returns what has come up; the host then
//! answers with [`Machine::grant`] (run this body) and [`Machine::deliver`] (this is the recorded result), always one
//! result at a time, in recorded order. The machine knows neither a store nor a clock.

mod guard;
mod operation;
mod waker;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use serde_json::value::RawValue;

use super::{Error, Handler, Invocation, Result, StepKind};
use crate::client::BoxFuture;
use crate::event::Outgoing;

pub(super) use guard::failed_attempts;
pub(crate) use guard::panic_message;
pub(crate) use operation::{Operation, Signal};
use waker::TurnWaker;

/// How often the handler is polled in one turn before the executor gets a chance to run others.
const ROUNDS: usize = 32;

/// What an operation asks the host for.
#[derive(Debug, Clone)]
pub(crate) enum Request {
    /// To permit a body, and to record its result.
    Run,
    /// To wait for this long, in milliseconds.
    Sleep(u64),
    /// To wait until then, in milliseconds since the Unix epoch.
    SleepUntil(i64),
    /// To send events.
    Send(Arc<[Outgoing]>),
    /// To wait for an event.
    Wait(Arc<WaitRequest>),
    /// To call a function.
    Invoke(Arc<InvokeRequest>),
}

/// The event that an operation waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WaitRequest {
    /// Its name.
    pub(crate) event: &'static str,
    /// Which of these events: a CEL expression over `event`, which started the run, and `async`, which has come.
    pub(crate) condition: Option<String>,
    /// For how long, in milliseconds.
    pub(crate) timeout_ms: u64,
}

/// The function that an operation calls.
#[derive(Debug, Clone)]
pub(crate) struct InvokeRequest {
    /// Its id.
    pub(crate) function: &'static str,
    /// What it is called with.
    pub(crate) event: Outgoing,
    /// How long its result is waited for, in milliseconds.
    pub(crate) timeout_ms: u64,
}

/// The longest sleep or wait: 366 days, Inngest's limit, in milliseconds.
pub(crate) const MAX_WAIT_MS: u64 = 366 * 24 * 60 * 60 * 1_000;

impl Request {
    /// What kind of step it is.
    pub(crate) const fn kind(&self) -> StepKind {
        match self {
            Self::Run => StepKind::Run,
            Self::Sleep(_) | Self::SleepUntil(_) => StepKind::Sleep,
            Self::Send(_) => StepKind::Send,
            Self::Wait(_) => StepKind::Wait,
            Self::Invoke(_) => StepKind::Invoke,
        }
    }
}

/// The recorded result of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The value, as JSON.
    Value(Arc<str>),
    /// The operation failed for good.
    Failed(Failure),
}

impl Outcome {
    /// Its size, in bytes.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Value(json) => json.len(),
            Self::Failed(failure) => failure.message.len(),
        }
    }
}

/// Why an operation failed for good.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Failure {
    pub(crate) message: String,
    /// How often a body was tried; 0 when what was asked for is wrong.
    pub(crate) attempts: u32,
}

/// Which operation of a run: its number in the order of discovery.
pub(crate) type OpId = usize;

/// What has come up in a turn.
#[derive(Debug)]
pub(crate) enum Note {
    /// The handler waits for this operation.
    Found { op: OpId, key: Arc<str>, request: Request },
    /// A body that was granted has ended.
    Ran { op: OpId, result: Result<Box<RawValue>> },
    /// The handler has dropped the operation before its result came.
    Dropped { op: OpId },
}

/// What a turn has led to.
#[derive(Debug)]
pub(crate) enum Turn {
    /// The handler has returned.
    Complete(Result<Box<RawValue>>),
    /// The handler waits; this has come up since the last turn.
    Quiet(Vec<Note>),
}

/// A handler and its operations.
pub(crate) struct Machine {
    handler: BoxFuture<'static, Result<Box<RawValue>>>,
    shared: Arc<Shared>,
    wake: Arc<TurnWaker>,
    waker: Waker,
}

/// What the handler's steps and the host share.
#[derive(Default)]
pub(crate) struct Shared {
    inbox: Mutex<Inbox>,
}

#[derive(Default)]
struct Inbox {
    operations: Vec<Slot>,
    notes: Vec<Note>,
    /// How often an id was used, to number repeats.
    uses: HashMap<String, u32>,
}

/// An operation that was found.
struct Slot {
    state: State,
    waker: Option<Waker>,
    /// How often its id was used before.
    #[cfg_attr(not(feature = "inngest"), allow(dead_code))]
    repeat: u32,
}

enum State {
    /// The host has not answered yet, or the body has ended and its result is being recorded.
    Waiting,
    /// The body may run; it has failed so often.
    Granted { failed: u32 },
    /// The body is being polled.
    Running,
    /// The result is there.
    Resolved(Outcome),
    /// The result was taken, or the handler has dropped the operation.
    Gone,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Inbox> {
        // No code that can panic runs under the lock.
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Machine {
    /// Enters a handler. `invocation` makes what the handler is called with from what its steps share with the host.
    pub(crate) fn new(handler: &Handler, invocation: impl FnOnce(Arc<Shared>) -> Invocation) -> Self {
        let shared = Arc::<Shared>::default();
        let wake = Arc::<TurnWaker>::default();
        let waker = Waker::from(Arc::clone(&wake));
        wake.set_woken();
        let handler = handler(invocation(Arc::clone(&shared)));
        Self { handler, shared, wake, waker }
    }

    /// Polls the handler until it is quiet: pending, and not woken meanwhile.
    pub(crate) fn poll_turn(&mut self, cx: &mut Context<'_>) -> Poll<Turn> {
        self.wake.register(cx.waker());
        for _ in 0..ROUNDS {
            if !self.wake.take_woken() {
                return Poll::Ready(Turn::Quiet(std::mem::take(&mut self.shared.lock().notes)));
            }
            if let Poll::Ready(result) = self.poll_handler() {
                return Poll::Ready(Turn::Complete(result));
            }
        }
        // Others have their turn first.
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// Waits until the handler can go on. `&mut`, so that a future which holds it can be sent to another thread.
    #[cfg(feature = "inngest")]
    pub(crate) fn poll_woken(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.wake.register(cx.waker());
        if self.wake.is_woken() { Poll::Ready(()) } else { Poll::Pending }
    }

    fn poll_handler(&mut self) -> Poll<Result<Box<RawValue>>> {
        let _entered = guard::enter(&self.shared);
        let mut cx = Context::from_waker(&self.waker);
        catch_unwind(AssertUnwindSafe(|| self.handler.as_mut().poll(&mut cx))).unwrap_or_else(|panic| {
            Poll::Ready(Err(Error::msg(format!("the function panicked: {}", panic_message(&*panic)))))
        })
    }

    /// Whether the handler waits for nothing that could ever wake it.
    pub(crate) fn is_dead(&self) -> bool {
        // One of the machine itself, one inside its waker; any other would belong to something that may wake.
        Arc::strong_count(&self.wake) == 2 && !self.wake.is_woken()
    }

    /// How often the id of an operation was used before: its key ends in `:1` where this is 1.
    #[cfg(feature = "inngest")]
    pub(crate) fn repeat(&self, op: OpId) -> u32 {
        self.shared.lock().operations[op].repeat
    }

    /// Permits the body of an operation, which has failed so often, to run.
    pub(crate) fn grant(&self, op: OpId, failed: u32) {
        self.set(op, State::Granted { failed });
    }

    /// Hands an operation its recorded result.
    pub(crate) fn deliver(&self, op: OpId, outcome: Outcome) {
        self.set(op, State::Resolved(outcome));
    }

    fn set(&self, op: OpId, state: State) {
        let waker = {
            let mut inbox = self.shared.lock();
            let slot = &mut inbox.operations[op];
            if matches!(slot.state, State::Gone) {
                return;
            }
            slot.state = state;
            slot.waker.take()
        };
        // Outside the lock: a waker may drop futures, and with them operations.
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}
