//! The store: one SQLite file.

mod crons;
mod files;
mod functions;
mod key;
mod lock;
mod log;
mod message;
mod open;
mod patience;
mod prune;
mod read;
mod schema;
mod statements;
mod store;
mod upgrade;

pub(super) use files::{Files, canonical};
pub(super) use lock::is_memory;
pub(super) use log::{LogLength, log_length};
pub(super) use message::shared;
pub(super) use open::{Opened, Opener, backup, open, open_to_read, try_to_fold};
pub(super) use patience::GivesUp;
pub(super) use store::SqliteStore;

/// The format of the database.
pub(super) fn format() -> u32 {
    u32::try_from(schema::LATEST).unwrap_or(u32::MAX)
}
