//! Every kind of step, and the options that show within seconds. What was done is noted.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use event_runtime::prelude::*;
use event_runtime::{Either, StepError};

/// Is what starts each function.
#[domain_events]
pub enum TrialEvent {
    /// Steps one after the other.
    Sequenced { n: u32 },
    /// Steps together, and a race.
    Forked { n: u32 },
    /// Steps in branches that go on by themselves.
    Branched {},
    /// Sleeps and waits.
    Paused { key: String },
    /// Is waited for.
    #[event(unhandled)]
    Resumed { key: String },
    /// Calls another function.
    Called { n: u32 },
    /// Is what is called.
    Doubled { n: u32 },
    /// Fails in a step.
    Stumbled {},
    /// Fails for good.
    Failed {},
    /// Is tried again.
    Retried {},
    /// Comes in batches.
    Batched { n: u32 },
    /// Is debounced.
    Debounced { n: u32 },
    /// Is cancelled.
    Endured { key: String },
    /// Cancels it.
    #[event(unhandled)]
    Cancelled { key: String },
    /// Comes twice with one id.
    Repeated {},
    /// Is skipped unless it says so.
    Filtered { is_meant: bool },
    /// Is limited.
    Limited { n: u32 },
    /// Sends.
    Sent {},
    /// Is sent.
    Received { from: String },
    /// Comes in batches, some of it not valid.
    Mixed {
        /// At most three characters.
        #[validate(length(max = 3))]
        text: String,
    },
    /// Is not valid where it comes from.
    Refused {
        /// At most three characters.
        #[validate(length(max = 3))]
        text: String,
    },
}

registry! {
    /// Every event.
    pub TrialEvents = [TrialEvent];
}

functions! {
    /// Every function.
    pub TrialFunctions in TrialEvents = [Trials];
}

/// What was done, and when.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<(Instant, String)>>>);

impl Log {
    fn note(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push((Instant::now(), what.into()));
    }

    pub fn sorted(&self) -> Vec<String> {
        let mut log: Vec<_> = self.0.lock().unwrap().iter().map(|(_, what)| what.clone()).collect();
        log.sort();
        log
    }

    /// When each thing was done first, in seconds after `start`.
    pub fn times(&self, start: Instant) -> BTreeMap<String, f64> {
        let mut times = BTreeMap::new();
        for (at, what) in &*self.0.lock().unwrap() {
            times.entry(what.clone()).or_insert(at.duration_since(start).as_secs_f64());
        }
        times
    }
}

/// The functions.
pub struct Trials {
    log: Log,
}

#[controller]
impl Trials {
    /// Steps one after the other, each run once.
    #[function(id = "trial-sequenced-runner")]
    async fn sequence(&self, ctx: &Context<TrialSequenced>) -> Result<u32> {
        let mut sum = ctx.event.n;
        for round in 0..3_u32 {
            sum += ctx
                .step
                .run("add", async || {
                    self.log.note(format!("sequenced: step {round}"));
                    Ok(round)
                })
                .await?;
        }
        self.log.note(format!("sequenced: {sum}"));
        Ok(sum)
    }

    /// Steps together; of two that race the one that is quicker wins.
    #[function(id = "trial-forked-runner")]
    async fn fork(&self, ctx: &Context<TrialForked>) -> Result<u32> {
        let one = ctx.step.run("one", async || Ok(ctx.event.n + 1));
        let two = ctx.step.run("two", async || Ok(ctx.event.n + 2));
        let (one, two) = futures_util::try_join!(one, two)?;
        let winner = tokio::select! {
            slept = ctx.step.sleep("slow", Duration::from_secs(30)) => slept.map(|()| "slow")?,
            ran = ctx.step.run("quick", async || Ok(())) => ran.map(|()| "quick")?,
        };
        self.log.note(format!("forked: {one} {two} {winner}"));
        Ok(one + two)
    }

