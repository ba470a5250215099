//! Steps with a body.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
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

impl<'a, T, B, A> Run<'a, T, B, A> {
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

    /// Brings the body that undoes the step. When the function fails for good or is cancelled, the steps that were done are undone, the last
    /// first, before the run ends; each is retried like the step itself, and recorded.
    ///
    /// `undo` gets the recorded result. It may borrow whatever the step itself may: for undoing, the function is entered again, and
    /// gets its recorded results, until it comes to the step. So code outside of steps must not depend on anything else, as ever.
    ///
    /// A step whose body has failed for good was not done, and is not undone; nor is one whose body was running when the run was
    /// cancelled. An undo body that fails for good does not keep the others from running: the failure is recorded, and logged.
    ///
    /// ```
    /// use event_runtime::prelude::*;
    ///
    /// # #[domain_events]
    /// # pub enum TripEvent {
    /// #     /// A trip was booked.
    /// #     Booked { id: u64 },
    /// # }
    /// # async fn book(what: &str, _: u64) -> std::io::Result<String> { Ok(what.into()) }
    /// # async fn release(_: &str) -> std::io::Result<()> { Ok(()) }
    /// /// Books everything, or nothing.
    /// #[function(id = "trip-booked-reservation")]
    /// async fn reserve(ctx: &Context<TripBooked>) -> Result<()> {
    ///     for what in ["flight", "hotel"] {
    ///         ctx.step
    ///             .run(what, async || Ok(book(what, ctx.event.id).await?))
    ///             .undo(async |booking| Ok(release(&booking).await?))
    ///             .await?;
    ///     }
    ///     ctx.step.run("pay", async || Err::<(), _>("the card is declined".into())).await?;
    ///     Ok(())
    /// }
    /// ```
    pub fn undo<U>(mut self, undo: U) -> Undoable<'a, T, B, A, U, impl Future<Output = ()> + use<T, B, A, U>>
    where
        U: AsyncFnOnce(T) -> crate::Result<()> + Clone,
    {
        self.set(|options| {
            options.has_undo = true;
            Ok(())
        });
        let undo_of = |undo: &U, attempt: Attempt, output: Result<T, StepError>| {
            let undo = undo.clone();
            attempt.run(async move {
                undo(output?).await?;
                Ok("null".into())
            })
        };
        Undoable { undoing: None, run: self, undo, undo_of }
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

/// What has come of polling a step.
enum Came<T> {
    /// The step has its result.
    Result(Result<T, StepError>),
    /// The step is to be undone, which has given this.
    Undo(Attempt, Result<T, StepError>),
}

impl<T, B, A: Future<Output = ()>> Run<'_, T, B, A> {
    fn poll_step(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Came<T>> {
        let mut this = self.project();
        let operation = match this.operation {
            Ok(operation) => operation,
            Err(problem) => return Poll::Ready(Came::Result(Err(problem.clone()))),
        };
        loop {
            if let Some(attempt) = this.attempt.as_mut().as_pin_mut() {
                ready!(attempt.poll(cx));
                this.attempt.set(None);
            }
            let answer = ready!(operation.poll_answer(cx));
            let receive = |json: Arc<str>| (this.receive)(operation, &json);
            match answer {
                Answer::Done(result) => return Poll::Ready(Came::Result(result.and_then(receive))),
                Answer::Undo(attempt, output) => {
                    return Poll::Ready(Came::Undo(attempt, output.and_then(receive)));
                }
                Answer::Go(attempt) => this.attempt.set(Some((this.attempt_of)(this.body, attempt))),
            }
        }
    }

    /// The error of a step that is to be undone, and brings nothing that does.
    fn cannot_undo(self: Pin<&mut Self>) -> StepError {
        match self.project().operation {
            Ok(operation) => operation
                .invalid("is to be undone, and has no `undo`: this is a fault of the host".to_owned()),
            Err(problem) => problem.clone(),
        }
    }
}

impl<T, B, A: Future<Output = ()>> Future for Run<'_, T, B, A> {
    type Output = Result<T, StepError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match ready!(self.as_mut().poll_step(cx)) {
            Came::Result(result) => Poll::Ready(result),
            Came::Undo(..) => Poll::Ready(Err(self.cannot_undo())),
        }
    }
}

pin_project! {
    /// A step with a body, and one that undoes it: a future of the first body's result. See [`Run::undo`].
    #[must_use = "a step does nothing until it is awaited"]
    pub struct Undoable<'a, T, B, A, U, V> {
        // Dropped first, as in `Run`.
        #[pin]
        undoing: Option<V>,
        #[pin]
        run: Run<'a, T, B, A>,
        undo: U,
        undo_of: fn(&U, Attempt, Result<T, StepError>) -> V,
    }
}

impl<T, B, A, U, V> Undoable<'_, T, B, A, U, V> {
    /// Sets how often each of the two bodies is retried: see [`Run::retries`].
    pub fn retries(self, retries: u8) -> Self {
        Self { run: self.run.retries(retries), ..self }
    }

    /// Sets how long to wait before each retry: see [`Run::backoff`].
    pub fn backoff(self, backoff: Backoff) -> Self {
        Self { run: self.run.backoff(backoff), ..self }
    }

    /// Sets how long an attempt of each of the two bodies may take: see [`Run::timeout`].
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { run: self.run.timeout(timeout), ..self }
    }
}

impl<T, B, A, U, V> fmt::Debug for Undoable<'_, T, B, A, U, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Undoable").finish_non_exhaustive()
    }
}

impl<T, B, A, U, V> Future for Undoable<'_, T, B, A, U, V>
where
    A: Future<Output = ()>,
    V: Future<Output = ()>,
{
    type Output = Result<T, StepError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            if let Some(undoing) = this.undoing.as_mut().as_pin_mut() {
                ready!(undoing.poll(cx));
                this.undoing.set(None);
            }
            match ready!(this.run.as_mut().poll_step(cx)) {
                Came::Result(result) => return Poll::Ready(result),
                Came::Undo(attempt, output) => {
                    this.undoing.set(Some((this.undo_of)(this.undo, attempt, output)));
                }
            }
        }
    }
}
