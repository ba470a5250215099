//! A handler by itself: without an application, an engine or a store.

use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use serde::Serialize;

use super::engine::{BEGIN, outgoing};
use super::mock::{MockTable, value_of};
use crate::engine::execution::Mocks;
use crate::event::{
    Cron, EventList, FAILURE_EVENT, FailureData, FailureError, IntoEnvelope, Metadata, RawEnvelope, Reading,
    Trigger,
};
use crate::function::{Alone, Context, Error, Failure, Invocation, Meta, Outcome, Step};
use crate::validate::{Issues, Path};

/// The id of the function in messages and in `ctx.meta`.
const FUNCTION: &str = "a-handler-alone";

/// Calls a handler with what starts it, and gives what it returns: a future, on which steps can be mocked first.
///
/// What starts a handler is an event; for a [`Batch`](crate::Batch) a list of events, as
/// [`send_all`](crate::Client::send_all) takes it; for a [`Cron`] what [`cron`] makes; for a [`Failed`](crate::Failed) what [`failure`]
/// makes. An [`Either`](crate::Either) takes what one of its sides does.
///
/// Bodies of steps run once; a sleep is over at once; a wait ends without an event; events that are sent go nowhere; a function that
/// is called must be mocked. What has options that matter is tested with a [`TestEngine`](super::TestEngine).
///
/// ```
/// use event_runtime::prelude::*;
/// use event_runtime::testing::call;
///
/// # /// The life of an order.
/// # #[domain_events]
/// # pub enum OrderEvent {
/// #     /// An order was placed.
/// #     Placed { id: u64 },
/// # }
/// /// Prices orders.
/// pub struct Prices {
///     cents: u64,
/// }
///
/// #[controller]
/// impl Prices {
///     /// Prices an order.
///     #[function(id = "order-placed-pricing")]
///     async fn price(&self, ctx: &Context<OrderPlaced>) -> Result<u64> {
///         let rate = ctx.step.run("rate", async || Ok(2)).await?;
///         Ok(ctx.step.run("price", async || Ok(self.cents * rate * ctx.event.id)).await?)
///     }
///
///     /// Prices several at once.
///     #[function(id = "order-placed-batch-pricing", batch(max_size = 10, timeout = "1s"))]
///     async fn price_all(&self, ctx: &Context<Batch<OrderPlaced>>) -> Result<u64> {
///         Ok(ctx.event.iter().map(|order| self.cents * order.id).sum())
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let prices = Prices { cents: 100 };
/// let price = call(OrderPlaced { id: 3 }, async |ctx| prices.price(ctx).await).mock_step("rate", &1).await;
/// assert_eq!(price.unwrap(), 300);
///
/// let both = [OrderPlaced { id: 1 }, OrderPlaced { id: 2 }];
/// assert_eq!(call(both, async |ctx| prices.price_all(ctx).await).await.unwrap(), 300);
/// # }
/// ```
///
/// A handler that wants metadata, `&Context<OrderPlaced, AppMeta>`, is called with `OrderPlaced { .. }.with_meta(AppMeta { .. })`, or with
/// [`with_meta`](Call::with_meta) for everything that starts it.
///
/// # Panics
///
/// When an event is not valid, or lacks the metadata that the handler wants. When it is awaited, and an event is not one that starts the handler, or the handler has not asked for a
/// step that was mocked.
#[must_use = "the handler is called when this is awaited"]
pub fn call<'a, K, T: Trigger, M: Metadata + 'a, F: 'a, R: 'a>(
    start: impl Starts<K>,
    handler: impl AsyncFnOnce(&Context<T, M, F>) -> R + 'a,
) -> Call<'a, R> {
    let events = start.events();
    let run = Box::new(|invoked: Invoked| -> Running<'a, R> {
        Box::pin(async move { invoked.call(handler).await })
    });
    Call { invoked: Invoked { events, attempt: 0, mocks: MockTable::default(), find: None }, run }
}

/// A handler that is called when this is awaited. Made by [`call`].
#[must_use = "the handler is called when this is awaited"]
pub struct Call<'a, R> {
    invoked: Invoked,
    run: Box<dyn FnOnce(Invoked) -> Running<'a, R> + 'a>,
}

