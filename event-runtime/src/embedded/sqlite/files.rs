//! The files of a database: which they are, whatever they are called, and whether they still are.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

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
    /// The folder that they are in, as it was when they were looked at last.
    folder: Folder,
}

impl Files {
    /// Those of a database that is open: itself, SQLite's log and the index of that, and the lock.
    pub(super) fn of(database: &Path) -> Self {
        let paths = ["", "-wal", "-shm", ".lock"].map(|suffix| beside(database, suffix));
        let seen = |path: PathBuf| {
            let identity = identity(&path).unwrap_or_default();
            (path, Mutex::new(identity))
        };
        let folder = Folder::new(database.parent().map(Path::to_owned));
        Self { files: paths.into_iter().map(seen).collect(), folder }
    }

    /// Those of a database in memory: there are none.
    pub(super) const fn none() -> Self {
        Self { files: Vec::new(), folder: Folder::new(None) }
    }

    /// The first that is not there any more, or not the same.
    ///
    /// They are looked at only when something in their folder was created, renamed or removed. That costs less than to look at each;
    /// and whoever asks for the times of the log makes its next flush write them anew (Linux from 6.13 on).
    pub(crate) fn missing(&self) -> Option<&Path> {
        if self.files.is_empty() {
            return None;
        }
        self.folder.look(|| {
            let missing = self.files.iter().find(|(path, seen)| is_missing(path, seen));
            missing.map(|(path, _)| &**path)
        })
    }
}

fn is_missing(path: &Path, seen: &Mutex<Identity>) -> bool {
    let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    match (*seen, identity(path)) {
        (Some(seen), Ok(now)) => now != Some(seen),
        (Some(_), Err(error)) => error.kind() == io::ErrorKind::NotFound,
        (None, now) => {
            *seen = now.unwrap_or_default();
            false
        }
    }
}

/// A folder, and when something in it was created, renamed or removed.
#[derive(Debug)]
struct Folder {
    path: Option<PathBuf>,
    seen: Mutex<Option<(Identity, SystemTime)>>,
}

/// A folder that has changed so shortly ago may change again without a later time: clocks of file systems are coarse.
const COARSE: Duration = Duration::from_secs(2);

impl Folder {
    const fn new(path: Option<PathBuf>) -> Self {
        Self { path, seen: Mutex::new(None) }
    }

    /// Looks at what is in the folder, unless the folder is as it was when nothing was found in it.
    fn look<T>(&self, look: impl FnOnce() -> Option<T>) -> Option<T> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.state();
        if now.is_some() && now == *seen {
            return None;
        }
        let found = look();
        let is_settled = |(_, changed): &(Identity, SystemTime)| {
            SystemTime::now().duration_since(*changed).is_ok_and(|age| age > COARSE)
        };
        *seen = now.filter(|now| found.is_none() && is_settled(now));
        found
    }

    /// Which folder it is, and when it has changed. `None`: the system does not tell.
    fn state(&self) -> Option<(Identity, SystemTime)> {
        let folder = std::fs::metadata(self.path.as_ref()?).ok()?;
        Some((Some(identity_of(&folder)?), folder.modified().ok()?))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::File;
    use std::time::{Duration, SystemTime};

    use super::Folder;

    #[test]
    fn a_folder_is_looked_into_when_something_in_it_has_changed() {
        let folder = tempfile::tempdir().unwrap();
        File::create(folder.path().join("one")).unwrap();
        let watched = Folder::new(Some(folder.path().to_owned()));
        let looks = || {
            let mut looks = false;
            watched.look(|| {
                looks = true;
                None::<()>
            });
            looks
        };
        assert!(looks() && looks(), "it has changed a moment ago, and may again");
        let settled = SystemTime::now() - Duration::from_mins(1);
        File::open(folder.path()).unwrap().set_modified(settled).unwrap();
        assert!(looks() && !looks());
        std::fs::rename(folder.path().join("one"), folder.path().join("two")).unwrap();
        assert!(looks());
        File::open(folder.path()).unwrap().set_modified(settled).unwrap();
        assert_eq!(watched.look(|| Some(1)), Some(1));
        assert_eq!(watched.look(|| Some(2)), Some(2), "what is missing is looked for again");
    }
}
