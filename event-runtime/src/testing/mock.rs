//! What a test says that steps give.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::engine::execution::Mocks;
use crate::function::Outcome;

type OfFunction = Arc<Mutex<HashMap<String, Outcome>>>;

/// The mocked steps of each function.
#[derive(Default)]
pub(super) struct MockTable(HashMap<&'static str, OfFunction>);

impl MockTable {
    /// Sets what a step gives. What the executions of the function look it up with.
    pub(super) fn set(&mut self, function: &'static str, step: &str, outcome: Outcome) -> Mocks {
        let steps = self.0.entry(function).or_default();
        steps.lock().unwrap_or_else(PoisonError::into_inner).insert(step.to_owned(), outcome);
        let steps = Arc::clone(steps);
        Arc::new(move |key| steps.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned())
    }
}
