//! The lock that keeps a second engine away from a database, however the file is named.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use super::files::{Identity, beside, identity, identity_of, names};
use crate::embedded::StartError;

/// For so long a start waits for an engine that is just letting go.
const PATIENCE: Duration = Duration::from_millis(500);

/// The pause between two attempts.
const PAUSE: Duration = Duration::from_millis(5);

/// Held as long as the engine runs; the operating system lets go of it when the process dies.
#[derive(Debug)]
pub(crate) struct FileLock {
    _file: Option<File>,
}

impl FileLock {
    /// Of a database in memory: nobody else sees it.
    pub(super) const fn none() -> Self {
        Self { _file: None }
    }

    /// Takes the lock for a database, whose path must be the canonical one, and creates the database if it is not there: an
    /// empty file that its owner alone can read. The lock is a file beside it, `events.db.lock`, which says which file it
    /// is for.
    pub(super) fn take(database: &Path) -> Result<Self, StartError> {
        let unwritable = |source| StartError::Unwritable { path: database.to_owned(), source };
        let path = beside(database, ".lock");
        let mut lock = wait_for(&path, database)?;
        create(database).map_err(unwritable)?;
        let this = identity(database).map_err(unwritable)?;
        note(&mut lock, this).map_err(unwritable)?;
        check_other_names(database, this)?;
        Ok(Self { _file: Some(lock) })
    }
}

/// Waits a moment for the lock.
fn wait_for(path: &Path, database: &Path) -> Result<File, StartError> {
    let unwritable = |source| StartError::Unwritable { path: database.to_owned(), source };
    let until = Instant::now() + PATIENCE;
    loop {
        let file = private_file(path).map_err(unwritable)?;
        match file.try_lock() {
            // Whoever had it may have removed it meanwhile: then the lock is one of a file that nobody finds.
            Ok(()) if is_at(&file, path) => return Ok(file),
            Ok(()) => {}
            Err(TryLockError::WouldBlock) if Instant::now() < until => std::thread::sleep(PAUSE),
            Err(TryLockError::WouldBlock) => return Err(StartError::InUse { path: database.to_owned() }),
            Err(TryLockError::Error(source)) => return Err(unwritable(source)),
        }
    }
}

/// Whether a file is the one at its path.
fn is_at(file: &File, path: &Path) -> bool {
    let of_file = file.metadata().ok().map(|file| identity_of(&file));
    of_file.is_some() && of_file == identity(path).ok()
}

/// Creates an empty file unless there is one. One that is there is not opened.
fn create(database: &Path) -> io::Result<()> {
    match private().create_new(true).open(database) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        created => created.map(drop),
    }
}

/// Writes into a lock which file it is for.
fn note(lock: &mut File, database: Identity) -> io::Result<()> {
    lock.set_len(0)?;
    lock.rewind()?;
    lock.write_all(text(database).as_bytes())
}

fn text(identity: Identity) -> String {
    identity.map(|(device, inode)| format!("device {device}, inode {inode}\n")).unwrap_or_default()
}

/// The file may have been renamed under an engine, or have several names: then another lock is for it too.
fn check_other_names(database: &Path, this: Identity) -> Result<(), StartError> {
    let unwritable = |source| StartError::Unwritable { path: database.to_owned(), source };
    let names = names(database).map_err(unwritable)?;
    // Whoever may not list the folder sees no other name in it.
    let entries = database.parent().and_then(|folder| folder.read_dir().ok());
    let mut here = 0;
    for path in entries.into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())) {
        if this.is_some() && path != beside(database, ".lock") && is_held_for(&path, this) {
            return Err(StartError::InUse { path: database.to_owned() });
        }
        let is_name = names > 1 && !path.is_symlink() && identity(&path).is_ok_and(|other| other == this);
        here += u64::from(is_name && (path == database || !has_log(&path)));
    }
    if names > here.max(1) { Err(StartError::Linked { path: database.to_owned(), names }) } else { Ok(()) }
}

/// Whether a file is a lock for a database, and is held.
fn is_held_for(path: &Path, database: Identity) -> bool {
    // A lock is short: no database is opened here.
    let is_lock = path.extension().is_some_and(|extension| extension == "lock")
        && path.metadata().is_ok_and(|file| file.is_file() && (1..100).contains(&file.len()));
    let Some(mut lock) = is_lock.then(|| File::open(path).ok()).flatten() else { return false };
    let mut says = String::new();
    let is_read = lock.read_to_string(&mut says).is_ok();
    is_read && says == text(database) && matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock))
}

/// Whether a name of a database has a log that is not written into the database yet.
fn has_log(name: &Path) -> bool {
    std::fs::metadata(beside(name, "-wal")).is_ok_and(|log| log.len() > 0)
}

/// Whether the database is in memory.
pub(crate) fn is_memory(path: &Path) -> bool {
    path.as_os_str() == ":memory:"
}

/// How files are opened for writing; a new one can be read by its owner alone.
pub(super) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn private_file(path: &Path) -> io::Result<File> {
    private().create(true).truncate(false).open(path)
}
