//! A running engine.

use std::any::Any;
use std::collections::VecDeque;
use std::fmt;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rusqlite::Connection;
use tokio::runtime::Handle;
use tokio::sync::mpsc::unbounded_channel;
use tokio::sync::{Semaphore, oneshot, watch};
use tracing::Instrument;

use super::Options;
use super::error::{EngineError, EngineFailure, StartError};
use super::executor::carry_out;
use super::inspect::{self, Inspection};
use super::jobs::{Job, Jobs, jobs};
use super::metrics::Observer;
use super::sqlite::{
    Files, GivesUp, Opened, Opener, SqliteStore, canonical, is_memory, log_length, open, open_to_read, shared,
};
use super::state::EngineState;
use super::stats::{Counters, Stats, Totals};
use super::writer::{Guard, Writer, abandon_after};
use crate::client::{Client, SendError, Sent, SharedError, Transport};
use crate::clock::Environment;
use crate::engine::message::{Command, Question, Reply};
use crate::engine::model::RunKey;
use crate::engine::{self, Limits, WhenFull};
use crate::event::{EventDescriptor, RawEnvelope, Seals};
use crate::function::{Application, Foreign, FunctionList, bounded, panic_message};
use crate::inspect::{AuditEntry, Changes, Feed};
use crate::middleware::{Chain, Host};
use crate::registry::Registry;
use crate::run::{CommandError, command_reply};
use crate::signal::Tokens;

/// What the handles of an engine share.
pub(super) struct Shared {
    pub(super) application: Arc<Application>,
    pub(super) path: PathBuf,
    jobs: Jobs,
    runtime: Handle,
    environment: Environment,
    pub(super) limits: Limits,
    grace: Duration,
    /// Room in the queue of events.
    room: Semaphore,
    counters: Arc<Counters>,
    pub(super) feed: Feed,
    open: watch::Receiver<usize>,
    state: watch::Sender<EngineState>,
    /// Set once the database is open.
    files: OnceLock<Arc<Files>>,
    /// Likewise.
    pub(super) tokens: OnceLock<Arc<Tokens>>,
    closed: watch::Receiver<bool>,
    pub(super) inspection: Inspection,
}

/// What a reply comes through.
type Replied = oneshot::Receiver<Result<Reply, EngineError>>;

/// A handle to a running engine. Cheap to clone; dropping it does not stop the engine: see [`shutdown`](Self::shutdown).
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
    if let Some(&Foreign { app, function }) = application.foreign.first() {
        return Err(StartError::ForeignFunction { app, function });
    }
    let path = if is_memory(&path) {
        path
    } else {
        // The folder of the process may change, and links too.
        canonical(&path).map_err(|source| StartError::Unwritable { path, source })?
    };
    let (jobs, received) = jobs(GivesUp::default());
    let (open_runs, on_open) = watch::channel(0);
    let (closed, on_closed) = watch::channel(false);
    let state = watch::Sender::new(EngineState::Running);
    let (counters, changes, readers) = (Arc::<Counters>::default(), Changes::sender(), Arc::default());
    let feed = Feed::default();
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
        feed: feed.clone(),
        open: on_open,
        state: state.clone(),
        files: OnceLock::new(),
        tokens: OnceLock::new(),
        closed: on_closed.clone(),
        inspection: Inspection::new(&options, &changes, &readers),
    });
    let (opened, on_opened) = oneshot::channel();
    let runtime = Handle::current();
    let host = Arc::<Shared>::clone(&shared);
    let thread = std::thread::Builder::new().name("event-engine".to_owned()).spawn({
        let (path, runtime, jobs) = (path.clone(), runtime.clone(), jobs.clone());
        move || {
            let owner = Opener { application: &application.id, adopts: options.adopts };
            let opening = open(&path, owner, jobs.gives_up.clone());
            let Opened { connection, lock, files, log } = match opening {
                Ok(all) => all,
                Err(error) => return drop(opened.send(Err(error))),
            };
            // A panic may come from the clock that users bring along.
            let load = AssertUnwindSafe(|| load(&path, &connection, &application, &options));
            let panicked = |panic: Box<dyn Any + Send>| {
                Err(StartError::Panicked { message: bounded(panic_message(&*panic)) })
            };
            let (engine, store) = match catch_unwind(load).unwrap_or_else(panicked) {
                Ok(all) => all,
                Err(error) => return drop(opened.send(Err(error))),
            };
            let (files, tokens) = (Arc::new(files), Arc::new(Tokens::new([store.secret()])));
            // Runs that are taken up send through it.
            let connection_of_clients = application.link.connect(host);
            open_runs.send_replace(engine.open());
            announce(&application.id, engine.open());
            if opened.send(Ok((Arc::clone(&files), Arc::clone(&tokens)))).is_err() {
                return;
            }
            let (executor, committed) = unbounded_channel();
            let gives_up = jobs.gives_up.clone();
            runtime.spawn(carry_out(committed, Arc::clone(&application), tokens, jobs));
            let writer = Writer {
                engine,
                store,
                files,
                log,
                readers,
                gives_up,
                environment: options.environment,
                received,
                taken: VecDeque::new(),
                executor,
                effects: Vec::new(),
                observer: Observer::new(application, counters, changes),
                feed,
                open: open_runs,
                state,
                replies: Vec::new(),
            };
            writer.serve();
            drop(connection_of_clients);
            // The lock goes last, and then whoever waits is told.
            drop(connection);
            drop(lock);
            closed.send_replace(true);
        }
    });
    if let Err(source) = thread {
        return Err(StartError::Unwritable { path, source });
    }
    // From here on the thread waits for others only as long as somebody waits for the engine.
    let guard = Guard::new(jobs);
    let (files, tokens) = on_opened.await.unwrap_or_else(|_| {
        let message = "its thread has ended without an answer".to_owned();
        Err(StartError::Panicked { message })
    })?;
    // They are set here alone.
    let _ = (shared.files.set(files), shared.tokens.set(tokens));
    guard.spawn(&runtime, on_closed);
    Ok(Engine { shared, functions: PhantomData })
}

