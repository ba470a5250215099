//! The files of a database: which they are, whatever they are called, and whether they still are.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::PoisonError;

/// Which file something is, whatever it is called: its device and its inode. Where there is no such thing, nothing.
pub(super) type Identity = Option<(u64, u64)>;

/// Which file there is. Not opened: closing it again would let go of the locks that SQLite holds on it.
pub(super) fn identity(path: &Path) -> io::Result<Identity> {
    std::fs::metadata(path).map(|file| identity_of(&file))
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere there is none")]
pub(super) fn identity_of(file: &std::fs::Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt;
    Some((file.dev(), file.ino()))
}

#[cfg(not(unix))]
pub(super) fn identity_of(_: &std::fs::Metadata) -> Identity {
    None
}

/// How many names a file has.
#[cfg(unix)]
pub(super) fn names(path: &Path) -> io::Result<u64> {
    std::fs::metadata(path).map(|file| std::os::unix::fs::MetadataExt::nlink(&file))
}

#[cfg(not(unix))]
pub(super) fn names(_: &Path) -> io::Result<u64> {
    Ok(1)
}

/// The one path of a file that may not be there yet: without symbolic links.
pub(crate) fn canonical(path: &Path) -> io::Result<PathBuf> {
    /// As many as Linux follows.
    const MAX_LINKS: usize = 40;
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        match path.canonicalize() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            result => return result,
        }
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.canonicalize()?,
            _ => std::env::current_dir()?,
        };
        let Some(name) = path.file_name() else { return Err(io::ErrorKind::InvalidInput.into()) };
        let file = folder.join(name);
        match file.read_link() {
            Ok(target) => path = folder.join(target),
            Err(_) => return Ok(file),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}

/// A path with something behind its name.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// The files of a database that is open, and which they were when they were seen first.
#[derive(Debug)]
pub(crate) struct Files {
    files: Vec<(PathBuf, Mutex<Identity>)>,
}

impl Files {
    /// Those of a database that is open: itself, SQLite's log and the index of that, and the lock.
    pub(super) fn of(database: &Path) -> Self {
        let paths = ["", "-wal", "-shm", ".lock"].map(|suffix| beside(database, suffix));
        let seen = |path: PathBuf| {
            let identity = identity(&path).unwrap_or_default();
            (path, Mutex::new(identity))
        };
        Self { files: paths.into_iter().map(seen).collect() }
    }

    /// Those of a database in memory: there are none.
    pub(super) const fn none() -> Self {
        Self { files: Vec::new() }
    }

    /// The first that is not there any more, or not the same.
    pub(crate) fn missing(&self) -> Option<&Path> {
        let is_missing = |(path, seen): &&(PathBuf, Mutex<Identity>)| {
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            match (*seen, identity(path)) {
                (Some(seen), Ok(now)) => now != Some(seen),
                (Some(_), Err(error)) => error.kind() == io::ErrorKind::NotFound,
                (None, now) => {
                    *seen = now.unwrap_or_default();
                    false
                }
            }
        };
        self.files.iter().find(is_missing).map(|(path, _)| &**path)
    }
}
