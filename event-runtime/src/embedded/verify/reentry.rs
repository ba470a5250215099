//! One re-entry: a handler is called with the event of a run and given its recorded results, and nothing else.

use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use super::report::Found;
use crate::engine::state::runs::Run;
use crate::event::Reading;
use crate::function::{
    Application, Completion, Error, Invocation, Journal, Machine, Polled, StepChange, StepKind, Unfit,
};
use crate::key_map::KeyMap;

/// For so long a handler may wait for something that is none of its steps.
const PATIENCE: Duration = Duration::from_secs(1);

/// What of a run does not fit its function as it is now.
pub(super) async fn reenter(application: &Application, run: Run) -> Vec<Found> {
    let mut reentry = Reentry::new(application, run);
    loop {
        let polled = poll_fn(|cx| reentry.machine.poll_until_quiet(cx));
        let Ok(polled) = tokio::time::timeout(PATIENCE, polled).await else { break };
        match polled {
            Polled::Returned(result) => {
                let unfit = result.as_ref().err().and_then(Error::downcast_ref::<Unfit>);
                reentry.misfits.extend(unfit.map(Found::event));
                if unfit.is_some() {
                    // It was not entered at all.
                    return reentry.misfits;
                }
                break;
            }
            Polled::Quiet(changes) => changes.into_iter().for_each(|change| reentry.take(change)),
        }
        match reentry.journal.deliver_next(&mut reentry.machine) {
            Some(_) => {}
            None if reentry.kinds.is_empty() || !reentry.machine.waits_elsewhere() => break,
            None => {
                let woken = poll_fn(|cx| reentry.machine.poll_woken(cx));
                if tokio::time::timeout(PATIENCE, woken).await.is_err() {
                    break;
                }
            }
        }
    }
    reentry.end()
}

struct Reentry {
    machine: Machine,
    journal: Journal<Completion>,
    /// The kinds of the steps that were recorded or begun, and that the handler has not asked for.
    kinds: KeyMap<Arc<str>, StepKind>,
    /// The steps that the handler has asked for, by their number.
    asked: Vec<Arc<str>>,
    misfits: Vec<Found>,
}

impl Reentry {
    fn new(application: &Application, run: Run) -> Self {
        let function = &application.functions[run.function.get()];
        let machine = Machine::new(&function.handler, |promises| Invocation {
            promises,
            events: Arc::clone(&run.events),
            run_id: Arc::clone(&run.id),
            attempt: run.attempt,
            function: function.descriptor.id,
            means: None,
            reading: Reading::Stored,
        });
        let (mut journal, mut kinds) = (Journal::default(), KeyMap::default());
        kinds.extend(run.pending.into_iter().map(|pending| (pending.key, pending.kind)));
        for memo in run.memos {
            kinds.insert(Arc::clone(&memo.key), memo.kind);
            journal.record(memo.key, memo.ord, Completion { kind: memo.kind, outcome: memo.outcome });
        }
        Self { machine, journal, kinds, asked: Vec::new(), misfits: Vec::new() }
    }

    fn take(&mut self, change: StepChange) {
        match change {
            StepChange::Found { op, key, request } => {
                let kind = request.kind();
                if let Some(recorded) = self.kinds.remove(&key).filter(|recorded| *recorded != kind) {
                    self.misfits.push(Found::kind(&key, recorded, kind));
                }
                self.journal.find(op, &key, kind);
                // Steps are numbered in the order of their discovery.
                self.asked.push(key);
            }
            StepChange::Dropped { op } => self.journal.abandon(op, &self.asked[op]),
            // No body was permitted.
            StepChange::Ran { .. } => {}
        }
    }

    fn end(mut self) -> Vec<Found> {
        let undecodable = self.machine.undecodable().into_iter();
        self.misfits.extend(undecodable.map(|(step, problem)| Found::output(&step, &problem)));
        let is_changed = !self.misfits.is_empty();
        let mut left: Vec<_> = self.kinds.into_keys().collect();
        left.sort_unstable();
        // A function that was told of a failure may have gone another way for that alone.
        self.misfits.extend(left.iter().filter(|_| !is_changed).map(|step| Found::step_gone(step)));
        self.misfits
    }
}
