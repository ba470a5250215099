//! The file system that SQLite is given: that of the system, with every change recorded.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::{Path, PathBuf};
use std::ptr::{null, null_mut};
use std::sync::{Arc, Once};

use rusqlite::ffi::{
    SQLITE_OK, sqlite3_file, sqlite3_filename, sqlite3_int64, sqlite3_io_methods, sqlite3_vfs,
    sqlite3_vfs_find, sqlite3_vfs_register,
};

use crate::disk::{Change, Disk, Kind};

/// A file: that of the system stands behind it, at [`REAL`].
#[repr(C)]
struct File {
    base: sqlite3_file,
    /// A box, or null when the file is not recorded.
    watched: *mut Watched,
}

struct Watched {
    disk: Arc<Disk>,
    name: Arc<str>,
}

/// Where the system's own part of a [`File`] begins.
const REAL: usize = size_of::<File>();

/// Makes the recording file system the one that SQLite uses unless told otherwise.
pub(crate) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: the system's file system is registered as long as the process lives. Ours is a copy that is never
        // dropped, with functions that have the types of `sqlite3_vfs`.
        unsafe {
            let system = sqlite3_vfs_find(null());
            assert!(!system.is_null(), "SQLite has a file system");
            let mut ours = *system;
            ours.szOsFile += c_int::try_from(REAL).expect("it is small");
            ours.pNext = null_mut();
            ours.zName = c"recording".as_ptr();
            ours.pAppData = system.cast();
            ours.xOpen = Some(open);
            ours.xDelete = Some(delete);
            assert_eq!(sqlite3_vfs_register(Box::leak(Box::new(ours)), 1), SQLITE_OK);
        }
    });
}

/// The system's file system.
unsafe fn system(vfs: *mut sqlite3_vfs) -> *mut sqlite3_vfs {
    // SAFETY: `pAppData` was set by `install`.
    unsafe { (*vfs).pAppData.cast() }
}

/// The system's own part of a file.
unsafe fn real(file: *mut sqlite3_file) -> *mut sqlite3_file {
    // SAFETY: SQLite allocates `szOsFile` bytes, which hold both parts.
    unsafe { file.cast::<u8>().add(REAL).cast() }
}

unsafe fn watched<'a>(file: *mut sqlite3_file) -> Option<&'a Watched> {
    // SAFETY: every file with our methods was opened by `open`, and is not closed.
    unsafe { (*file.cast::<File>()).watched.as_ref() }
}

unsafe fn path_of(name: *const c_char) -> Option<PathBuf> {
    if name.is_null() {
        return None;
    }
    // SAFETY: SQLite's names end with a zero.
    let name = unsafe { CStr::from_ptr(name) };
    Some(Path::new(name.to_str().ok()?).to_owned())
}

unsafe extern "C" fn open(
    vfs: *mut sqlite3_vfs,
    name: sqlite3_filename,
    file: *mut sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: the arguments are those of SQLite, handed on; `file` has room for both parts.
    unsafe {
        (*file).pMethods = null();
        (*real(file)).pMethods = null();
        let system = system(vfs);
        let Some(open) = (*system).xOpen else { return rusqlite::ffi::SQLITE_CANTOPEN };
        let code = open(system, name, real(file), flags, out);
        if !(*real(file)).pMethods.is_null() {
            let watched = path_of(name).and_then(|path| Disk::of(&path));
            let watched = watched.map(|(disk, name)| Box::into_raw(Box::new(Watched { disk, name })));
            (*file.cast::<File>()).watched = watched.unwrap_or_default();
            (*file).pMethods = &raw const METHODS;
        }
        code
    }
}

unsafe extern "C" fn delete(vfs: *mut sqlite3_vfs, name: *const c_char, sync_folder: c_int) -> c_int {
    // SAFETY: the arguments are those of SQLite, handed on.
    unsafe {
        let system = system(vfs);
        let Some(delete) = (*system).xDelete else { return rusqlite::ffi::SQLITE_IOERR };
        let code = delete(system, name, sync_folder);
        if code == SQLITE_OK
            && let Some((disk, name)) = path_of(name).and_then(|path| Disk::of(&path))
        {
            disk.record(&name, Change::Delete { durable: sync_folder != 0 });
        }
        code
    }
}

/// Calls a method of the system's part of a file.
macro_rules! forward {
    ($file:ident.$method:ident($($argument:expr),*), or $none:expr) => {{
        // SAFETY: the system's part was opened, and the arguments are those of SQLite.
        unsafe {
            let real = real($file);
            match (*(*real).pMethods).$method {
                Some(method) => method(real, $($argument),*),
                None => $none,
            }
        }
    }};
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    let code = forward!(file.xClose(), or SQLITE_OK);
    // SAFETY: the box was made by `open`, and SQLite closes a file once.
    unsafe {
        let watched = std::mem::take(&mut (*file.cast::<File>()).watched);
        if !watched.is_null() {
            drop(Box::from_raw(watched));
        }
        (*file).pMethods = null();
    }
    code
}

