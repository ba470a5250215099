//! Why events were not taken.

use std::fmt;

use crate::validate::Issues;

/// Why events were not taken. Nothing of the call was stored.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum SendError {
    /// An event is not valid: what is wrong, and where.
    Rejected(Issues),
    /// The host has been shut down, or has stopped after an error of its store.
    Closed,
    /// The store could not write. The engine has stopped; start it anew when the cause is gone.
    Store(String),
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rejected(issues) => write!(f, "the event is not valid: {issues}"),
            Self::Closed => f.write_str("the engine is closed and takes no more events"),
            Self::Store(error) => write!(f, "the event could not be stored: {error}"),
        }
    }
}

impl std::error::Error for SendError {}

impl From<Issues> for SendError {
    fn from(issues: Issues) -> Self {
        Self::Rejected(issues)
    }
}
