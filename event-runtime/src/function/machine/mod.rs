//! The step machine: it polls a handler, and tells a host which steps the handler waits for.
//!
//! A host drives it: [`Machine::poll_until_quiet`] polls the handler until it is quiet and returns what has become of its
//! steps; the host then permits bodies with [`Machine::grant`], or delivers one result with [`Journal::deliver_next`]. The
//! machine knows neither a store nor a clock.

#[cfg(any(feature = "testing", all(test, feature = "engine")))]
mod alone;
mod attempt;
mod guard;
mod journal;
mod means;
mod operation;
mod promises;
mod request;
mod undo;
mod waker;

#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use self::promises::PromiseState;
use self::waker::Relay;
use super::{Handler, Invocation, Result};
use crate::client::BoxFuture;
#[cfg(feature = "inngest")]
use crate::event::Origin;

#[cfg(any(feature = "testing", all(test, feature = "engine")))]
pub(crate) use alone::Alone;
pub(crate) use attempt::Attempt;
pub use attempt::StepTimedOut;
pub(super) use guard::failed_attempts;
pub(crate) use guard::{function_panicked, panic_message};
#[cfg(feature = "inngest")]
pub(crate) use journal::LAST;
pub(crate) use journal::Recorded;
pub(crate) use journal::{Completion, Journal, wrong_kind};
#[cfg(any(feature = "testing", all(test, feature = "engine")))]
pub(crate) use means::Alarms;
pub(crate) use means::Means;
#[cfg(any(feature = "embedded", feature = "inngest"))]
pub(crate) use means::TokioAlarms;
pub(crate) use operation::{Answer, Operation};
pub(crate) use promises::{OpId, Promises, StepChange};
pub(crate) use request::{
    Failure, InvokeRequest, MAX_WAIT_MS, Outcome, Request, SignalRequest, StepOptions, WaitRequest,
};
pub(crate) use undo::{Undo, UndoTask, undo_key, undone_step};

/// The most polls of a handler at a stretch before the executor gets a chance to run others.
const ROUNDS: usize = 32;

/// The result of polling a handler.
#[derive(Debug)]
pub(crate) enum Polled {
    /// The handler has returned.
    Returned(Result<Arc<str>>),
    /// The handler waits; this has become of its steps since it was quiet last.
    Quiet(Vec<StepChange>),
}

/// A handler and its steps.
pub(crate) struct Machine {
    handler: BoxFuture<'static, Result<Arc<str>>>,
    promises: Arc<Promises>,
    wake: Arc<Relay>,
    waker: Waker,
    /// Whether a result was delivered since the handler was quiet last.
    has_delivered: bool,
    /// Room for the next changes.
    room: Vec<StepChange>,
}

impl Machine {
    /// Invokes a handler. `invocation` makes what it is called with from the promises of its steps.
    pub(crate) fn new(handler: &Handler, invocation: impl FnOnce(Arc<Promises>) -> Invocation) -> Self {
        let promises = Arc::<Promises>::default();
        let wake = Arc::<Relay>::default();
        let waker = Waker::from(Arc::clone(&wake));
        wake.set_woken();
        let invocation = invocation(Arc::clone(&promises));
        promises.set_origin(&invocation);
        invocation.means.iter().for_each(|means| promises.lend(Arc::clone(means)));
        let handler = handler(invocation);
        Self { handler, promises, wake, waker, has_delivered: false, room: Vec::new() }
    }

    /// Polls the handler until it is quiet: pending, and not woken meanwhile.
    pub(crate) fn poll_until_quiet(&mut self, cx: &mut Context<'_>) -> Poll<Polled> {
        self.wake.register(cx.waker());
        for _ in 0..ROUNDS {
            if !self.wake.take_woken() {
                self.has_delivered = false;
                let room = std::mem::take(&mut self.room);
                let changes = std::mem::replace(&mut self.promises.lock().changes, room);
                return Poll::Ready(Polled::Quiet(changes));
            }
            if let Poll::Ready(result) = self.poll_handler() {
                return Poll::Ready(Polled::Returned(result));
            }
        }
        // Others have their turn first.
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// Takes back the room of changes that were taken in.
    pub(crate) fn reuse(&mut self, changes: Vec<StepChange>) {
        self.room = changes;
    }

    /// Waits until the handler can go on. `&mut`, so that a future which holds it can be sent to another thread.
    #[cfg(any(feature = "embedded", feature = "inngest"))]
    pub(crate) fn poll_woken(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.wake.register(cx.waker());
        if self.wake.is_woken() { Poll::Ready(()) } else { Poll::Pending }
    }

    fn poll_handler(&mut self) -> Poll<Result<Arc<str>>> {
        let _entered = guard::enter(&self.promises);
        let mut cx = Context::from_waker(&self.waker);
        catch_unwind(AssertUnwindSafe(|| self.handler.as_mut().poll(&mut cx)))
            .unwrap_or_else(|panic| Poll::Ready(Err(function_panicked(&*panic))))
    }

    /// Whether the handler waits for nothing that could ever wake it.
    pub(crate) fn is_dead(&self) -> bool {
        self.wake.has_no_holder()
    }

    /// The steps whose recorded results did not decode, and why.
    #[cfg(feature = "embedded")]
    pub(crate) fn undecodable(&self) -> Vec<(Arc<str>, String)> {
        self.promises.lock().undecodable.clone()
    }

    /// How many bodies wait for nothing but the end of their time.
    #[cfg(any(feature = "testing", all(test, feature = "engine")))]
    pub(crate) fn stuck(&self) -> usize {
        let table = self.promises.lock();
        table
            .promises
            .iter()
            .filter(|promise| matches!(promise.state, PromiseState::Running { is_stuck: true }))
            .count()
    }

    /// Whether the handler is seen to wait for something that is no step.
    pub(crate) fn waits_elsewhere(&self) -> bool {
        let waiting = self.promises.lock().promises.iter().filter(|promise| promise.waker.is_some()).count();
        self.wake.is_woken() || Arc::strong_count(&self.wake) > 2 + waiting
    }

    /// The run that the handler is of, as the origin of what its steps send.
    #[cfg(feature = "inngest")]
    pub(crate) fn origin(&self) -> Option<&Origin> {
        self.promises.origin.get().map(|origin| &**origin)
    }

    /// The number of earlier uses of a step's id: its key ends in `:1` where this is 1.
    #[cfg(feature = "inngest")]
    pub(crate) fn repeat(&self, op: OpId) -> u32 {
        self.promises.lock().promises[op].repeat
    }

    /// What a step asks of the host, as the layers of the application let it pass; or the failure of the step.
    pub(crate) fn outgoing(&self, request: Request) -> Result<Request, Failure> {
        match self.promises.layers() {
            Some(layers) => request.through(layers).map_err(|message| Failure::new(message, 0)),
            None => Ok(request),
        }
    }

    /// Permits the body of a step, which has failed so often, to run.
    pub(crate) fn grant(&self, op: OpId, failed: u32) {
        self.promises.set(op, PromiseState::Granted { failed });
    }

    /// Lets the body run that undoes a step with this result.
    fn undo(&self, op: OpId, failed: u32, output: Arc<str>) {
        self.promises.set(op, PromiseState::ToUndo { failed, output });
    }

    /// Hands a step its recorded result. The handler gets to see each by itself: an order that it cannot see, it cannot repeat.
    fn deliver(&mut self, op: OpId, outcome: Outcome) {
        debug_assert!(
            !self.has_delivered,
            "a result is delivered before the handler has made use of the one before it"
        );
        self.has_delivered = true;
        self.promises.set(op, PromiseState::Resolved(outcome));
    }
}
