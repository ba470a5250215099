//! Why an engine does not start, or cannot answer.

use std::fmt;
use std::path::PathBuf;

/// Why an engine does not start. Nothing was changed.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// Another engine, of this process or of another one, has the database open.
    InUse {
        /// The database.
        path: PathBuf,
    },
    /// The file is there and is no database of this crate.
    Foreign {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        found: &'static str,
    },
    /// A later version of this crate has written the database.
    Newer {
        /// The database.
        path: PathBuf,
        /// The version of its format.
        found: i64,
        /// The latest version that is known here.
        known: i64,
    },
    /// The file cannot be created, read or written.
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// The database is damaged, or SQLite cannot work with it.
    Store {
        /// The database.
        path: PathBuf,
        /// What SQLite says.
        message: String,
    },
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUse { path } => write!(
                f,
                "the database {} is in use by another engine: one process at a time can have it open. \
                 Stop the other one, or choose another file",
                path.display()
            ),
            Self::Foreign { path, found } => write!(
                f,
                "{} is {found}: it is left as it is. Choose another file for the database",
                path.display()
            ),
            Self::Newer { path, found, known } => write!(
                f,
                "the database {} has format {found}, written by a later version of event-runtime; this one knows \
                 formats up to {known}. Update event-runtime",
                path.display()
            ),
            Self::Unwritable { path, source } => write!(
                f,
                "the database {} cannot be opened for writing: {source}. Check the path and its permissions",
                path.display()
            ),
            Self::Store { path, message } => {
                write!(f, "SQLite cannot work with the database {}: {message}", path.display())
            }
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unwritable { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// Why an engine does not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EngineError {
    /// It has been shut down, or has stopped after an error of its store.
    Closed,
    /// The store could not read or write. The engine has stopped; start it anew when the cause is gone.
    Store(String),
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => f.write_str("the engine is closed"),
            Self::Store(message) => write!(f, "the store failed: {message}"),
        }
    }
}

impl std::error::Error for EngineError {}

/// Why something could not be done about a run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CommandError {
    /// There is no run with this id, or its function is not in the application.
    NoRun {
        /// The id.
        run_id: String,
    },
    /// The run is in a state in which this cannot be.
    Refused {
        /// The id.
        run_id: String,
        /// The state.
        reason: &'static str,
    },
    /// The engine does not answer.
    Engine(EngineError),
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRun { run_id } => {
                write!(f, "there is no run `{run_id}` of a function of this application")
            }
            Self::Refused { run_id, reason } => {
                write!(f, "nothing was done about the run `{run_id}`: {reason}")
            }
            Self::Engine(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for CommandError {}

impl From<EngineError> for CommandError {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

impl From<EngineError> for crate::SendError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Closed => Self::Closed,
            EngineError::Store(message) => Self::Store(message),
        }
    }
}
