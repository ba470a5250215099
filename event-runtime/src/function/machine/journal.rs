//! The journal of a run: recorded results, handed to the handler one at a time, in the order in which they were recorded.
//!
//! Every host keeps the same rule: it polls the handler until it is quiet, and then delivers the first recorded result that
//! the handler waits for. Whether an earlier attempt has recorded that result or it came a moment ago makes no difference, so
//! that a race ends as it ended when its results were new.
//!
//! A result that the handler does not wait for does not hold up those behind it: the loser of a race may never be awaited, and a
//! step behind a foreign future is found later than its turn. Where that has changed the order, [`Journal::deviation`] tells.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

use super::{Failure, Machine, OpId, Outcome};
use crate::function::StepKind;

/// A result as a host has recorded it.
pub(crate) trait Recorded {
    /// The result, for a step that is of this kind now.
    fn outcome(self, kind: StepKind) -> Outcome;
}

/// A result that was recorded together with the kind of its step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Completion {
    pub(crate) kind: StepKind,
    pub(crate) outcome: Outcome,
}

impl Recorded for Completion {
    fn outcome(self, kind: StepKind) -> Outcome {
        if self.kind == kind { self.outcome } else { wrong_kind(self.kind, kind) }
    }
}

/// The failure of a step that was of another kind when it was recorded.
pub(crate) fn wrong_kind(recorded: StepKind, found: StepKind) -> Outcome {
    let message = format!(
        "was recorded as `step.{recorded}` and is `step.{found}` now: the function was changed while the run was under way. \
         Give the step another id"
    );
    Outcome::Failed(Failure { message, attempts: 0 })
}

/// The recorded results of a run, and the steps for which its handler waits.
#[derive(Debug)]
pub(crate) struct Journal<R> {
    /// Results that the handler has not asked for, by the key of their step, with their place in the order.
    unclaimed: HashMap<Arc<str>, (u32, R)>,
    /// Steps that the handler has found before they had a result.
    found: HashMap<Arc<str>, Found>,
    /// Results that the handler waits for, in the order in which it gets them.
    deliverable: BTreeMap<(u32, OpId), Outcome>,
    /// The last place in the order that was delivered.
    last: u32,
    is_out_of_order: bool,
}

/// A step that was found before it had a result.
#[derive(Debug)]
enum Found {
    Waiting(OpId, StepKind),
    /// The handler has its result.
    Completed,
    /// The handler has lost interest, and never gets a result.
    Abandoned,
}

/// The place of what is recorded without one: behind everything that has a place, in the order of discovery.
pub(crate) const LAST: u32 = u32::MAX;

impl<R> Default for Journal<R> {
    fn default() -> Self {
        Self {
            unclaimed: HashMap::new(),
            found: HashMap::new(),
            deliverable: BTreeMap::new(),
            last: 0,
            is_out_of_order: false,
        }
    }
}

impl<R: Recorded> Journal<R> {
    /// Adds the result of a step, at a place in the order.
    pub(crate) fn record(&mut self, key: Arc<str>, place: u32, recorded: R) {
        match self.found.get_mut(&key) {
            None => {
                let before = self.unclaimed.insert(key, (place, recorded));
                debug_assert!(before.is_none(), "a step has two recorded results");
            }
            Some(found) => match std::mem::replace(found, Found::Completed) {
                Found::Waiting(op, kind) => {
                    self.deliverable.insert((place, op), recorded.outcome(kind));
                }
                // The result was on its way when the handler has lost interest.
                Found::Abandoned => *found = Found::Abandoned,
                Found::Completed => debug_assert!(false, "the step `{key}` has two recorded results"),
            },
        }
    }

    /// Notes that the handler waits for a step, and tells whether the step's result is recorded.
    pub(crate) fn find(&mut self, op: OpId, key: &Arc<str>, kind: StepKind) -> bool {
        let Some((place, recorded)) = self.unclaimed.remove(key) else {
            self.found.insert(Arc::clone(key), Found::Waiting(op, kind));
            return false;
        };
        self.is_out_of_order |= place < self.last;
        self.deliverable.insert((place, op), recorded.outcome(kind));
        true
    }

    /// Completes a step that the handler waits for with a result that is not recorded yet: it comes behind every recorded one.
    pub(crate) fn complete(&mut self, key: &str, outcome: Outcome) {
        if let Some(found) = self.found.get_mut(key)
            && let Found::Waiting(op, _) = *found
        {
            *found = Found::Completed;
            self.deliverable.insert((LAST, op), outcome);
        }
    }

    /// Notes that the handler does not wait for a step any more.
    pub(crate) fn abandon(&mut self, op: OpId, key: &str) {
        match self.found.get_mut(key) {
            Some(found @ Found::Waiting(..)) => *found = Found::Abandoned,
            _ => self.deliverable.retain(|(_, of), _| *of != op),
        }
    }

    /// The operation by which the handler waits for this step, if the step has no result.
    pub(crate) fn waiting(&self, key: &str) -> Option<OpId> {
        match self.found.get(key) {
            Some(Found::Waiting(op, _)) => Some(*op),
            _ => None,
        }
    }

    /// Whether every result that the handler waits for was delivered.
    pub(crate) fn is_delivered(&self) -> bool {
        self.deliverable.is_empty()
    }

    /// Hands the quiet handler the first result that it waits for, and tells which operation that has completed.
    pub(crate) fn deliver_next(&mut self, machine: &mut Machine) -> Option<OpId> {
        let ((place, op), outcome) = self.deliverable.pop_first()?;
        if place != LAST {
            self.last = place;
        }
        machine.deliver(op, outcome);
        Some(op)
    }

    /// How the handler has departed from what was recorded, once it has returned.
    pub(crate) fn deviation(&self) -> Option<Deviation<'_>> {
        let unused: Vec<&str> = self.unclaimed.keys().map(|key| &**key).collect();
        (self.is_out_of_order || !unused.is_empty()).then_some(Deviation { unused })
    }
}

/// How a handler has departed from what was recorded: it was changed, or it depends on more than its event and its steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deviation<'j> {
    /// The keys of the results that it did not ask for. If there are none, it asked for a step later than for those that were
    /// recorded after it.
    pub(crate) unused: Vec<&'j str>,
}

impl fmt::Display for Deviation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the function does not ask for its steps as they were recorded: was it changed?")
    }
}
