//! What is recorded of a folder, and how it fails.

use std::collections::HashMap;
use std::ffi::c_int;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

/// A change of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Bytes were written.
    Write {
        /// Where.
        offset: usize,
        /// Which.
        bytes: Vec<u8>,
    },
    /// The file has this length from now on.
    Truncate(usize),
    /// What was written is on the disk.
    Sync,
    /// The flush failed: nobody knows what of it is on the disk, and a later flush does not say.
    FailedSync,
    /// The file was removed. Whether that is on the disk at once.
    Delete {
        /// The folder was flushed.
        durable: bool,
    },
}

/// A change, and the name of its file in the folder.
#[derive(Debug, Clone)]
pub struct Op {
    /// The name of the file.
    pub file: Arc<str>,
    /// What happened to it.
    pub change: Change,
}

/// Which calls fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Those that write.
    Write,
    /// Those that flush.
    Sync,
}

/// How a disk fails.
#[derive(Debug, Clone, Copy)]
pub struct Fault {
    /// Which calls fail.
    pub kind: Kind,
    /// Of which files: how their names end.
    pub files: &'static str,
    /// How many calls work before.
    pub after: u64,
    /// With which code of SQLite.
    pub code: c_int,
    /// Whether all later ones fail too.
    pub lasts: bool,
}

/// A folder that is recorded.
#[derive(Debug)]
pub struct Disk {
    folder: PathBuf,
    /// `PRAGMA synchronous` of connections, whatever the engine asks for.
    synchronous: Option<&'static str>,
    /// How long a flush takes.
    flush: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    ops: Vec<Op>,
    fault: Option<Fault>,
    has_failed: bool,
}

/// The folders that are recorded.
static DISKS: LazyLock<Mutex<HashMap<PathBuf, Weak<Disk>>>> = LazyLock::new(Mutex::default);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Disk {
    /// Records the databases of a folder. A flush takes so long; with `synchronous` SQLite flushes as this setting says,
    /// whatever the engine asks for.
    ///
    /// # Panics
    ///
    /// When the folder does not exist.
    pub fn new(folder: &Path, flush: Duration, synchronous: Option<&'static str>) -> Arc<Self> {
        crate::vfs::install();
        crate::pragma::install();
        let folder = folder.canonicalize().expect("the folder exists");
        let disk = Arc::new(Self { folder: folder.clone(), synchronous, flush, state: Mutex::default() });
        lock(&DISKS).insert(folder, Arc::downgrade(&disk));
        disk
    }

    /// The disk that a file is on, if it is recorded, and the file's name there.
    pub(crate) fn of(path: &Path) -> Option<(Arc<Self>, Arc<str>)> {
        let folder = path.parent()?;
        let disk = lock(&DISKS).get(folder).and_then(Weak::upgrade);
        let disk = disk.or_else(|| lock(&DISKS).get(&folder.canonicalize().ok()?).and_then(Weak::upgrade))?;
        Some((disk, path.file_name()?.to_str()?.into()))
    }

    pub(crate) const fn synchronous(&self) -> Option<&'static str> {
        self.synchronous
    }

    /// How much has happened so far.
    pub fn position(&self) -> usize {
        lock(&self.state).ops.len()
    }

    /// What has happened so far.
    pub fn ops(&self) -> Vec<Op> {
        lock(&self.state).ops.clone()
    }

    /// From now on the disk fails like this.
    pub fn fail(&self, fault: Option<Fault>) {
        let mut state = lock(&self.state);
        (state.fault, state.has_failed) = (fault, false);
    }

    /// Whether it has failed as it was told.
    pub fn has_failed(&self) -> bool {
        lock(&self.state).has_failed
    }

    /// Asked before a call: whether it works.
    pub(crate) fn permit(&self, file: &str, kind: Kind) -> Result<(), c_int> {
        let mut state = lock(&self.state);
        let Some(fault) =
            state.fault.as_mut().filter(|fault| fault.kind == kind && file.ends_with(fault.files))
        else {
            return Ok(());
        };
        if fault.after > 0 {
            fault.after -= 1;
            return Ok(());
        }
        let fault = *fault;
        state.has_failed = true;
        if !fault.lasts {
            state.fault = None;
        }
        if kind == Kind::Sync {
            state.ops.push(Op { file: file.into(), change: Change::FailedSync });
        }
        Err(fault.code)
    }

    /// Told after a call.
    pub(crate) fn record(&self, file: &Arc<str>, change: Change) {
        if change == Change::Sync && !self.flush.is_zero() {
            std::thread::sleep(self.flush);
        }
        lock(&self.state).ops.push(Op { file: Arc::clone(file), change });
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        lock(&DISKS).remove(&self.folder);
    }
}
