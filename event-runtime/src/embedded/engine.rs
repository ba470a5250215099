//! A running engine.

use std::fmt;
use std::marker::PhantomData;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::{oneshot, watch};

use super::error::{EngineError, StartError};
use super::scheduler::{Command, Scheduler};
use super::stats::{Counters, Stats, Totals, count};
use super::store::{FileLock, OpenRun, Store, StoreOptions, Write, Written, load_open_runs, open};
use super::{Backoff, Options};
use crate::app::Core;
use crate::client::{BoxFuture, Client, Receipt, SendError, Transport};
use crate::clock::Environment;
use crate::envelope::RawEnvelope;
use crate::registry::Registry;

/// What the parts of an engine share.
pub(super) struct Shared {
    pub(super) core: Arc<Core>,
    pub(super) store: Store,
    pub(super) counters: Arc<Counters>,
    pub(super) environment: Environment,
    pub(super) backoff: Backoff,
    pub(super) max_event_bytes: usize,
    /// How many runs have not ended.
    pub(super) open: watch::Sender<usize>,
    /// Whether the engine takes events and begins bodies.
    pub(super) phase: watch::Sender<Phase>,
}

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

/// A running engine. Cheap to clone; dropping it stops nothing: see [`shutdown`](Self::shutdown).
pub struct Engine<R> {
    shared: Arc<Shared>,
    scheduler: Arc<Scheduler>,
    registry: PhantomData<fn() -> R>,
}

impl<R> Clone for Engine<R> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            scheduler: Arc::clone(&self.scheduler),
            registry: PhantomData,
        }
    }
}

impl<R> fmt::Debug for Engine<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("app", &self.shared.core.id)
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}

/// Opens the database and starts the engine.
pub(super) async fn start<R>(
    core: Arc<Core>,
    path: PathBuf,
    options: Options,
) -> Result<Engine<R>, StartError> {
    let (scheduler, commands) = Scheduler::new(options.max_concurrent_runs, options.shutdown_grace);
    let (opened, runs) = {
        let core = Arc::clone(&core);
        let opening = tokio::task::spawn_blocking(move || open_and_load(&path, &core));
        // Opening does not panic; if the runtime is shut down meanwhile, there is nobody left to tell.
        opening.await.unwrap_or_else(|error| {
            Err(StartError::Store { path: PathBuf::new(), message: error.to_string() })
        })?
    };
    let open = watch::Sender::new(runs.len());
    let phase = watch::Sender::new(Phase::Running);
    let counters = Arc::<Counters>::default();
    let store_options = StoreOptions {
        core: Arc::clone(&core),
        environment: options.environment.clone(),
        dedupe_window_ms: i64::try_from(options.dedupe_window.as_millis()).unwrap_or(i64::MAX),
        committed: Box::new(on_commit(Arc::clone(&counters), open.clone(), scheduler.clone())),
        failed: Box::new({
            let phase = phase.clone();
            move |_| {
                phase.send_replace(Phase::Stopped);
            }
        }),
    };
    let Opened { connection, lock, path } = opened;
    let store =
        Store::start(connection, store_options).map_err(|source| StartError::Unwritable { path, source })?;
    let shared = Arc::new(Shared {
        core,
        store,
        counters,
        environment: options.environment,
        backoff: options.backoff,
        max_event_bytes: options.max_event_bytes,
        open,
        phase,
    });
    tracing::info!(app = shared.core.id, open_runs = runs.len(), "the embedded engine has started");
    scheduler.tell(Command::Add(runs));
    let scheduler = Arc::new(scheduler);
    commands.serve(&shared, lock);
    Ok(Engine { shared, scheduler, registry: PhantomData })
}

struct Opened {
    connection: rusqlite::Connection,
    lock: FileLock,
    path: PathBuf,
}

fn open_and_load(path: &std::path::Path, core: &Core) -> Result<(Opened, Vec<OpenRun>), StartError> {
    let lock = FileLock::take(path)?;
    let connection = open(path)?;
    let runs = load_open_runs(&connection, core)
        .map_err(|error| StartError::Store { path: path.to_owned(), message: error.to_string() })?;
    Ok((Opened { connection, lock, path: path.to_owned() }, runs))
}

/// What happens after a commit and before its acknowledgement: the runs that it starts are counted and scheduled.
fn on_commit(
    counters: Arc<Counters>,
    open: watch::Sender<usize>,
    scheduler: Scheduler,
) -> impl Fn(&mut Written) + Send {
    move |written| {
        for receipt in &written.receipts {
            count(if receipt.duplicate { &counters.duplicates } else { &counters.events });
        }
        let runs = std::mem::take(&mut written.runs);
        if !runs.is_empty() {
            open.send_modify(|open| *open += runs.len());
            scheduler.tell(Command::Add(runs));
        }
    }
}

impl<R> Engine<R> {
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
        let (answer, answered) = oneshot::channel();
        self.shared.store.totals(move |totals| {
            // Who asked may have lost interest.
            let _ = answer.send(totals);
        });
        answered.await.unwrap_or(Err(EngineError::Closed))
    }

    /// Waits until every run has ended, or the engine has stopped.
    pub async fn idle(&self) {
        let (mut open, mut phase) = (self.shared.open.subscribe(), self.shared.phase.subscribe());
        tokio::select! {
            _ = open.wait_for(|open| *open == 0) => {}
            _ = phase.wait_for(|phase| *phase == Phase::Stopped) => {}
        }
    }

    /// Stops: takes no more events, lets the bodies of steps that are being executed end within the grace period, and
    /// parks every run; the next start takes them up. Returns when the file is closed.
    pub async fn shutdown(&self) {
        self.shared.phase.send_if_modified(|phase| {
            let running = *phase == Phase::Running;
            if running {
                *phase = Phase::Stopping;
            }
            running
        });
        self.scheduler.stop().await;
    }
}

impl<R: Registry> Engine<R> {
    /// A client that sends events to this engine.
    pub fn client(&self) -> Client<R> {
        Client::new(Arc::<Shared>::clone(&self.shared))
    }
}

impl Transport for Shared {
    fn send(&self, events: Vec<RawEnvelope>) -> BoxFuture<'_, Result<Vec<Receipt>, SendError>> {
        let (ack, acked) = oneshot::channel();
        if *self.phase.borrow() != Phase::Running {
            return Box::pin(std::future::ready(Err(SendError::Closed)));
        }
        self.store.write(Write::Events(events), move |written| {
            // Who asked may have lost interest; the events are stored all the same.
            let _ = ack.send(written);
        });
        Box::pin(async {
            let written = acked.await.unwrap_or(Err(EngineError::Closed))?;
            Ok(written.receipts)
        })
    }

    fn max_event_bytes(&self) -> usize {
        self.max_event_bytes
    }

    fn new_id(&self) -> String {
        self.environment.new_id()
    }

    fn now_ms(&self) -> i64 {
        self.environment.now_ms()
    }
}
