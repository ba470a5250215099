//! Changes, as they happen.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use serde::Serialize;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::broadcast::{Receiver, Sender};

use super::{RunStatus, text};

/// How many changes wait for a reader before the oldest are dropped.
const WAITING: usize = 1_024;

/// Something that has happened, and is on disk. In JSON: `{ "type": "run", "id": .. }`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Change {
    /// An event was stored.
    Event {
        /// Its id.
        #[serde(serialize_with = "text::shared")]
        id: Arc<str>,
        /// Its name.
        #[serde(serialize_with = "text::shared")]
        name: Arc<str>,
    },
    /// An event started nothing because of an option of a function.
    Skipped {
        /// The id of the event.
        #[serde(serialize_with = "text::shared")]
        event_id: Arc<str>,
        /// The id of the function.
        function_id: &'static str,
        /// The option, such as `rate_limit`.
        by: &'static str,
    },
    /// A run has begun or has ended.
    Run {
        /// Its id.
        #[serde(serialize_with = "text::shared")]
        id: Arc<str>,
        /// The id of its function.
        function_id: &'static str,
        /// Its status.
        status: RunStatus,
    },
    /// A step has a result, or an attempt of it has failed.
    Step {
        /// The id of the run.
        #[serde(serialize_with = "text::shared")]
        run_id: Arc<str>,
        /// The id of the function.
        function_id: &'static str,
        /// The id of the step; empty for the function itself.
        #[serde(serialize_with = "text::shared")]
        id: Arc<str>,
        /// Whether that is a failure.
        failed: bool,
    },
    /// The reader was too slow: so many changes were dropped. Whoever shows a list reads it anew.
    Missed {
        /// Their number.
        changes: u64,
    },
}

/// The stream of [`Change`]s from [`Engine::changes`](crate::embedded::Engine::changes). It ends with the engine.
///
/// The engine never waits for a reader. Of a slow one the oldest changes are dropped, and [`Change::Missed`] stands in their place.
pub struct Changes(State);

/// The next change, and the receiver of the rest.
type Next = (Result<Change, RecvError>, Receiver<Change>);

enum State {
    Waiting(Pin<Box<dyn Future<Output = Next> + Send>>),
    Over,
}

impl fmt::Debug for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Changes").finish_non_exhaustive()
    }
}

impl Changes {
    pub(crate) fn new(receiver: Option<Receiver<Change>>) -> Self {
        Self(receiver.map_or(State::Over, State::next))
    }

    /// A sender of changes.
    pub(crate) fn sender() -> Sender<Change> {
        Sender::new(WAITING)
    }

    /// Waits for the next change; `None` when the engine has stopped.
    pub async fn next(&mut self) -> Option<Change> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl State {
    fn next(mut receiver: Receiver<Change>) -> Self {
        Self::Waiting(Box::pin(async move { (receiver.recv().await, receiver) }))
    }
}

impl Stream for Changes {
    type Item = Change;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Change>> {
        let State::Waiting(waiting) = &mut self.0 else { return Poll::Ready(None) };
        let (received, rest) = ready!(waiting.as_mut().poll(cx));
        let change = match received {
            Ok(change) => change,
            Err(RecvError::Lagged(changes)) => Change::Missed { changes },
            Err(RecvError::Closed) => {
                self.0 = State::Over;
                return Poll::Ready(None);
            }
        };
        self.0 = State::next(rest);
        Poll::Ready(Some(change))
    }
}
