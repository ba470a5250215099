//! A clock that jumps, forward and back: no timer fires before its time, none fires twice, no run is forgotten, and no event
//! is lost. `CLOCK_SEED` and `CLOCK_SEEDS` set with which seed it begins, and how many there are.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use event_crash::random::{Random, setting};
use event_runtime::clock::Clock;
use event_runtime::embedded::{Backoff, Engine};
use event_runtime::prelude::*;

/// The life of an alarm.
#[domain_events]
pub enum AlarmEvent {
    /// An alarm was set.
    Set {
        /// Its number.
        number: u32,
        /// When it rings, in milliseconds since the Unix epoch.
        at: u64,
    },
    /// An alarm is to ring after the one before it.
    Queued {
        /// Its number.
        number: u32,
    },
    /// Somebody looked at the clock: the engine looks too.
    Checked {
        /// Any number.
        number: u32,
    },
}

registry! {
    /// Every event.
    pub AlarmEvents = [AlarmEvent];
}

functions! {
    /// Every function.
    pub AlarmFunctions in AlarmEvents = [Alarms];
}

/// A clock that a test sets, and the latest time that it has ever shown.
#[derive(Clone)]
struct Jumping(Arc<(AtomicI64, AtomicI64)>);

impl Jumping {
    fn jump(&self, milliseconds: i64) {
        self.0.0.fetch_add(milliseconds, Ordering::SeqCst);
    }

    fn latest(&self) -> i64 {
        self.0.1.load(Ordering::SeqCst)
    }
}

impl Clock for Jumping {
    fn now(&self) -> SystemTime {
        let now = self.0.0.fetch_add(1, Ordering::SeqCst);
        self.0.1.fetch_max(now, Ordering::SeqCst);
        event_crash::at(now)
    }
}

/// Rings.
#[derive(Clone)]
struct Alarms {
    clock: Jumping,
    /// Which alarm rang, and the latest time that the clock had shown.
    rang: Arc<Mutex<Vec<(u32, i64)>>>,
    /// The times at which the function was started by itself.
    ticks: Arc<Mutex<Vec<SystemTime>>>,
    /// Which alarms were put off.
    snoozed: Arc<Mutex<Vec<u32>>>,
    /// What an alarm waits for that is not the first of the queue.
    gate: Arc<tokio::sync::Semaphore>,
}

#[controller]
impl Alarms {
    /// Sleeps, and rings.
    #[function(id = "alarm-set-bell")]
    async fn bell(&self, ctx: &Context<AlarmSet>) -> Result<()> {
        let at = std::time::UNIX_EPOCH + Duration::from_millis(ctx.event.at);
        ctx.step.sleep_until("sleep", at).await?;
        let ring = async || {
            self.rang.lock().unwrap().push((ctx.event.number, self.clock.latest()));
            Ok(())
        };
        Ok(ctx.step.run("ring", ring).await?)
    }

    /// Fails twice, an hour apart, and rings.
    #[function(id = "alarm-set-snooze")]
    async fn snooze(&self, ctx: &Context<AlarmSet>) -> Result<()> {
        let ring = async || {
            let attempt = ctx.step.attempt();
            self.snoozed.lock().unwrap().push(ctx.event.number);
            if attempt < 2 {
                return Err(Error::msg("five more minutes").retry_after(Duration::from_hours(1)));
            }
            Ok(())
        };
        Ok(ctx.step.run("ring", ring).await?)
    }

    /// One at a time. The first fails, and is tried again an hour later; others wait at the gate.
    #[function(id = "alarm-queued-bell", concurrency(limit = 1))]
    async fn queue(&self, ctx: &Context<AlarmQueued>) -> Result<()> {
        let ring = async || {
            self.snoozed.lock().unwrap().push(ctx.event.number);
            if ctx.event.number > 1 {
                self.gate.acquire().await?.forget();
            } else if ctx.step.attempt() == 0 {
                return Err(Error::msg("an hour more").retry_after(Duration::from_hours(1)));
            }
            Ok(())
        };
        Ok(ctx.step.run("ring", ring).await?)
    }

    /// Every ten minutes.
    #[function(id = "ticker", cron = "*/10 * * * *")]
    async fn tick(&self, ctx: &Context<Cron>) -> Result<()> {
        self.ticks.lock().unwrap().push(ctx.meta.ts);
        Ok(())
    }

    /// Nothing.
    #[function(id = "alarm-checked-look")]
    async fn look(&self, ctx: &Context<AlarmChecked>) -> Result<u32> {
        Ok(ctx.event.number)
    }
}

impl Alarms {
    fn new(clock: &Jumping) -> Self {
        Self {
            clock: clock.clone(),
            rang: Arc::default(),
            ticks: Arc::default(),
            snoozed: Arc::default(),
            gate: Arc::new(tokio::sync::Semaphore::new(0)),
        }
    }

    /// Of `waiting` runs that wait the entries stay in memory.
    async fn start(&self, database: &std::path::Path, waiting: usize) -> Engine<AlarmFunctions> {
        let app = App::<AlarmFunctions>::builder("alarms").provide(self.clone()).build().unwrap();
        let engine = app.embedded(database).clock(self.clock.clone());
        let engine = engine.backoff(Backoff::fixed(Duration::from_hours(1)));
        engine.keep_waiting_runs(waiting, Duration::from_secs(waiting as u64)).start().await.unwrap()
    }
}

