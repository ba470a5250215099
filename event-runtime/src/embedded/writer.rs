//! The thread of the engine: it owns the engine and the database, and commits whatever has gathered with one flush.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{mpsc, watch};

use super::jobs::{Job, Jobs, Received, ReplyTo};
use super::metrics::Observer;
use super::readers::Readers;
use super::sqlite::{Files, GivesUp, LogLength, SqliteStore, try_to_fold};
use super::{EngineFailure, EngineState};
use crate::clock::Environment;
use crate::engine::message::{Effect, Input};
use crate::engine::store::StoreError;
use crate::engine::{Engine, Tx};
use crate::function::{bounded, panic_message};
use crate::inspect::Feed;

/// The most jobs of one commit.
const MAX_BATCH: usize = 512;

/// The longest that a timer is trusted: the clock may jump.
const MAX_PAUSE: Duration = Duration::from_mins(1);

/// What the thread works with.
pub(super) struct Writer<'c> {
    pub(super) engine: Engine,
    pub(super) store: SqliteStore<'c>,
    pub(super) files: Arc<Files>,
    pub(super) log: LogLength,
    pub(super) readers: Arc<Readers>,
    pub(super) gives_up: GivesUp,
    pub(super) environment: Environment,
    pub(super) received: Received,
    /// Jobs that were received, and have not had their turn.
    pub(super) taken: VecDeque<Job>,
    /// The way to the executor, in the runtime.
    pub(super) executor: mpsc::UnboundedSender<Vec<Effect<ReplyTo>>>,
    /// Empty between two commits; it keeps its room.
    pub(super) effects: Vec<Effect>,
    pub(super) observer: Observer,
    pub(super) feed: Feed,
    pub(super) open: watch::Sender<usize>,
    pub(super) state: watch::Sender<EngineState>,
    /// Who waits for the replies of the transaction, by their numbers.
    pub(super) replies: Vec<Option<ReplyTo>>,
}

