//! One attempt of a body: it is polled under its guard, cut off when its time is over, and its end told to the host.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::promises::{OpId, PromiseState, Promises, StepChange};
use super::waker::Relay;
use super::{guard, panic_message};
use crate::client::BoxFuture;
use crate::function::{Error, Result};

/// A body that took longer than its step allows. It is the failure of that attempt; after the last one the step fails with it, and
/// [`StepError::downcast`](crate::StepError::downcast) finds it, in every replay.
///
/// ```
/// use event_runtime::prelude::*;
/// use event_runtime::StepTimedOut;
///
/// async fn look_up(step: &Step) -> Result<Option<u64>> {
///     let body = async || Ok(std::future::pending::<u64>().await);
///     match step.run("look-up", body).retries(1).timeout(Duration::from_secs(30)).await {
///         Ok(found) => Ok(Some(found)),
///         Err(error) if error.downcast::<StepTimedOut>().is_some() => Ok(None),
///         Err(error) => Err(error.into()),
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StepTimedOut {
    /// The time that an attempt of the step has.
    pub after: Duration,
}

impl StepTimedOut {
    /// Creates the error of a body that was cut off after this time: for steps that a test mocks.
    #[must_use]
    pub const fn after(after: Duration) -> Self {
        Self { after }
    }
}

impl fmt::Display for StepTimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the body took longer than {:?}, its timeout, and was cut off", self.after)
    }
}

impl std::error::Error for StepTimedOut {}

/// One attempt of a body that was granted.
pub(crate) struct Attempt {
    pub(super) promises: Arc<Promises>,
    pub(super) op: OpId,
    pub(super) key: Arc<str>,
    /// How often the body has failed before.
    pub(super) failed: u32,
    /// How long it may take.
    pub(super) timeout: Option<Duration>,
}

impl Attempt {
    /// The promises of the handler, and the key of the step, which no other one of the run has.
    #[cfg(feature = "database")]
    pub(crate) fn place(&self) -> (Arc<Promises>, Arc<str>) {
        (Arc::clone(&self.promises), Arc::clone(&self.key))
    }

    /// Runs the body, and hands its result to the host. A panic is a failed attempt.
    pub(crate) async fn run(self, body: impl Future<Output = Result<Arc<str>>>) {
        let Self { promises, op, key, failed, timeout } = &self;
        let span = tracing::info_span!("step", step = &**key, attempt = failed);
        // The body is dropped with this block: when it is cut off, before anybody learns of that.
        let attempt = async {
            let mut body = pin!(body);
            let mut limit = timeout.and_then(|timeout| Limit::new(promises, timeout));
            std::future::poll_fn(|cx| {
                let (_entered, _span) = (guard::enter_body(promises, key, *failed), span.enter());
                let mut poll = |cx: &mut Context<'_>| {
                    catch_unwind(AssertUnwindSafe(|| body.as_mut().poll(cx))).unwrap_or_else(|panic| {
                        let message = panic_message(&*panic);
                        Poll::Ready(Err(Error::msg(format!("the body panicked: {message}"))))
                    })
                };
                match &mut limit {
                    None => poll(cx),
                    Some(limit) => limit.poll(cx, poll, |is_stuck| promises.set_stuck(*op, is_stuck)),
                }
            })
            .await
        };
        let result = match promises.layers() {
            Some(layers) => layers.run_body(key, *failed, attempt).await,
            None => attempt.await,
        };
        let mut table = promises.lock();
        table.promises[*op].state = PromiseState::Waiting;
        table.changes.push(StepChange::Ran { op: *op, result });
    }
}

/// The time that a body has.
struct Limit {
    after: Duration,
    alarm: BoxFuture<'static, ()>,
    /// What the body is polled with: without holders nothing but the alarm ends the attempt.
    relay: Arc<Relay>,
    waker: Waker,
}

impl Limit {
    /// `None`: the host knows no time.
    fn new(promises: &Promises, after: Duration) -> Option<Self> {
        let alarm = promises.means()?.alarms.after(after);
        let relay = Arc::<Relay>::default();
        let waker = Waker::from(Arc::clone(&relay));
        Some(Self { after, alarm, relay, waker })
    }

    /// Polls a body until its time is over. What has ended in time counts, even if that was seen late.
    fn poll<T>(
        &mut self,
        cx: &mut Context<'_>,
        mut body: impl FnMut(&mut Context<'_>) -> Poll<Result<T>>,
        set_stuck: impl FnOnce(bool),
    ) -> Poll<Result<T>> {
        self.relay.register(cx.waker());
        self.relay.take_woken();
        let polled = body(&mut Context::from_waker(&self.waker));
        if polled.is_ready() {
            return polled;
        }
        if Pin::new(&mut self.alarm).poll(cx).is_ready() {
            return Poll::Ready(Err(Error::typed(StepTimedOut::after(self.after))));
        }
        set_stuck(self.relay.has_no_holder());
        Poll::Pending
    }
}