unsafe extern "C" fn read(
    file: *mut sqlite3_file,
    to: *mut c_void,
    amount: c_int,
    offset: sqlite3_int64,
) -> c_int {
    forward!(file.xRead(to, amount, offset), or rusqlite::ffi::SQLITE_IOERR)
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    from: *const c_void,
    amount: c_int,
    offset: sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite has opened the file.
    let watched = unsafe { watched(file) };
    if let Some(watched) = watched
        && let Err(code) = watched.disk.permit(&watched.name, Kind::Write)
    {
        return code;
    }
    let code = forward!(file.xWrite(from, amount, offset), or rusqlite::ffi::SQLITE_IOERR);
    if let (SQLITE_OK, Some(watched)) = (code, watched) {
        let amount = usize::try_from(amount).unwrap_or_default();
        // SAFETY: SQLite writes so many bytes from there.
        let bytes = unsafe { std::slice::from_raw_parts(from.cast::<u8>(), amount) }.to_vec();
        let offset = usize::try_from(offset).unwrap_or_default();
        watched.disk.record(&watched.name, Change::Write { offset, bytes });
    }
    code
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, length: sqlite3_int64) -> c_int {
    let code = forward!(file.xTruncate(length), or rusqlite::ffi::SQLITE_IOERR);
    // SAFETY: SQLite has opened the file.
    if let (SQLITE_OK, Some(watched)) = (code, unsafe { watched(file) }) {
        watched.disk.record(&watched.name, Change::Truncate(usize::try_from(length).unwrap_or_default()));
    }
    code
}

/// The flush of a file that is recorded is only noted.
unsafe extern "C" fn sync(file: *mut sqlite3_file, flags: c_int) -> c_int {
    // SAFETY: SQLite has opened the file.
    let Some(watched) = (unsafe { watched(file) }) else {
        return forward!(file.xSync(flags), or SQLITE_OK);
    };
    if let Err(code) = watched.disk.permit(&watched.name, Kind::Sync) {
        return code;
    }
    watched.disk.record(&watched.name, Change::Sync);
    SQLITE_OK
}

unsafe extern "C" fn file_size(file: *mut sqlite3_file, size: *mut sqlite3_int64) -> c_int {
    forward!(file.xFileSize(size), or rusqlite::ffi::SQLITE_IOERR)
}

unsafe extern "C" fn lock(file: *mut sqlite3_file, level: c_int) -> c_int {
    forward!(file.xLock(level), or SQLITE_OK)
}

unsafe extern "C" fn unlock(file: *mut sqlite3_file, level: c_int) -> c_int {
    forward!(file.xUnlock(level), or SQLITE_OK)
}

unsafe extern "C" fn check_reserved_lock(file: *mut sqlite3_file, out: *mut c_int) -> c_int {
    forward!(file.xCheckReservedLock(out), or SQLITE_OK)
}

unsafe extern "C" fn file_control(file: *mut sqlite3_file, op: c_int, argument: *mut c_void) -> c_int {
    forward!(file.xFileControl(op, argument), or rusqlite::ffi::SQLITE_NOTFOUND)
}

unsafe extern "C" fn sector_size(file: *mut sqlite3_file) -> c_int {
    forward!(file.xSectorSize(), or 512)
}

unsafe extern "C" fn device_characteristics(file: *mut sqlite3_file) -> c_int {
    forward!(file.xDeviceCharacteristics(), or 0)
}

unsafe extern "C" fn shm_map(
    file: *mut sqlite3_file,
    region: c_int,
    size: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    forward!(file.xShmMap(region, size, extend, out), or rusqlite::ffi::SQLITE_IOERR)
}

unsafe extern "C" fn shm_lock(file: *mut sqlite3_file, offset: c_int, count: c_int, flags: c_int) -> c_int {
    forward!(file.xShmLock(offset, count, flags), or rusqlite::ffi::SQLITE_IOERR)
}

unsafe extern "C" fn shm_barrier(file: *mut sqlite3_file) {
    forward!(file.xShmBarrier(), or());
}

unsafe extern "C" fn shm_unmap(file: *mut sqlite3_file, delete: c_int) -> c_int {
    forward!(file.xShmUnmap(delete), or SQLITE_OK)
}

/// Version 2: without memory maps, which would pass by what is recorded.
static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};
