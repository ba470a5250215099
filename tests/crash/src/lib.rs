//! An application that does everything an engine can lose: steps one after the other and together, waits, calls, events
//! that steps send, retries of steps and of functions. Every result follows from the number of the order, so that a
//! result that is torn or changed shows.

pub mod check;
pub mod depot;
pub mod harbour;
pub mod random;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use event_runtime::Meta;
use event_runtime::embedded::{Backoff, Embedded};
use event_runtime::prelude::*;

/// The life of an order.
#[domain_events]
pub enum OrderEvent {
    /// An order was placed.
    Placed {
        /// Its number.
        number: u32,
    },
    /// An order was paid.
    Paid {
        /// Its number.
        number: u32,
    },
    /// A price was asked for: calls a function.
    Priced {
        /// The number of the order.
        number: u32,
    },
    /// An order was shipped: a step sends it.
    Shipped {
        /// Its number.
        number: u32,
    },
}

registry! {
    /// Every event.
    pub ShopEvents = [OrderEvent];
}

functions! {
    /// Every function.
    pub ShopFunctions in ShopEvents = [Shop];
}

/// The execution of a body.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Effect {
    /// The id of the run.
    pub run: String,
    /// The event that started it.
    pub event: String,
    /// The step.
    pub step: &'static str,
    /// The steps whose results the function had seen before.
    pub saw: &'static [&'static str],
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.run, self.event, self.step)
    }
}

/// What is told of every execution of a body, at its beginning.
pub type OnEffect = dyn Fn(Effect) + Send + Sync;

/// The functions.
pub struct Shop {
    on_effect: Arc<OnEffect>,
}

/// What a step returns.
#[must_use]
pub fn result(number: u32, step: &str) -> u64 {
    u64::from(number) * 1_000 + step.bytes().map(u64::from).sum::<u64>()
}

impl Shop {
    fn effect(&self, meta: &Meta, step: &'static str, saw: &'static [&'static str]) {
        let (run, event) = (meta.run_id.to_string(), meta.event_id.clone());
        (self.on_effect)(Effect { run, event, step, saw });
    }
}

#[controller]
impl Shop {
    /// Steps one after the other, and together.
    #[function(id = "order-placed-pipeline")]
    async fn pipeline(&self, ctx: &Context<OrderPlaced>) -> Result<u64> {
        let number = ctx.event.number;
        let body = |step: &'static str, saw: &'static [&'static str]| {
            async move || {
                self.effect(&ctx.meta, step, saw);
                Ok(result(number, step))
            }
        };
        let reserved = ctx.step.run("reserve", body("reserve", &[])).await?;
        let charged = ctx.step.run("charge", body("charge", &["reserve"])).await?;
        ctx.step.sleep("cool-down", Duration::from_millis(2)).await?;
        let saw = &["reserve", "charge", "cool-down"];
        let (left, right) =
            tokio::join!(ctx.step.run("left", body("left", saw)), ctx.step.run("right", body("right", saw)));
        ctx.step.send("ship", OrderShipped { number }).await?;
        let saw = &["reserve", "charge", "cool-down", "left", "right", "ship"];
        let closed = ctx.step.run("close", body("close", saw)).await?;
        Ok(reserved + charged + left? + right? + closed)
    }

    /// Waits for an event, then calls a function.
    #[function(id = "order-placed-payment")]
    async fn payment(&self, ctx: &Context<OrderPlaced>) -> Result<u64> {
        let number = ctx.event.number;
        let paid = ctx.step.wait_for_event::<OrderPaid>("paid");
        let paid = paid.matching("async.data.number == event.data.number");
        let paid = paid.timeout(Duration::from_millis(20)).await?;
        if paid.is_some_and(|paid| paid.number != number) {
            return Err(Error::non_retriable(Error::msg("the payment is for another order")));
        }
        let price: u64 = ctx.step.invoke::<Price>("price", OrderPriced { number }).await?;
        let receipt = async || {
            self.effect(&ctx.meta, "receipt", &["paid", "price"]);
            Ok(result(number, "receipt"))
        };
        Ok(price + ctx.step.run("receipt", receipt).await?)
    }

    /// A step that fails at first, in a function that fails at first.
    #[function(id = "order-placed-flaky")]
    async fn flaky(&self, ctx: &Context<OrderPlaced>) -> Result<u64> {
        let number = ctx.event.number;
        let unsteady = async || {
            self.effect(&ctx.meta, "unsteady", &[]);
            if ctx.step.attempt() == 0 {
                return Err(Error::msg("not at first"));
            }
            Ok(result(number, "unsteady"))
        };
        let steady = ctx.step.run("unsteady", unsteady).await?;
        if ctx.meta.attempt == 0 {
            return Err(Error::msg("not at first either"));
        }
        Ok(steady)
    }

    /// What an order costs.
    #[function(id = "order-priced-price")]
    async fn price(&self, ctx: &Context<OrderPriced>) -> Result<u64> {
        let compute = async || {
            self.effect(&ctx.meta, "compute", &[]);
            Ok(result(ctx.event.number, "compute"))
        };
        Ok(ctx.step.run("compute", compute).await?)
    }

    /// Tells that an order was shipped.
    #[function(id = "order-shipped-notice")]
    async fn notice(&self, ctx: &Context<OrderShipped>) -> Result<u64> {
        let notify = async || {
            self.effect(&ctx.meta, "notify", &[]);
            Ok(result(ctx.event.number, "notify"))
        };
        Ok(ctx.step.run("notify", notify).await?)
    }

    /// Books a payment.
    #[function(id = "order-paid-ledger")]
    async fn ledger(&self, ctx: &Context<OrderPaid>) -> Result<u64> {
        let book = async || {
            self.effect(&ctx.meta, "book", &[]);
            Ok(result(ctx.event.number, "book"))
        };
        Ok(ctx.step.run("book", book).await?)
    }
}

/// An engine that is not started yet.
///
/// # Panics
///
/// Never: the application is whole.
pub fn engine(database: &Path, on_effect: Arc<OnEffect>) -> Embedded<ShopFunctions> {
    let app = App::<ShopFunctions>::builder("shop").provide(Shop { on_effect }).build();
    app.expect("everything is provided").embedded(database).backoff(Backoff::fixed(Duration::from_millis(1)))
}

/// A time, given in milliseconds since the Unix epoch.
#[must_use]
pub fn at(ms: i64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(ms.unsigned_abs())
}

/// A clock that is ahead of the time, and goes a second further whenever it is read: whatever is due is due at once.
#[derive(Debug)]
pub struct Hurry(std::sync::atomic::AtomicI64);

impl Hurry {
    /// Begins at this time, in milliseconds since the Unix epoch.
    #[must_use]
    pub const fn from(time: i64) -> Self {
        Self(std::sync::atomic::AtomicI64::new(time))
    }
}

impl Default for Hurry {
    fn default() -> Self {
        let soon = SystemTime::now() + Duration::from_hours(1);
        let since = soon.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self::from(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

impl event_runtime::clock::Clock for Hurry {
    fn now(&self) -> SystemTime {
        at(self.0.fetch_add(1_000, std::sync::atomic::Ordering::Relaxed))
    }
}
