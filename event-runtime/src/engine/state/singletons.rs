//! The open runs of singletons: one for each function and value of its key.

use std::collections::HashMap;
use std::sync::Arc;

use super::runs::Run;
use crate::engine::model::{FunctionIndex, RunKey};

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
}
