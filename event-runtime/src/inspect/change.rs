//! The changes of a run that is watched.

use std::fmt;
use std::time::SystemTime;

use serde::Serialize;

use super::{RunStatus, text};
use crate::clock::from_ms;
use crate::engine::message::Notice;
use crate::engine::model::{RunEnd, Status};
use crate::function::{Failure, StepKind};

/// A change of a run, once it is on disk. In JSON: `{ "change": "step-recorded", "step": "mail", .. }`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RunChange {
    /// It has begun to execute: for the first time, or again after a restart, a retry, or a long wait.
    Started {
        /// Failed attempts of the function itself so far.
        attempt: u32,
        /// Whether it has begun before.
        resumed: bool,
    },
    /// A step has its result.
    StepRecorded {
        /// The id of the step.
        step: String,
        /// The kind of the step.
        kind: StepKind,
        /// Why it failed for good.
        error: Option<String>,
    },
    /// A step sleeps, or waits for an event or for another function.
    Waiting {
        /// The id of the step.
        step: String,
        /// The kind of the step.
        kind: StepKind,
        /// When it ends by itself: the end of the sleep, or the timeout.
        #[serde(serialize_with = "text::time")]
        until: SystemTime,
    },
    /// An attempt failed, and there will be another.
    Retried {
        /// The id of the step; `None` for the function itself.
        step: Option<String>,
        /// The number of the attempt that failed, from 1.
        attempt: u32,
        /// The message of its error.
        error: String,
        /// When the next attempt is due.
        #[serde(serialize_with = "text::time")]
        next: SystemTime,
    },
    /// This build cannot resume it: see [`RunInfo::held`](super::RunInfo::held). This is the last change.
    Held {
        /// Why.
        reason: String,
    },
    /// It has ended. This is the last change.
    Ended {
        /// [`Completed`](RunStatus::Completed), [`Failed`](RunStatus::Failed) or [`Cancelled`](RunStatus::Cancelled).
        status: RunStatus,
        /// Why it failed or was cancelled.
        error: Option<String>,
    },
    /// The reader was too slow: this many changes that came before the next one are left out.
    Missed {
        /// Their number.
        changes: u64,
    },
}

impl RunChange {
    /// The change that a notice tells of.
    pub(super) fn of(notice: &Notice) -> Option<Self> {
        Some(match notice {
            Notice::Began { attempt, first, .. } => Self::Started { attempt: *attempt, resumed: !first },
            Notice::Recorded { step, kind, failure, .. } => {
                Self::StepRecorded { step: step.to_string(), kind: *kind, error: failure.clone() }
            }
            Notice::Waits { step, kind, due, .. } => {
                Self::Waiting { step: step.to_string(), kind: *kind, until: from_ms(*due) }
            }
            Notice::Retried { step, attempt, message, due, .. } => {
                let step = Some(step.to_string()).filter(|step| !step.is_empty());
                Self::Retried { step, attempt: *attempt, error: message.clone(), next: from_ms(*due) }
            }
            Notice::Held { reason, .. } => Self::Held { reason: reason.clone() },
            Notice::Ended { end, .. } => Self::end(end),
            Notice::Event(_) | Notice::Duplicate | Notice::Skipped { .. } | Notice::NoValue { .. } => {
                return None;
            }
        })
    }

    /// The change of a run that ends so.
    pub(crate) fn end(end: &RunEnd) -> Self {
        let error = match end {
            RunEnd::Completed(_) => None,
            RunEnd::Failed(Failure { message, .. }) | RunEnd::Cancelled(Failure { message, .. }) => {
                Some(message.clone())
            }
        };
        let status = match end.status() {
            Status::Failed => RunStatus::Failed,
            Status::Cancelled => RunStatus::Cancelled,
            _ => RunStatus::Completed,
        };
        Self::Ended { status, error }
    }
}

/// ``step `mail` (run): done``, ``waiting in `week` (sleep)``, ``failed: no luck``, and so on.
impl fmt::Display for RunChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Started { resumed: false, .. } => f.write_str("started"),
            Self::Started { .. } => f.write_str("resumed"),
            Self::StepRecorded { step, kind, error: None } => write!(f, "step `{step}` ({kind}): done"),
            Self::StepRecorded { step, kind, error: Some(error) } => {
                write!(f, "step `{step}` ({kind}): failed, {error}")
            }
            Self::Waiting { step, kind, .. } => write!(f, "waiting in `{step}` ({kind})"),
            Self::Retried { step: Some(step), attempt, error, .. } => {
                write!(f, "attempt {attempt} of `{step}` failed: {error}")
            }
            Self::Retried { step: None, attempt, error, .. } => {
                write!(f, "attempt {attempt} of the function failed: {error}")
            }
            Self::Held { reason } => write!(f, "held for another build: {reason}"),
            Self::Ended { status, error: None } => write!(f, "{status}"),
            Self::Ended { status, error: Some(error) } => write!(f, "{status}: {error}"),
            Self::Missed { changes } => write!(f, "{changes} changes missed"),
        }
    }
}
