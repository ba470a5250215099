//! The open runs of singletons: one for each function and value of its key.

use std::collections::HashMap;
#[cfg(any(test, feature = "testing"))]
use std::collections::HashSet;
use std::sync::Arc;

use super::runs::Run;
use crate::engine::model::{FunctionIndex, RunKey};
#[cfg(any(test, feature = "testing"))]
use crate::engine::store::{Result, StoreError};

/// The open runs of singletons, by their keys.
#[derive(Debug, Default)]
pub(crate) struct Singletons(HashMap<(FunctionIndex, Arc<str>), RunKey>);

impl Singletons {
    /// Of a store that is opened.
    pub(crate) fn new(rows: Vec<(FunctionIndex, Arc<str>, RunKey)>) -> Self {
        Self(rows.into_iter().map(|(function, key, run)| ((function, key), run)).collect())
    }

    /// The run that is open.
    pub(crate) fn get(&self, function: FunctionIndex, key: &Arc<str>) -> Option<RunKey> {
        self.0.get(&(function, Arc::clone(key))).copied()
    }

    /// A run is the one that is open from now on.
    pub(crate) fn occupy(&mut self, function: FunctionIndex, key: &Arc<str>, run: RunKey) {
        self.0.insert((function, Arc::clone(key)), run);
    }

    /// A run has ended: another may start, unless one has taken its place.
    pub(crate) fn leave(&mut self, run: &Run) {
        let Some(key) = &run.singleton else { return };
        if self.get(run.function, key) == Some(run.key) {
            self.0.remove(&(run.function, Arc::clone(key)));
        }
    }

    /// Checks that a run is one singleton, of its own function, and that those in memory are the ones that are open.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn check<'a>(&self, mut resident: impl Iterator<Item = &'a Run>) -> Result<()> {
        let runs: HashSet<RunKey> = self.0.values().copied().collect();
        if runs.len() != self.0.len() {
            return Err(StoreError::broken("a run is one singleton"));
        }
        let is_other = |run: &&Run| match &run.singleton {
            Some(key) => self.get(run.function, key) != Some(run.key),
            None => runs.contains(&run.key),
        };
        match resident.find(is_other) {
            Some(run) => {
                Err(StoreError::broken(format_args!("run {} is the singleton that is open", run.key)))
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Singletons;
    use crate::engine::model::{FunctionIndex, RunKey};
    use crate::engine::state::runs::{Run, tests::run};

    fn singleton(number: i64, key: &str) -> Run {
        let mut run = run(number);
        run.singleton = Some(key.into());
        run
    }

    #[test]
    fn a_run_that_was_replaced_leaves_the_place_to_the_next() {
        let (function, key) = (FunctionIndex::new(0), "a".into());
        let mut singletons = Singletons::new(vec![(function, "a".into(), RunKey(1))]);
        let (first, second) = (singleton(1, "a"), singleton(2, "a"));
        singletons.check([&first].into_iter()).unwrap();
        singletons.occupy(function, &key, RunKey(2));
        singletons.leave(&first);
        assert_eq!(singletons.get(function, &key), Some(RunKey(2)));
        singletons.check([&second].into_iter()).unwrap();
        assert!(singletons.check([&first].into_iter()).is_err(), "the first is open no more");
        singletons.leave(&second);
        assert_eq!(singletons.get(function, &key), None);
        singletons.check(std::iter::empty()).unwrap();
    }

    #[test]
    fn what_cannot_be_is_loud() {
        let function = FunctionIndex::new(0);
        let twice = vec![(function, "a".into(), RunKey(1)), (function, "b".into(), RunKey(1))];
        assert!(Singletons::new(twice).check(std::iter::empty()).is_err());
        let one = Singletons::new(vec![(function, "a".into(), RunKey(1))]);
        assert!(one.check([&run(1)].into_iter()).is_err(), "a run that is no singleton holds no place");
    }
}
