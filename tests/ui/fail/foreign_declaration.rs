//! What is wrong in the declarations of functions of other applications.
use event_runtime::{foreign, prelude::*};

/// What is paid.
#[domain_events]
pub enum PaymentEvent {
    /// A payment was requested.
    Requested { cents: u64 },
}

foreign! {
    /// Charges a card.
    pub ChargeCard = "billing" / "payment-requested-charger": PaymentRequested -> u64;
    /// Charges it again.
    pub ChargeAgain = "billing" / "payment-requested-charger": PaymentRequested -> u64;
    /// Has no application.
    pub Nobodys = "" / "payment-requested-something": PaymentRequested -> u64;
    /// Is not a name of a type.
    pub rate_card = "risk" / "rateCard" as other: PaymentRequested -> f64;
}

foreign! { pub ChargeCard2 = "billing" : PaymentRequested -> u64; }

fn main() {}
