//! A running engine.

use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::mpsc::unbounded_channel;
use tokio::sync::{Semaphore, oneshot, watch};
use tracing::Instrument;

use super::error::{CommandError, EngineError, StartError};
use super::executor::carry_out;
use super::metrics::Observer;
use super::sqlite::{FileLock, SqliteStore, message, open};
use super::stats::{Counters, Stats, Totals};
use super::writer::{Guard, Job, Jobs, Writer, abandon_after};
use super::{Options, inspect};
use crate::client::{BoxFuture, Client, Receipt, SendError, Transport};
use crate::clock::Environment;
use crate::engine::message::{Command, Input, Reply, ReplyId};
use crate::engine::{self, Limits, Settings, WhenFull};
use crate::event::RawEnvelope;
use crate::function::{Application, FunctionList};

/// The life of an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// It works.
    Running,
    /// It takes nothing new; bodies in flight may end.
    Stopping,
    /// It does nothing any more.
    Stopped,
}

/// What the handles of an engine share.
pub(super) struct Shared {
    application: Arc<Application>,
    pub(super) path: PathBuf,
    jobs: Jobs,
    runtime: Handle,
    environment: Environment,
    limits: Limits,
    grace: Duration,
    /// Room in the queue of events.
    room: Semaphore,
    counters: Arc<Counters>,
    open: watch::Receiver<usize>,
    phase: watch::Sender<Phase>,
    closed: watch::Receiver<bool>,
}

/// A running engine. Cheap to clone; dropping it stops nothing: see [`shutdown`](Self::shutdown).
pub struct Engine<F> {
    pub(super) shared: Arc<Shared>,
    functions: PhantomData<fn() -> F>,
}

impl<F> Clone for Engine<F> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), functions: PhantomData }
    }
}

impl<F> fmt::Debug for Engine<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("app", &self.shared.application.id)
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}

/// Opens the database and starts the engine.
pub(super) async fn start<F>(
    application: Arc<Application>,
    path: PathBuf,
    options: Options,
) -> Result<Engine<F>, StartError> {
    let (jobs, received) = channel();
    let jobs = Jobs(jobs);
    let (open_runs, on_open) = watch::channel(0);
    let (closed, on_closed) = watch::channel(false);
    let phase = watch::Sender::new(Phase::Running);
    let counters = Arc::<Counters>::default();
    let shared = Arc::new(Shared {
        application: Arc::clone(&application),
        path: path.clone(),
        jobs: jobs.clone(),
        runtime: Handle::current(),
        environment: options.environment.clone(),
        limits: options.settings.limits,
        grace: options.shutdown_grace,
        room: Semaphore::new(options.settings.limits.queued_events.clamp(1, Semaphore::MAX_PERMITS)),
        counters: Arc::clone(&counters),
        open: on_open,
        phase: phase.clone(),
        closed: on_closed.clone(),
    });
    let (opened, on_opened) = oneshot::channel();
    let runtime = Handle::current();
    let thread = std::thread::Builder::new().name("event-engine".to_owned()).spawn({
        let (path, runtime, jobs) = (path.clone(), runtime.clone(), jobs.clone());
        move || {
            let opening = open_all(&path, &application, &options.settings, &options.environment);
            let (lock, store, engine) = match opening {
                Ok(all) => all,
                Err(error) => return drop(opened.send(Err(error))),
            };
            open_runs.send_replace(engine.open());
            tracing::info!(
                app = application.id,
                open_runs = engine.open(),
                "the embedded engine has started"
            );
            if opened.send(Ok(())).is_err() {
                return;
            }
            let (executor, committed) = unbounded_channel();
            runtime.spawn(carry_out(committed, Arc::clone(&application), jobs));
            let writer = Writer {
                engine,
                store,
                lock,
                environment: options.environment,
                received,
                executor,
                effects: Vec::new(),
                observer: Observer { application, counters },
                open: open_runs,
                phase,
                closed,
                replies: HashMap::new(),
                next_reply: 0,
            };
            writer.serve();
        }
    });
    if let Err(source) = thread {
        return Err(StartError::Unwritable { path, source });
    }
    // The thread answers unless it panics.
    on_opened
        .await
        .unwrap_or_else(|error| Err(StartError::Store { path: path.clone(), message: error.to_string() }))?;
    Guard::spawn(&runtime, jobs, on_closed);
    Ok(Engine { shared, functions: PhantomData })
}

