//! The lock that keeps a second process away from a database.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::embedded::StartError;

/// Held as long as the engine runs; the operating system lets go of it when the process dies.
#[derive(Debug)]
pub(crate) struct FileLock {
    _file: Option<File>,
}

impl FileLock {
    /// Takes the lock for a database: a file beside it, `events.db.lock`.
    pub(crate) fn take(database: &Path) -> Result<Self, StartError> {
        if is_memory(database) {
            return Ok(Self { _file: None });
        }
        let mut name = database.as_os_str().to_owned();
        name.push(".lock");
        let unwritable = |source| StartError::Unwritable { path: database.to_owned(), source };
        let file = private_file(&PathBuf::from(name)).map_err(unwritable)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: Some(file) }),
            Err(TryLockError::WouldBlock) => Err(StartError::InUse { path: database.to_owned() }),
            Err(TryLockError::Error(source)) => Err(unwritable(source)),
        }
    }
}

/// Whether the database is in memory.
pub(super) fn is_memory(path: &Path) -> bool {
    path.as_os_str() == ":memory:"
}

/// Opens a file for writing; a new one can be read by its owner alone.
pub(super) fn private_file(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