/// Says that an engine has started.
fn announce(app: &str, open_runs: usize) {
    tracing::info!(app, open_runs, "the embedded engine has started");
}

/// Takes up what a database holds.
fn load<'c>(
    path: &Path,
    connection: &'c Connection,
    application: &Arc<Application>,
    options: &Options,
) -> Result<(engine::Engine, SqliteStore<'c>), StartError> {
    let failed =
        |error: engine::store::StoreError| StartError::Store { path: path.to_owned(), source: error.0 };
    let now = options.environment.now_ms();
    let secret = || options.environment.secret();
    let mut store = SqliteStore::new(connection, application, secret, now).map_err(failed)?;
    let engine =
        engine::Engine::open_store(Arc::clone(application), options.settings.clone(), &mut store, now);
    let engine = engine.map_err(failed)?;
    // What the engine has brought up to date, and that it knows the crons which are new.
    store.commit().map_err(failed)?;
    Ok((engine, store))
}

impl Shared {
    /// Whether the application lists a function with this id.
    pub(super) fn lists(&self, function: &str) -> bool {
        self.application.functions.iter().any(|listed| listed.descriptor.id == function)
    }

    /// The events of the registry.
    pub(super) fn events(&self) -> Vec<&'static EventDescriptor> {
        (self.application.events)()
    }

    /// How many events wait to be stored.
    pub(super) fn queued_events(&self) -> u64 {
        let room = self.limits.queued_events.clamp(1, Semaphore::MAX_PERMITS);
        u64::try_from(room.saturating_sub(self.room.available_permits())).unwrap_or(u64::MAX)
    }

    /// The length of the log, in bytes; 0 in memory.
    pub(super) fn log_bytes(&self) -> u64 {
        if is_memory(&self.path) { 0 } else { log_length(&self.path) }
    }

    /// The state without a cause.
    pub(super) fn state_name(&self) -> &'static str {
        match *self.state.borrow() {
            EngineState::Running => "running",
            EngineState::Stopping => "stopping",
            EngineState::Stopped => "stopped",
            EngineState::Failed(_) => "failed",
        }
    }

    /// Asks the thread of the engine.
    pub(super) async fn ask(&self, question: Question) -> Result<Reply, EngineError> {
        self.reply_to(self.send_question(question)?).await
    }

    /// Asks the thread of the engine, and does not wait for the reply.
    pub(super) fn send_question(&self, question: Question) -> Result<Replied, EngineError> {
        let (reply, replied) = oneshot::channel();
        if self.jobs.send(Job::Ask(question, reply)) { Ok(replied) } else { Err(self.over()) }
    }

    /// Waits for the reply to a question.
    pub(super) async fn reply_to(&self, replied: Replied) -> Result<Reply, EngineError> {
        replied.await.unwrap_or_else(|_| Err(self.over()))
    }

    /// Asks for something that stores so many events, once there is room for them.
    pub(super) async fn ask_with_room(&self, question: Question, events: usize) -> Result<Reply, SendError> {
        if *self.state.borrow() != EngineState::Running {
            return Err(self.over().into());
        }
        // More than the queue holds must not wait for ever.
        let wanted = events.min(self.limits.queued_events.max(1));
        let wanted = u32::try_from(wanted).unwrap_or(u32::MAX);
        let room = match self.limits.when_full {
            WhenFull::Wait => self.room.acquire_many(wanted).await.map_err(|_| SendError::Closed)?,
            WhenFull::Fail => self.room.try_acquire_many(wanted).map_err(|_| SendError::Full)?,
        };
        let reply = self.ask(question).await;
        drop(room);
        Ok(reply?)
    }

    /// Carries out a command about a run. Returns its id, of `Replay` that of the new run.
    pub(super) async fn command(&self, run_id: &str, command: Command) -> Result<String, CommandError> {
        let reply = self.ask(Question::Command { run: run_id.into(), command }).await?;
        command_reply(run_id, command, Some(reply))
    }

    /// Why nobody answers any more.
    pub(super) fn over(&self) -> EngineError {
        self.state.borrow().error()
    }

    /// Notes what an operator did.
    pub(super) async fn note(&self, entry: AuditEntry) -> Result<(), EngineError> {
        let (reply, noted) = oneshot::channel();
        if !self.jobs.send(Job::Note(entry, reply)) {
            return Err(self.over());
        }
        noted.await.map_err(|_| self.over())
    }

    /// The runs that wait and are in memory: on disk they are open, like those that execute.
    pub(super) async fn waiting_runs(&self) -> Result<Vec<RunKey>, EngineError> {
        let (reply, replied) = oneshot::channel();
        if !self.jobs.send(Job::Waiting(reply)) {
            return Err(self.over());
        }
        replied.await.map_err(|_| self.over())
    }

    /// Reads the database with a connection of its own; one in memory with that of the engine.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, EngineError> {
        let store_error = |error: rusqlite::Error| EngineError::Store(shared(error));
        if !is_memory(&self.path) {
            if self.state.borrow().is_over() {
                return Err(self.over());
            }
            // Another database in its place is not read.
            if let Some(path) = self.files.get().and_then(|files| files.missing()) {
                return Err(EngineError::Failed(EngineFailure::Replaced { path: path.to_owned() }));
            }
            let path = self.path.clone();
            let wake = || {
                self.jobs.send(Job::Waiting(oneshot::channel().0));
            };
            let reading = Arc::clone(&self.inspection.readers).begin(wake).await;
            let answer = self.runtime.spawn_blocking(move || {
                let answer = read(&open_to_read(&path)?);
                drop(reading);
                answer
            });
            return answer
                .await
                .map_err(|error| EngineError::Store(SharedError::new(error)))?
                .map_err(store_error);
        }
        let (answer, answered) = oneshot::channel();
        let job = Job::Read(Box::new(move |connection: Result<&Connection, EngineError>| {
            // Who asked may have lost interest.
            let _ = answer.send(connection.and_then(|connection| read(connection).map_err(store_error)));
        }));
        if !self.jobs.send(job) {
            return Err(self.over());
        }
        answered.await.unwrap_or_else(|_| Err(self.over()))
    }
}

