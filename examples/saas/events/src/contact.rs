//! Contacts, the data that customers keep here.

use event_runtime::prelude::*;

use crate::Email;

/// A person whom a customer knows.
#[payload]
pub struct Contact {
    pub email: Email,
    #[validate(length(min = 1, max = 80))]
    pub name: String,
}

/// The life of a contact.
#[domain_events]
pub enum ContactEvent {
    /// A customer uploaded a list of contacts.
    ListUploaded {
        #[event(key)]
        list: Uuid,
        account: Uuid,
        #[validate(length(min = 1, max = 1_000))]
        rows: Vec<Contact>,
    },
    /// A contact of a list was stored.
    Imported { account: Uuid, contact: Contact },
    /// A customer changed a contact.
    Changed { account: Uuid, contact: Contact },
}
