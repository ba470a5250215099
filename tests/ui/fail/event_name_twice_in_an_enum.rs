use event_runtime::prelude::*;

/// The life of a user.
#[domain_events]
pub enum UserEvent {
    /// A user signed up.
    SignedUp { id: Uuid },
    /// A user signed up, again.
    SignedUP { id: Uuid },
}

fn main() {}
