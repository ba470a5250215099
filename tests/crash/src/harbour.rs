//! An application that uses every option of a function, with keys: for databases that outlive the code that has written
//! them, their deployments included. `depot` is the smaller one.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use event_runtime::clock::Clock;
use event_runtime::embedded::{Backoff, Embedded, Retention};
use event_runtime::prelude::*;
use tokio::sync::watch;

/// The life of a ship in the harbour.
#[domain_events]
pub enum ShipEvent {
    /// A ship is in sight: flow control.
    Sighted {
        /// Its number.
        number: u32,
        /// The shipping line that it belongs to.
        line: String,
    },
    /// A ship has docked: steps.
    Docked {
        /// Its number.
        number: u32,
        /// The shipping line that it belongs to.
        line: String,
    },
    /// A ship is being unloaded: limits of concurrency.
    Unloaded {
        /// Its number.
        number: u32,
        /// The shipping line that it belongs to.
        line: String,
    },
    /// A ship has moored.
    Moored {
        /// Its number.
        number: u32,
    },
    /// A ship has stranded.
    Stranded {
        /// Its number.
        number: u32,
    },
    /// The price of a berth was asked for: calls a function.
    Priced {
        /// The number of the ship.
        number: u32,
    },
    /// A ship was cleared by customs: somebody waits for that.
    #[event(unhandled)]
    Cleared {
        /// Its number.
        number: u32,
    },
    /// A ship has sunk: cancels.
    #[event(unhandled)]
    Sunk {
        /// Its number.
        number: u32,
    },
    /// The harbour was closed: cancels.
    #[event(unhandled)]
    Closed,
}

registry! {
    /// Every event.
    pub HarbourEvents = [ShipEvent];
}

functions! {
    /// Every function, in the order in which the fixture was written.
    pub HarbourFunctions in HarbourEvents = [Gate, Crane, Quay];
}

functions! {
    /// The same functions in another order, as a deployment may bring it.
    pub ReorderedFunctions in HarbourEvents = [Quay, Crane, Gate];
}

/// When the fixture was written: the 29th of February 2028, 00:00 UTC, in milliseconds since the Unix epoch.
pub const WRITTEN: i64 = 1_835_395_200_000;

const HOUR: Duration = Duration::from_hours(1);
const LONG: Duration = Duration::from_hours(24 * 300);

/// What the bodies share with who looks on.
#[derive(Debug)]
pub struct Works {
    /// Bodies behind the gate stay in flight until it is opened.
    gate: watch::Sender<bool>,
    /// Whether the machines are broken.
    broken: AtomicBool,
    noted: Mutex<Noted>,
}

/// What bodies have noted.
#[derive(Debug, Default)]
struct Noted {
    /// The bodies that were executed, in order: the function, the step and the number of the ship.
    bodies: Vec<String>,
    /// For each limit, how many bodies are in flight, and how many were at most.
    inside: BTreeMap<String, (usize, usize)>,
}

impl Default for Works {
    fn default() -> Self {
        Self { gate: watch::Sender::new(false), broken: AtomicBool::new(false), noted: Mutex::default() }
    }
}

impl Works {
    /// Lets bodies go on that are behind the gate.
    pub fn open_the_gate(&self) {
        self.gate.send_replace(true);
    }

    /// Breaks or repairs the machines.
    pub fn break_down(&self, broken: bool) {
        self.broken.store(broken, Ordering::SeqCst);
    }

    /// The bodies that were executed so far, in order.
    pub fn bodies(&self) -> Vec<String> {
        self.note(|noted| noted.bodies.clone())
    }

    /// For each limit, how many bodies were in flight at most.
    pub fn most_at_once(&self) -> BTreeMap<String, usize> {
        self.note(|noted| noted.inside.iter().map(|(limit, (_, most))| (limit.clone(), *most)).collect())
    }

