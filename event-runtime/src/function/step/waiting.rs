//! Steps without a body: futures that wait for what the host records.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::event::{Event, KeyOf, Keyed, RawEnvelope};
use crate::function::StepError;
use crate::function::machine::{Answer, MAX_WAIT_MS, Operation, Request};

/// A future that waits for the recorded result of a step.
#[must_use = "a step does nothing until it is awaited"]
pub struct Waiting<'a, T> {
    /// The operation, or why there is none.
    operation: Result<Operation, StepError>,
    step: PhantomData<&'a ()>,
    result: PhantomData<fn() -> T>,
}

impl<T> Waiting<'_, T> {
    pub(super) fn new(operation: Result<Operation, StepError>) -> Self {
        Self { operation, step: PhantomData, result: PhantomData }
    }

    /// Changes what is asked for. `with` says what is wrong if it cannot.
    fn change(&mut self, with: impl FnOnce(&mut Request) -> Result<(), &'static str>) {
        change(&mut self.operation, with);
    }

    /// Sets how long it waits at most, in whole milliseconds.
    pub(super) fn set_timeout(&mut self, timeout: Duration) {
        self.change(|request| {
            let milliseconds = wait_ms(timeout).ok_or(TOO_LONG)?;
            match request {
                Request::Wait(request) => Arc::make_mut(request).timeout_ms = milliseconds,
                Request::Invoke(request) => Arc::make_mut(request).timeout_ms = milliseconds,
                Request::Signal(request) => request.timeout_ms = milliseconds,
                Request::Run(_) | Request::Sleep(_) | Request::SleepUntil(_) | Request::Send(_) => {
                    return Err("has no timeout");
                }
            }
            Ok(())
        });
    }

    /// `receive` decodes the recorded result. It is given as a value, so that a type that cannot be received is an error where the
    /// step is made, and not again where it is awaited.
    pub(super) fn poll_with(
        &mut self,
        cx: &mut Context<'_>,
        receive: impl FnOnce(&Operation, &str) -> Result<T, StepError>,
    ) -> Poll<Result<T, StepError>> {
        let operation = match &mut self.operation {
            Ok(operation) => operation,
            Err(problem) => return Poll::Ready(Err(problem.clone())),
        };
        operation.poll_answer(cx).map(|answer| match answer {
            Answer::Done(result) => result.and_then(|json: Arc<str>| receive(operation, &json)),
            Answer::Go(_) | Answer::Undo(..) => Err(operation
                .invalid("was told to run its body, and has none: this is a fault of the host".to_owned())),
        })
    }
}

/// Changes what is asked for, unless the step is invalid already. `with` says what is wrong if it cannot.
pub(super) fn change(
    operation: &mut Result<Operation, StepError>,
    with: impl FnOnce(&mut Request) -> Result<(), &'static str>,
) {
    let Ok(asked) = operation else { return };
    let changed = match asked.request_mut() {
        Some(request) => with(request),
        None => Err("was changed after it was first awaited: set what it waits for before"),
    };
    if let Err(problem) = changed {
        *operation = Err(asked.invalid(problem.to_owned()));
    }
}

impl<T> fmt::Debug for Waiting<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiting").finish_non_exhaustive()
    }
}

impl<T: Received> Future for Waiting<'_, T> {
    type Output = Result<T, StepError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.poll_with(cx, T::receive)
    }
}

/// The value of a waiting step, decoded from its recorded result.
trait Received: Sized {
    fn receive(operation: &Operation, json: &str) -> Result<Self, StepError>;
}

impl Received for () {
    fn receive(_: &Operation, _: &str) -> Result<Self, StepError> {
        Ok(())
    }
}

impl Received for Vec<String> {
    fn receive(operation: &Operation, json: &str) -> Result<Self, StepError> {
        operation.decode(json)
    }
}

impl Received for String {
    fn receive(operation: &Operation, json: &str) -> Result<Self, StepError> {
        let id = operation.decode::<Vec<Self>>(json)?.pop();
        id.ok_or_else(|| {
            operation.invalid("was recorded without the id of the event that it sends".to_owned())
        })
    }
}

/// The JSON of a result, as it was recorded.
#[cfg(test)]
#[derive(Debug)]
pub(crate) struct Raw(pub(crate) String);

#[cfg(test)]
impl Received for Raw {
    fn receive(_: &Operation, json: &str) -> Result<Self, StepError> {
        Ok(Self(json.to_owned()))
    }
}

/// A step that waits for an event: a future of the event's payload, or `None` after the timeout. See
/// [`Step::wait_for_event`](super::Step::wait_for_event).
#[must_use = "a step does nothing until it is awaited"]
pub struct WaitForEvent<'a, E> {
    waiting: Waiting<'a, Option<E>>,
    receive: fn(&Operation, &str) -> Result<Option<E>, StepError>,
}

impl<E> fmt::Debug for WaitForEvent<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitForEvent").finish_non_exhaustive()
    }
}

impl<'a, E: Event> WaitForEvent<'a, E> {
    pub(super) fn new(waiting: Waiting<'a, Option<E>>) -> Self {
        Self { waiting, receive: receive_event }
    }
}

