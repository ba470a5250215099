//! Why events were not taken.

use std::fmt;

use crate::validate::Issues;

/// Why events were not taken. Nothing of the call was stored, except where a variant says otherwise.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum SendError {
    /// An event is not valid: what is wrong, and where.
    Rejected(Issues),
    /// The host has been shut down, or has stopped after an error of its store.
    Closed,
    /// More events wait to be stored than the host lets: try again later.
    Full,
    /// These are too many events for one call.
    TooMany {
        /// How many.
        events: usize,
        /// How many at most.
        limit: usize,
    },
    /// The store could not write. The engine has stopped; start it anew when the cause is gone.
    Store(String),
    /// The server behind the client took none of the events; after a lost connection it may have taken them all the same.
    /// Events that keep their ids start nothing twice, so that they can be sent again.
    Server(String),
    /// The server behind the client took some of the events. An embedded engine takes all or none.
    Partly {
        /// The places of those that it did not take, in the order of the call.
        refused: Vec<usize>,
        /// Why.
        message: String,
    },
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rejected(issues) => write!(f, "the event is not valid: {issues}"),
            Self::Closed => f.write_str("the engine is closed and takes no more events"),
            Self::Full => f.write_str("the queue of events is full: try again later"),
            Self::TooMany { events, limit } => {
                write!(f, "{events} events are too many for one call: send at most {limit} at once")
            }
            Self::Store(error) => write!(f, "the event could not be stored: {error}"),
            Self::Server(error) => f.write_str(error),
            Self::Partly { refused, message } => {
                write!(f, "{} of the events were not taken ({refused:?}): {message}", refused.len())
            }
        }
    }
}

impl std::error::Error for SendError {}

impl From<Issues> for SendError {
    fn from(issues: Issues) -> Self {
        Self::Rejected(issues)
    }
}