fn open_all(
    path: &Path,
    application: &Arc<Application>,
    settings: &Settings,
    environment: &Environment,
) -> Result<(FileLock, SqliteStore, engine::Engine), StartError> {
    let lock = FileLock::take(path)?;
    let connection = open(path)?;
    let failed =
        |error: engine::store::StoreError| StartError::Store { path: path.to_owned(), message: error.0 };
    let mut store = SqliteStore::new(connection, application).map_err(failed)?;
    let engine = engine::Engine::open_store(
        Arc::clone(application),
        settings.clone(),
        &mut store,
        environment.now_ms(),
    )
    .map_err(failed)?;
    Ok((lock, store, engine))
}

impl Shared {
    /// Whether the application lists a function with this id.
    pub(super) fn lists(&self, function: &str) -> bool {
        self.application.functions.iter().any(|listed| listed.descriptor.id == function)
    }

    /// Asks the thread of the engine.
    pub(super) async fn ask(
        &self,
        input: impl FnOnce(ReplyId) -> Input + Send + 'static,
    ) -> Result<Reply, EngineError> {
        let (reply, replied) = oneshot::channel();
        if !self.jobs.send(Job::Ask(Box::new(input), reply)) {
            return Err(EngineError::Closed);
        }
        replied.await.unwrap_or(Err(EngineError::Closed))
    }

    /// Reads the database with a connection of its own; one in memory with that of the engine.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, EngineError> {
        let store_error = |error: rusqlite::Error| EngineError::Store(message(&error));
        if self.path.as_os_str() != ":memory:" {
            if *self.phase.borrow() == Phase::Stopped {
                return Err(EngineError::Closed);
            }
            let path = self.path.clone();
            let reading = self.runtime.spawn_blocking(move || read(&super::sqlite::open_to_read(&path)?));
            return reading
                .await
                .map_err(|error| EngineError::Store(error.to_string()))?
                .map_err(store_error);
        }
        let (answer, answered) = oneshot::channel();
        let job = Job::Read(Box::new(move |connection: Result<&rusqlite::Connection, EngineError>| {
            // Who asked may have lost interest.
            let _ = answer.send(connection.and_then(|connection| read(connection).map_err(store_error)));
        }));
        if !self.jobs.send(job) {
            return Err(EngineError::Closed);
        }
        answered.await.unwrap_or(Err(EngineError::Closed))
    }
}

impl<F> Engine<F> {
    /// What the engine has done since it started.
    pub fn stats(&self) -> Stats {
        self.shared.counters.read()
    }

    /// What the database holds.
    ///
    /// # Errors
    ///
    /// When the engine is closed, or its store has failed.
    pub async fn totals(&self) -> Result<Totals, EngineError> {
        self.shared.read(inspect::totals).await
    }

    /// Waits until every run has ended, or the engine has stopped.
    pub async fn wait_idle(&self) {
        let (mut open, mut phase) = (self.shared.open.clone(), self.shared.phase.subscribe());
        tokio::select! {
            // Its sender is dropped only when the engine has stopped.
            _ = open.wait_for(|open| *open == 0) => {}
            _ = phase.wait_for(|phase| *phase == Phase::Stopped) => {}
        }
    }

    /// Cancels a run: no step of it begins any more, and what executes is dropped at its next await.
    ///
    /// # Errors
    ///
    /// When there is no such run, or it has ended.
    pub async fn cancel(&self, run_id: &str) -> Result<(), CommandError> {
        self.command(run_id, Command::Cancel).await.map(drop)
    }

