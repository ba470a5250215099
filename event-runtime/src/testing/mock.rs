//! What a test says that steps give.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;

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
        let has_run = |steps: &OfFunction| !steps.asked.is_empty();
        self.0.iter().find_map(|(function, steps)| {
            let steps = lock(steps);
            steps.unasked(function).filter(|_| has_run(&steps))
        })
    }

    /// The first mocked step that nobody has asked for, in words.
    pub(super) fn unasked(&self) -> Option<String> {
        self.0.iter().find_map(|(function, steps)| lock(steps).unasked(function))
    }
}

impl OfFunction {
    fn unasked(&self, function: &str) -> Option<String> {
        let Self { mocked, asked } = self;
        let unused = mocked.keys().filter(|step| !asked.contains(*step)).min()?;
        let meant = event_conventions::nearest(unused, asked.iter().map(String::as_str));
        let meant = meant.map(|step| format!(" Did you mean `{step}`?")).unwrap_or_default();
        let others: Vec<String> = asked.iter().map(|step| format!("`{step}`")).collect();
        let others = if others.is_empty() { "none".to_owned() } else { others.join(", ") };
        Some(format!(
            "the step `{unused}` of `{function}` is mocked, but was never asked for.{meant} Its steps were: {others}"
        ))
    }
}

/// What a mocked step gives.
///
/// # Panics
///
/// When the value cannot be written as JSON.
pub(super) fn value_of(value: &impl Serialize) -> Outcome {
    Outcome::Value(
        serde_json::to_string(value).expect("the value of a mocked step is written as JSON").into(),
    )
}

fn lock(steps: &Mutex<OfFunction>) -> MutexGuard<'_, OfFunction> {
    steps.lock().unwrap_or_else(PoisonError::into_inner)
}
