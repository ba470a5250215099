#![doc = include_str!("../README.md")]
#![allow(
    clippy::format_push_string,
    clippy::format_collect,
    reason = "it reads as what is printed, and nothing waits for it"
)]

mod accept;
mod check;
mod command;
mod compare;
mod error;
mod export;
mod import;
mod lock;
mod report;
pub mod rules;

pub use self::check::compare;
pub use self::command::{Built, Output, assert_locked, main, run};
pub use self::error::Error;
pub use self::report::{Direction, Finding, Report, Verdict};
