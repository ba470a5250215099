//! The replies to commands about a run.

use std::fmt;

use super::shown;
#[cfg(feature = "embedded")]
use crate::embedded::EngineError;
use crate::engine::message::{Command, Reply};

/// The error of [`Engine::cancel`](crate::embedded::Engine::cancel), [`Engine::retry`](crate::embedded::Engine::retry) and
/// [`Engine::replay`](crate::embedded::Engine::replay).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CommandError {
    /// There is no run with this id, or its function is not in the application.
    NoRun {
        /// The id; of a longer text the first 80 characters.
        run_id: String,
    },
    /// The status of the run does not allow it.
    Refused {
        /// The command: `cancel`, `retry` or `replay`.
        command: &'static str,
        /// The id.
        run_id: String,
        /// The reason.
        reason: &'static str,
    },
    /// The engine is not running.
    #[cfg(feature = "embedded")]
    Engine(EngineError),
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRun { run_id } => {
                write!(f, "there is no run `{run_id}` of a function of this application")
            }
            Self::Refused { command, run_id, reason } => {
                write!(f, "cannot {command} run `{run_id}`: {reason}")
            }
            #[cfg(feature = "embedded")]
            Self::Engine(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for CommandError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            #[cfg(feature = "embedded")]
            Self::Engine(error) => Some(error),
            _ => None,
        }
    }
}

#[cfg(feature = "embedded")]
impl From<EngineError> for CommandError {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

/// Reads the reply to a command: the id of the run, of `Replay` that of the new one.
pub(crate) fn command_reply(
    run_id: &str,
    command: Command,
    reply: Option<Reply>,
) -> Result<String, CommandError> {
    match reply {
        Some(Reply::Run(id)) => Ok(id.to_string()),
        Some(Reply::Refused(reason)) => {
            Err(CommandError::Refused { command: command.name(), run_id: run_id.to_owned(), reason })
        }
        // It may be anything, and the error is shown and logged.
        _ => Err(CommandError::NoRun { run_id: shown(run_id) }),
    }
}