impl<E> WaitForEvent<'_, E> {
    /// Waits only for an event for which this CEL expression is true. In it `event` is the event that started the run, and
    /// `async` the one that has come: `async.data.id == event.data.id`. An expression that compares a field of `async` for
    /// equality is looked up in an index: it costs the same with a million runs that wait.
    /// In a literal, fields that the events do not have are errors of the compiler; in any other expression they are an error of
    /// the step in the embedded engine and in the test kit.
    /// At most 4,096 bytes; a longer one is an error of the step. With several conditions all must hold. A
    /// comparison of keys is [`by_key`](Self::by_key).
    pub fn matching(mut self, expression: impl Into<String>) -> Self {
        self.only_if(expression.into(), TOO_LONG_TO_MATCH);
        self
    }

    /// Waits only for an event with this key: see [`key`](crate::key). With [`matching`](Self::matching) as well, both must
    /// hold.
    ///
    /// An event without a key is an error of the compiler, and so is a key of another kind, such as a text where the event
    /// has a number.
    ///
    /// ```
    /// use event_runtime::prelude::*;
    ///
    /// # #[domain_events]
    /// # pub enum OrderEvent {
    /// #     /// An order was placed.
    /// #     Placed {
    /// #         #[event(key)]
    /// #         id: u64,
    /// #     },
    /// #     /// An order was paid.
    /// #     Paid {
    /// #         #[event(key)]
    /// #         order_id: u64,
    /// #         cents: u64,
    /// #     },
    /// # }
    /// /// Waits for the payment of an order.
    /// #[function(id = "order-placed-payment-watch")]
    /// async fn watch(ctx: &Context<OrderPlaced>) -> Result<Option<u64>> {
    ///     let paid = ctx.step.wait_for_event::<OrderPaid>("paid").by_key(ctx.event.key());
    ///     Ok(paid.timeout(Duration::from_hours(72)).await?.map(|paid| paid.cents))
    /// }
    /// ```
    pub fn by_key(mut self, key: KeyOf<E>) -> Self
    where
        E: Keyed,
    {
        self.only_if(key.condition(E::DESCRIPTOR.key), TOO_LONG_A_KEY);
        self
    }

    /// Adds a condition to those that an event must meet.
    fn only_if(&mut self, condition: String, too_long: &'static str) {
        self.waiting.change(|request| {
            let Request::Wait(request) = request else { return Err("does not wait for an event") };
            let condition = match request.condition.as_deref() {
                Some(earlier) => format!("({earlier}) && ({condition})"),
                None => condition,
            };
            if condition.len() > MAX_EXPRESSION_BYTES {
                return Err(too_long);
            }
            Arc::make_mut(request).condition = Some(condition);
            Ok(())
        });
    }

    /// Sets the timeout; 366 days unless set. A longer one is an error of the step.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.waiting.set_timeout(timeout);
        self
    }
}

impl<E> Future for WaitForEvent<'_, E> {
    type Output = Result<Option<E>, StepError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let receive = self.receive;
        self.waiting.poll_with(cx, receive)
    }
}

fn receive_event<E: Event>(operation: &Operation, json: &str) -> Result<Option<E>, StepError> {
    let Some(event) = operation.decode::<Option<RawEnvelope>>(json)? else { return Ok(None) };
    match E::parse_version(event.v.unwrap_or(1), event.data.get()) {
        Ok(payload) => Ok(Some(payload)),
        Err(issues) => {
            Err(operation.undecodable(format!("has received an event that is not valid: {issues}")))
        }
    }
}

/// A step that calls a function: a future of the function's result. See [`Step::invoke`](super::Step::invoke).
#[must_use = "a step does nothing until it is awaited"]
pub struct Invoke<'a, T> {
    waiting: Waiting<'a, T>,
    receive: fn(&Operation, &str) -> Result<T, StepError>,
}

impl<T> fmt::Debug for Invoke<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Invoke").finish_non_exhaustive()
    }
}

impl<'a, T: DeserializeOwned> Invoke<'a, T> {
    pub(super) fn new(waiting: Waiting<'a, T>) -> Self {
        Self { waiting, receive: Operation::decode }
    }
}

impl<T> Invoke<'_, T> {
    /// Sets the timeout, after which the step fails; 366 days unless set, and a longer one is an error of the step. The function that
    /// was called keeps running.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.waiting.set_timeout(timeout);
        self
    }
}

impl<T> Future for Invoke<'_, T> {
    type Output = Result<T, StepError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let receive = self.receive;
        self.waiting.poll_with(cx, receive)
    }
}

/// The milliseconds of a wait, unless they are more than the longest one.
pub(super) fn wait_ms(duration: Duration) -> Option<u64> {
    u64::try_from(duration.as_millis()).ok().filter(|milliseconds| *milliseconds <= MAX_WAIT_MS)
}

/// The longest expression of `matching`, in bytes.
const MAX_EXPRESSION_BYTES: usize = 4_096;

/// The error of a step that waits with a longer one.
const TOO_LONG_TO_MATCH: &str = "waits with an expression of more than 4,096 bytes: compare a field of the event that started the run, \
    `async.data.id == event.data.id`, instead of listing values";

/// The error of a step that waits with a longer key.
const TOO_LONG_A_KEY: &str = "waits for a key that makes an expression of more than 4,096 bytes: what is that long is text, and not a key";

/// The error of a step that would wait for more than the longest wait.
pub(crate) const TOO_LONG: &str =
    "waits for more than 366 days, the longest time: wait several times, or start a function by `cron`";
