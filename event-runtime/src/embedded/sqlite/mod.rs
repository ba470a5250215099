//! The store: one SQLite file.

mod functions;
mod key;
mod lock;
mod message;
mod open;
mod prune;
mod read;
mod schema;
mod store;
mod upgrade;

pub(super) use lock::FileLock;
pub(super) use message::message;
pub(super) use open::{open, open_to_read};
pub(super) use store::SqliteStore;
