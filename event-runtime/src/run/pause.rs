//! Why a function was neither paused nor resumed.

use std::fmt;

use super::shown;
#[cfg(feature = "embedded")]
use crate::embedded::EngineError;
use crate::function::Application;

/// The error of pausing or resuming a function by its id.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PauseError {
    /// The application lists no function with this id.
    NoFunction {
        /// The id; of a longer text the first 80 characters.
        function_id: String,
        /// The id that may be meant.
        nearest: Option<&'static str>,
    },
    /// The engine is not running.
    #[cfg(feature = "embedded")]
    Engine(EngineError),
}

impl PauseError {
    pub(crate) fn no_function(id: &str, application: &Application) -> Self {
        let ids = application.functions.iter().map(|function| function.descriptor.id);
        let function_id = shown(id);
        let nearest = event_conventions::nearest(&function_id, ids);
        Self::NoFunction { function_id, nearest }
    }
}

impl fmt::Display for PauseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFunction { function_id, nearest } => {
                write!(f, "the application lists no function `{function_id}`")?;
                nearest.iter().try_for_each(|nearest| write!(f, ": did you mean `{nearest}`?"))
            }
            #[cfg(feature = "embedded")]
            Self::Engine(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for PauseError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NoFunction { .. } => None,
            #[cfg(feature = "embedded")]
            Self::Engine(error) => error.source(),
        }
    }
}

#[cfg(feature = "embedded")]
impl From<EngineError> for PauseError {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}
