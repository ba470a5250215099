//! The durable steps of a run.

mod kind;
mod run;
mod signal;
#[cfg(feature = "database")]
mod transaction;
mod waiting;

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

pub use kind::StepKind;
pub use run::{Run, Undoable};
pub use signal::Signal;
#[cfg(feature = "database")]
pub use transaction::OnDatabase;
pub(crate) use waiting::TOO_LONG;
pub use waiting::{Invoke, WaitForEvent, Waiting};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::emits::SentBy;
use super::machine::{
    InvokeRequest, MAX_WAIT_MS, Operation, Promises, Request, SignalRequest, StepOptions, WaitRequest,
    failed_attempts,
};
use super::{Error, Invocable, Result, StepError, encode_output};
use crate::clock::to_ms;
use crate::event::{Event, EventList, ListSentBy, Outgoing, Starts};
use crate::validate::{Issues, Path, Payload};

/// The durable steps of a run: `ctx.step`.
///
/// A step has an id, 1 to 255 bytes, under which its result is recorded. When a run is resumed, for example after the process has
/// died, the function runs again from the top, and every recorded step returns its result at once. So code outside steps must be
/// deterministic: it may depend only on the event and on the results of steps.
///
/// Steps are futures: `join!`, `try_join!`, `select!` and loops work as in any async code, and steps that are awaited
/// together run together. An id that is used again gets `:1`, `:2`, in the order of the calls.
///
/// A step is awaited in the function itself: in a spawned task, or in the body of another step, it is an error.
pub struct Step<F = ()> {
    promises: Arc<Promises>,
    function: PhantomData<fn() -> F>,
}

impl<F> fmt::Debug for Step<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Step").finish_non_exhaustive()
    }
}

/// A value that the body of a step may return: it can be recorded as JSON and read back. A value for which JSON has nothing but
/// `null` fails the step: a number that is not finite, or `Some(())`.
#[diagnostic::on_unimplemented(
    message = "the result of a step is recorded as JSON, and `{Self}` cannot be",
    label = "not known to serde",
    note = "derive `serde::Serialize` and `serde::Deserialize` for what it is made of, or return something else from the body"
)]
pub trait Output: Serialize + DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned> Output for T {}

impl<F> Step<F> {
    pub(crate) fn new(promises: Arc<Promises>) -> Self {
        Self { promises, function: PhantomData }
    }

    /// The error of a handler: one that comes from a step which has had its attempts is not retried.
    pub(crate) fn with_its_attempts(&self, error: Error) -> Error {
        if error.is_retried_by_default() && self.promises.is_of_failed_step(&error) {
            return Error::non_retriable(error);
        }
        error
    }

