//! Sends mails. A real one would call a provider; this one keeps what it sends in memory, and prints it.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

/// Sends mails. A key that was used before sends nothing, as with the idempotency keys of a real provider, so that the body of a
/// step may run twice.
#[derive(Debug, Clone, Default)]
pub struct Mailer {
    sent: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Mailer {
    /// Sends a mail once for each key.
    ///
    /// # Errors
    ///
    /// Never here; a provider may not be reached.
    pub fn send(&self, key: impl Into<String>, to: &str, text: &str) -> io::Result<()> {
        let line = format!("{to}: {text}");
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).entry(key.into()).or_insert_with(|| {
            println!("mail to {line}");
            line
        });
        Ok(())
    }

    /// Returns the mails sent so far, by their keys.
    pub fn sent(&self) -> BTreeMap<String, String> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
