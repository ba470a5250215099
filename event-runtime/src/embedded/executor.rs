//! What happens in the runtime: executions are tasks of tokio.

use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::oneshot;
use tracing::Instrument;

use super::EngineError;
use super::writer::{Job, Jobs};
use crate::engine::execution::{Execution, Progress};
use crate::engine::{Answer, ExecutionId, ExecutionStart, Reply};
use crate::function::Application;

/// Something that is on disk, for who waits for it.
pub(super) enum Delivery {
    /// Answers who has asked.
    Reply(oneshot::Sender<Result<Reply, EngineError>>, Reply),
    /// Enters a function.
    Start(Box<ExecutionStart>),
    /// Tells an execution something.
    Answer(ExecutionId, Answer),
    /// Drops an execution.
    Stop(ExecutionId),
}

/// Delivers what the commits have led to. One task does it for all, so that the thread of the engine wakes the runtime
/// once a commit, and not once for everybody who waits.
pub(super) async fn deliver(
    mut deliveries: UnboundedReceiver<Vec<Delivery>>,
    application: Arc<Application>,
    jobs: Jobs,
) {
    let mut executions = HashMap::new();
    while let Some(of_commit) = deliveries.recv().await {
        for delivery in of_commit {
            match delivery {
                // Who asked may have lost interest.
                Delivery::Reply(waiting, reply) => drop(waiting.send(Ok(reply))),
                Delivery::Start(begin) => {
                    let (answers, received) = unbounded_channel();
                    executions.insert(begin.execution, answers);
                    tokio::spawn(execute(*begin, Arc::clone(&application), received, jobs.clone()));
                }
                Delivery::Answer(execution, answer) => {
                    if let Some(answers) = executions.get(&execution) {
                        // The execution may have ended.
                        let _ = answers.send(answer);
                    }
                }
                // The other end sees that, and drops the handler at its next await.
                Delivery::Stop(execution) => drop(executions.remove(&execution)),
            }
        }
        // What was woken last is polled first, and the rest in its order: so that is nobody.
        tokio::spawn(async {});
    }
}

/// Executes a handler until it has ended, or the engine drops it.
async fn execute(
    begin: ExecutionStart,
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
    let mut execution = Execution::new(begin, function);
    let work = async {
        loop {
            let progress = poll_fn(|cx| {
                loop {
                    match answers.poll_recv(cx) {
                        Poll::Ready(Some(answer)) => execution.answer(answer),
                        // The engine has dropped the execution.
                        Poll::Ready(None) => return Poll::Ready(None),
                        Poll::Pending => break,
                    }
                }
                execution.poll(cx).map(Some)
            });
            let Some(Progress { events, has_ended }) = progress.await else { return };
            let job = Job::StepEvents { run: execution.run, execution: execution.id, events };
            if !jobs.send(job) || has_ended {
                return;
            }
        }
    };
    work.instrument(span).await;
}
