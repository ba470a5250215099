//! The lock: one file for each version of an event, and one for each function.

mod file;
mod folder;
mod git;

pub(crate) use self::file::{
    About, Accepted, Golden, LockedContract, LockedEvent, LockedFunction, Tombstone, golden, key_of,
};
pub(crate) use self::folder::{Change, Lock, event_folder, write_all};
pub(crate) use self::git::{Baseline, baseline};

/// The format of the files that this program writes; it reads all up to this one.
pub(crate) const FORMAT: u32 = 1;