    /// One branch is quick, and does not wait for the other.
    #[function(id = "trial-branched-runner")]
    async fn branch(&self, ctx: &Context<TrialBranched>) -> Result<()> {
        let note = async |what: &'static str| {
            let note = async || {
                self.log.note(format!("branched: {what}"));
                Ok(())
            };
            ctx.step.run(what, note).await
        };
        let quick = async {
            note("a1").await?;
            note("a2").await
        };
        let slow = async {
            ctx.step.sleep("nap", Duration::from_secs(18)).await?;
            note("b2").await
        };
        futures_util::try_join!(quick, slow)?;
        Ok(())
    }

    /// Sleeps, waits for what comes, and for what does not.
    #[function(id = "trial-paused-runner")]
    async fn pause(&self, ctx: &Context<TrialPaused>) -> Result<()> {
        ctx.step.sleep("nap", Duration::from_secs(1)).await?;
        let sent = ctx.step.send("wake", TrialReceived { from: "paused".into() }).await?;
        let wait = ctx.step.wait_for_event::<TrialResumed>("resume").timeout(Duration::from_mins(1));
        let resumed = wait.matching("async.data.key == event.data.key").await?;
        let wait = ctx.step.wait_for_event::<TrialCancelled>("nothing").timeout(Duration::from_secs(1));
        let nothing = wait.matching("async.data.key == 'never'").await?;
        let (resumed, nothing) = (resumed.map(|event| event.key), nothing.is_none());
        self.log.note(format!("paused: {resumed:?} {nothing} {}", !sent.is_empty()));
        Ok(())
    }

    /// Calls another function.
    #[function(id = "trial-called-runner")]
    async fn call(&self, ctx: &Context<TrialCalled>) -> Result<u32> {
        let doubled = ctx.step.invoke::<Double>("double", TrialDoubled { n: ctx.event.n }).await?;
        self.log.note(format!("called: {doubled}"));
        Ok(doubled)
    }

    /// Is called.
    #[function(id = "trial-doubled-runner")]
    async fn double(&self, ctx: &Context<TrialDoubled>) -> Result<u32> {
        Ok(ctx.event.n * 2)
    }

    /// Catches what has failed for good.
    #[function(id = "trial-stumbled-runner", retries = 1)]
    async fn stumble(&self, ctx: &Context<TrialStumbled>) -> Result<()> {
        let step = ctx.step.run("stumble", async || {
            Err::<(), _>(
                Error::msg(format!("at attempt {}", ctx.step.attempt())).retry_after(Duration::from_secs(1)),
            )
        });
        match step.await {
            Err(StepError::Failed { message, .. }) => self.log.note(format!("stumbled: {message}")),
            other => self.log.note(format!("stumbled: {other:?}")),
        }
        Ok(())
    }

    /// Fails for good, and another function is told.
    #[function(id = "trial-failed-runner", retries = 3, on_failure = mourn)]
    async fn fail(&self, _: &Context<TrialFailed>) -> Result<()> {
        Err(Error::non_retriable(Error::msg("for good")))
    }

    /// Is told.
    #[function(id = "trial-failed-mourner")]
    async fn mourn(&self, ctx: &Context<Failed<TrialFailed>>) -> Result<()> {
        self.log.note(format!("failed: {} of {}", ctx.event.error, ctx.event.function_id));
        Ok(())
    }

    /// Goes well at the third attempt.
    #[function(id = "trial-retried-runner")]
    async fn retry(&self, ctx: &Context<TrialRetried>) -> Result<()> {
        if ctx.meta.attempt < 2 {
            return Err(Error::msg("not yet").retry_after(Duration::from_secs(1)));
        }
        self.log.note(format!("retried: {}", ctx.meta.attempt));
        Ok(())
    }

    /// Takes three at once.
    #[function(id = "trial-batched-runner", batch(max_size = 3, timeout = "30s"))]
    async fn gather(&self, ctx: &Context<Batch<TrialBatched>>) -> Result<()> {
        let mut all: Vec<u32> = ctx.event.iter().map(|event| event.n).collect();
        all.sort_unstable();
        self.log.note(format!("batched: {all:?}"));
        Ok(())
    }

    /// Takes the last.
    #[function(id = "trial-debounced-runner", debounce(period = "2s"))]
    async fn debounce(&self, ctx: &Context<TrialDebounced>) -> Result<()> {
        self.log.note(format!("debounced: {}", ctx.event.n));
        Ok(())
    }

    /// Is cancelled in its sleep.
    #[function(
        id = "trial-endured-runner",
        cancel_on(event = TrialCancelled, if = "async.data.key == event.data.key")
    )]
    async fn endure(&self, ctx: &Context<TrialEndured>) -> Result<()> {
        ctx.step.run("begin", async || Ok(())).await?;
        ctx.step.sleep("endure", Duration::from_secs(6)).await?;
        self.log.note(format!("endured: {}", ctx.event.key));
        Ok(())
    }

    /// Runs once an id.
    #[function(id = "trial-repeated-runner")]
    async fn repeat(&self, ctx: &Context<TrialRepeated>) -> Result<()> {
        self.log.note(format!("repeated: {}", ctx.meta.event_id));
        Ok(())
    }

    /// Is started by what it means.
    #[function(id = "trial-filtered-runner", if = "event.data.is_meant == true")]
    async fn filter(&self, ctx: &Context<TrialFiltered>) -> Result<()> {
        self.log.note(format!("filtered: {}", ctx.event.is_meant));
        Ok(())
    }

    /// Is started once within half a minute: a server lets one and a tenth of the limit come at once. Has more options.
    #[function(
        id = "trial-limited-runner",
        rate_limit(limit = 2, period = "1m"),
        concurrency(limit = 2, key = "event.data.n"),
        priority = "event.data.n > 1 ? 10 : 0",
        timeouts(start = "1m", finish = "5m")
    )]
    async fn limit(&self, _: &Context<TrialLimited>) -> Result<()> {
        self.log.note("limited");
        Ok(())
    }

    /// Listens to more events than there may be triggers, and does something for one of them.
    #[function(id = "trial-watcher", if = "event.name == 'trial/sent'")]
    async fn watch(&self, ctx: &Context<TrialEvent>) -> Result<()> {
        self.log.note(format!("watched: {}", ctx.meta.event_name));
        Ok(())
    }

    /// Takes the valid events of a batch.
    #[function(id = "trial-mixed-collector", batch(max_size = 2, timeout = "20s"), on_failure = regret)]
    async fn collect(&self, ctx: &Context<Batch<TrialMixed>>) -> Result<()> {
        for event in &ctx.event {
            self.log.note(format!("collected: {}", event.text));
        }
        Ok(())
    }

    /// Is told of those that are not.
    #[function(id = "trial-mixed-mourner")]
    async fn regret(&self, ctx: &Context<Failed<Batch<TrialMixed>>>) -> Result<()> {
        for event in ctx.event.event.raw() {
            self.log.note(format!("left out: {}", event.data.get()));
        }
        Ok(())
    }

    /// Sends.
    #[function(id = "trial-sent-runner", throttle(limit = 10, period = "1m"), idempotency = "event.id")]
    async fn send(&self, ctx: &Context<TrialSent>) -> Result<()> {
        let to = ["first", "second"].map(|from| TrialReceived { from: from.into() });
        let ids = ctx.step.send_all("tell", to).await?;
        self.log.note(format!("sent: {}", ids.len()));
        Ok(())
    }

    /// Has several triggers.
    #[function(id = "trial-received-runner", singleton(key = "event.data.from"))]
    async fn receive(&self, ctx: &Context<Either<TrialReceived, TrialRefused>>) -> Result<()> {
        match &ctx.event {
            Either::Left(received) => self.log.note(format!("received: {}", received.from)),
            Either::Right(_) => self.log.note("refused: it ran"),
        }
        Ok(())
    }
}