/// A handler that is being called.
type Running<'a, R> = Pin<Box<dyn Future<Output = R> + 'a>>;

impl<R> fmt::Debug for Call<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("events", &self.invoked.events).finish_non_exhaustive()
    }
}

impl<R> Call<'_, R> {
    /// Lets a step give `value` instead of what it would do: of an `invoke` the result of the function, of a `wait_for_event` the
    /// event in its envelope or `null`.
    ///
    /// # Panics
    ///
    /// When the value cannot be written as JSON.
    pub fn mock_step(mut self, step: &str, value: &impl Serialize) -> Self {
        self.invoked.mock(step, value_of(value));
        self
    }

    /// Lets a step fail for good: with a message, or with an error that was made by [`Error::typed`].
    pub fn mock_failure(mut self, step: &str, error: impl Into<Error>) -> Self {
        self.invoked.mock(step, Outcome::Failed(Failure::of(&error.into(), 1)));
        self
    }

    /// Sets the metadata of what starts the handler, where it brings none.
    ///
    /// # Panics
    ///
    /// When it is not valid.
    #[allow(clippy::needless_pass_by_value, reason = "it is made for this call")]
    pub fn with_meta(mut self, meta: impl Metadata) -> Self {
        let mut issues = Issues::new();
        let json = meta.write(&Path::root(), &mut issues);
        assert!(issues.is_empty(), "the metadata is not valid: {issues}");
        for event in &mut self.invoked.events {
            event.meta = event.meta.take().or_else(|| json.clone());
        }
        self
    }

    /// Sets `ctx.meta.attempt`, the failed attempts of the function before. Default: 0.
    pub fn attempt(mut self, attempt: u32) -> Self {
        self.invoked.attempt = attempt;
        self
    }
}

impl<'a, R> IntoFuture for Call<'a, R> {
    type Output = R;
    type IntoFuture = Running<'a, R>;

    fn into_future(self) -> Self::IntoFuture {
        (self.run)(self.invoked)
    }
}

/// What a handler is called with.
struct Invoked {
    events: Vec<RawEnvelope>,
    attempt: u32,
    mocks: MockTable,
    find: Option<Mocks>,
}

impl Invoked {
    fn mock(&mut self, step: &str, outcome: Outcome) {
        self.find = Some(self.mocks.set(FUNCTION, step, outcome));
    }

    async fn call<T: Trigger, M: Metadata, F, R>(
        self,
        handler: impl AsyncFnOnce(&Context<T, M, F>) -> R,
    ) -> R {
        let Self { events, attempt, mocks, find } = self;
        let alone = Alone::new(|step: &str| find.as_ref().and_then(|find| find(step)));
        let invocation = Invocation {
            promises: alone.promises(),
            events: events.into_iter().map(Arc::new).collect(),
            run_id: "the-run".into(),
            attempt,
            function: FUNCTION,
            means: None,
            reading: Reading::Stored,
        };
        let event = match T::decode(&invocation.events, invocation.reading) {
            Ok(event) => event,
            Err(issues) => panic!("the handler cannot be called with this event: {issues}"),
        };
        let first = invocation.events.first();
        let app = match M::read(first.and_then(|event| event.meta.as_deref()), Reading::Sent) {
            Ok(app) => app,
            Err(issues) => panic!("the handler cannot be called with this metadata: {issues}"),
        };
        let meta = match Meta::new(&invocation, app) {
            Ok(meta) => meta,
            Err(error) => panic!("{error}"),
        };
        let ctx = Context { event, meta, step: Step::new(invocation.promises) };
        let mut running = pin!(handler(&ctx));
        let result = poll_fn(|cx| {
            loop {
                if let Poll::Ready(result) = alone.enter(|| running.as_mut().poll(cx)) {
                    return Poll::Ready(result);
                }
                if !alone.answer() {
                    return Poll::Pending;
                }
            }
        })
        .await;
        match mocks.unasked() {
            Some(unasked) => panic!("{unasked}"),
            None => result,
        }
    }
}

