//! The outbox and transaction steps, on PostgreSQL and SQLite.
#![allow(unreachable_pub, reason = "the macros declare types of modules here")]

mod errors;
mod killed;
mod outbox;
mod relay;
mod shop;
mod steps;
