//! An event of another system has the name that it has there.

use event_runtime::prelude::*;

/// What another system says.
#[domain_events(foreign)]
pub enum BillingEvent {
    /// Somebody pays.
    Pay { id: u64 },
    /// Twice.
    #[event(name = "user.signed_up")]
    SignUp { id: u64 },
    /// Twice.
    #[event(name = "user.signed_up")]
    SignUpAgain { id: u64 },
}

fn main() {}
