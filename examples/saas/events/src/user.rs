//! Users.

use event_runtime::prelude::*;

use crate::Email;

/// The life of a user.
#[domain_events]
pub enum UserEvent {
    /// A visitor signed up.
    SignedUp {
        #[event(key)]
        id: Uuid,
        email: Email,
        #[validate(length(min = 1, max = 80))]
        name: String,
    },
    /// A user followed the link in the welcome mail.
    #[event(unhandled)]
    EmailConfirmed {
        #[event(key)]
        id: Uuid,
    },
    /// A user closed the account.
    Deleted {
        #[event(key)]
        id: Uuid,
    },
}
