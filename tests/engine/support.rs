//! An application whose one function does what a test tells it to do.

use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use event_runtime::clock::Clock;
use event_runtime::embedded::{Backoff, Embedded, Engine};
use event_runtime::prelude::*;
use tempfile::TempDir;

/// The life of a task.
#[domain_events]
pub enum TaskEvent {
    /// A task was started.
    Started {
        /// Any number.
        number: u32,
    },
    /// A task was finished.
    Finished {
        /// Any number.
        number: u32,
        /// At most five characters.
        #[validate(length(max = 5))]
        note: String,
    },
}

/// The life of what no registry knows.
#[domain_events]
pub enum GhostEvent {
    /// A ghost was seen.
    Seen {},
}

registry! {
    /// Every event of the tests.
    pub TestEvents = [TaskEvent];
}

functions! {
    /// Every function of the tests.
    pub TestFunctions in TestEvents = [Worker];
}

/// A function's future.
pub type Doing<'a> = Pin<Box<dyn Future<Output = Result<u32>> + Send + 'a>>;
type Behaviour = dyn for<'a> Fn(&'a Context<TaskStarted>) -> Doing<'a> + Send + Sync;

/// Does what the test says.
pub struct Worker {
    behaviour: Arc<Behaviour>,
    finished: Log,
}

#[controller]
impl Worker {
    /// Does what the test says.
    #[function(id = "task-started-worker", retries = 2)]
    pub async fn work(&self, ctx: &Context<TaskStarted>) -> Result<u32> {
        (self.behaviour)(ctx).await
    }

    /// Notes what was finished.
    #[function(id = "task-finished-noter")]
    pub async fn note(&self, ctx: &Context<TaskFinished>) -> Result<()> {
        self.finished.add(format!("{} {}", ctx.event.number, ctx.meta.event_id));
        Ok(())
    }
}

/// What happened, in its order.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    /// Notes something.
    pub fn add(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push(what.into());
    }

    /// Everything so far.
    pub fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    /// How often something was noted.
    pub fn count(&self, what: &str) -> usize {
        self.all().iter().filter(|noted| *noted == what).count()
    }
}

/// A clock that a test sets.
#[derive(Clone)]
pub struct TestClock(Arc<AtomicI64>);

impl TestClock {
    /// Begins somewhere.
    pub fn new() -> Self {
        Self::at(1_700_000_000_000)
    }

    /// Begins at this time, in milliseconds since the Unix epoch.
    pub fn at(ms: i64) -> Self {
        Self(Arc::new(AtomicI64::new(ms)))
    }

    /// Goes forward, or back.
    pub fn advance(&self, milliseconds: i64) {
        self.0.fetch_add(milliseconds, Ordering::SeqCst);
    }
}

/// A time, given in milliseconds since the Unix epoch.
pub fn at(ms: i64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(ms.unsigned_abs())
}

impl Clock for TestClock {
    fn now(&self) -> SystemTime {
        at(self.0.load(Ordering::SeqCst))
    }
}

/// A database in a folder of its own, and what happened.
pub struct World {
    folder: TempDir,
    copies: AtomicUsize,
    /// What happened.
    pub log: Log,
    /// Which tasks were finished.
    pub finished: Log,
}

impl World {
    /// Nothing has happened.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder, copies: AtomicUsize::new(0), log: Log::default(), finished: Log::default() }
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        self.folder.path().join("events.db")
    }

    /// An engine that is not started yet.
    pub fn engine<F>(&self, path: &Path, behaviour: F) -> Embedded<TestFunctions>
    where
        F: for<'a> Fn(&'a Context<TaskStarted>, &'a Log) -> Doing<'a> + Send + Sync + 'static,
    {
        let log: &'static Log = Box::leak(Box::new(self.log.clone()));
        let worker =
            Worker { behaviour: Arc::new(move |ctx| behaviour(ctx, log)), finished: self.finished.clone() };
        let app = App::<TestFunctions>::builder("tests").provide(worker).build().unwrap();
        app.embedded(path).backoff(Backoff::fixed(Duration::from_millis(1)))
    }

    /// A running engine.
    pub async fn start<F>(&self, behaviour: F) -> Engine<TestFunctions>
    where
        F: for<'a> Fn(&'a Context<TaskStarted>, &'a Log) -> Doing<'a> + Send + Sync + 'static,
    {
        self.engine(&self.database(), behaviour).start().await.unwrap()
    }

    /// What a power cut at this moment would leave on the disk: a copy of the files of a running engine.
    pub fn copy_as_after_a_crash(&self) -> PathBuf {
        let copy = self.folder.path().join(format!("copy-{}.db", self.copies.fetch_add(1, Ordering::SeqCst)));
        copy_as_after_a_crash(&self.database(), &copy);
        copy
    }
}

/// Copies a database that is open, with its log: as it would be found if the process died now.
pub fn copy_as_after_a_crash(from: &Path, to: &Path) {
    for suffix in ["", "-wal"] {
        let with = |path: &Path| PathBuf::from(format!("{}{suffix}", path.display()));
        std::fs::copy(with(from), with(to)).unwrap();
    }
}

/// One value of a database, read beside the engine.
pub fn query<T: rusqlite::types::FromSql>(path: &Path, sql: &str) -> T {
    rusqlite::Connection::open(path).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
}

/// Waits until something holds. Fails after two minutes.
pub async fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..120_000 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("waited in vain until {what}");
}