    /// Goes on with a run that has failed or was cancelled: results that were recorded stay, steps that had failed for
    /// good run again.
    ///
    /// # Errors
    ///
    /// When there is no such run, or it has not ended, or has completed.
    pub async fn retry(&self, run_id: &str) -> Result<(), CommandError> {
        self.command(run_id, Command::Retry).await.map(drop)
    }

    /// Starts another run with the events of a run, from the top. Returns its id.
    ///
    /// # Errors
    ///
    /// When there is no such run, its events were pruned, or its function is a singleton that runs already.
    pub async fn replay(&self, run_id: &str) -> Result<String, CommandError> {
        self.command(run_id, Command::Replay).await
    }

    async fn command(&self, run_id: &str, command: Command) -> Result<String, CommandError> {
        let run: Arc<str> = run_id.into();
        match self.shared.ask(move |reply| Input::Command { run, command, reply }).await? {
            Reply::Run(id) => Ok(id.to_string()),
            Reply::Refused(reason) => Err(CommandError::Refused { run_id: run_id.to_owned(), reason }),
            _ => Err(CommandError::NoRun { run_id: run_id.to_owned() }),
        }
    }

    /// Stops: takes no more events, lets the bodies of steps that are being executed end within the grace period, and
    /// parks every run; the next start takes them up. Returns when the file is closed.
    pub async fn shutdown(&self) {
        let shared = &self.shared;
        let begins = shared.phase.send_if_modified(|phase| {
            let running = *phase == Phase::Running;
            if running {
                *phase = Phase::Stopping;
            }
            running
        });
        let is_closed = Arc::new(AtomicBool::new(false));
        if begins {
            shared.jobs.send(Job::Stop);
            abandon_after(&shared.runtime, shared.jobs.clone(), shared.grace, &is_closed);
        }
        // The other end is dropped when everything is closed.
        let _ = shared.closed.clone().wait_for(|closed| *closed).await;
        is_closed.store(true, Ordering::Relaxed);
    }
}

impl<F: FunctionList> Engine<F> {
    /// A client that sends events to this engine.
    pub fn client(&self) -> Client<F::Registry> {
        Client::new(Arc::<Shared>::clone(&self.shared))
    }
}

impl Transport for Shared {
    fn send(&self, events: Vec<RawEnvelope>) -> BoxFuture<'_, Result<Vec<Receipt>, SendError>> {
        let first = events.first();
        let span = tracing::info_span!(
            "event",
            name = first.map(|event| event.name.as_str()),
            id = first.map(|event| event.id.as_str()),
            count = events.len(),
        );
        let sending = async move {
            if *self.phase.borrow() != Phase::Running {
                return Err(SendError::Closed);
            }
            if events.len() > self.limits.events_per_send {
                return Err(SendError::TooMany { events: events.len(), limit: self.limits.events_per_send });
            }
            // More than the queue holds must not wait for ever.
            let wanted = events.len().min(self.limits.queued_events.max(1));
            let wanted = u32::try_from(wanted).unwrap_or(u32::MAX);
            let room = match self.limits.when_full {
                WhenFull::Wait => self.room.acquire_many(wanted).await.map_err(|_| SendError::Closed)?,
                WhenFull::Fail => self.room.try_acquire_many(wanted).map_err(|_| SendError::Full)?,
            };
            let reply = self.ask(|reply| Input::Send { events, reply }).await;
            drop(room);
            match reply? {
                Reply::Receipts(receipts) => Ok(receipts),
                _ => Err(SendError::Closed),
            }
        };
        Box::pin(sending.instrument(span))
    }

    fn max_event_bytes(&self) -> usize {
        self.limits.event_bytes
    }

    fn new_id(&self) -> String {
        self.environment.new_id()
    }

    fn now_ms(&self) -> i64 {
        self.environment.now_ms()
    }
}