impl<F> Engine<F> {
    /// Returns counters of what the engine has done since it started.
    pub fn stats(&self) -> Stats {
        let has_failed = matches!(*self.shared.state.borrow(), EngineState::Failed(_));
        self.shared.counters.read(has_failed)
    }

    /// Returns the state of the engine; if it has died, with the cause.
    pub fn state(&self) -> EngineState {
        self.shared.state.borrow().clone()
    }

    /// Waits until the engine has stopped and closed its database, so that another one can be started.
    ///
    /// ```
    /// # use event_runtime::prelude::*;
    /// # /// The life of a user.
    /// # #[domain_events]
    /// # pub enum UserEvent {
    /// #     /// A user was created.
    /// #     Created { name: String },
    /// # }
    /// # /// Greets new users.
    /// # #[function(id = "user-created-greeter")]
    /// # async fn greet(ctx: &Context<UserCreated>) -> Result<()> { let _ = ctx; Ok(()) }
    /// # registry! { pub AppEvents = [UserEvent]; }
    /// # functions! { pub AppFunctions in AppEvents = [greet]; }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<()> {
    /// let app = App::<AppFunctions>::builder("greeter").build()?;
    /// let engine = app.embedded(":memory:").start().await?;
    /// let watched = engine.clone();
    /// let watch = tokio::spawn(async move {
    ///     if let Err(failure) = watched.stopped().await {
    ///         eprintln!("the engine has died: {failure}");
    ///     }
    /// });
    /// engine.shutdown().await;
    /// watch.await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Why the engine has died, unless it was shut down.
    pub async fn stopped(&self) -> Result<(), EngineFailure> {
        // The other end is dropped when everything is closed.
        let _ = self.shared.closed.clone().wait_for(|closed| *closed).await;
        match self.state() {
            EngineState::Failed(failure) => Err(failure),
            _ => Ok(()),
        }
    }

