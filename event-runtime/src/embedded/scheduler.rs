//! Which run executes when: in the order of their events, not before they are due, so many at once.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::engine::{Phase, Shared};
use super::run::execute;
use super::store::{FileLock, OpenRun, RunKey};

/// What the scheduler is told.
pub(super) enum Command {
    /// These runs are open.
    Add(Vec<OpenRun>),
    /// The engine stops.
    Stop,
}

/// The way to the scheduler.
#[derive(Clone)]
pub(super) struct Scheduler {
    commands: mpsc::UnboundedSender<Command>,
    stopped: watch::Receiver<bool>,
}

/// The scheduler before it begins.
pub(super) struct Commands {
    received: mpsc::UnboundedReceiver<Command>,
    stopped: watch::Sender<bool>,
    max_concurrent_runs: usize,
    grace: Duration,
}

impl Scheduler {
    pub(super) fn new(max_concurrent_runs: usize, grace: Duration) -> (Self, Commands) {
        let (commands, received) = mpsc::unbounded_channel();
        let (stopped, on_stopped) = watch::channel(false);
        (Self { commands, stopped: on_stopped }, Commands { received, stopped, max_concurrent_runs, grace })
    }

    pub(super) fn tell(&self, command: Command) {
        // A scheduler that has ended takes up nothing: the runs are in the database.
        let _ = self.commands.send(command);
    }

    /// Stops the engine, and waits until it has.
    pub(super) async fn stop(&self) {
        self.tell(Command::Stop);
        // The other end is dropped only after the engine has stopped, or with the whole runtime.
        let _ = self.stopped.clone().wait_for(|stopped| *stopped).await;
    }
}

impl Commands {
    /// Begins. The lock is held until the file is closed.
    pub(super) fn serve(self, shared: &Arc<Shared>, lock: FileLock) {
        let Self { received, stopped, max_concurrent_runs, grace } = self;
        let queue = Queue {
            shared: Arc::clone(shared),
            ready: BTreeMap::new(),
            later: BinaryHeap::new(),
            waiting: BTreeMap::new(),
            executing: JoinSet::new(),
            max_concurrent_runs,
        };
        tokio::spawn(async move {
            let shared = Arc::clone(&queue.shared);
            queue.serve(received, grace).await;
            // Closing waits for the writer, a thread.
            let closed = tokio::task::spawn_blocking(move || {
                shared.store.close();
                shared.phase.send_replace(Phase::Stopped);
                drop(lock);
            });
            if closed.await.is_err() {
                tracing::error!("the store was not closed in order; the next start recovers it");
            }
            stopped.send_replace(true);
        });
    }
}

struct Queue {
    shared: Arc<Shared>,
    /// Runs that may begin, in the order of their events.
    ready: BTreeMap<RunKey, OpenRun>,
    /// When runs that are not due yet may begin.
    later: BinaryHeap<Reverse<(i64, RunKey)>>,
    /// These runs.
    waiting: BTreeMap<RunKey, OpenRun>,
    executing: JoinSet<()>,
    max_concurrent_runs: usize,
}

impl Queue {
    async fn serve(mut self, mut commands: mpsc::UnboundedReceiver<Command>, grace: Duration) {
        let mut phase = self.shared.phase.subscribe();
        loop {
            self.begin();
            let next = self.next_due();
            tokio::select! {
                command = commands.recv() => match command {
                    Some(Command::Add(runs)) => runs.into_iter().for_each(|run| self.add(run)),
                    Some(Command::Stop) | None => break,
                },
                Some(_) = self.executing.join_next() => {}
                () = sleep_until(next.unwrap_or_else(Instant::now)), if next.is_some() => {}
                _ = phase.wait_for(|phase| *phase == Phase::Stopped) => break,
            }
        }
        self.stop(grace).await;
    }

    fn add(&mut self, run: OpenRun) {
        if run.due > self.shared.environment.now_ms() {
            self.later.push(Reverse((run.due, run.key)));
            self.waiting.insert(run.key, run);
        } else {
            self.ready.insert(run.key, run);
        }
    }

    /// Begins what may begin.
    fn begin(&mut self) {
        let now = self.shared.environment.now_ms();
        while let Some(Reverse((due, key))) = self.later.peek().copied()
            && due <= now
        {
            self.later.pop();
            self.ready.extend(self.waiting.remove_entry(&key));
        }
        while self.executing.len() < self.max_concurrent_runs
            && let Some((_, run)) = self.ready.pop_first()
        {
            self.executing.spawn(execute(Arc::clone(&self.shared), run));
        }
    }

    /// When the next run is due, if one waits. A due time is looked at again when it has come: the clock may have jumped.
    fn next_due(&self) -> Option<Instant> {
        let Reverse((due, _)) = self.later.peek()?;
        let milliseconds = due.saturating_sub(self.shared.environment.now_ms()).clamp(1, 60_000);
        Some(Instant::now() + Duration::from_millis(milliseconds.unsigned_abs()))
    }

    /// Lets bodies in flight end; what is not done within the grace period is dropped, and taken up at the next start.
    async fn stop(&mut self, grace: Duration) {
        let all_parked = async { while self.executing.join_next().await.is_some() {} };
        if tokio::time::timeout(grace, all_parked).await.is_err() {
            tracing::warn!(
                runs = self.executing.len(),
                "the grace period is over: bodies of steps are dropped"
            );
            self.executing.shutdown().await;
        }
    }
}