    fn note<T>(&self, note: impl FnOnce(&mut Noted) -> T) -> T {
        note(&mut self.noted.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn body(&self, what: &str, number: u32) -> u32 {
        self.note(|noted| noted.bodies.push(format!("{what} {number}")));
        number
    }

    /// A body that counts for limits, and stays until the gate is open.
    async fn behind_the_gate(&self, what: &str, number: u32, limits: &[String]) -> u32 {
        self.note(|noted| {
            noted.bodies.push(format!("{what} {number}"));
            for limit in limits {
                let (now, most) = noted.inside.entry(limit.clone()).or_default();
                *now += 1;
                *most = (*most).max(*now);
            }
        });
        // Its sender is here.
        let _ = self.gate.subscribe().wait_for(|open| *open).await;
        // Others that ought to wait get their chance to come in.
        tokio::time::sleep(Duration::from_millis(2)).await;
        self.note(|noted| {
            for limit in limits {
                noted.inside.entry(limit.clone()).or_default().0 -= 1;
            }
        });
        number
    }
}

/// Who may start, and when.
pub struct Gate;

#[controller]
impl Gate {
    /// One an hour.
    #[function(id = "ship-sighted-throttled", throttle(limit = 1, period = "1h", key = "event.data.line"))]
    async fn throttled(&self, ctx: &Context<ShipSighted>) -> Result<u32> {
        Ok(ctx.event.number)
    }

    /// One a day; others start nothing.
    #[function(id = "ship-sighted-limited", rate_limit(limit = 1, period = "24h", key = "event.data.line"))]
    async fn limited(&self, ctx: &Context<ShipSighted>) -> Result<u32> {
        Ok(ctx.event.number)
    }

    /// One for each line.
    #[function(id = "ship-sighted-once", idempotency = "event.data.line")]
    async fn once(&self, ctx: &Context<ShipSighted>) -> Result<u32> {
        Ok(ctx.event.number)
    }

    /// With the last of several events.
    #[function(
        id = "ship-sighted-debounced",
        debounce(period = "1h", timeout = "3h", key = "event.data.line")
    )]
    async fn debounced(&self, ctx: &Context<ShipSighted>) -> Result<u32> {
        Ok(ctx.event.number)
    }

    /// With several events, and thinks about them.
    #[function(id = "ship-sighted-batched", batch(max_size = 4, timeout = "60s", key = "event.data.line"))]
    async fn batched(&self, ctx: &Context<Batch<ShipSighted>>) -> Result<Vec<u32>> {
        ctx.step.sleep("think", HOUR).await?;
        Ok(ctx.event.iter().map(|sighted| sighted.number).collect())
    }

    /// One at a time: the first.
    #[function(id = "ship-sighted-skipping", singleton(mode = "skip", key = "event.data.line"))]
    async fn skipping(&self, ctx: &Context<ShipSighted>) -> Result<u32> {
        ctx.step.sleep("long", LONG).await?;
        Ok(ctx.event.number)
    }

    /// One at a time: the last.
    #[function(id = "ship-sighted-replacing", singleton(mode = "cancel", key = "event.data.line"))]
    async fn replacing(&self, ctx: &Context<ShipSighted>) -> Result<u32> {
        ctx.step.sleep("long", LONG).await?;
        Ok(ctx.event.number)
    }

    /// Only for one line.
    #[function(id = "ship-sighted-chosen", if = "event.data.line == 'b'")]
    async fn chosen(&self, ctx: &Context<ShipSighted>) -> Result<u32> {
        Ok(ctx.event.number)
    }
}

/// How many at once.
pub struct Crane(Arc<Works>);

#[controller]
impl Crane {
    /// One at a time for each line.
    #[function(id = "ship-unloaded-crane", concurrency(limit = 1, key = "event.data.line"))]
    async fn unload(&self, ctx: &Context<ShipUnloaded>) -> Result<u32> {
        let limits = [format!("crane of {}", ctx.event.line)];
        let body = async || Ok(self.0.behind_the_gate("crane", ctx.event.number, &limits).await);
        Ok(ctx.step.run("lift", body).await?)
    }

    /// One at a time, together with the tugs.
    #[function(id = "ship-unloaded-pilot", concurrency(limit = 1, scope = "env", key = "'pilot'"))]
    async fn pilot(&self, ctx: &Context<ShipUnloaded>) -> Result<u32> {
        let limits = ["pilot".to_owned()];
        let body = async || Ok(self.0.behind_the_gate("pilot", ctx.event.number, &limits).await);
        Ok(ctx.step.run("steer", body).await?)
    }

    /// Three at a time, but one together with the pilots.
    #[function(
        id = "ship-unloaded-tug",
        concurrency(limit = 3),
        concurrency(limit = 1, scope = "env", key = "'pilot'")
    )]
    async fn tug(&self, ctx: &Context<ShipUnloaded>) -> Result<u32> {
        let limits = ["pilot".to_owned(), "tug".to_owned()];
        let body = async || Ok(self.0.behind_the_gate("tug", ctx.event.number, &limits).await);
        Ok(ctx.step.run("pull", body).await?)
    }

    /// One at a time, the third ship before the others.
    #[function(
        id = "ship-unloaded-urgent",
        concurrency(limit = 1),
        priority = "event.data.number == 3 ? 600 : 0"
    )]
    async fn urgent(&self, ctx: &Context<ShipUnloaded>) -> Result<u32> {
        let limits = ["urgent".to_owned()];
        let body = async || Ok(self.0.behind_the_gate("urgent", ctx.event.number, &limits).await);
        Ok(ctx.step.run("hurry", body).await?)
    }

    /// One at a time, and not for ever.
    #[function(id = "ship-unloaded-impatient", concurrency(limit = 1), timeouts(start = "2h"))]
    async fn impatient(&self, ctx: &Context<ShipUnloaded>) -> Result<u32> {
        let limits = ["impatient".to_owned()];
        let body = async || Ok(self.0.behind_the_gate("impatient", ctx.event.number, &limits).await);
        Ok(ctx.step.run("wait", body).await?)
    }

    /// Keeps its place while the body of its only step is in flight.
    #[function(id = "ship-stranded-rescue")]
    async fn rescue(&self, ctx: &Context<ShipStranded>) -> Result<u32> {
        let body = async || Ok(self.0.behind_the_gate("rescue", ctx.event.number, &[]).await);
        Ok(ctx.step.run("rescue", body).await?)
    }
}

