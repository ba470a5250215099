//! The jobs of the engine's thread, and the queue in which they wait: many send, one takes everything that has gathered at once.
//!
//! A channel of the standard library hands over one by one and allocates a block for every 31; here both ends swap two buffers.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::EngineError;
use super::sqlite::GivesUp;
use crate::engine::message::{ExecutionId, Question, Reply, StepEvent};
use crate::engine::model::RunKey;
use crate::inspect::AuditEntry;

/// A read of the database, made between two transactions.
pub(super) type Read = Box<dyn FnOnce(Result<&Connection, EngineError>) + Send>;

/// The sender of a reply.
pub(super) type ReplyTo = oneshot::Sender<Result<Reply, EngineError>>;

/// A job of the thread.
pub(super) enum Job {
    /// Somebody asks, and waits for the reply.
    Ask(Question, ReplyTo),
    /// Something has come up in an execution.
    Step { run: RunKey, execution: ExecutionId, event: StepEvent },
    /// Somebody reads the database.
    Read(Read),
    /// Somebody notes what an operator did.
    Note(AuditEntry, oneshot::Sender<()>),
    /// Somebody asks which runs wait in memory.
    Waiting(oneshot::Sender<Vec<RunKey>>),
    /// Begin nothing more, let what executes come to a rest, and close.
    Stop,
    /// Drop everything as it is, and close.
    Abandon,
}

/// Creates a queue. `gives_up` tells the thread to stop waiting for locks of others.
pub(super) fn jobs(gives_up: GivesUp) -> (Jobs, Received) {
    let waiting = Waiting { jobs: VecDeque::new(), is_awaited: false, is_closed: false };
    let queue = Arc::new(Queue { waiting: Mutex::new(waiting), wake: Condvar::new() });
    (Jobs { queue: Arc::clone(&queue), gives_up }, Received(queue))
}

/// The sending end of the queue.
#[derive(Clone)]
pub(super) struct Jobs {
    queue: Arc<Queue>,
    pub(super) gives_up: GivesUp,
}

/// The receiving end of the queue, held by the thread. Dropping it closes the queue.
pub(super) struct Received(Arc<Queue>);

struct Queue {
    waiting: Mutex<Waiting>,
    wake: Condvar,
}

struct Waiting {
    jobs: VecDeque<Job>,
    /// Set while the thread sleeps: whoever adds a job must wake it.
    is_awaited: bool,
    is_closed: bool,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // No code that can panic runs under the lock, but for the allocator.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Jobs {
    /// Adds a job. Returns false if the thread is gone.
    pub(super) fn send(&self, job: Job) -> bool {
        self.send_all([job])
    }

    /// Adds the events of an execution, all at once. Returns false if the thread is gone.
    pub(super) fn tell(&self, run: RunKey, execution: ExecutionId, events: &mut Vec<StepEvent>) -> bool {
        self.send_all(events.drain(..).map(|event| Job::Step { run, execution, event }))
    }

    /// Drops everything as it is, even if the thread waits for somebody else's lock.
    pub(super) fn abandon(&self) {
        self.gives_up.set();
        self.send(Job::Abandon);
    }

    fn send_all(&self, jobs: impl IntoIterator<Item = Job>) -> bool {
        let mut waiting = self.queue.lock();
        if waiting.is_closed {
            return false;
        }
        waiting.jobs.extend(jobs);
        let is_awaited = std::mem::take(&mut waiting.is_awaited);
        drop(waiting);
        if is_awaited {
            self.queue.wake.notify_one();
        }
        true
    }
}

impl Received {
    /// Takes whatever has gathered, in order, for an empty buffer.
    pub(super) fn take(&self, into: &mut VecDeque<Job>) {
        std::mem::swap(&mut self.0.lock().jobs, into);
    }

    /// Waits until something has gathered, at most so long.
    pub(super) fn wait(&self, timeout: Duration) {
        let mut waiting = self.0.lock();
        waiting.is_awaited = waiting.jobs.is_empty();
        let waited = self.0.wake.wait_timeout_while(waiting, timeout, |waiting| waiting.jobs.is_empty());
        let (mut waiting, _) = waited.unwrap_or_else(PoisonError::into_inner);
        waiting.is_awaited = false;
    }
}

impl Drop for Received {
    fn drop(&mut self) {
        let left = {
            let mut waiting = self.0.lock();
            waiting.is_closed = true;
            std::mem::take(&mut waiting.jobs)
        };
        // Outside the lock: what is dropped may send.
        drop(left);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::time::Duration;

    use super::{GivesUp, Job, Received, jobs};
    use crate::engine::message::StepEvent;
    use crate::engine::model::RunKey;

    fn taken(received: &Received) -> Vec<u64> {
        let mut taken = VecDeque::new();
        received.take(&mut taken);
        let execution = |job| match job {
            Job::Step { execution, .. } => execution,
            _ => 0,
        };
        taken.into_iter().map(execution).collect()
    }

    #[test]
    fn everything_that_has_gathered_is_taken_in_order() {
        let (jobs, received) = jobs(GivesUp::default());
        assert!(jobs.tell(RunKey(1), 7, &mut vec![StepEvent::Drained, StepEvent::Drained]));
        assert!(jobs.clone().send(Job::Stop));
        received.wait(Duration::MAX);
        assert_eq!(taken(&received), [7, 7, 0]);
        received.wait(Duration::ZERO);
        assert!(taken(&received).is_empty());
    }

    #[test]
    fn a_thread_that_waits_is_woken() {
        let (jobs, received) = jobs(GivesUp::default());
        let waiting = std::thread::spawn(move || {
            received.wait(Duration::MAX);
            taken(&received)
        });
        assert!(jobs.tell(RunKey(1), 7, &mut vec![StepEvent::Drained]));
        assert_eq!(waiting.join().unwrap(), [7]);
    }

    #[test]
    fn nothing_is_sent_to_a_thread_that_is_gone() {
        let (jobs, received) = jobs(GivesUp::default());
        drop(received);
        assert!(!jobs.send(Job::Stop));
    }
}
