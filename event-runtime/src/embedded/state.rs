//! How an engine stands: while it works, and why it does not any more.

use std::fmt;

use serde::{Serialize, Serializer};

use super::{EngineError, EngineFailure};

/// The state of an engine: see [`Engine::state`](super::Engine::state).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EngineState {
    /// It is running.
    Running,
    /// It is shutting down: it accepts nothing new, and running bodies may end.
    Stopping,
    /// It was shut down.
    Stopped,
    /// It has died.
    Failed(EngineFailure),
}

impl EngineState {
    /// Whether it does nothing any more.
    pub(super) const fn is_over(&self) -> bool {
        matches!(self, Self::Stopped | Self::Failed(_))
    }

    /// What is told whoever asks an engine that does nothing any more.
    pub(super) fn error(&self) -> EngineError {
        match self {
            Self::Failed(failure) => EngineError::Failed(failure.clone()),
            _ => EngineError::Closed,
        }
    }
}

/// `running`, `stopping`, `stopped`; `failed: ` and the cause.
impl fmt::Display for EngineState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Running => f.write_str("running"),
            Self::Stopping => f.write_str("stopping"),
            Self::Stopped => f.write_str("stopped"),
            Self::Failed(failure) => write!(f, "failed: {failure}"),
        }
    }
}

/// As its text. The cause of a failure may name files: show it to operators alone.
impl Serialize for EngineState {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