/// What happens to a ship.
pub struct Quay(Arc<Works>);

#[controller]
impl Quay {
    /// The body of its second step is in flight.
    #[function(id = "ship-docked-open")]
    async fn open(&self, ctx: &Context<ShipDocked>) -> Result<u32> {
        let number = ctx.event.number;
        let first = ctx.step.run("first", async || Ok(self.0.body("open first", number))).await?;
        let second = async || Ok(self.0.behind_the_gate("open second", number, &[]).await);
        Ok(first + ctx.step.run("second", second).await?)
    }

    /// Sleeps.
    #[function(id = "ship-docked-sleeping")]
    async fn sleeping(&self, ctx: &Context<ShipDocked>) -> Result<u32> {
        let number = ctx.event.number;
        let before = ctx.step.run("before", async || Ok(self.0.body("sleeping before", number))).await?;
        ctx.step.sleep("sleep", HOUR).await?;
        Ok(before + ctx.step.run("after", async || Ok(self.0.body("sleeping after", number))).await?)
    }

    /// Waits for an event about its ship.
    #[function(id = "ship-docked-waiting")]
    async fn waiting(&self, ctx: &Context<ShipDocked>) -> Result<Option<u32>> {
        let cleared = ctx.step.wait_for_event::<ShipCleared>("cleared");
        let cleared = cleared.matching("async.data.number == event.data.number").timeout(LONG);
        Ok(cleared.await?.map(|cleared| cleared.number))
    }

    /// Waits for the next event of a kind.
    #[function(id = "ship-docked-watching")]
    async fn watching(&self, ctx: &Context<ShipDocked>) -> Result<Option<u32>> {
        let cleared = ctx.step.wait_for_event::<ShipCleared>("cleared").timeout(LONG).await?;
        Ok(cleared.map(|cleared| cleared.number))
    }

    /// Waits for another function.
    #[function(id = "ship-docked-calling")]
    async fn calling(&self, ctx: &Context<ShipDocked>) -> Result<u32> {
        Ok(ctx.step.invoke::<Pricing>("price", ShipPriced { number: ctx.event.number }).await?)
    }

    /// What a berth costs.
    #[function(id = "ship-priced-pricing")]
    async fn pricing(&self, ctx: &Context<ShipPriced>) -> Result<u32> {
        ctx.step.sleep("think", HOUR).await?;
        Ok(ctx.event.number * 100)
    }

    /// A step has failed, and is tried again later.
    #[function(id = "ship-docked-retrying")]
    async fn retrying(&self, ctx: &Context<ShipDocked>) -> Result<u32> {
        let number = ctx.event.number;
        let flaky = async || {
            if ctx.step.attempt() == 0 {
                return Err(Error::msg("not at first").retry_after(HOUR));
            }
            Ok(self.0.body("retrying flaky", number))
        };
        Ok(ctx.step.run("flaky", flaky).await?)
    }

    /// The function has failed, and is tried again later.
    #[function(id = "ship-docked-starting-over")]
    async fn starting_over(&self, ctx: &Context<ShipDocked>) -> Result<u32> {
        let number = ctx.event.number;
        let kept = ctx.step.run("kept", async || Ok(self.0.body("starting-over kept", number))).await?;
        if ctx.meta.attempt == 0 {
            return Err(Error::msg("not at first").retry_after(HOUR));
        }
        Ok(kept)
    }

    /// One of two steps has a result.
    #[function(id = "ship-docked-halfway")]
    async fn halfway(&self, ctx: &Context<ShipDocked>) -> Result<u32> {
        let number = ctx.event.number;
        let quick = ctx.step.run("quick", async || Ok(self.0.body("halfway quick", number)));
        let (quick, slow) = tokio::join!(quick, ctx.step.sleep("slow", HOUR));
        slow?;
        Ok(quick?)
    }

