//! Sending events, typed by the registry, over any host.

use std::pin::Pin;

use crate::envelope::RawEnvelope;

/// A boxed future, as dynamic hosts return it.
pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A host as a client sees it: takes validated envelopes, answers when they are safe.
pub(crate) trait Transport: Send + Sync + 'static {
    /// Stores `events` atomically and in order. The receipts are in the order of `events`.
    fn send(&self, events: Vec<RawEnvelope>) -> BoxFuture<'_, Result<Vec<Receipt>, SendError>>;
}

/// What became of an event that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Receipt {
    /// The id of the event: the one it was sent with, or the one it got.
    pub id: String,
    /// Whether an event with this id was taken before, within 24 hours: then nothing was started.
    pub duplicate: bool,
}

/// Why events were not taken. Nothing of the call was stored.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum SendError {
    /// The host has been shut down.
    Closed,
    /// The store could not write; the engine has stopped and must be started anew.
    Store(String),
}