    /// Counts what the database holds.
    ///
    /// # Errors
    ///
    /// When the engine is closed, or its store has failed.
    pub async fn totals(&self) -> Result<Totals, EngineError> {
        self.shared.read(inspect::totals).await
    }

    /// Waits until every run has ended.
    ///
    /// # Errors
    ///
    /// When the engine was shut down or has died meanwhile: unfinished runs are resumed at the next start.
    pub async fn wait_idle(&self) -> Result<(), EngineError> {
        let (mut open, mut state) = (self.shared.open.clone(), self.shared.state.subscribe());
        tokio::select! {
            biased;
            state = state.wait_for(EngineState::is_over) => match state {
                Ok(state) => Err(state.error()),
                Err(_) => Err(EngineError::Closed),
            },
            // Its sender is dropped only when the engine has stopped.
            open = open.wait_for(|open| *open == 0) => match open {
                Ok(_) => Ok(()),
                Err(_) => Err(self.shared.over()),
            },
        }
    }

    /// Cancels a run: none of its steps begins any more, and a body that is running is dropped at its next `await`.
    ///
    /// # Errors
    ///
    /// When there is no such run, or it has ended.
    pub async fn cancel(&self, run_id: &str) -> Result<(), CommandError> {
        self.shared.command(run_id, Command::Cancel).await.map(drop)
    }

    /// Resumes a run that has failed or was cancelled: recorded results stay, and steps that had failed for good run again.
    ///
    /// # Errors
    ///
    /// When there is no such run, or it has not ended, or has completed.
    pub async fn retry(&self, run_id: &str) -> Result<(), CommandError> {
        self.shared.command(run_id, Command::Retry).await.map(drop)
    }

    /// Starts a new run with the events of an earlier one, from the top. Returns the id of the new run.
    ///
    /// # Errors
    ///
    /// When there is no such run, its events were pruned, or its function is a singleton that is already running.
    pub async fn replay(&self, run_id: &str) -> Result<String, CommandError> {
        self.shared.command(run_id, Command::Replay).await
    }

    /// Shuts the engine down: it accepts no more events, gives running step bodies the grace period to end, and suspends every
    /// run until the next start. Returns when the file is closed.
    pub async fn shutdown(&self) {
        let shared = &self.shared;
        let begins = shared.state.send_if_modified(|state| {
            let running = *state == EngineState::Running;
            if running {
                *state = EngineState::Stopping;
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
    /// Returns a client that sends events to this engine. Where the registry names metadata, the client sends with
    /// [`with_meta`](Client::with_meta).
    pub fn client(&self) -> Client<F::Registry, <F::Registry as Registry>::Meta> {
        Client::new(Arc::<Shared>::clone(&self.shared))
    }
}

impl Transport for Shared {
    fn host(&self) -> Host {
        Host::Engine
    }

    fn layers(&self) -> &Chain {
        &self.application.middleware
    }

    fn send(self: Arc<Self>, events: Vec<RawEnvelope>) -> Sent {
        let first = events.first();
        let span = tracing::info_span!(
            "event",
            name = first.map(|event| event.name.as_str()),
            id = first.map(|event| event.id.as_str()),
            count = events.len(),
        );
        let sending = async move {
            let (count, limit) = (events.len(), self.limits.events_per_send);
            if *self.state.borrow() == EngineState::Running && count > limit {
                return Err(SendError::TooMany { events: count, limit });
            }
            match self.ask_with_room(Question::Send(events), count).await? {
                Reply::Receipts(receipts) => Ok(receipts),
                _ => Err(SendError::Closed),
            }
        };
        Box::pin(sending.instrument(span))
    }
}

impl Seals for Shared {
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
