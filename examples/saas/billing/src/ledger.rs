//! The ledger: what is owed, and who has access.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use event_runtime::prelude::Uuid;

/// Access to what is subscribed to, by subscription. A real one would be a table.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    access: Arc<Mutex<BTreeMap<Uuid, bool>>>,
}

impl Ledger {
    /// Opens or closes the access of a subscription.
    ///
    /// # Errors
    ///
    /// Never here; a database may not be reached.
    pub fn set_access(&self, subscription: Uuid, open: bool) -> io::Result<()> {
        self.access.lock().unwrap_or_else(PoisonError::into_inner).insert(subscription, open);
        Ok(())
    }

    /// Returns whether each subscription has access.
    pub fn access(&self) -> BTreeMap<Uuid, bool> {
        self.access.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
