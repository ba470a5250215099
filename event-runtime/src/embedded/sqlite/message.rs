//! What SQLite says when it cannot.

use std::fmt;

use rusqlite::{Error, ffi};

use crate::client::SharedError;
use crate::engine::store::StoreError;

/// An error of SQLite; where that only says that the disk has failed, also what of it.
#[derive(Debug)]
struct Failure(Error);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(error) = self;
        let what = match error.sqlite_error().map(|error| error.extended_code) {
            Some(ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC) => {
                "a flush of the file (fsync) has failed"
            }
            Some(ffi::SQLITE_IOERR_WRITE) => "a write has failed",
            Some(ffi::SQLITE_IOERR_READ | ffi::SQLITE_IOERR_SHORT_READ) => "a read has failed",
            Some(ffi::SQLITE_IOERR_TRUNCATE) => "the file could not be cut",
            Some(code) if code & 0xff == ffi::SQLITE_IOERR => return write!(f, "{error} (code {code})"),
            _ => return write!(f, "{error}"),
        };
        write!(f, "{error}: {what}")
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

/// The error, for everybody who waits for the database.
pub(crate) fn shared(error: Error) -> SharedError {
    SharedError::new(Failure(error))
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        Self(shared(error))
    }
}

#[cfg(feature = "fail-points")]
impl From<crate::engine::fail_points::Failure> for Error {
    fn from(failure: crate::engine::fail_points::Failure) -> Self {
        Self::InvalidPath(failure.to_string().into())
    }
}
