//! The id of a function of another application fits its event, unless it follows other rules.
use event_runtime::{foreign, prelude::*};

/// What is paid.
#[domain_events]
pub enum PaymentEvent {
    /// A payment was requested.
    Requested { cents: u64 },
}

foreign! {
    /// Charges a card.
    pub ChargeCard = "billing" / "order-placed-charger": PaymentRequested -> u64;
    /// Rates a card.
    pub RateCard = "risk" / "rateCard": PaymentRequested -> f64;
}

fn main() {}
