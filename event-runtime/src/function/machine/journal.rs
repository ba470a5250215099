//! The journal of a run: recorded results, handed to the handler one at a time, in the order in which they were recorded.
//!
//! Every host keeps the same rule: it polls the handler until it is quiet, and then delivers the first recorded result that
//! the handler waits for. Whether an earlier attempt has recorded that result or it came a moment ago makes no difference, so
//! that a race ends as it ended when its results were new.
//!
//! A result that the handler does not wait for does not hold up those behind it: the loser of a race may never be awaited, and a
//! step behind a foreign future is found later than its turn. Where that has changed the order, [`Journal::deviation`] tells.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use super::{Failure, Machine, OpId, Outcome};
use crate::function::StepKind;
use crate::key_map::KeyMap;

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
    Outcome::Failed(Failure::new(message, 0))
}

/// The recorded results of a run, and the steps for which its handler waits.
#[derive(Debug)]
pub(crate) struct Journal<R> {
    /// Results that the handler has not asked for, by the key of their step, with their place in the order.
    unclaimed: KeyMap<Arc<str>, (u32, R)>,
    /// Steps that the handler has found before they had a result.
    found: KeyMap<Arc<str>, Found>,
    /// Results that the handler waits for, in the order in which it gets them: by their place, and then of discovery.
    deliverable: VecDeque<(u32, OpId, Outcome)>,
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
            unclaimed: KeyMap::default(),
            found: KeyMap::default(),
            deliverable: VecDeque::new(),
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
                Found::Waiting(op, kind) => self.queue(place, op, recorded.outcome(kind)),
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
        self.queue(place, op, recorded.outcome(kind));
        true
    }

    /// Completes a step that the handler waits for with a result that is not recorded yet: it comes behind every recorded one.
    pub(crate) fn complete(&mut self, key: &str, outcome: Outcome) {
        if let Some(found) = self.found.get_mut(key)
            && let Found::Waiting(op, _) = *found
        {
            *found = Found::Completed;
            self.queue(LAST, op, outcome);
        }
    }

    /// Puts a result among those that are to be delivered. Most come behind all others.
    fn queue(&mut self, place: u32, op: OpId, outcome: Outcome) {
        let before = self.deliverable.partition_point(|(other, of, _)| (*other, *of) < (place, op));
        self.deliverable.insert(before, (place, op, outcome));
    }

    /// Notes that the handler does not wait for a step any more.
    pub(crate) fn abandon(&mut self, op: OpId, key: &str) {
        match self.found.get_mut(key) {
            Some(found @ Found::Waiting(..)) => *found = Found::Abandoned,
            _ => self.deliverable.retain(|(_, of, _)| *of != op),
        }
    }

    /// The operation by which the handler waits for this step, if the step has no result.
    pub(crate) fn waiting(&self, key: &str) -> Option<OpId> {
        match self.found.get(key) {
            Some(Found::Waiting(op, _)) => Some(*op),
            _ => None,
        }
    }

    /// Hands the quiet handler the first result that it waits for, and tells which operation that has completed.
    pub(crate) fn deliver_next(&mut self, machine: &mut Machine) -> Option<OpId> {
        let (op, outcome) = self.next()?;
        machine.deliver(op, outcome);
        Some(op)
    }

    /// The first result that the handler waits for.
    fn next(&mut self) -> Option<(OpId, Outcome)> {
        let (place, op, outcome) = self.deliverable.pop_front()?;
        if place != LAST {
            self.last = place;
        }
        Some((op, outcome))
    }

    /// The handler's departure from what was recorded, once it has returned.
    pub(crate) fn deviation(&self) -> Option<Deviation<'_>> {
        let unused: Vec<&str> = self.unclaimed.keys().map(|key| &**key).collect();
        (self.is_out_of_order || !unused.is_empty()).then_some(Deviation { unused })
    }
}

/// A handler's departure from what was recorded: it was changed, or it depends on more than its event and its steps.
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

#[cfg(test)]
mod tests {
    use event_random_programs::Seed;

    use super::*;

    fn value(json: &str) -> Completion {
        Completion { kind: StepKind::Run, outcome: Outcome::Value(json.into()) }
    }

    /// A journal with these results, in this order.
    fn journal(recorded: &[&str]) -> Journal<Completion> {
        let mut journal = Journal::default();
        for (place, key) in (0..).zip(recorded) {
            journal.record((*key).into(), place, value(key));
        }
        journal
    }

    fn find(journal: &mut Journal<Completion>, op: OpId, key: &str) -> bool {
        journal.find(op, &key.into(), StepKind::Run)
    }

