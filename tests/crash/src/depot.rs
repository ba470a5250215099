//! An application whose runs can be left in every state in which a run can be: for databases that outlive their version.

use std::path::Path;
use std::sync::{Arc, Mutex};

use event_runtime::embedded::{Backoff, Embedded, Retention};
use event_runtime::prelude::*;

/// The life of a parcel.
#[domain_events]
pub enum ParcelEvent {
    /// A parcel has arrived.
    Arrived {
        /// Its number.
        number: u32,
    },
    /// A parcel was delivered: somebody waits for that.
    #[event(unhandled)]
    Delivered {
        /// Its number.
        number: u32,
    },
    /// A price was asked for: calls a function.
    Priced {
        /// The number of the parcel.
        number: u32,
    },
    /// A parcel was weighed: debounced.
    Weighed {
        /// Its number.
        number: u32,
    },
    /// A parcel was sorted: gathered in batches.
    Sorted {
        /// Its number.
        number: u32,
    },
    /// A parcel was loaded: throttled.
    Loaded {
        /// Its number.
        number: u32,
    },
    /// A parcel was locked away: one at a time.
    Locked {
        /// Its number.
        number: u32,
    },
    /// A parcel was lost: cancels.
    #[event(unhandled)]
    Lost {
        /// Its number.
        number: u32,
    },
}

registry! {
    /// Every event.
    pub DepotEvents = [ParcelEvent];
}

functions! {
    /// Every function.
    pub DepotFunctions in DepotEvents = [Depot];
}

/// The functions.
pub struct Depot {
    /// Bodies that are to be in flight for ever are.
    hold: bool,
    bodies: Bodies,
}

/// The bodies that were executed: the function, the step and the number of the parcel.
pub type Bodies = Arc<Mutex<Vec<String>>>;

/// When fixtures are written: 25 November 2026, in milliseconds since the Unix epoch.
pub const WRITTEN: i64 = 1_795_564_800_000;

const HOUR: Duration = Duration::from_hours(1);

impl Depot {
    fn body(&self, what: &str, number: u32) -> u32 {
        self.bodies.lock().map(|mut bodies| bodies.push(format!("{what} {number}"))).unwrap_or_default();
        number
    }
}

#[controller]
impl Depot {
    /// The body of its second step is in flight.
    #[function(id = "parcel-arrived-open")]
    async fn open(&self, ctx: &Context<ParcelArrived>) -> Result<u32> {
        let number = ctx.event.number;
        let first = ctx.step.run("first", async || Ok(self.body("open first", number))).await?;
        let second = async || {
            if self.hold {
                std::future::pending::<()>().await;
            }
            Ok(self.body("open second", number))
        };
        Ok(first + ctx.step.run("second", second).await?)
    }

    /// Sleeps.
    #[function(id = "parcel-arrived-sleeping")]
    async fn sleeping(&self, ctx: &Context<ParcelArrived>) -> Result<u32> {
        let number = ctx.event.number;
        let before = ctx.step.run("before", async || Ok(self.body("sleeping before", number))).await?;
        ctx.step.sleep("sleep", HOUR).await?;
        Ok(before + ctx.step.run("after", async || Ok(self.body("sleeping after", number))).await?)
    }

    /// Waits for an event.
    #[function(id = "parcel-arrived-waiting")]
    async fn waiting(&self, ctx: &Context<ParcelArrived>) -> Result<Option<u32>> {
        let delivered = ctx.step.wait_for_event::<ParcelDelivered>("delivered");
        let delivered = delivered.matching("async.data.number == event.data.number").timeout(HOUR * 24 * 300);
        Ok(delivered.await?.map(|delivered| delivered.number))
    }

    /// Waits for another function.
    #[function(id = "parcel-arrived-calling")]
    async fn calling(&self, ctx: &Context<ParcelArrived>) -> Result<u32> {
        Ok(ctx.step.invoke::<Pricing>("price", ParcelPriced { number: ctx.event.number }).await?)
    }

    /// What a parcel costs.
    #[function(id = "parcel-priced-pricing")]
    async fn pricing(&self, ctx: &Context<ParcelPriced>) -> Result<u32> {
        ctx.step.sleep("think", HOUR).await?;
        Ok(ctx.event.number * 100)
    }

