//! The lock of event contracts: what a change breaks, with the payload that fails, and the catalogue for other teams.

mod accept;
mod check;
mod command;
mod compare;
mod error;
mod lock;
mod report;
pub mod rules;

pub use self::command::{Built, assert_locked, main};
pub use self::error::Error;
pub use self::report::{Direction, Finding, Report, Verdict};
