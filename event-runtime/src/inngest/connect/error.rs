//! Why a worker is not connected.

use std::fmt;

/// The error that ends a [`Worker`](super::Worker): what no further attempt would mend.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectError {
    /// There is no signing key, and the configuration is not that of a dev server.
    MissingSigningKey,
    /// The server knows neither the signing key nor the fallback.
    Unauthorized,
    /// The server takes no more connections, and there has not been one yet.
    TooManyConnections,
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MissingSigningKey => "a worker needs a signing key: set INNGEST_SIGNING_KEY, or INNGEST_DEV=1 for a dev server",
            Self::Unauthorized => "the Inngest server does not know the signing key: compare INNGEST_SIGNING_KEY with that of the environment",
            Self::TooManyConnections => "the Inngest server takes no more connections of this account: end other workers first",
        })
    }
}

impl std::error::Error for ConnectError {}

/// Why an attempt to connect has failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// It will fail again.
    Fatal(ConnectError),
    /// It may pass: what has happened, in words that name no key.
    Passing(String),
}

impl From<String> for Failure {
    fn from(what: String) -> Self {
        Self::Passing(what)
    }
}
