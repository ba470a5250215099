//! What happens in the runtime: entries are tasks of tokio.

use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::oneshot;
use tracing::Instrument;

use super::EngineError;
use super::core::{Answer, Begin, EntryId, Reply};
use super::driver::{Job, Jobs};
use super::entry::{Entry, Progress};
use crate::app::Core as Application;

/// Something that is on disk, for who waits for it.
pub(super) enum Delivery {
    /// Answers who has asked.
    Reply(oneshot::Sender<Result<Reply, EngineError>>, Reply),
    /// Enters a function.
    Begin(Box<Begin>),
    /// Tells an entry something.
    Answer(EntryId, Answer),
    /// Drops an entry.
    Stop(EntryId),
}

/// Delivers what the commits have led to. One task does it for all, so that the thread of the engine wakes the runtime
/// once a commit, and not once for everybody who waits.
pub(super) async fn deliver(
    mut deliveries: UnboundedReceiver<Vec<Delivery>>,
    application: Arc<Application>,
    jobs: Jobs,
) {
    let mut entries = HashMap::new();
    while let Some(of_commit) = deliveries.recv().await {
        for delivery in of_commit {
            match delivery {
                // Who asked may have lost interest.
                Delivery::Reply(waiting, reply) => drop(waiting.send(Ok(reply))),
                Delivery::Begin(begin) => {
                    let (answers, received) = unbounded_channel();
                    entries.insert(begin.entry, answers);
                    tokio::spawn(execute(*begin, Arc::clone(&application), received, jobs.clone()));
                }
                Delivery::Answer(entry, answer) => {
                    if let Some(answers) = entries.get(&entry) {
                        // The entry may have ended.
                        let _ = answers.send(answer);
                    }
                }
                // The other end sees that, and drops the handler at its next await.
                Delivery::Stop(entry) => drop(entries.remove(&entry)),
            }
        }
        // What was woken last is polled first, and the rest in its order: so that is nobody.
        tokio::spawn(async {});
    }
}

/// Executes an entry until it has ended, or the core drops it.
async fn execute(
    begin: Begin,
    application: Arc<Application>,
    mut answers: UnboundedReceiver<Answer>,
    jobs: Jobs,
) {
    let function = &application.functions[begin.function as usize];
    let first = begin.events.first();
    let span = tracing::info_span!(
        "run",
        function = function.descriptor.id,
        run = &*begin.id,
        event = first.map(|event| event.id.as_str()),
        attempt = begin.attempt,
        traceparent = first.and_then(|event| event.traceparent.as_deref()),
    );
    let mut entry = Entry::new(begin, function);
    let work = async {
        loop {
            let progress = poll_fn(|cx| {
                loop {
                    match answers.poll_recv(cx) {
                        Poll::Ready(Some(answer)) => entry.answer(answer),
                        // The core has dropped the entry.
                        Poll::Ready(None) => return Poll::Ready(None),
                        Poll::Pending => break,
                    }
                }
                entry.poll(cx).map(Some)
            });
            let Some(Progress { reports, has_ended }) = progress.await else { return };
            let job = Job::Reports { run: entry.run, entry: entry.id, reports };
            if !jobs.send(job) || has_ended {
                return;
            }
        }
    };
    work.instrument(span).await;
}
