//! Steps with a body.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use pin_project_lite::pin_project;

use super::Output;
use super::waiting::{TOO_LONG, change, wait_ms};
use crate::backoff::Backoff;
use crate::function::StepError;
use crate::function::machine::{Answer, Attempt, Operation, Request, StepOptions};

/// The most retries of a step: Inngest's limit.
const MAX_RETRIES: u8 = 20;

pin_project! {
    /// A step with a body: a future of the body's result. See [`Step::run`](super::Step::run).
    ///
    /// `A` is what an attempt of the body is, which has no name.
    #[must_use = "a step does nothing until it is awaited"]
    pub struct Run<'a, T, B, A> {
        // Dropped first: the host learns that the step is dropped when nothing of it runs any more.
        #[pin]
        attempt: Option<A>,
        // The operation, or why there is none.
        operation: Result<Operation, StepError>,
        body: B,
        attempt_of: fn(&B, Attempt) -> A,
        // As values, so that a type that cannot be received is an error where the step is made, and not again where it is awaited.
        receive: fn(&Operation, &str) -> Result<T, StepError>,
        step: PhantomData<&'a ()>,
    }
}

impl<T, B, A> Run<'_, T, B, A> {
    pub(super) fn new(operation: Operation, body: B, attempt_of: fn(&B, Attempt) -> A) -> Self
    where
        T: Output,
    {
        let (operation, receive) = (Ok(operation), Operation::decode);
        Self { attempt: None, operation, body, attempt_of, receive, step: PhantomData }
    }

    /// Sets how often the body is retried, 0 to 20, instead of as often as the function's `retries` say. More are an error of the
    /// step.
    ///
    /// Behind an Inngest server, which counts for the whole function, a step can have fewer retries than its function, and not more: that
    /// is an error of the step.
    ///
    /// ```
    /// use event_runtime::prelude::*;
    /// use event_runtime::{Backoff, StepTimedOut};
    ///
    /// # #[domain_events]
    /// # pub enum OrderEvent {
    /// #     /// An order was placed.
    /// #     Placed { id: u64 },
    /// # }
    /// # async fn charge(_: u64) -> std::io::Result<String> { Ok("receipt".into()) }
    /// /// Charges for an order.
    /// #[function(id = "order-placed-charge", retries = 10)]
    /// async fn charge_order(ctx: &Context<OrderPlaced>) -> Result<Option<String>> {
    ///     let charged = ctx
    ///         .step
    ///         .run("charge", async || Ok(charge(ctx.event.id).await?))
    ///         .retries(5)
    ///         .backoff(Backoff::exponential(Duration::from_secs(1), Duration::from_mins(1)))
    ///         .timeout(Duration::from_secs(30));
    ///     match charged.await {
    ///         Ok(receipt) => Ok(Some(receipt)),
    ///         Err(error) if error.downcast::<StepTimedOut>().is_some() => Ok(None),
    ///         Err(error) => Err(error.into()),
    ///     }
    /// }
    /// ```
    pub fn retries(mut self, retries: u8) -> Self {
        self.set(|options| {
            options.retries = Some(retries);
            if retries > MAX_RETRIES { Err("has more than 20 retries, the most there are") } else { Ok(()) }
        });
        self
    }

    /// Sets how long to wait before each retry, instead of the host's back-off. An error that was made by
    /// [`retry_after`](crate::Error::retry_after) goes before.
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.set(|options| {
            options.backoff = Some(backoff);
            Ok(())
        });
        self
    }

    /// Sets how long an attempt of the body may take. One that takes longer is dropped at the `.await` where it stands, and has failed
    /// with [`StepTimedOut`](crate::StepTimedOut); it is retried like any other. A body that does not wait, but computes or blocks its
    /// thread, is not cut off.
    ///
    /// A timeout of zero, or of more than 366 days, is an error of the step.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.set(|options| {
            options.timeout = Some(timeout);
            if timeout.is_zero() {
                return Err("has a timeout of zero: its body could do nothing");
            }
            wait_ms(timeout).map_or(Err(TOO_LONG), |_| Ok(()))
        });
        self
    }

    fn set(&mut self, set: impl FnOnce(&mut StepOptions) -> Result<(), &'static str>) {
        change(&mut self.operation, |request| match request {
            Request::Run(options) => set(options),
            _ => Err("has no body"),
        });
    }
}

impl<T, B, A> fmt::Debug for Run<'_, T, B, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run").finish_non_exhaustive()
    }
}

impl<T, B, A: Future<Output = ()>> Future for Run<'_, T, B, A> {
    type Output = Result<T, StepError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let operation = match this.operation {
            Ok(operation) => operation,
            Err(problem) => return Poll::Ready(Err(problem.clone())),
        };
        loop {
            if let Some(attempt) = this.attempt.as_mut().as_pin_mut() {
                ready!(attempt.poll(cx));
                this.attempt.set(None);
            }
            match ready!(operation.poll_answer(cx)) {
                Answer::Done(result) => {
                    return Poll::Ready(result.and_then(|json| (this.receive)(operation, &json)));
                }
                Answer::Go(attempt) => this.attempt.set(Some((this.attempt_of)(this.body, attempt))),
            }
        }
    }
}
