//! The audit log: the acts of operators.

use std::time::SystemTime;

use serde::Serialize;

use super::text;

/// An action of an operator, as it is noted by [`Engine::note`](crate::embedded::Engine::note).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct AuditEntry {
    /// When it was noted.
    #[serde(serialize_with = "text::time")]
    pub at: SystemTime,
    /// The name of the operator.
    pub who: String,
    /// The action, such as `cancel` or `send`.
    pub action: String,
    /// The target: the id of a run or an event, or a filter.
    pub target: String,
    /// The number of runs or events concerned.
    pub count: u64,
}

impl AuditEntry {
    /// An entry. Its time is set when it is noted.
    pub fn new(
        who: impl Into<String>,
        action: impl Into<String>,
        target: impl Into<String>,
        count: u64,
    ) -> Self {
        let (who, action, target) = (who.into(), action.into(), target.into());
        Self { at: SystemTime::UNIX_EPOCH, who, action, target, count }
    }
}