    fn delivered(journal: &mut Journal<Completion>) -> Vec<OpId> {
        std::iter::from_fn(|| journal.next().map(|(op, _)| op)).collect()
    }

    #[test]
    fn results_are_delivered_in_the_order_in_which_they_were_recorded() {
        let mut journal = journal(&["c", "a"]);
        journal.record("unplaced".into(), LAST, value("unplaced"));
        assert!(
            find(&mut journal, 0, "unplaced") && find(&mut journal, 1, "a") && find(&mut journal, 2, "c")
        );
        assert!(!find(&mut journal, 3, "new"));
        assert_eq!(delivered(&mut journal), [2, 1, 0]);
        assert_eq!(journal.waiting("new"), Some(3));
        journal.record("new".into(), 2, value("new"));
        assert_eq!((journal.waiting("new"), delivered(&mut journal)), (None, vec![3]));
        assert_eq!(journal.deviation(), None);
    }

    #[test]
    fn a_result_that_is_asked_for_late_or_never_is_told() {
        let mut journal = journal(&["late", "a", "gone"]);
        find(&mut journal, 0, "a");
        assert_eq!(delivered(&mut journal), [0]);
        assert_eq!(journal.deviation().unwrap().unused.len(), 2);
        find(&mut journal, 1, "late");
        assert_eq!(delivered(&mut journal), [1]);
        assert_eq!(journal.deviation(), Some(Deviation { unused: vec!["gone"] }));
        find(&mut journal, 2, "gone");
        assert_eq!(journal.deviation(), Some(Deviation { unused: Vec::new() }), "the order was another");
    }

    #[test]
    fn the_loser_of_a_race_has_had_its_turn() {
        let mut journal = journal(&["a", "b", "c"]);
        find(&mut journal, 0, "a");
        find(&mut journal, 1, "b");
        assert_eq!(journal.next().unwrap().0, 0);
        journal.abandon(1, "b");
        find(&mut journal, 2, "c");
        find(&mut journal, 3, "new");
        journal.abandon(3, "new");
        // Its result was on its way.
        journal.record("new".into(), 3, value("new"));
        assert_eq!(delivered(&mut journal), [2]);
        assert_eq!(journal.deviation(), None);
    }

    #[test]
    fn a_step_of_another_kind_fails() {
        let mut journal = journal(&["a"]);
        journal.find(0, &"a".into(), StepKind::Sleep);
        let Some((0, Outcome::Failed(failure))) = journal.next() else { panic!("it does not fail") };
        assert!(
            failure.message.starts_with("was recorded as `step.run` and is `step.sleep` now"),
            "{failure:?}"
        );
    }

    /// A step of a run that a seed makes up.
    #[derive(Default)]
    struct Made {
        place: Option<u32>,
        op: Option<OpId>,
        is_over: bool,
    }

    /// Results come before and after their steps are found, some steps are abandoned, and whatever is delivered is the first
    /// of all that could be.
    #[test]
    fn whatever_happens_the_first_is_delivered() {
        for seed in 0..2_000 {
            let mut draws = Seed(seed);
            let mut journal = Journal::<Completion>::default();
            let mut steps: Vec<Made> = (0..=draws.below(8)).map(|_| Made::default()).collect();
            let (mut places, mut ops) = (0, 0);
            for _ in 0..60 {
                let (at, act) = (draws.below(steps.len()), draws.below(4));
                let (step, key) = (&mut steps[at], Arc::<str>::from(at.to_string()));
                match (act, step.op) {
                    (0, _) if step.place.is_none() => {
                        step.place = Some(places);
                        journal.record(key, places, value(&at.to_string()));
                        places += 1;
                    }
                    (1, None) => {
                        step.op = Some(ops);
                        assert_eq!(
                            journal.find(ops, &key, StepKind::Run),
                            step.place.is_some(),
                            "seed {seed}"
                        );
                        ops += 1;
                    }
                    (2, Some(op)) if !step.is_over && draws.below(4) == 0 => {
                        step.is_over = true;
                        journal.abandon(op, &key);
                    }
                    (3, _) => {
                        let able = steps.iter_mut().filter(|step| !step.is_over && step.op.is_some());
                        let first = able.filter(|step| step.place.is_some()).min_by_key(|step| step.place);
                        let expected = first.and_then(|step| {
                            step.is_over = true;
                            step.op
                        });
                        assert_eq!(journal.next().map(|(op, _)| op), expected, "seed {seed}");
                    }
                    _ => {}
                }
            }
            let unused = steps.iter().filter(|step| step.place.is_some() && step.op.is_none()).count();
            assert_eq!(journal.deviation().map_or(0, |it| it.unused.len()), unused, "seed {seed}");
        }
    }
}
