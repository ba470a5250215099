//! An entry as a task of tokio.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use tokio::sync::mpsc::UnboundedReceiver;
use tracing::Instrument;

use super::core::{Answer, Begin};
use super::driver::{Job, Jobs};
use super::entry::{Entry, Progress};
use crate::app::Core as Application;

/// Executes an entry until it has ended, or the core drops it.
pub(super) async fn execute(
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
            let job = Job::Reports { run: entry.run, entry: entry.id, reports, has_ended };
            if !jobs.send(job) || has_ended {
                return;
            }
        }
    };
    work.instrument(span).await;
}
