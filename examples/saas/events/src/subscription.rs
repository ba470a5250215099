//! Subscriptions.

use event_runtime::prelude::*;

use crate::{Email, PaymentMethod};

/// What is subscribed to.
#[payload]
#[serde(rename_all = "snake_case")]
pub enum Plan {
    Team,
    Business,
}

/// The life of a subscription.
#[domain_events]
pub enum SubscriptionEvent {
    /// A customer subscribed.
    Started {
        #[event(key)]
        id: Uuid,
        user: Uuid,
        customer: Email,
        plan: Plan,
        #[validate(range(min = 1, max = 500))]
        seats: u32,
        method: PaymentMethod,
    },
    /// A subscription was cancelled, by the customer or with the account.
    #[event(unhandled)]
    Cancelled {
        #[event(key)]
        id: Uuid,
    },
}
