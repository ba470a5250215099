//! How an engine stands: while it works, and why it does not any more.

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
