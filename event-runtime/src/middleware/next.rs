//! What a layer wraps: the layers inside it, and in the end the code.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use tracing::Span;

use super::info::{Execution, StepAttempt};
use super::{Json, Middleware, Running};
use crate::function::Result;

/// The rest of the layers around an execution or an attempt, `C`.
#[must_use = "nothing is run until `run` is called, and its future is awaited"]
pub struct Next<'a, C> {
    layers: &'a [Arc<dyn Middleware>],
    around: &'a C,
    code: Running<'a>,
}

impl<C> fmt::Debug for Next<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Next").finish_non_exhaustive()
    }
}

/// What layers can be around.
pub(super) trait Wrapped: Sized {
    /// Enters a layer.
    fn enter<'a>(&'a self, layer: &'a dyn Middleware, next: Next<'a, Self>) -> Running<'a>;
}

impl Wrapped for Execution {
    fn enter<'a>(&'a self, layer: &'a dyn Middleware, next: Next<'a, Self>) -> Running<'a> {
        layer.function(self, next)
    }
}

impl Wrapped for StepAttempt {
    fn enter<'a>(&'a self, layer: &'a dyn Middleware, next: Next<'a, Self>) -> Running<'a> {
        layer.step(self, next)
    }
}

impl<'a, C> Next<'a, C> {
    pub(super) const fn new(layers: &'a [Arc<dyn Middleware>], around: &'a C, code: Running<'a>) -> Self {
        Self { layers, around, code }
    }
}

#[allow(private_bounds, reason = "there is nothing else to be around")]
impl<'a, C: Wrapped> Next<'a, C> {
    /// Runs the rest: what the next layer gives, or the code.
    pub fn run(self) -> Running<'a> {
        let Self { layers, around, code } = self;
        match layers.split_first() {
            Some((layer, layers)) => around.enter(&**layer, Next { layers, around, code }),
            None => code,
        }
    }
}

/// Polls a body whose layers run beside it.
///
/// A body need not be `Send`, as far as the compiler can tell while it knows only its bounds; so it cannot be boxed into the
/// innermost [`Next`]. It stays with the step, and the innermost layer has a [`Turn`] in its place: it says when the body
/// is wanted, and is given the result.
pub(super) async fn run_beside(
    layers: &[Arc<dyn Middleware>],
    attempt: &StepAttempt,
    body: impl Future<Output = Result<Json>>,
) -> Result<Json> {
    let turn = Turn::default();
    let mut outer = Next::new(layers, attempt, Box::pin(Awaited(turn.clone()))).run();
    let mut body = std::pin::pin!(body);
    std::future::poll_fn(|cx| {
        loop {
            if let Poll::Ready(result) = outer.as_mut().poll(cx) {
                return Poll::Ready(result);
            }
            let Some(span) = turn.wanted() else { return Poll::Pending };
            match span.in_scope(|| body.as_mut().poll(cx)) {
                Poll::Ready(result) => turn.give(result),
                Poll::Pending => return Poll::Pending,
            }
        }
    })
    .await
}

/// The turn of a body: whether it is wanted, and its result.
#[derive(Clone, Default)]
struct Turn(Arc<Mutex<TurnState>>);

#[derive(Default)]
enum TurnState {
    /// No layer waits for the body.
    #[default]
    Idle,
    /// The innermost layer waits for it, in this span.
    Wanted(Span, Waker),
    Given(Result<Json>),
    Over,
}

impl Turn {
    fn lock(&self) -> MutexGuard<'_, TurnState> {
        // No code that can panic runs under the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The span in which the body is wanted, if it is.
    fn wanted(&self) -> Option<Span> {
        match &*self.lock() {
            TurnState::Wanted(span, _) => Some(span.clone()),
            TurnState::Idle | TurnState::Given(_) | TurnState::Over => None,
        }
    }

    fn give(&self, result: Result<Json>) {
        let before = std::mem::replace(&mut *self.lock(), TurnState::Given(result));
        if let TurnState::Wanted(_, waker) = before {
            waker.wake();
        }
    }
}

/// The body, as the innermost layer awaits it.
struct Awaited(Turn);

/// A layer that has lost interest lets the body rest.
impl Drop for Awaited {
    fn drop(&mut self) {
        let before = std::mem::replace(&mut *self.0.lock(), TurnState::Over);
        drop(before);
    }
}

impl Future for Awaited {
    type Output = Result<Json>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.0.lock();
        match std::mem::replace(&mut *state, TurnState::Over) {
            TurnState::Given(result) => Poll::Ready(result),
            TurnState::Over => Poll::Pending,
            TurnState::Idle | TurnState::Wanted(..) => {
                *state = TurnState::Wanted(Span::current(), cx.waker().clone());
                Poll::Pending
            }
        }
    }
}
