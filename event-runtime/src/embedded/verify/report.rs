//! What does not fit, counted, with examples and what to do.

use std::fmt;

use serde::Serialize;

use crate::function::{StepKind, Unfit};

/// How many runs are named for each finding.
const EXAMPLES: usize = 5;

/// What of an open run does not fit this build. As a text: `function-gone`, `step-gone`, `kind-changed`, `output-undecodable`,
/// `event-unknown`, `event-undecodable`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Misfit {
    /// The application does not list its function.
    FunctionGone,
    /// Its function does not ask for a step that was recorded or begun.
    StepGone,
    /// A step is of another kind than when it was recorded.
    KindChanged,
    /// The recorded result of a step does not decode as what the step returns now.
    OutputUndecodable,
    /// This build does not know its event, or the version of the payload: it would be held for one that does.
    EventUnknown,
    /// Its event does not decode any more: it would fail.
    EventUndecodable,
}

named!(Misfit, "misfit of a run", {
    FunctionGone => "function-gone",
    StepGone => "step-gone",
    KindChanged => "kind-changed",
    OutputUndecodable => "output-undecodable",
    EventUnknown => "event-unknown",
    EventUndecodable => "event-undecodable",
});

impl Misfit {
    /// What to do about it.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::FunctionGone => {
                "list the function again, take its runs over with `#[function(was = \"..\")]`, or cancel them"
            }
            Self::StepGone => {
                "the runs go on without that step: keep it until they have ended, unless that is meant"
            }
            Self::KindChanged => "give the step another id: then it runs anew",
            Self::OutputUndecodable => {
                "let the type read what was recorded (`#[serde(default)]`, `alias`), or give the step another id: then it runs anew"
            }
            Self::EventUnknown => {
                "register the event, or the version of its payload, again: the runs wait until then"
            }
            Self::EventUndecodable => {
                "give the event a version, `#[event(version = 2, upcast(..))]`, or a new field a default: the runs would fail"
            }
        }
    }
}

/// Something that does not fit, of one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    misfit: Misfit,
    step: Option<String>,
    detail: String,
}

impl Found {
    pub(super) fn function_gone() -> Self {
        Self {
            misfit: Misfit::FunctionGone,
            step: None,
            detail: "the application does not list it".to_owned(),
        }
    }

    pub(super) fn step_gone(step: &str) -> Self {
        let detail = "the function does not ask for it any more".to_owned();
        Self { misfit: Misfit::StepGone, step: Some(step.to_owned()), detail }
    }

    pub(super) fn kind(step: &str, recorded: StepKind, now: StepKind) -> Self {
        let detail = format!("was recorded as `step.{recorded}` and is `step.{now}` now");
        Self { misfit: Misfit::KindChanged, step: Some(step.to_owned()), detail }
    }

    pub(super) fn output(step: &str, problem: &str) -> Self {
        let step = Some(step.to_owned());
        Self { misfit: Misfit::OutputUndecodable, step, detail: problem.to_owned() }
    }

    pub(super) fn event(unfit: &Unfit) -> Self {
        let misfit = if unfit.is_for_another_build { Misfit::EventUnknown } else { Misfit::EventUndecodable };
        Self { misfit, step: None, detail: unfit.to_string() }
    }
}

/// Something that does not fit, of all runs that have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// What it is.
    pub misfit: Misfit,
    /// The id of the function.
    pub function_id: String,
    /// The id of the step; `None` where it is no step.
    pub step: Option<String>,
    /// The number of runs.
    pub runs: u64,
    /// The ids of the first five of them.
    pub run_ids: Vec<String>,
    /// What exactly, of the first of them.
    pub detail: String,
    /// What to do.
    pub advice: &'static str,
}

/// ``2 runs of `order-placed-charge`, step `charge`: was recorded as `step.run` and is `step.sleep` now; give the step another id ..``
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { function_id, step, runs, run_ids, detail, advice, .. } = self;
        write!(f, "{runs} {} of `{function_id}`", if *runs == 1 { "run" } else { "runs" })?;
        step.iter().try_for_each(|step| write!(f, ", step `{step}`"))?;
        write!(f, ": {detail} (for example {})\n    {advice}", run_ids.join(", "))
    }
}

/// The report of [`Embedded::verify`](crate::embedded::Embedded::verify).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct VerifyReport {
    /// The format of the database; one that is older is migrated by the next start.
    pub format: i64,
    /// The number of open runs.
    pub runs: u64,
    /// The number of those that this build carries on as they are.
    pub fitting: u64,
    /// What does not fit.
    pub findings: Vec<Finding>,
}

impl VerifyReport {
    pub(super) const fn new(format: i64) -> Self {
        Self { format, runs: 0, fitting: 0, findings: Vec::new() }
    }

    /// Whether this build carries on every open run.
    #[must_use]
    pub const fn fits(&self) -> bool {
        self.findings.is_empty()
    }

    /// Adds a run, and what of it does not fit.
    pub(super) fn add(&mut self, function: &str, run: &str, found: Vec<Found>) {
        self.runs += 1;
        self.fitting += u64::from(found.is_empty());
        for Found { misfit, step, detail } in found {
            let is_it = |finding: &&mut Finding| {
                (finding.misfit, &*finding.function_id, &finding.step) == (misfit, function, &step)
            };
            match self.findings.iter_mut().find(is_it) {
                Some(finding) => {
                    finding.runs += 1;
                    if finding.run_ids.len() < EXAMPLES {
                        finding.run_ids.push(run.to_owned());
                    }
                }
                None => self.findings.push(Finding {
                    misfit,
                    function_id: function.to_owned(),
                    step,
                    runs: 1,
                    run_ids: vec![run.to_owned()],
                    detail,
                    advice: misfit.advice(),
                }),
            }
        }
    }
}

/// `12 open runs, 10 of them fit this build`, and a paragraph for each finding.
impl fmt::Display for VerifyReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { runs, fitting, findings, .. } = self;
        write!(f, "{runs} open runs, {fitting} of them fit this build")?;
        findings.iter().try_for_each(|finding| write!(f, "\n  {}: {finding}", finding.misfit))
    }
}