async fn jump_about(seed: u64) {
    const BEGIN: i64 = 1_700_000_000_000;
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("events.db");
    let clock = Jumping(Arc::new((BEGIN.into(), 0.into())));
    let alarms = Alarms::new(&clock);
    let mut random = Random::new(seed);
    let mut due = HashMap::new();
    let mut engine = alarms.start(&database, 0).await;
    let minutes = |random: &mut Random, most| i64::try_from(random.below(most)).unwrap() * 60_000;
    for number in 0..40 {
        let at = BEGIN + minutes(&mut random, 600) - minutes(&mut random, 60);
        due.insert(number, at);
        let set = AlarmSet { number, at: at.unsigned_abs() };
        engine.client().send(set.with_id(format!("set-{number}"))).await.unwrap();
        match random.below(4) {
            0 => clock.jump(-minutes(&mut random, 120)),
            1 => clock.jump(minutes(&mut random, 150)),
            _ => {}
        }
        // The engine looks at the clock when something comes.
        engine.client().send(AlarmChecked { number }).await.unwrap();
        if random.once_in(6) {
            engine.shutdown().await;
            engine = alarms.start(&database, 0).await;
        }
    }
    // At last the clock is right, and goes on. Each step of it starts the function that starts by itself.
    let mut open = u64::MAX;
    while open > 0 {
        clock.jump(600_000);
        engine.client().send(AlarmChecked { number: 0 }).await.unwrap();
        for _ in 0..50 {
            open = engine.totals().await.unwrap().open;
            if open == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        if open == 0 {
            break;
        }
    }
    engine.shutdown().await;

    let rang = alarms.rang.lock().unwrap();
    assert_eq!(rang.len(), due.len(), "seed {seed}: each rings once: {rang:?}");
    for (number, latest) in rang.iter() {
        let due = due.remove(number).unwrap_or_else(|| panic!("seed {seed}: {number} rang twice"));
        assert!(*latest >= due, "seed {seed}: {number} rang {} ms early", due - latest);
    }
    let mut ticks = alarms.ticks.lock().unwrap().clone();
    let count = ticks.len();
    ticks.sort_unstable();
    ticks.dedup();
    assert_eq!(ticks.len(), count, "seed {seed}: a time has come twice");
    let connection = rusqlite::Connection::open(&database).unwrap();
    let count = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM events WHERE id LIKE 'set-%'"), 40, "seed {seed}");
    assert_eq!(count("SELECT count(*) FROM runs WHERE status <> 1"), 0, "seed {seed}");
    // Of each function that fails twice, both attempts that failed, and each at its time.
    assert_eq!(count("SELECT count(*) FROM failures"), 80, "seed {seed}");
    assert_eq!(
        count(
            "SELECT count(*) FROM failures a JOIN failures b USING (run, step) WHERE a.attempt = 1 AND b.attempt = 2"
        ),
        40
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_timer_is_early_or_fires_twice() {
    let first = setting("CLOCK_SEED", 1);
    for seed in first..first + setting("CLOCK_SEEDS", 3) {
        let ends = tokio::time::timeout(Duration::from_mins(1), jump_about(seed)).await;
        ends.unwrap_or_else(|_| panic!("seed {seed} does not end"));
    }
}

/// More steps than the engine has timers fire at once: entries begin before the timer of their step has fired.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_that_is_due_at_a_start_runs_once() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("events.db");
    let clock = Jumping(Arc::new((1_700_000_000_000.into(), 0.into())));
    let alarms = Alarms::new(&clock);
    for attempts in 1..=3 {
        let engine = alarms.start(&database, 10_000).await;
        if attempts == 1 {
            let set = (0..2_000).map(|number| AlarmSet { number, at: 0 });
            engine.client().send_all(set).await.unwrap();
        }
        while alarms.snoozed.lock().unwrap().len() < 2_000 * attempts {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        engine.shutdown().await;
        assert_eq!(alarms.snoozed.lock().unwrap().len(), 2_000 * attempts);
        clock.jump(7_200_000);
    }
}

/// Its time has come, but not its turn; when that has come, its time has not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_whose_time_is_taken_back_runs_when_it_comes_again() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("events.db");
    let clock = Jumping(Arc::new((1_700_000_000_000.into(), 0.into())));
    let alarms = Alarms::new(&clock);
    let engine = alarms.start(&database, 0).await;
    let client = engine.client();
    let until = |count: usize| {
        let snoozed = Arc::clone(&alarms.snoozed);
        async move {
            let begun = std::time::Instant::now();
            while snoozed.lock().unwrap().len() < count {
                assert!(begun.elapsed() < Duration::from_mins(2), "{count} bodies run");
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
    };
    client.send(AlarmQueued { number: 1 }).await.unwrap();
    until(1).await;
    client.send(AlarmQueued { number: 2 }).await.unwrap();
    until(2).await;
    clock.jump(7_200_000);
    client.send(AlarmChecked { number: 0 }).await.unwrap();
    clock.jump(-7_200_000);
    alarms.gate.add_permits(1);
    while engine.stats().runs_completed < 2 {
        client.send(AlarmChecked { number: 0 }).await.unwrap();
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(*alarms.snoozed.lock().unwrap(), [1, 2], "it is not its time");
    clock.jump(7_200_000);
    client.send(AlarmChecked { number: 0 }).await.unwrap();
    until(3).await;
    assert_eq!(*alarms.snoozed.lock().unwrap(), [1, 2, 1]);
    engine.shutdown().await;
}
