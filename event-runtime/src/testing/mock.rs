//! What a test says that steps give.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::engine::execution::Mocks;
use crate::function::Outcome;

/// The mocked steps of each function.
#[derive(Default)]
pub(super) struct MockTable(HashMap<&'static str, Arc<Mutex<OfFunction>>>);

/// The mocked steps of a function, and every step that its runs have asked for.
#[derive(Default)]
struct OfFunction {
    mocked: HashMap<String, Outcome>,
    asked: BTreeSet<String>,
}

impl MockTable {
    /// Sets what a step gives. What the executions of the function look it up with.
    pub(super) fn set(&mut self, function: &'static str, step: &str, outcome: Outcome) -> Mocks {
        let steps = self.0.entry(function).or_default();
        lock(steps).mocked.insert(step.to_owned(), outcome);
        let steps = Arc::clone(steps);
        Arc::new(move |key| {
            let mut steps = lock(&steps);
            if !steps.asked.contains(key) {
                steps.asked.insert(key.to_owned());
            }
            steps.mocked.get(key).cloned()
        })
    }

    /// The first mocked step that no run has asked for although the function has run, in words.
    pub(super) fn unused(&self) -> Option<String> {
        self.0.iter().find_map(|(function, steps)| {
            let OfFunction { mocked, asked } = &*lock(steps);
            let unused = mocked.keys().filter(|step| !asked.contains(*step)).min()?;
            let others: Vec<String> = asked.iter().map(|step| format!("`{step}`")).collect();
            (!others.is_empty()).then(|| {
                format!("the step `{unused}` of `{function}` is mocked, but was never asked for. Its steps were: {}", others.join(", "))
            })
        })
    }
}

fn lock(steps: &Mutex<OfFunction>) -> MutexGuard<'_, OfFunction> {
    steps.lock().unwrap_or_else(PoisonError::into_inner)
}