    /// A step has failed, and is tried again later.
    #[function(id = "parcel-arrived-retrying")]
    async fn retrying(&self, ctx: &Context<ParcelArrived>) -> Result<u32> {
        let number = ctx.event.number;
        let flaky = async || {
            if ctx.step.attempt() == 0 {
                return Err(Error::msg("not at first").retry_after(HOUR));
            }
            Ok(self.body("retrying flaky", number))
        };
        Ok(ctx.step.run("flaky", flaky).await?)
    }

    /// The function has failed, and is tried again later.
    #[function(id = "parcel-arrived-starting-over")]
    async fn starting_over(&self, ctx: &Context<ParcelArrived>) -> Result<u32> {
        let number = ctx.event.number;
        let kept = ctx.step.run("kept", async || Ok(self.body("starting-over kept", number))).await?;
        if ctx.meta.attempt == 0 {
            return Err(Error::msg("not at first").retry_after(HOUR));
        }
        Ok(kept)
    }

    /// One of two steps has a result.
    #[function(id = "parcel-arrived-halfway")]
    async fn halfway(&self, ctx: &Context<ParcelArrived>) -> Result<u32> {
        let number = ctx.event.number;
        let quick = ctx.step.run("quick", async || Ok(self.body("halfway quick", number)));
        let (quick, slow) = tokio::join!(quick, ctx.step.sleep("slow", HOUR));
        slow?;
        Ok(quick?)
    }

    /// Waits to be cancelled.
    #[function(id = "parcel-arrived-cancellable", cancel_on(event = ParcelLost, if = "async.data.number == event.data.number"))]
    async fn cancellable(&self, ctx: &Context<ParcelArrived>) -> Result<u32> {
        ctx.step.sleep("long", HOUR * 24 * 300).await?;
        Ok(ctx.event.number)
    }

    /// Has ended.
    #[function(id = "parcel-arrived-done")]
    async fn done(&self, ctx: &Context<ParcelArrived>) -> Result<u32> {
        let number = ctx.event.number;
        Ok(ctx.step.run("only", async || Ok(self.body("done only", number))).await?)
    }

    /// Has failed.
    #[function(id = "parcel-arrived-failing")]
    async fn failing(&self, ctx: &Context<ParcelArrived>) -> Result<u32> {
        Err(Error::non_retriable(Error::msg(format!("never {}", ctx.event.number))))
    }

    /// With the last of several events.
    #[function(id = "parcel-weighed-debounced", debounce(period = "1h"))]
    async fn debounced(&self, ctx: &Context<ParcelWeighed>) -> Result<u32> {
        Ok(ctx.event.number)
    }

    /// With several events.
    #[function(id = "parcel-sorted-batched", batch(max_size = 10, timeout = "60s"))]
    async fn batched(&self, ctx: &Context<Batch<ParcelSorted>>) -> Result<Vec<u32>> {
        Ok(ctx.event.iter().map(|sorted| sorted.number).collect())
    }

    /// One an hour.
    #[function(id = "parcel-loaded-throttled", throttle(limit = 1, period = "1h"))]
    async fn throttled(&self, ctx: &Context<ParcelLoaded>) -> Result<u32> {
        Ok(ctx.event.number)
    }

    /// One at a time.
    #[function(id = "parcel-locked-single", singleton(mode = "skip"))]
    async fn single(&self, ctx: &Context<ParcelLocked>) -> Result<u32> {
        ctx.step.sleep("sleep", HOUR).await?;
        Ok(ctx.event.number)
    }
}

/// An engine that is not started yet. With `hold` the body of a step never ends.
///
/// # Panics
///
/// Never: the application is whole.
pub fn engine(database: &Path, hold: bool, bodies: &Bodies) -> Embedded<DepotFunctions> {
    let depot = Depot { hold, bodies: Arc::clone(bodies) };
    let app = App::<DepotFunctions>::builder("depot").provide(depot).build().expect("everything is provided");
    let engine = app.embedded(database).backoff(Backoff::fixed(HOUR)).retention(Retention::FOREVER);
    engine.keep_waiting_runs(0, Duration::ZERO).shutdown_grace(Duration::ZERO)
}