/// What starts a handler: an event, a list of events, a time or a failure. `Kind` is inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` starts no function",
    label = "neither an event, nor a list of events, a cron or a failure",
    note = "write the payload of an event, several for a batch, `cron(\"0 3 * * *\")`, or `failure(event, \"message\")`"
)]
pub trait Starts<Kind> {
    /// The events.
    #[doc(hidden)]
    fn events(self) -> Vec<RawEnvelope>;
}

/// The kind of what is one event.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::exhaustive_enums, reason = "it stands in types alone")]
pub enum OneEvent {}

/// The kind of what is a batch.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::exhaustive_structs, reason = "it stands in types alone")]
pub struct SeveralEvents<K>(K);

impl<E: IntoEnvelope> Starts<OneEvent> for E {
    fn events(self) -> Vec<RawEnvelope> {
        vec![outgoing(self).seal(|| "the-event".to_owned(), BEGIN)]
    }
}

impl<K, L: EventList<K>> Starts<SeveralEvents<K>> for L {
    fn events(self) -> Vec<RawEnvelope> {
        let events = match self.outgoing() {
            Ok(events) => events,
            Err(issues) => panic!("the events are not valid: {issues}"),
        };
        (1..).zip(events).map(|(number, event)| event.seal(|| format!("event-{number}"), BEGIN)).collect()
    }
}

/// A time, or a failure, that starts a handler. Made by [`cron`] and [`failure`].
#[derive(Debug, Clone)]
pub struct Occasion(RawEnvelope);

impl Occasion {
    fn new(name: &str, data: &impl Serialize) -> Self {
        let data = serde_json::value::to_raw_value(data).expect("it is written as JSON");
        Self(RawEnvelope {
            id: "the-event".to_owned(),
            name: name.to_owned(),
            data,
            ts: BEGIN,
            v: None,
            user: None,
            traceparent: None,
            cause: None,
            meta: None,
        })
    }
}

impl Starts<Occasion> for Occasion {
    fn events(self) -> Vec<RawEnvelope> {
        vec![self.0]
    }
}

/// The time of a cron, for [`call`]: the handler finds the expression in `ctx.event.cron`.
///
/// ```
/// use event_runtime::prelude::*;
/// use event_runtime::testing::{call, cron};
///
/// /// Cleans up.
/// #[function(id = "nightly-clean-up", cron = "0 3 * * *")]
/// async fn clean_up(ctx: &Context<Cron>) -> Result<String> {
///     Ok(ctx.event.cron.clone())
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// assert_eq!(call(cron("0 3 * * *"), clean_up).await.unwrap(), "0 3 * * *");
/// # }
/// ```
pub fn cron(expression: &str) -> Occasion {
    Occasion::new(Cron::EVENT, &serde_json::json!({ "cron": expression }))
}

/// The failure of a run that was started by this, for [`call`] of a handler of failures.
///
/// ```
/// use event_runtime::prelude::*;
/// use event_runtime::testing::{call, failure};
///
/// # /// The life of an order.
/// # #[domain_events]
/// # pub enum OrderEvent {
/// #     /// An order was placed.
/// #     Placed { id: u64 },
/// # }
/// /// Is told of failures.
/// #[function(id = "order-placed-apology")]
/// async fn apologise(ctx: &Context<Failed<OrderPlaced>>) -> Result<String> {
///     Ok(format!("order {}: {}", ctx.event.event.id, ctx.event.error))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let said = call(failure(OrderPlaced { id: 7 }, "no luck"), apologise).await;
/// assert_eq!(said.unwrap(), "order 7: no luck");
/// # }
/// ```
///
/// # Panics
///
/// When the event is not valid.
pub fn failure<K>(start: impl Starts<K>, message: &str) -> Occasion {
    let raw =
        |event: &RawEnvelope| serde_json::value::to_raw_value(event).expect("an event is written as JSON");
    let events: Vec<_> = start.events().iter().map(raw).collect();
    let data = FailureData {
        function_id: "the-function".into(),
        run_id: "the-failed-run".into(),
        error: FailureError { name: "Error".into(), message: message.into() },
        event: events.first().cloned().unwrap_or_default(),
        events: if events.len() > 1 { events } else { Vec::new() },
    };
    Occasion::new(FAILURE_EVENT, &data)
}
