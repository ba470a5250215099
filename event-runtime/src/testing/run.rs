//! A run, and what a test says about it.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::engine::model::{RunEnd, Status};
use crate::function::{Outcome, StepKind};
use crate::middleware::Place;
use crate::testing::memory::MemoryRun;
use crate::testing::simulation::Simulation;

/// A snapshot of a run. A failed assertion panics and shows the actual state; assertions return the run, so that they can be chained.
#[derive(Debug, Clone)]
pub struct TestRun {
    id: String,
    function_id: &'static str,
    status: Status,
    end: Option<Result<Value, String>>,
    steps: Vec<StepRecord>,
}

/// A step of a run, in the order of the results; those without a result come last.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct StepRecord {
    /// Its id, numbered if the id is used again: `mail:1`.
    pub id: String,
    /// What kind of step it is.
    pub kind: StepKind,
    /// The number of times that its body has run.
    pub runs: usize,
    /// Its result, or the message of its failure; `None` while it has no result.
    pub result: Option<Result<Value, String>>,
}

impl TestRun {
    pub(super) fn new(run: &MemoryRun, simulation: &Simulation) -> Self {
        let bodies = |key: &str| {
            simulation.bodies.iter().filter(|ran| ran.run == run.row.key && &*ran.step == key).count()
        };
        let function_id = simulation.application.functions[run.row.function.get()].descriptor.id;
        let shown = |step: Option<(&str, StepKind)>, json: &str| {
            let place = Place::stored(function_id, &run.row.id, step);
            value(&simulation.application.middleware.shown(&place, json))
        };
        let recorded = run.memos.iter().map(|memo| StepRecord {
            id: memo.key.to_string(),
            kind: memo.kind,
            runs: bodies(&memo.key),
            result: Some(match &memo.outcome {
                Outcome::Value(json) => Ok(shown(Some((&memo.key, memo.kind)), json)),
                Outcome::Failed(failure) => Err(failure.message.clone()),
            }),
        });
        let pending = run.pending.values().map(|pending| StepRecord {
            id: pending.key.to_string(),
            kind: pending.kind,
            runs: bodies(&pending.key),
            result: None,
        });
        Self {
            id: run.row.id.to_string(),
            function_id,
            status: run.status,
            end: run.end.as_ref().map(|end| match end {
                RunEnd::Completed(json) => Ok(shown(None, json)),
                RunEnd::Failed(failure) | RunEnd::Cancelled(failure) => Err(failure.message.clone()),
            }),
            steps: recorded.chain(pending).collect(),
        }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The id of its function.
    pub fn function_id(&self) -> &'static str {
        self.function_id
    }

    /// Its steps, in the order of their results.
    pub fn steps(&self) -> &[StepRecord] {
        &self.steps
    }

    /// Returns true if it has not ended.
    pub fn is_open(&self) -> bool {
        self.status.is_open()
    }

    /// Asserts that it has completed.
    ///
    /// # Panics
    ///
    /// When it has not.
    #[track_caller]
    pub fn completed(&self) -> &Self {
        assert_eq!(self.status, Status::Completed, "{self}");
        self
    }

    /// Asserts that it has completed with this result.
    ///
    /// # Panics
    ///
    /// When it has not, or the result is another.
    #[track_caller]
    pub fn completed_with(&self, expected: &impl Serialize) -> &Self {
        self.completed();
        assert_eq!(self.end, Some(Ok(json_of(expected))), "{self} has returned something else");
        self
    }

    /// Asserts that it failed for good, with a message that contains this.
    ///
    /// # Panics
    ///
    /// When it has not, or with another message.
    #[track_caller]
    pub fn failed_with(&self, part: &str) -> &Self {
        assert_eq!(self.status, Status::Failed, "{self}");
        self.says(part)
    }

    /// Asserts that it was cancelled, for a reason that contains this.
    ///
    /// # Panics
    ///
    /// When it was not, or for another reason.
    #[track_caller]
    pub fn cancelled_with(&self, part: &str) -> &Self {
        assert_eq!(self.status, Status::Cancelled, "{self}");
        self.says(part)
    }

    #[track_caller]
    fn says(&self, part: &str) -> &Self {
        let Some(Err(message)) = &self.end else { panic!("{self}") };
        assert!(message.contains(part), "{self} does not say `{part}`");
        self
    }

    /// Finds a step, to assert something about it.
    ///
    /// # Panics
    ///
    /// When the run has no step with this id.
    #[track_caller]
    pub fn step(&self, id: &str) -> &StepRecord {
        match self.steps.iter().find(|step| step.id == id) {
            Some(step) => step,
            None => {
                let ids: Vec<&str> = self.steps.iter().map(|step| step.id.as_str()).collect();
                panic!("{self} has no step `{id}`; it has {ids:?}")
            }
        }
    }
}

impl fmt::Display for TestRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { function_id, id, .. } = self;
        write!(f, "the run `{id}` of `{function_id}`, which ")?;
        match (&self.status, &self.end) {
            (Status::Completed, Some(Ok(result))) => write!(f, "has completed with {result}"),
            (Status::Failed, Some(Err(message))) => write!(f, "failed: {message}"),
            (Status::Cancelled, Some(Err(message))) => write!(f, "was cancelled: {message}"),
            _ => f.write_str("has not ended"),
        }
    }
}

impl StepRecord {
    /// Asserts that its body has run once.
    ///
    /// # Panics
    ///
    /// When it has not.
    #[track_caller]
    pub fn ran_once(&self) -> &Self {
        self.ran_times(1)
    }

    /// Asserts that its body has run this many times, counting failed attempts.
    ///
    /// # Panics
    ///
    /// When it has not.
    #[track_caller]
    pub fn ran_times(&self, times: usize) -> &Self {
        assert_eq!(self.runs, times, "the body of step `{}` has run {} times", self.id, self.runs);
        self
    }

    /// Asserts that its result is this value.
    ///
    /// # Panics
    ///
    /// When it has not.
    #[track_caller]
    pub fn gave(&self, expected: &impl Serialize) -> &Self {
        assert_eq!(self.result, Some(Ok(json_of(expected))), "step `{}` has given something else", self.id);
        self
    }

    /// Asserts that it failed for good, with a message that contains this.
    ///
    /// # Panics
    ///
    /// When it has not.
    #[track_caller]
    pub fn failed_with(&self, part: &str) -> &Self {
        match &self.result {
            Some(Err(message)) if message.contains(part) => self,
            other => panic!("step `{}` has not failed with `{part}`: {other:?}", self.id),
        }
    }
}

fn value(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_default()
}

#[track_caller]
fn json_of(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("what is expected can be written as JSON")
}
