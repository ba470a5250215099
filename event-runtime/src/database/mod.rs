//! Your own database: events that are sent, and steps that run, in a transaction of it.
//!
//! The guide "Your database" ([`guide::your_database`](crate::guide::your_database)) tells the whole story.

mod connection;
mod drivers;
mod error;
mod install;
mod open;
mod outbox;
mod relay;
mod send;
mod statements;
pub(crate) mod step;

pub use crate::function::OnDatabase;
pub use connection::{Connection, Database, Dialect, Row};
pub use error::DatabaseError;
pub use install::{POSTGRES_SCHEMA, SQLITE_SCHEMA, clean, install};
pub use relay::{Relay, RelayError, RelayWaker};
pub use send::SendingIn;
use statements::Statements;
