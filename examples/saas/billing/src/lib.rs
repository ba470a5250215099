//! Invoices, charges and dunning.

mod bank;
mod functions;
mod ledger;
#[cfg(test)]
mod tests;

pub use bank::{Bank, Declined};
pub use functions::{Billing, BillingFunctions};
pub use ledger::Ledger;