    /// Runs `body` and records its result: from then on the step returns this result and never runs again.
    ///
    /// A body that fails is retried on a clone of the closure, with the engine's back-off and as often as the function's `retries`
    /// say, unless the step has its own: [`retries`](Run::retries), [`backoff`](Run::backoff) and, for each attempt,
    /// [`timeout`](Run::timeout). After the last attempt the failure is recorded. A body must be idempotent: it runs again if the process dies after a side effect and before
    /// the result is recorded.
    ///
    /// # Errors
    ///
    /// [`StepError::Failed`] when the body failed for good. A body returns the runtime's [`Result`]; the result of
    /// a call with another error type is converted by `Ok(call().await?)`.
    ///
    /// ```
    /// use event_runtime::prelude::*;
    ///
    /// # #[domain_events]
    /// # pub enum OrderEvent {
    /// #     /// An order was placed.
    /// #     Placed { id: u64 },
    /// # }
    /// # async fn charge(_: u64) -> std::io::Result<String> { Ok("receipt".into()) }
    /// /// Charges for an order.
    /// #[function(id = "order-placed-charge")]
    /// async fn charge_order(ctx: &Context<OrderPlaced>) -> Result<String> {
    ///     let receipt = ctx.step.run("charge", async || Ok(charge(ctx.event.id).await?)).await?;
    ///     Ok(receipt)
    /// }
    /// ```
    pub fn run<'a, T, B>(
        &'a self,
        id: &str,
        body: B,
    ) -> Run<'a, T, B, impl Future<Output = ()> + use<T, B, F>>
    where
        T: Output,
        B: AsyncFnOnce() -> Result<T> + Clone,
    {
        let operation = Operation::new(&self.promises, id, Request::Run(StepOptions::default()));
        Run::new(operation, body, |body: &B, attempt| {
            let body = body.clone();
            attempt.run(async move { encode_output(&body().await?) })
        })
    }

    /// Returns the attempt of the step whose body is running: how often it has failed in this run, 0 at its first attempt. Attempts
    /// that ended with the process do not count. Outside of bodies it is 0.
    pub fn attempt(&self) -> u32 {
        failed_attempts(&self.promises)
    }

    /// Sleeps for `duration`, across restarts and without holding a thread. Fractions of a millisecond are cut off.
    ///
    /// # Errors
    ///
    /// [`StepError::Invalid`] when it is more than 366 days: Inngest's limit.
    pub fn sleep(&self, id: &str, duration: Duration) -> Waiting<'_, ()> {
        match waiting::wait_ms(duration) {
            Some(milliseconds) => self.wait(id, Request::Sleep(milliseconds)),
            None => {
                Waiting::new(Err(StepError::Invalid { step: id.to_owned(), message: TOO_LONG.to_owned() }))
            }
        }
    }

    /// Sleeps until `time`, across restarts. A time in the past returns at once.
    ///
    /// # Errors
    ///
    /// [`StepError::Invalid`] when it is more than 366 days away: Inngest's limit.
    pub fn sleep_until(&self, id: &str, time: SystemTime) -> Waiting<'_, ()> {
        // A time before the epoch has come as any other in the past; one after the year 292 million is too far away.
        self.wait(id, Request::SleepUntil(to_ms(time).max(0)))
    }

    /// Sends an event, exactly once: the record of this step and the event are stored together. Returns the event's id.
    ///
    /// # Errors
    ///
    /// [`StepError::Rejected`] when the event is not valid, [`StepError::Invalid`] when it is too large or not in the
    /// registry.
    pub fn send<E: SentBy<F>>(&self, id: &str, event: E) -> Waiting<'_, String> {
        let sent = Outgoing::new(event.into_envelope(), &Path::root());
        self.send_outgoing(id, sent.map(|event| vec![event]))
    }

    /// Sends events, exactly once and atomically. Returns their ids, in the order of the events.
    ///
    /// The events are of one type or of one set, as anything that can be iterated over, or of several, as a tuple of up to
    /// twelve: see [`Client::send_all`](crate::Client::send_all).
    ///
    /// ```
    /// use event_runtime::prelude::*;
    ///
    /// # #[domain_events]
    /// # pub enum OrderEvent {
    /// #     /// An order was placed.
    /// #     Placed { id: u64 },
    /// #     /// An order was packed.
    /// #     Packed { id: u64 },
    /// # }
    /// # #[domain_events]
    /// # pub enum InvoiceEvent {
    /// #     /// An invoice was sent.
    /// #     Sent { order: u64 },
    /// # }
    /// /// Packs an order, and tells whom it concerns.
    /// #[function(id = "order-placed-packing", emits(OrderPacked, InvoiceSent))]
    /// async fn pack(ctx: &Context<OrderPlaced>) -> Result<()> {
    ///     let OrderPlaced { id } = ctx.event;
    ///     ctx.step.send_all("tell", (OrderPacked { id }, InvoiceSent { order: id })).await?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub fn send_all<L, K>(&self, id: &str, events: L) -> Waiting<'_, Vec<String>>
    where
        L: EventList<K> + ListSentBy<F, K>,
    {
        self.send_outgoing(id, events.outgoing())
    }

    /// Waits for an event, also over restarts: the first that is sent after the step was recorded, and fits
    /// [`by_key`](WaitForEvent::by_key) and [`matching`](WaitForEvent::matching). Gives its payload, or `None` after the [`timeout`](WaitForEvent::timeout).
    ///
    /// # Errors
    ///
    /// [`StepError::Invalid`] when the expression of `matching` is not valid CEL, or reads a field that neither event has.
    ///
    /// ```
    /// use event_runtime::prelude::*;
    ///
    /// # #[domain_events]
    /// # pub enum OrderEvent {
    /// #     /// An order was placed.
    /// #     Placed { id: u64 },
    /// #     /// An order was paid.
    /// #     Paid { id: u64, cents: u64 },
    /// # }
    /// /// Waits for the payment of an order.
    /// #[function(id = "order-placed-payment-watch")]
    /// async fn watch(ctx: &Context<OrderPlaced>) -> Result<Option<u64>> {
    ///     let paid = ctx.step.wait_for_event::<OrderPaid>("paid");
    ///     let paid = paid.matching("async.data.id == event.data.id").timeout(Duration::from_hours(72)).await?;
    ///     Ok(paid.map(|paid| paid.cents))
    /// }
    /// ```
    pub fn wait_for_event<E: Event>(&self, id: &str) -> WaitForEvent<'_, E> {
        let request = WaitRequest { event: E::NAME, condition: None, timeout_ms: MAX_WAIT_MS };
        WaitForEvent::new(self.wait(id, Request::Wait(Arc::new(request))))
    }

    /// Waits for a signal, also over restarts: somebody who has its [`token`](Signal::token) completes it, once, with a value. Gives
    /// the value, or `None` after the [`timeout`](Signal::timeout).
    ///
    /// The token is there before the step is awaited, so that it can be sent to somebody in an earlier step. A signal that is completed
    /// before the wait begins is not lost. Who has the token calls [`Engine::signal`](crate::embedded::Engine::signal), or sends JSON to
    /// the router of [`Signals`](crate::Signals).
    ///
    /// # Errors
    ///
    /// [`StepError::Invalid`] when what was received is not valid for `T`: it was sent as another type.
    ///
    /// ```
    /// use event_runtime::prelude::*;
    ///
    /// # #[domain_events]
    /// # pub enum OrderEvent {
    /// #     /// An order was placed.
    /// #     Placed { id: u64 },
    /// # }
    /// # async fn mail(link: String) -> std::io::Result<()> { let _ = link; Ok(()) }
    /// /// Who has approved.
    /// #[payload]
    /// pub struct Approval {
    ///     #[validate(length(min = 1))]
    ///     by: String,
    /// }
    ///
    /// /// Asks for the approval of an order.
    /// #[function(id = "order-placed-approval")]
    /// async fn approve(ctx: &Context<OrderPlaced>) -> Result<Option<String>> {
    ///     let approval = ctx.step.signal::<Approval>("approval");
    ///     let link = format!("https://shop.example.com/approve/{}", approval.token());
    ///     ctx.step.run("ask", async || Ok(mail(link.clone()).await?)).await?;
    ///     let approval = approval.timeout(Duration::from_hours(72)).await?;
    ///     Ok(approval.map(|approval| approval.by))
    /// }
    /// ```
    pub fn signal<T: Payload>(&self, id: &str) -> Signal<'_, T> {
        let request = |name| Request::Signal(SignalRequest { name, timeout_ms: MAX_WAIT_MS });
        let mut operation = Operation::new(&self.promises, id, request("".into()));
        let (name, token) = self.promises.signal(operation.names());
        if let Some(asked) = operation.request_mut() {
            *asked = request(name);
        }
        Signal::new(Waiting::new(Ok(operation)), token)
    }

    /// Calls another function of the application, or one of another application that [`foreign!`](crate::foreign) declares, with an event, and waits for its result, also over restarts. The event
    /// starts nothing but this function.
    ///
    /// # Errors
    ///
    /// [`StepError::Failed`] when the function failed for good, was cancelled, or took longer than the
    /// [`timeout`](Invoke::timeout); [`StepError::Rejected`] when the event is not valid; [`StepError::Invalid`] when
    /// the application does not list the function.
    ///
    /// ```
    /// use event_runtime::prelude::*;
    ///
    /// # #[domain_events]
    /// # pub enum OrderEvent {
    /// #     /// An order was placed.
    /// #     Placed { id: u64 },
    /// #     /// An order was priced.
    /// #     Priced { id: u64 },
    /// # }
    /// /// What an order costs.
    /// #[function(id = "order-priced-total")]
    /// async fn total(ctx: &Context<OrderPriced>) -> Result<u64> {
    ///     Ok(ctx.event.id * 100)
    /// }
    ///
    /// /// Confirms an order.
    /// #[function(id = "order-placed-confirmation")]
    /// async fn confirm(ctx: &Context<OrderPlaced>) -> Result<u64> {
    ///     let cents: u64 = ctx.step.invoke::<Total>("total", OrderPriced { id: ctx.event.id }).await?;
    ///     Ok(cents)
    /// }
    /// ```
    pub fn invoke<C: Invocable<Output: DeserializeOwned>>(
        &self,
        id: &str,
        event: impl Starts<C::Trigger>,
    ) -> Invoke<'_, C::Output> {
        let waiting = match Outgoing::new(event.into_envelope(), &Path::root()) {
            Ok(event) => {
                let request = InvokeRequest { app: C::APP, function: C::ID, event, timeout_ms: MAX_WAIT_MS };
                self.wait(id, Request::Invoke(Arc::new(request)))
            }
            Err(issues) => Waiting::new(Err(StepError::Rejected { step: id.to_owned(), issues })),
        };
        Invoke::new(waiting)
    }

    fn send_outgoing<T>(&self, id: &str, events: Result<Vec<Outgoing>, Issues>) -> Waiting<'_, T> {
        match events {
            Ok(events) => self.wait(id, Request::Send(events.into())),
            Err(issues) => Waiting::new(Err(StepError::Rejected { step: id.to_owned(), issues })),
        }
    }

    fn wait<T>(&self, id: &str, request: Request) -> Waiting<'_, T> {
        Waiting::new(Ok(Operation::new(&self.promises, id, request)))
    }
}

/// Steps whose events have no type: for tests of hosts.
#[cfg(test)]
impl Step {
    pub(crate) fn wait_for_raw(
        &self,
        id: &str,
        event: &'static str,
        condition: &str,
        timeout: Duration,
    ) -> Waiting<'_, Raw> {
        let request = WaitRequest {
            event,
            condition: Some(condition.to_owned()),
            timeout_ms: waiting::wait_ms(timeout).unwrap_or(MAX_WAIT_MS),
        };
        self.wait(id, Request::Wait(Arc::new(request)))
    }

    pub(crate) fn invoke_raw(&self, id: &str, function: &'static str, event: Outgoing) -> Waiting<'_, Raw> {
        let request = InvokeRequest { app: None, function, event, timeout_ms: MAX_WAIT_MS };
        self.wait(id, Request::Invoke(Arc::new(request)))
    }

    pub(crate) fn send_raw(&self, id: &str, event: Outgoing) -> Waiting<'_, Vec<String>> {
        self.wait(id, Request::Send([event].into()))
    }
}

#[cfg(test)]
pub(crate) use waiting::Raw;
