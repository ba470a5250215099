//! The outbox and transaction steps, on PostgreSQL and SQLite.

mod errors;
mod killed;
mod outbox;
mod relay;
mod shop;
mod steps;
