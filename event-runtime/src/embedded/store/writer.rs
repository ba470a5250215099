//! The one writer: a thread that owns the connection and commits whatever has gathered, all of it with one flush.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{Builder, JoinHandle};

use rusqlite::{Connection, TransactionBehavior};

use super::totals::totals;
use super::write::{Write, Writing, Written};
use crate::app::Core;
use crate::clock::Environment;
use crate::embedded::{EngineError, Totals};

/// The most writes in one commit.
const MAX_BATCH: usize = 512;

type Ack = Box<dyn FnOnce(Result<Written, EngineError>) + Send>;

/// What the writer is asked for.
enum Job {
    Write(Write, Ack),
    Totals(Box<dyn FnOnce(Result<Totals, EngineError>) + Send>),
}

/// What the writer needs besides the connection.
pub(in crate::embedded) struct StoreOptions {
    pub(in crate::embedded) core: Arc<Core>,
    pub(in crate::embedded) environment: Environment,
    pub(in crate::embedded) dedupe_window_ms: i64,
    /// Called after a commit, before the acknowledgements, with what it has led to.
    pub(in crate::embedded) committed: Box<dyn Fn(&mut Written) + Send>,
    /// Called when the store has failed: nothing is written any more.
    pub(in crate::embedded) failed: Box<dyn Fn(&EngineError) + Send>,
}

/// The way to the writer.
pub(in crate::embedded) struct Store {
    /// `None` once the store is closed.
    jobs: Mutex<Option<Sender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Store {
    /// Starts the writer.
    pub(in crate::embedded) fn start(connection: Connection, options: StoreOptions) -> std::io::Result<Self> {
        let (jobs, received) = channel();
        let writer = Writer { connection, options, failure: None };
        let thread = Builder::new().name("event-store".to_owned()).spawn(move || writer.serve(&received))?;
        Ok(Self { jobs: Mutex::new(Some(jobs)), thread: Mutex::new(Some(thread)) })
    }

    /// Asks for a write. `ack` is called when it is on disk, or when it failed; in the order of the calls.
    pub(in crate::embedded) fn write(
        &self,
        write: Write,
        ack: impl FnOnce(Result<Written, EngineError>) + Send + 'static,
    ) {
        self.ask(Job::Write(write, Box::new(ack)));
    }

    /// Asks for the counts of the database.
    pub(in crate::embedded) fn totals(
        &self,
        answer: impl FnOnce(Result<Totals, EngineError>) + Send + 'static,
    ) {
        self.ask(Job::Totals(Box::new(answer)));
    }

    fn ask(&self, job: Job) {
        let sent = match &*self.jobs.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(jobs) => jobs.send(job).map_err(|unsent| unsent.0),
            None => Err(job),
        };
        if let Err(job) = sent {
            job.refuse(&EngineError::Closed);
        }
    }

    /// Writes what was asked for so far, and closes the file.
    pub(in crate::embedded) fn close(&self) {
        drop(self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::error!("the writer of the store panicked");
        }
    }
}

impl Job {
    fn refuse(self, error: &EngineError) {
        match self {
            Self::Write(_, ack) => ack(Err(error.clone())),
            Self::Totals(answer) => answer(Err(error.clone())),
        }
    }
}

struct Writer {
    connection: Connection,
    options: StoreOptions,
    /// Why nothing is written any more. After a failed flush it is not known what is on disk, so it is never retried.
    failure: Option<EngineError>,
}

impl Writer {
    fn serve(mut self, jobs: &Receiver<Job>) {
        while let Ok(first) = jobs.recv() {
            let mut batch = vec![first];
            while batch.len() < MAX_BATCH
                && let Ok(job) = jobs.try_recv()
            {
                batch.push(job);
            }
            self.answer(batch);
        }
        if self.failure.is_none()
            && let Err(error) = self.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        {
            tracing::warn!(%error, "the log of the database was not folded into it; the next start does it");
        }
    }

    fn answer(&mut self, batch: Vec<Job>) {
        let (mut writes, mut acks, mut questions) = (Vec::new(), Vec::new(), Vec::new());
        for job in batch {
            match job {
                Job::Write(write, ack) => {
                    writes.push(write);
                    acks.push(ack);
                }
                Job::Totals(answer) => questions.push(answer),
            }
        }
        match self.commit(&writes) {
            Ok(written) => acks.into_iter().zip(written).for_each(|(ack, written)| ack(Ok(written))),
            Err(error) => acks.into_iter().for_each(|ack| ack(Err(error.clone()))),
        }
        for answer in questions {
            answer(match &self.failure {
                Some(failure) => Err(failure.clone()),
                None => totals(&self.connection).map_err(|error| EngineError::Store(error.to_string())),
            });
        }
    }

    /// Writes everything in one transaction.
    fn commit(&mut self, writes: &[Write]) -> Result<Vec<Written>, EngineError> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        if writes.is_empty() {
            return Ok(Vec::new());
        }
        match self.transact(writes) {
            Ok(mut written) => {
                for written in &mut written {
                    (self.options.committed)(written);
                }
                Ok(written)
            }
            Err(error) => {
                let failure = EngineError::Store(error.to_string());
                tracing::error!(%error, "the store failed: the engine stops");
                (self.options.failed)(&failure);
                self.failure = Some(failure.clone());
                Err(failure)
            }
        }
    }

    fn transact(&mut self, writes: &[Write]) -> rusqlite::Result<Vec<Written>> {
        let StoreOptions { core, environment, dedupe_window_ms, .. } = &self.options;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let writing =
            Writing { transaction: &transaction, core, environment, dedupe_window_ms: *dedupe_window_ms };
        let written = writes.iter().map(|write| writing.write(write)).collect::<rusqlite::Result<_>>()?;
        transaction.commit()?;
        Ok(written)
    }
}
