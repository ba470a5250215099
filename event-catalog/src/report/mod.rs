//! The report: findings, printed for people, for programs, and for a pull request.

mod github;
mod human;
mod json;

use event_runtime::catalog::Position;
use serde_json::Value;

pub(crate) use self::github::github;
pub(crate) use self::human::human;
pub(crate) use self::json::json;
use crate::rules::Rule;

/// The verdict on code and lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Verdict {
    /// They say the same.
    Same,
    /// The code has something new that breaks nothing: accept it.
    Stale,
    /// Whether something breaks is not known.
    Unknown,
    /// Something breaks.
    Breaking,
}

impl Verdict {
    /// The exit code of a command: 0 same, 1 stale, 2 breaking or unknown.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Same => 0,
            Self::Stale => 1,
            Self::Unknown | Self::Breaking => 2,
        }
    }

    /// In a word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Stale => "stale",
            Self::Unknown => "unknown",
            Self::Breaking => "breaking",
        }
    }
}

/// The direction of a break: which code fails to read which payloads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Direction {
    /// New code reads what was ever written.
    Backward,
    /// Former code reads what new code writes.
    Forward,
}

impl Direction {
    /// In a sentence.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Backward => "new code reads what was written",
            Self::Forward => "former code reads what new code writes",
        }
    }
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// The severity of a finding.
    pub verdict: Verdict,
    /// The event, or the function as `functions/<id>`.
    pub subject: String,
    /// The version of the payload.
    pub version: Option<u32>,
    /// The place in the payload: `lines[0].quantity`.
    pub path: String,
    /// The change, in a few words.
    pub what: String,
    /// The place of the declaration in Rust.
    pub position: Position,
    /// The direction of a break: which code fails to read which payloads.
    pub direction: Option<Direction>,
    /// The smallest payload that is known to fail.
    pub payload: Option<Value>,
    /// The issue that it fails with: `path: message`.
    pub issue: Option<String>,
    /// The ids of the functions that it breaks.
    pub functions: Vec<String>,
    /// The owner of the event.
    pub owner: Option<String>,
    /// The reason for which it was accepted.
    pub accepted: Option<String>,
}

/// The result of a check.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// The application.
    pub application: String,
    /// The name of the baseline.
    pub baseline: String,
    /// Why that is not the main branch, and what to do about it.
    pub note: Option<String>,
    /// Everything that was found, the worst first.
    pub findings: Vec<Finding>,
}

impl Report {
    /// The worst of what was found.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let open = self.findings.iter().filter(|finding| finding.accepted.is_none());
        open.map(|finding| finding.verdict).max().unwrap_or(Verdict::Same)
    }

    pub(crate) fn sort(&mut self) {
        self.findings.sort_by(|one, other| {
            let key = |finding: &Finding| {
                (finding.subject.clone(), finding.version, finding.path.clone(), finding.rule.id)
            };
            other.verdict.cmp(&one.verdict).then_with(|| key(one).cmp(&key(other)))
        });
    }

    /// The report for people.
    #[must_use]
    pub fn to_text(&self) -> String {
        human(self)
    }
}
