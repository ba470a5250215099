//! What SQLite says when it cannot.

use rusqlite::{Error, ffi};

/// The message of an error; where SQLite only says that the disk has failed, also what of it.
pub(in crate::embedded) fn message(error: &Error) -> String {
    let what = match error.sqlite_error().map(|error| error.extended_code) {
        Some(ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC) => {
            "a flush of the file (fsync) has failed"
        }
        Some(ffi::SQLITE_IOERR_WRITE) => "a write has failed",
        Some(ffi::SQLITE_IOERR_READ | ffi::SQLITE_IOERR_SHORT_READ) => "a read has failed",
        Some(ffi::SQLITE_IOERR_TRUNCATE) => "the file could not be cut",
        Some(code) if code & 0xff == ffi::SQLITE_IOERR => return format!("{error} (code {code})"),
        _ => return error.to_string(),
    };
    format!("{error}: {what}")
}

#[cfg(feature = "fail-points")]
impl From<crate::engine::fail_points::Failure> for Error {
    fn from(failure: crate::engine::fail_points::Failure) -> Self {
        Self::InvalidPath(failure.to_string().into())
    }
}
