//! Why an engine does not start, or cannot answer.

use std::fmt;
use std::path::PathBuf;

use crate::client::{SendError, SharedError};

/// The error of starting an engine. Nothing was changed.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// There is no such database, which was to be [verified](super::Embedded::verify).
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// Another engine, of this process or of another one, has the database open, under this name or under another one.
    InUse {
        /// The database.
        path: PathBuf,
    },
    /// The database has other names (hard links) in other folders, where its log may lie and its owner cannot be seen.
    Linked {
        /// The database.
        path: PathBuf,
        /// The number of its names.
        names: u64,
    },
    /// The file exists, but is not a database of this crate.
    Foreign {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        found: &'static str,
    },
    /// The database belongs to another application, the last one that was started on it; see
    /// [`Embedded::adopt_file`](super::Embedded::adopt_file).
    OtherApplication {
        /// The database.
        path: PathBuf,
        /// The id of the application to which it belongs.
        owner: String,
        /// The id of the application that was to be started.
        application: String,
    },
    /// The application lists a function of another application (see [`foreign!`](crate::foreign)): only an Inngest server can
    /// call it.
    ForeignFunction {
        /// The id of the other application.
        app: &'static str,
        /// The id of the function.
        function: &'static str,
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
        source: SharedError,
    },
    /// Something panicked in the thread of the engine: the clock, a recorder of metrics, or the engine itself.
    Panicked {
        /// The message of the panic.
        message: String,
    },
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { path } => write!(
                f,
                "there is no database {} yet: what is verified are the open runs of one that an engine has written",
                path.display()
            ),
            Self::InUse { path } => write!(
                f,
                "the database {} is in use by another engine: one process at a time can have it open. \
                 Stop the other one, or choose another file",
                path.display()
            ),
            Self::Linked { path, names } => write!(
                f,
                "the database {} has {names} names (hard links), of which some are in other folders: SQLite finds its log by \
                 the name, so that what another name has written would be lost. Remove the others, or copy the file",
                path.display()
            ),
            Self::Foreign { path, found } => write!(
                f,
                "{} is {found}: it is left as it is. Choose another file for the database",
                path.display()
            ),
            Self::OtherApplication { path, owner, application } => write!(
                f,
                "the database {} belongs to the application `{owner}`, and this one is `{application}`: it is left as it is. \
                 Choose another file, or call `.adopt_file()` before `.start()` if `{application}` is to take it over",
                path.display()
            ),
            Self::ForeignFunction { app, function } => write!(
                f,
                "the application lists the function `{function}` of the application `{app}`, which only an Inngest server can call: \
                 run this application with `app.inngest(..)`, or take what `foreign!` declares out of the list in `functions!`"
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
            Self::Store { path, source } => {
                write!(f, "SQLite cannot work with the database {}: {source}", path.display())
            }
            Self::Panicked { message } => write!(f, "the engine panicked while it started: {message}"),
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unwritable { source, .. } => Some(source),
            Self::Store { source, .. } => Some(source.get_ref()),
            _ => None,
        }
    }
}

/// Why an engine has died. Nothing that it acknowledged is lost, and the next start resumes unfinished runs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EngineFailure {
    /// The store could not read or write.
    Store(SharedError),
    /// A file of the database was removed or replaced, so that further writes would be lost.
    Replaced {
        /// The file.
        path: PathBuf,
    },
    /// Something panicked in the thread of the engine: the clock, a recorder of metrics, or the engine itself.
    Panicked {
        /// The message of the panic.
        message: String,
    },
}

impl fmt::Display for EngineFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => write!(f, "the store failed: {error}"),
            Self::Replaced { path } => {
                write!(f, "the file {} was removed or replaced while the engine used it", path.display())
            }
            Self::Panicked { message } => write!(f, "the thread of the engine panicked: {message}"),
        }
    }
}

impl std::error::Error for EngineFailure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Store(error) => Some(error.get_ref()),
            _ => None,
        }
    }
}

/// The error of a call to an engine that is not running.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EngineError {
    /// It has been shut down.
    Closed,
    /// It has died. Start it again once the cause is fixed.
    Failed(EngineFailure),
    /// A read or a backup failed; the engine keeps running.
    Store(SharedError),
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => f.write_str("the engine is closed"),
            Self::Failed(failure) => write!(f, "the engine has failed: {failure}"),
            Self::Store(error) => write!(f, "the database did not answer: {error}"),
        }
    }
}

impl std::error::Error for EngineError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Closed => None,
            Self::Failed(failure) => Some(failure),
            Self::Store(error) => Some(error.get_ref()),
        }
    }
}

impl From<EngineError> for SendError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Closed => Self::Closed,
            EngineError::Failed(failure) => Self::Store(SharedError::new(failure)),
            EngineError::Store(error) => Self::Store(error),
        }
    }
}
