//! A handler by itself: without an application, an engine or a store.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use super::engine::outgoing;
use crate::event::{IntoEnvelope, Metadata, Reading, Trigger};
use crate::function::{Alone, Context, Invocation, Meta, Step};

/// Calls a handler with an event, and returns its result.
///
/// Step bodies run once; a sleep ends at once; a wait ends without an event; events that are sent go nowhere. A handler that calls
/// another function, or has options that matter, is tested with a [`TestEngine`](super::TestEngine).
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
///         Ok(ctx.step.run("price", async || Ok(self.cents * ctx.event.id)).await?)
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let prices = Prices { cents: 100 };
/// let price = call(OrderPlaced { id: 3 }, async |ctx| prices.price(ctx).await).await;
/// assert_eq!(price.unwrap(), 300);
/// # }
/// ```
///
/// A handler that wants metadata, `&Context<OrderPlaced, AppMeta>`, is called with `OrderPlaced { .. }.with_meta(AppMeta { .. })`.
///
/// # Panics
///
/// When the event is not valid, or the handler takes it as part of a batch and does not read it.
pub async fn call<T: Trigger, M: Metadata, R>(
    event: impl IntoEnvelope<Meta = M>,
    handler: impl AsyncFnOnce(&Context<T, M>) -> R,
) -> R {
    let envelope = event.into_envelope();
    let app = envelope.meta.clone();
    let event = outgoing(envelope).seal(|| "the-event".to_owned(), super::engine::BEGIN);
    let alone = Alone::default();
    let invocation = Invocation {
        promises: alone.promises(),
        events: Arc::from([Arc::new(event)]),
        run_id: "the-run".into(),
        attempt: 0,
        function: "a-handler-alone",
        reading: Reading::Sent,
    };
    let event = match T::decode(&invocation.events, invocation.reading) {
        Ok(event) => event,
        Err(issues) => panic!("the handler cannot be called with this event: {issues}"),
    };
    let meta = match Meta::new(&invocation, app) {
        Ok(meta) => meta,
        Err(error) => panic!("{error}"),
    };
    let ctx = Context { event, meta, step: Step::new(invocation.promises) };
    let mut running = pin!(handler(&ctx));
    poll_fn(|cx| {
        loop {
            if let Poll::Ready(result) = alone.enter(|| running.as_mut().poll(cx)) {
                return Poll::Ready(result);
            }
            if !alone.answer() {
                return Poll::Pending;
            }
        }
    })
    .await
}
