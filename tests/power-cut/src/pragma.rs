//! `PRAGMA synchronous`, which the engine does not let anybody weaken: so the harness shows that it would notice.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::path::Path;
use std::ptr::null_mut;
use std::sync::Once;

use rusqlite::ffi::{
    SQLITE_IGNORE, SQLITE_OK, SQLITE_PRAGMA, sqlite3, sqlite3_api_routines, sqlite3_auto_extension,
    sqlite3_db_filename, sqlite3_exec, sqlite3_set_authorizer,
};

use crate::disk::Disk;

/// Every connection that is opened from now on gets the setting of its disk.
pub(crate) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: the function has the type of an extension's entry point.
        let code = unsafe { sqlite3_auto_extension(Some(opened)) };
        assert_eq!(code, SQLITE_OK);
    });
}

unsafe extern "C" fn opened(
    connection: *mut sqlite3,
    _: *mut *mut c_char,
    _: *const sqlite3_api_routines,
) -> c_int {
    // SAFETY: the connection is open; the name, if any, ends with a zero and is read at once.
    unsafe {
        let name = sqlite3_db_filename(connection, c"main".as_ptr());
        if name.is_null() {
            return SQLITE_OK;
        }
        let Some((disk, _)) = CStr::from_ptr(name).to_str().ok().and_then(|name| Disk::of(Path::new(name)))
        else {
            return SQLITE_OK;
        };
        let Some(synchronous) = disk.synchronous() else { return SQLITE_OK };
        let Ok(sql) = CString::new(format!("PRAGMA synchronous = {synchronous}")) else { return SQLITE_OK };
        let code = sqlite3_exec(connection, sql.as_ptr(), None, null_mut(), null_mut());
        if code != SQLITE_OK {
            return code;
        }
        sqlite3_set_authorizer(connection, Some(authorize), null_mut())
    }
}

/// A later `PRAGMA synchronous` is passed over.
unsafe extern "C" fn authorize(
    _: *mut c_void,
    action: c_int,
    name: *const c_char,
    value: *const c_char,
    _: *const c_char,
    _: *const c_char,
) -> c_int {
    if action != SQLITE_PRAGMA || name.is_null() || value.is_null() {
        return SQLITE_OK;
    }
    // SAFETY: the name of a pragma ends with a zero.
    let name = unsafe { CStr::from_ptr(name) };
    if name.to_bytes() == b"synchronous" { SQLITE_IGNORE } else { SQLITE_OK }
}