    /// Waits to be cancelled, by what happens to its ship or to the harbour.
    #[function(
        id = "ship-docked-cancellable",
        cancel_on(event = ShipSunk, if = "async.data.number == event.data.number"),
        cancel_on(event = ShipClosed, timeout = "1d"),
    )]
    async fn cancellable(&self, ctx: &Context<ShipDocked>) -> Result<u32> {
        ctx.step.sleep("long", LONG).await?;
        Ok(ctx.event.number)
    }

    /// Does not end in time.
    #[function(id = "ship-docked-hasty", timeouts(finish = "2h"))]
    async fn hasty(&self, ctx: &Context<ShipDocked>) -> Result<u32> {
        ctx.step.sleep("long", LONG).await?;
        Ok(ctx.event.number)
    }

    /// Has ended, and has sent an event.
    #[function(id = "ship-docked-done")]
    async fn done(&self, ctx: &Context<ShipDocked>) -> Result<u32> {
        let number = ctx.event.number;
        let only = ctx.step.run("only", async || Ok(self.0.body("done only", number))).await?;
        ctx.step.send("moor", ShipMoored { number }).await?;
        Ok(only)
    }

    /// Has failed, and somebody was told.
    #[function(id = "ship-docked-failing", retries = 0, on_failure = consoling)]
    async fn failing(&self, ctx: &Context<ShipDocked>) -> Result<u32> {
        Err(Error::non_retriable(Error::msg(format!("never {}", ctx.event.number))))
    }

    /// Is told of failures, and thinks about them.
    #[function(id = "ship-docked-consoling")]
    async fn consoling(&self, ctx: &Context<Failed<ShipDocked>>) -> Result<String> {
        ctx.step.sleep("think", HOUR).await?;
        Ok(format!("{} of ship {}", ctx.event.function_id, ctx.event.event.number))
    }

    /// Has failed, was mended, and sleeps now.
    #[function(id = "ship-docked-mended")]
    async fn mended(&self, ctx: &Context<ShipDocked>) -> Result<u32> {
        let number = ctx.event.number;
        let before = ctx.step.run("before", async || Ok(self.0.body("mended before", number))).await?;
        let machine = async || {
            if self.0.broken.load(Ordering::SeqCst) {
                return Err(Error::non_retriable(Error::msg("broken")));
            }
            Ok(self.0.body("mended machine", number))
        };
        let machine = ctx.step.run("machine", machine).await?;
        ctx.step.sleep("sleep", HOUR).await?;
        Ok(before + machine)
    }

    /// Starts when its event says.
    #[function(id = "ship-moored-bell")]
    async fn bell(&self, ctx: &Context<ShipMoored>) -> Result<u32> {
        Ok(self.0.body("bell", ctx.event.number))
    }

    /// At midnight, once in four years.
    #[function(id = "leap-day-party", cron = "0 0 29 2 *")]
    async fn party(&self, ctx: &Context<Cron>) -> Result<String> {
        ctx.step.sleep("dance", HOUR).await?;
        Ok(ctx.event.cron.clone())
    }
}

/// A clock that stands until it is set.
#[derive(Debug, Clone)]
pub struct Standing(Arc<AtomicI64>);

impl Standing {
    /// Stands at this time, in milliseconds since the Unix epoch.
    #[must_use]
    pub fn at(time: i64) -> Self {
        Self(Arc::new(AtomicI64::new(time)))
    }

    /// Sets it.
    pub fn set(&self, time: i64) {
        self.0.store(time, Ordering::SeqCst);
    }

    /// Lets milliseconds pass.
    pub fn advance(&self, milliseconds: i64) {
        self.0.fetch_add(milliseconds, Ordering::SeqCst);
    }
}

impl Clock for Standing {
    fn now(&self) -> SystemTime {
        crate::at(self.0.load(Ordering::SeqCst))
    }
}

/// An engine of one of the lists of functions, not started yet.
///
/// # Panics
///
/// Never: the application is whole.
pub fn engine<F>(database: &Path, works: &Arc<Works>) -> Embedded<F>
where
    F: event_runtime::FunctionList<Registry = HarbourEvents>,
{
    let (crane, quay) = (Crane(Arc::clone(works)), Quay(Arc::clone(works)));
    let app = App::<F>::builder("harbour").provide(Gate).provide(crane).provide(quay);
    let engine = app.build().expect("everything is provided").embedded(database);
    let engine = engine.backoff(Backoff::fixed(HOUR)).retention(Retention::FOREVER);
    engine.keep_waiting_runs(0, Duration::ZERO).shutdown_grace(Duration::ZERO)
}
