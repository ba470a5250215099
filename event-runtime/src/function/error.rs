//! Errors of functions and steps. (Placeholder until the step machine is merged.)

use std::fmt;

/// A placeholder.
#[derive(Debug)]
pub struct Error(String);

/// A placeholder.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl<E: std::error::Error + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

impl Error {
    /// A placeholder.
    pub fn non_retriable(error: impl Into<Self>) -> Self {
        error.into()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
