//! Why a run was not repeated with another event.

use std::fmt;

use super::CommandError;
use crate::client::SendError;

/// The error of [`Engine::replay_with`](crate::embedded::Engine::replay_with) and
/// [`Engine::replay_json`](crate::embedded::Engine::replay_json). Nothing was stored.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ReplayError {
    /// The event is not valid, or could not be stored.
    Send(SendError),
    /// There is no such run, or it cannot be repeated with another event.
    Command(CommandError),
}

impl fmt::Display for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send(error) => error.fmt(f),
            Self::Command(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ReplayError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Send(error) => error.source(),
            Self::Command(error) => error.source(),
        }
    }
}

impl From<SendError> for ReplayError {
    fn from(error: SendError) -> Self {
        Self::Send(error)
    }
}

impl From<CommandError> for ReplayError {
    fn from(error: CommandError) -> Self {
        Self::Command(error)
    }
}
