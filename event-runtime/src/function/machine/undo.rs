//! Undoing a step: its handler is entered again, on its journal, until it comes to the step; there the body runs that undoes it.
//!
//! So that body may borrow whatever the handler has at that place, and needs no life of its own: also after a restart, and after a
//! cancellation. Nothing else of the handler runs.

use std::sync::Arc;
use std::task::{Context, Poll, ready};

use super::{Journal, Machine, OpId, Polled, Recorded, Request, StepChange, StepOptions};
use crate::function::{Error, Result};

/// The key under which it is recorded that a step was undone.
pub(crate) fn undo_key(step: &str) -> Arc<str> {
    format!("{step}{SUFFIX}").into()
}

/// The key of the step that is undone under this key.
pub(crate) fn undone_step(key: &str) -> &str {
    key.strip_suffix(SUFFIX).unwrap_or(key)
}

const SUFFIX: &str = " (undo)";

/// A step that is to be undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UndoTask {
    /// The key of the step.
    pub(crate) step: Arc<str>,
    /// The recorded result, as JSON.
    pub(crate) output: Arc<str>,
    /// How often it has failed.
    pub(crate) failed: u32,
}

/// A step that is being undone.
pub(crate) struct Undo {
    task: UndoTask,
    /// The step, once the handler has come to it, with its options.
    found: Option<(OpId, StepOptions)>,
    /// The names of the steps in the journal, by their number.
    names: Vec<Arc<str>>,
}

impl Undo {
    pub(crate) const fn new(task: UndoTask) -> Self {
        Self { task, found: None, names: Vec::new() }
    }

    /// The key under which it is recorded.
    pub(crate) fn key(&self) -> Arc<str> {
        undo_key(&self.task.step)
    }

    /// Whether the body runs.
    pub(crate) const fn is_running(&self) -> bool {
        self.found.is_some()
    }

    /// The options of the step, which hold for its undoing too.
    pub(crate) fn options(&self) -> StepOptions {
        self.found.map(|(_, options)| options).unwrap_or_default()
    }

    /// Drives the handler to the step, and the body to its end. `name` is what the journal calls a step with this key.
    pub(crate) fn poll<R: Recorded>(
        &mut self,
        machine: &mut Machine,
        journal: &mut Journal<R>,
        name: impl Fn(&Arc<str>) -> Arc<str>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<()>> {
        loop {
            let changes = match ready!(machine.poll_until_quiet(cx)) {
                Polled::Quiet(changes) => changes,
                Polled::Returned(Ok(_)) => return Poll::Ready(Err(self.lost("it returns before"))),
                Polled::Returned(Err(error)) => return Poll::Ready(Err(self.lost(&error.to_string()))),
            };
            let was_running = self.is_running();
            for change in changes {
                if let Some(result) = self.take(change, machine, journal, &name) {
                    return Poll::Ready(result);
                }
            }
            if self.is_running() {
                if was_running {
                    return Poll::Pending;
                }
            } else if journal.deliver_next(machine).is_none() {
                if machine.waits_elsewhere() {
                    return Poll::Pending;
                }
                return Poll::Ready(Err(self.lost("it waits for a step that has no result")));
            }
        }
    }

    /// Takes in what has become of a step. The end of the body, if it is that.
    fn take<R: Recorded>(
        &mut self,
        change: StepChange,
        machine: &Machine,
        journal: &mut Journal<R>,
        name: impl Fn(&Arc<str>) -> Arc<str>,
    ) -> Option<Result<()>> {
        match change {
            StepChange::Found { op, key, request } => {
                let name = name(&key);
                self.names.push(Arc::clone(&name));
                if key != self.task.step {
                    journal.find(op, &name, request.kind());
                    return None;
                }
                match request {
                    Request::Run(options) if options.has_undo => {
                        self.found = Some((op, options));
                        machine.undo(op, self.task.failed, Arc::clone(&self.task.output));
                        None
                    }
                    _ => Some(Err(self.lost("the step has no `undo` now"))),
                }
            }
            StepChange::Ran { op, result } => self.is_it(op).then(|| result.map(drop)),
            StepChange::Dropped { op } if self.is_it(op) => Some(Err(self.lost("it drops the step"))),
            StepChange::Dropped { op } => {
                journal.abandon(op, &self.names[op]);
                None
            }
        }
    }

    fn is_it(&self, op: OpId) -> bool {
        self.found.is_some_and(|(found, _)| found == op)
    }

    /// The handler does not come to the step.
    fn lost(&self, why: &str) -> Error {
        let step = &self.task.step;
        Error::non_retriable(Error::msg(format!(
            "the function does not come to the step `{step}` again, so that it cannot be undone: {why}. Was the function changed?"
        )))
    }
}