impl Writer<'_> {
    /// Works until the engine stops.
    pub(super) fn serve(mut self) {
        // A panic may come from what users bring along: a clock, or a recorder of metrics.
        let ended = catch_unwind(AssertUnwindSafe(|| self.work_on()));
        let ended = ended.unwrap_or_else(|panic| {
            Err(EngineFailure::Panicked { message: bounded(panic_message(&*panic)) })
        });
        self.close(ended.err());
    }

    fn work_on(&mut self) -> Result<(), EngineFailure> {
        loop {
            if !self.wait() {
                self.check_files()?;
                continue;
            }
            match self.work() {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                // It has waited for somebody else's lock in vain, and nobody waits for it.
                Err(_) if self.gives_up.get() => return Ok(()),
                Err(failure) => return Err(failure),
            }
        }
    }

    /// What is written to a file that was removed or replaced is found by nobody.
    fn check_files(&self) -> Result<(), EngineFailure> {
        match self.files.missing() {
            Some(path) => Err(EngineFailure::Replaced { path: path.to_owned() }),
            None => Ok(()),
        }
    }

    /// Waits for a job, or until something is due. Whether there is anything to do.
    fn wait(&mut self) -> bool {
        let pause = self.pause();
        if self.taken.is_empty() && pause != Some(Duration::ZERO) {
            self.received.wait(pause.unwrap_or(MAX_PAUSE));
            self.received.take(&mut self.taken);
        }
        !self.taken.is_empty() || self.pause() == Some(Duration::ZERO)
    }

    /// The next job that is there.
    fn next(&mut self) -> Option<Job> {
        if self.taken.is_empty() {
            self.received.take(&mut self.taken);
        }
        self.taken.pop_front()
    }

    /// How long until something is due.
    fn pause(&self) -> Option<Duration> {
        let now = self.environment.now_ms();
        let milliseconds = self.engine.next_due(now)?.saturating_sub(now);
        Some(Duration::from_millis(u64::try_from(milliseconds).unwrap_or_default()).min(MAX_PAUSE))
    }

    /// Handles jobs in one transaction: what is there, and whatever comes meanwhile. Whether the engine goes on.
    fn work(&mut self) -> Result<bool, EngineFailure> {
        let mut effects = std::mem::take(&mut self.effects);
        let (mut reads, mut lists, mut notes) = (Vec::new(), Vec::new(), Vec::new());
        let (mut goes_on, mut jobs) = (true, 0);
        while jobs < MAX_BATCH
            && let Some(job) = self.next()
        {
            jobs += 1;
            match job {
                Job::Ask(question, reply_to) => {
                    let reply = self.replies.len();
                    self.replies.push(Some(reply_to));
                    self.handle(Input::Ask(question, reply), &mut effects)?;
                }
                Job::Step { run, execution, event } => {
                    fail_point!("report-before");
                    self.handle(Input::Step { run, execution, event }, &mut effects)?;
                }
                Job::Read(read) => reads.push(read),
                Job::Note(entry, reply) => {
                    let now = self.environment.now_ms();
                    self.store.put_audit(&entry, now).map_err(store_error)?;
                    notes.push(reply);
                }
                Job::Waiting(reply) => lists.push(reply),
                Job::Stop => self.handle(Input::Drain, &mut effects)?,
                Job::Abandon => goes_on = false,
            }
        }
        fail_point!("inputs-handled");
        let now = self.environment.now_ms();
        let mut tx = Tx::new(&mut self.store, now, &self.environment, &mut effects);
        self.engine.tick(&mut tx).map_err(store_error)?;
        fail_point!("commit-before");
        self.store.commit().map_err(store_error)?;
        fail_point!("commit-after");
        self.check_files()?;
        self.log.check(self.store.connection(), &self.readers);
        goes_on &= self.carry_out(&mut effects);
        self.effects = effects;
        // Who sees a run here, and then waits until none is left, must wait for it: the counts come first.
        for read in reads {
            read(Ok(self.store.connection()));
        }
        for reply in notes {
            // Who asked may have lost interest.
            let _ = reply.send(());
        }
        for reply in lists {
            // Who asked may have lost interest.
            let _ = reply.send(self.engine.idle_runs());
        }
        fail_point!("replies-after");
        Ok(goes_on)
    }

    fn handle(&mut self, input: Input, effects: &mut Vec<Effect>) -> Result<(), EngineFailure> {
        let now = self.environment.now_ms();
        let mut tx = Tx::new(&mut self.store, now, &self.environment, effects);
        self.engine.handle(&mut tx, input).map_err(store_error)
    }

    /// Carries out what is on disk now. Whether the engine goes on.
    fn carry_out(&mut self, effects: &mut Vec<Effect>) -> bool {
        self.feed.tell(effects.iter().filter_map(Effect::notice));
        let (mut executed, mut goes_on) = (Vec::with_capacity(effects.len()), true);
        for effect in effects.drain(..) {
            match effect {
                Effect::Drained => goes_on = false,
                Effect::Notice(notice) => self.observer.notice(&notice),
                effect => executed.extend(effect.addressed(|id| self.replies.get_mut(id)?.take())),
            }
        }
        self.replies.clear();
        self.observer.rest();
        // Who waits for the end of every run may ask for the counts then; who is told that an event is stored may ask at once
        // whether its runs have ended.
        self.publish();
        if !executed.is_empty() {
            // Without a runtime nobody waits.
            let _ = self.executor.send(executed);
        }
        goes_on
    }

    fn publish(&self) {
        let open = self.engine.open();
        self.open.send_if_modified(|before| std::mem::replace(before, open) != open);
        Observer::gauge(open, self.engine.waiting(), self.engine.active());
    }

    fn close(mut self, failure: Option<EngineFailure>) {
        let state = failure.clone().map_or(EngineState::Stopped, EngineState::Failed);
        let error = state.error();
        self.state.send_replace(state);
        self.feed.close();
        self.replies.drain(..).flatten().for_each(|reply| drop(reply.send(Err(error.clone()))));
        while let Some(job) = self.next() {
            match job {
                Job::Ask(_, reply) => drop(reply.send(Err(error.clone()))),
                Job::Read(read) => read(Err(error.clone())),
                _ => {}
            }
        }
        match failure {
            None => self.end_in_order(),
            Some(failure) => {
                self.store.keep_log();
                tracing::error!(error = %failure, "the engine has failed, and stops");
            }
        }
        // The executor ends when this is dropped, and the executions with it, at their next await.
    }

    /// Says in the database that it was closed in order, and folds the log into it.
    fn end_in_order(&mut self) {
        if let Err(error) = self.store.close_in_order() {
            tracing::warn!(%error, "the database does not say that the engine has ended in order");
        }
        match try_to_fold(self.store.connection()) {
            Ok(true) => {}
            Ok(false) => {
                tracing::info!("somebody reads the database: its log is folded into it by the next start");
            }
            Err(error) => {
                tracing::warn!(%error, "the log of the database was not folded into it; the next start does it");
            }
        }
    }
}

fn store_error(error: StoreError) -> EngineFailure {
    EngineFailure::Store(error.0)
}

/// Dropped with the runtime of the engine: then nobody executes anything any more, and the file is let go.
pub(super) struct Guard(Jobs);

impl Guard {
    /// Guards an engine that is not started yet: it is not, if nobody waits for that any more.
    pub(super) const fn new(jobs: Jobs) -> Self {
        Self(jobs)
    }

    /// Lives in the runtime, as long as it is not told to go.
    pub(super) fn spawn(self, runtime: &Handle, mut closed: watch::Receiver<bool>) {
        runtime.spawn(async move {
            let _guard = self;
            // The other end is dropped when the engine has closed.
            let _ = closed.wait_for(|closed| *closed).await;
        });
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.abandon();
    }
}

/// Stops waiting for a drain after the grace period.
pub(super) fn abandon_after(runtime: &Handle, jobs: Jobs, grace: Duration, is_closed: &Arc<AtomicBool>) {
    let is_closed: Weak<AtomicBool> = Arc::downgrade(is_closed);
    runtime.spawn(async move {
        tokio::time::sleep(grace).await;
        if is_closed.upgrade().is_some_and(|is_closed| !is_closed.load(Ordering::Relaxed)) {
            tracing::warn!("the grace period is over: bodies of steps are dropped");
            jobs.abandon();
        }
    });
}
