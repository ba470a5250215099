//! What happens in the runtime: executions are tasks of tokio.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use tokio::sync::mpsc::UnboundedReceiver;
use tracing::Instrument;

use super::jobs::{Jobs, ReplyTo};
use super::mailbox::{Mailbox, mailbox};
use crate::engine::execution::{Execution, Progress};
use crate::engine::message::{Answer, Effect, ExecutionStart};
use crate::function::{Application, Means, TokioAlarms};
use crate::key_map::KeyMap;
use crate::signal::Tokens;

/// Carries out the effects of commits. One task does it for all, so that the thread of the engine wakes the runtime
/// once a commit, and not once for everybody who waits.
pub(super) async fn carry_out(
    mut effects: UnboundedReceiver<Vec<Effect<ReplyTo>>>,
    application: Arc<Application>,
    tokens: Arc<Tokens>,
    jobs: Jobs,
) {
    let means = Arc::new(Means { alarms: Arc::new(TokioAlarms), tokens });
    let mut executions = KeyMap::default();
    while let Some(of_commit) = effects.recv().await {
        for effect in of_commit {
            match effect {
                // Who asked may have lost interest.
                Effect::Reply(waiting, reply) => drop(waiting.send(Ok(reply))),
                Effect::Start(start) => {
                    let (sender, mailbox) = mailbox();
                    executions.insert(start.execution, sender);
                    let (application, means) = (Arc::clone(&application), Arc::clone(&means));
                    tokio::spawn(execute(*start, application, means, mailbox, jobs.clone()));
                }
                Effect::Answer(execution, answer) => {
                    // The execution may have ended.
                    if let Some(sender) = executions.get(&execution) {
                        sender.send(answer);
                    }
                }
                // The other end sees that, and drops the handler at its next await.
                Effect::Stop(execution) => drop(executions.remove(&execution)),
                // The writer has carried them out.
                Effect::Drained | Effect::Notice(_) => {}
            }
        }
        // What was woken last is polled first, and the rest in its order: so that is nobody.
        tokio::spawn(async {});
    }
}

/// Executes a handler until it has ended, or the engine drops it.
async fn execute(
    start: ExecutionStart,
    application: Arc<Application>,
    means: Arc<Means>,
    mailbox: Mailbox<Answer>,
    jobs: Jobs,
) {
    let function = &application.functions[start.function.get()];
    let first = start.events.first();
    let span = tracing::info_span!(
        "run",
        function = function.descriptor.id,
        run = &*start.id,
        event = first.map(|event| event.id.as_str()),
        attempt = start.attempt,
        traceparent = first.and_then(|event| event.traceparent.as_deref()),
    );
    let mut execution = Execution::new(start, function, means);
    let work = async {
        loop {
            let progress = poll_fn(|cx| {
                if mailbox.take(cx, |answer| execution.answer(answer)).is_err() {
                    // The engine has dropped the execution.
                    return Poll::Ready(None);
                }
                execution.poll(cx).map(Some)
            });
            let Some(Progress { mut events, has_ended }) = progress.await else { return };
            if !jobs.tell(execution.run, execution.id, &mut events) || has_ended {
                return;
            }
            execution.reuse(events);
        }
    };
    work.instrument(span).await;
}