pub fn functions(log: &Log) -> App<TrialFunctions> {
    App::builder("trials").provide(Trials { log: log.clone() }).build().unwrap()
}

/// Sends what starts them.
pub async fn events(client: &Client<TrialEvents>) {
    let key = || "k".to_owned();
    client.send(TrialSequenced { n: 10 }).await.unwrap();
    client.send(TrialForked { n: 10 }).await.unwrap();
    client.send(TrialBranched {}).await.unwrap();
    client.send(TrialPaused { key: key() }).await.unwrap();
    client.send(TrialCalled { n: 21 }).await.unwrap();
    client.send(TrialStumbled {}).await.unwrap();
    client.send(TrialFailed {}).await.unwrap();
    client.send(TrialRetried {}).await.unwrap();
    client.send_all((0..3).map(|n| TrialBatched { n })).await.unwrap();
    for n in 0..3 {
        client.send(TrialDebounced { n }).await.unwrap();
        // A server takes events that come at once in any order.
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    client.send(TrialEndured { key: "cancelled".into() }).await.unwrap();
    client.send(TrialEndured { key: "spared".into() }).await.unwrap();
    for _ in 0..2 {
        client.send(TrialRepeated {}.with_id("the-same")).await.unwrap();
    }
    client.send_all([true, false].map(|is_meant| TrialFiltered { is_meant })).await.unwrap();
    client.send_all((0..3).map(|n| TrialLimited { n })).await.unwrap();
    client.send(TrialSent {}).await.unwrap();
    tokio::time::sleep(Duration::from_secs(4)).await;
    client.send(TrialCancelled { key: "cancelled".into() }).await.unwrap();
    client.send(TrialResumed { key: "other".into() }).await.unwrap();
    client.send(TrialResumed { key: key() }).await.unwrap();
}

/// What is noted then, not before and not after so many seconds from the first event on. Events are sent within two seconds,
/// and after four more those that are waited for; a server takes its time.
pub const EXPECTED: [(&str, f64, f64); 26] = [
    ("batched: [0, 1, 2]", 0.0, 25.0),
    ("branched: a1", 0.0, 17.0),
    ("branched: a2", 0.0, 17.0),
    ("branched: b2", 18.0, 45.0),
    ("called: 42", 0.0, 25.0),
    ("collected: yes", 0.0, 25.0),
    ("debounced: 2", 3.0, 30.0),
    ("endured: spared", 6.0, 30.0),
    ("failed: for good of trial-failed-runner", 0.0, 25.0),
    ("filtered: true", 0.0, 25.0),
    // The loser sleeps for 30 seconds.
    ("forked: 11 12 quick", 0.0, 25.0),
    ("left out: {\"text\":\"never\"}", 0.0, 30.0),
    ("limited", 0.0, 25.0),
    ("paused: Some(\"k\") true true", 5.0, 40.0),
    ("received: first", 0.0, 25.0),
    ("received: paused", 1.0, 25.0),
    ("received: second", 0.0, 25.0),
    ("repeated: the-same", 0.0, 25.0),
    // A server may be up to a second early.
    ("retried: 2", 1.0, 30.0),
    ("sent: 2", 0.0, 25.0),
    ("sequenced: 13", 0.0, 25.0),
    ("sequenced: step 0", 0.0, 25.0),
    ("sequenced: step 1", 0.0, 25.0),
    ("sequenced: step 2", 0.0, 25.0),
    ("stumbled: at attempt 1", 0.2, 25.0),
    ("watched: trial/sent", 0.0, 25.0),
];
