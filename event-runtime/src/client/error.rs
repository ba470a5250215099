//! Why events were not taken.

use std::fmt;
use std::sync::Arc;

use crate::validate::Issues;

/// An error shared by everyone who waited for the same thing. Clones share the error inside, and two are equal when their messages
/// are. `source` is that of the error inside; [`get_ref`](Self::get_ref) gives the error itself, to be downcast.
#[derive(Clone)]
pub struct SharedError(Arc<dyn std::error::Error + Send + Sync>);

impl SharedError {
    pub(crate) fn new(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(error.into().into())
    }

    /// The error inside.
    pub fn get_ref(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
        &*self.0
    }
}

impl fmt::Debug for SharedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for SharedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl std::error::Error for SharedError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

impl PartialEq for SharedError {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_string() == other.0.to_string()
    }
}

impl Eq for SharedError {}

/// The error of sending events. Nothing of the call was stored, except where a variant says otherwise.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum SendError {
    /// An event is not valid: what is wrong, and where.
    Rejected(Issues),
    /// The client is that of an application which no host runs yet: it was made by
    /// [`AppBuilder::client`](crate::AppBuilder::client), and sends once a host has started.
    NotStarted,
    /// A middleware has refused the event, for this reason.
    Middleware(SharedError),
    /// The host has been shut down.
    Closed,
    /// The host's queue of events to store is full: try again later.
    Full,
    /// One call sends too many events.
    TooMany {
        /// The number of events.
        events: usize,
        /// The greatest number of events in one call.
        limit: usize,
    },
    /// The engine behind the client has failed, for this reason, and accepts nothing more: start it again once the cause is
    /// fixed. Whether the event was stored is unknown; sent again with the same id, it starts nothing twice.
    Store(SharedError),
    /// The event could not be written into the outbox of your database, for this reason: see `Client::send_in`. PostgreSQL has aborted
    /// your transaction.
    Database(SharedError),
    /// The server behind the client accepted none of the events; after a lost connection it may have accepted them all the same.
    /// Events that keep their ids start nothing twice, so that they can be sent again.
    Server(SharedError),
    /// The server behind the client accepted some of the events. An embedded engine accepts all or none.
    Partly {
        /// The indices of the events that it did not accept, in the order of the call.
        refused: Vec<usize>,
        /// Why.
        reason: SharedError,
    },
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rejected(issues) => write!(f, "the event is not valid: {issues}"),
            Self::NotStarted => f.write_str(
                "no host runs the application yet: start one before events are sent, such as `app.embedded(\"events.db\").start()`",
            ),
            Self::Middleware(reason) => write!(f, "a middleware has refused the event: {reason}"),
            Self::Closed => f.write_str("the engine is closed and takes no more events"),
            Self::Full => f.write_str("the queue of events is full: try again later"),
            Self::TooMany { events, limit } => {
                write!(f, "{events} events are too many for one call: send at most {limit} at once")
            }
            Self::Store(error) => write!(f, "the event could not be stored: {error}"),
            Self::Database(error) => write!(f, "the event could not be written into the outbox: {error}"),
            Self::Server(reason) => write!(f, "{reason}"),
            Self::Partly { refused, reason } => {
                write!(f, "{} of the events were not taken ({refused:?}): {reason}", refused.len())
            }
        }
    }
}

impl std::error::Error for SendError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Rejected(issues) => Some(issues),
            Self::Store(error) | Self::Middleware(error) | Self::Database(error) => Some(error.get_ref()),
            Self::Server(reason) | Self::Partly { reason, .. } => reason.source(),
            Self::NotStarted | Self::Closed | Self::Full | Self::TooMany { .. } => None,
        }
    }
}

impl From<Issues> for SendError {
    fn from(issues: Issues) -> Self {
        Self::Rejected(issues)
    }
}
