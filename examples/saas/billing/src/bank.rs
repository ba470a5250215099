//! The bank.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use example_saas_events::{Money, PaymentMethod};
use serde::{Deserialize, Serialize};

/// The bank. A real one would call a provider; this one keeps its charges in memory, and declines the card 0002.
#[derive(Debug, Clone, Default)]
pub struct Bank {
    charges: Arc<Mutex<BTreeMap<String, u64>>>,
}

/// The bank refused a charge. It is recorded as a value, so that functions can match on it.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declined {
    /// Why, in the bank's words.
    pub reason: String,
}

impl fmt::Display for Declined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the bank declined: {}", self.reason)
    }
}

impl std::error::Error for Declined {}

impl Bank {
    /// Charges once for each key, and returns the receipt.
    ///
    /// # Errors
    ///
    /// The bank declines.
    pub fn charge(&self, key: &str, method: &PaymentMethod, total: &Money) -> Result<String, Declined> {
        if matches!(method, PaymentMethod::Card { last4 } if last4 == "0002") {
            return Err(Declined { reason: "the card has expired".into() });
        }
        self.charges.lock().unwrap_or_else(PoisonError::into_inner).entry(key.into()).or_insert(total.cents);
        Ok(format!("receipt-{key}"))
    }

    /// Returns the charges so far, in cents, by their keys.
    pub fn charges(&self) -> BTreeMap<String, u64> {
        self.charges.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
