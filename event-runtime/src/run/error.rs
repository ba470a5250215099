//! Why a function was not started, and why a run has no output.

use std::fmt;

use serde::de::DeserializeOwned;

use crate::client::SendError;
#[cfg(feature = "embedded")]
use crate::embedded::EngineError;
use crate::function::TypedError;

/// The error of starting one function: see [`Engine::start`](crate::embedded::Engine::start). Nothing has started.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum StartRunError {
    /// The event is not valid, or could not be stored.
    Send(SendError),
    /// An option of the function keeps it from starting: it is a singleton that skips, and runs already. The event was not stored.
    Skipped {
        /// The id of the function.
        function_id: &'static str,
        /// The option: `singleton`.
        by: &'static str,
    },
    /// An event with this id was accepted before, within the deduplication window, and has not started this function: it was sent
    /// to all, or has started another; or the run that it has started was pruned.
    Duplicate {
        /// The id of the function.
        function_id: &'static str,
        /// The id of the event.
        event_id: String,
    },
}

impl fmt::Display for StartRunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send(error) => error.fmt(f),
            Self::Skipped { function_id, by } => write!(
                f,
                "the function `{function_id}` was not started: its option `{by}` lets one run at a time, which is open already"
            ),
            Self::Duplicate { function_id, event_id } => write!(
                f,
                "the function `{function_id}` was not started: an event with the id `{event_id}` was accepted before, and has no run \
                 of this function. Start it with another id"
            ),
        }
    }
}

impl std::error::Error for StartRunError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Send(error) => error.source(),
            Self::Skipped { .. } | Self::Duplicate { .. } => None,
        }
    }
}

impl From<SendError> for StartRunError {
    fn from(error: SendError) -> Self {
        Self::Send(error)
    }
}

/// Why a run has no output, or is not found.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum RunError {
    /// It failed for good.
    Failed {
        /// The id of the run.
        run_id: String,
        /// The error of the last attempt.
        message: String,
        /// The number of attempts of the function; 1 where the run failed without another one.
        attempts: u32,
        /// The error as a value, if it was made by [`Error::typed`](crate::Error::typed): see [`downcast`](Self::downcast).
        typed: Option<TypedError>,
    },
    /// It was cancelled: by hand, by an event, by a deadline, or by a new run of a singleton.
    Cancelled {
        /// The id of the run.
        run_id: String,
        /// The reason of the cancellation.
        reason: String,
    },
    /// This build cannot resume it, see [`RunInfo::held`](crate::inspect::RunInfo::held). It stays open for one that can.
    Held {
        /// The id of the run.
        run_id: String,
        /// Why not.
        reason: String,
    },
    /// There is no run with this id: there never was, or it has ended and was pruned.
    NoRun {
        /// The id; of a longer text the first 80 characters.
        run_id: String,
    },
    /// The run is of another function than that of the handle.
    OtherFunction {
        /// The id of the run.
        run_id: String,
        /// The id of its function.
        function_id: String,
        /// The id of the function that was asked for.
        expected: &'static str,
    },
    /// Its output does not decode as what its function returns now, or cannot be decrypted.
    Undecodable {
        /// The id of the run.
        run_id: String,
        /// Why not.
        problem: String,
    },
    /// The engine was shut down or has died meanwhile, or its store did not answer. An open run is resumed at the next start;
    /// [`Engine::handle`](crate::embedded::Engine::handle) finds it there.
    #[cfg(feature = "embedded")]
    Engine(EngineError),
}

impl RunError {
    /// Returns the error that the function, or its step, made by [`Error::typed`](crate::Error::typed), if it is an `E`.
    #[must_use]
    pub fn downcast<E: DeserializeOwned>(&self) -> Option<E> {
        match self {
            Self::Failed { typed, .. } => typed.as_ref()?.downcast(),
            _ => None,
        }
    }
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed { run_id, message, attempts: 0 | 1, .. } => {
                write!(f, "run `{run_id}` failed: {message}")
            }
            Self::Failed { run_id, message, attempts, .. } => {
                write!(f, "run `{run_id}` failed after {attempts} attempts: {message}")
            }
            Self::Cancelled { run_id, reason } => write!(f, "run `{run_id}` was cancelled: {reason}"),
            Self::Held { run_id, reason } => write!(f, "run `{run_id}` waits for another build: {reason}"),
            Self::NoRun { run_id } => {
                write!(f, "there is no run `{run_id}`: the id is wrong, or the run has ended and was pruned")
            }
            Self::OtherFunction { run_id, function_id, expected } => write!(
                f,
                "run `{run_id}` is one of the function `{function_id}`, and not of `{expected}`: ask for it by the marker of its function"
            ),
            Self::Undecodable { run_id, problem } => write!(
                f,
                "run `{run_id}` has completed, but its output does not decode: {problem}. Was the return type of the function changed?"
            ),
            #[cfg(feature = "embedded")]
            Self::Engine(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for RunError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            #[cfg(feature = "embedded")]
            Self::Engine(error) => error.source(),
            _ => None,
        }
    }
}

#[cfg(feature = "embedded")]
impl From<EngineError> for RunError {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}
