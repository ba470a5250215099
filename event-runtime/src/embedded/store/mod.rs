//! The store: one SQLite file, one writer.

mod load;
mod lock;
mod open;
mod schema;
mod totals;
mod write;
mod writer;

pub(super) use load::load_open_runs;
pub(super) use lock::FileLock;
pub(super) use open::open;
pub(super) use write::{OpenRun, Recorded, RecordedKind, RunEnd, RunKey, Unfinished, Write, Written};
pub(super) use writer::{Store, StoreOptions};
