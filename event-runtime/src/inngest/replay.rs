//! In which order recorded results reach a function (section 5.4).

use std::collections::{BTreeMap, HashMap};

use serde_json::value::RawValue;

use super::memo::is_input;
use super::wire::call::Steps;
use crate::function::OpId;

/// Recorded results, and which of them the function has asked for.
pub(super) struct Replay<'c> {
    /// Not asked for yet.
    recorded: Steps<'c>,
    /// The place of each in the order in which they were recorded.
    places: HashMap<String, usize>,
    /// Asked for, by their place.
    found: BTreeMap<usize, (OpId, &'c RawValue)>,
    /// Which places have had their turn.
    past: Vec<bool>,
    /// The first place that may not have had its turn.
    next: usize,
    /// Whether a result was given out of turn.
    has_changed: bool,
}

impl<'c> Replay<'c> {
    pub(super) fn new(recorded: Steps<'c>, stack: Vec<String>) -> Self {
        let mut places = HashMap::with_capacity(stack.len());
        for hash in stack.into_iter().filter(|hash| recorded.contains_key(hash)) {
            let place = places.len();
            places.entry(hash).or_insert(place);
        }
        Self {
            past: vec![false; places.len()],
            recorded,
            places,
            found: BTreeMap::new(),
            next: 0,
            has_changed: false,
        }
    }

    /// Whether the result of a step that the function asks for is recorded.
    pub(super) fn find(&mut self, op: OpId, hash: &str) -> bool {
        let Some(recorded) = self.recorded.get(hash).copied() else { return false };
        if is_input(recorded) {
            return false;
        }
        self.recorded.remove(hash);
        // What has no place in the order comes behind it, in the order of discovery.
        let place = self.places.get(hash).copied().unwrap_or(self.past.len() + op);
        self.found.insert(place, (op, recorded));
        true
    }

    /// The function does not want it any more.
    pub(super) fn drop(&mut self, op: OpId) {
        let place = self.found.iter().find(|(_, (of, _))| *of == op).map(|(place, _)| *place);
        if let Some(place) = place {
            self.found.remove(&place);
            self.passed(place);
        }
    }

    /// The recorded result that is the next among those that were asked for.
    pub(super) fn next(&mut self) -> Option<(OpId, &'c RawValue)> {
        let (place, next) = self.found.pop_first()?;
        while self.past.get(self.next).is_some_and(|is_past| *is_past) {
            self.next += 1;
        }
        self.has_changed |= place > self.next && self.next < self.past.len();
        self.passed(place);
        Some(next)
    }

    fn passed(&mut self, place: usize) {
        if let Some(past) = self.past.get_mut(place) {
            *past = true;
        }
    }

    /// Whether the order was not that of the record: the function was changed, or depends on more than its event and steps.
    pub(super) fn has_changed(&self) -> bool {
        self.has_changed
    }

    /// How many results were not asked for.
    pub(super) fn unused(&self) -> usize {
        self.recorded.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with<R>(recorded: &[&str], stack: &[&str], check: impl FnOnce(Replay<'_>) -> R) -> R {
        let null = RawValue::from_string("null".to_owned()).unwrap();
        let recorded = recorded.iter().map(|hash| ((*hash).to_owned(), &*null)).collect();
        check(Replay::new(recorded, stack.iter().map(|hash| (*hash).to_owned()).collect()))
    }

    fn order(replay: &mut Replay<'_>) -> Vec<OpId> {
        std::iter::from_fn(|| replay.next().map(|(op, _)| op)).collect()
    }

    #[test]
    fn results_are_given_in_the_order_of_the_stack() {
        with(&["a", "b", "c"], &["c", "a"], |mut replay| {
            assert!(
                replay.find(0, "a") && replay.find(1, "b") && replay.find(2, "c") && !replay.find(3, "d")
            );
            assert_eq!(order(&mut replay), [2, 0, 1]);
            assert!(!replay.has_changed());
            assert_eq!(replay.unused(), 0);
        });
    }

    #[test]
    fn a_result_that_is_never_asked_for_is_stepped_over_and_told() {
        with(&["a", "gone", "b"], &["a", "gone", "b"], |mut replay| {
            replay.find(0, "a");
            assert_eq!(order(&mut replay), [0]);
            assert!(!replay.has_changed());
            replay.find(1, "b");
            assert_eq!(order(&mut replay), [1]);
            assert!(replay.has_changed());
            assert_eq!(replay.unused(), 1);
        });
    }

    #[test]
    fn the_loser_of_a_race_has_had_its_turn() {
        with(&["a", "b", "c"], &["a", "b", "c"], |mut replay| {
            replay.find(0, "a");
            replay.find(1, "b");
            assert_eq!(replay.next().unwrap().0, 0);
            replay.drop(1);
            replay.find(2, "c");
            assert_eq!(order(&mut replay), [2]);
            assert!(!replay.has_changed());
        });
    }
}
