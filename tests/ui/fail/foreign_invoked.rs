//! A function of another application takes its event, and gives what it returns.
use event_runtime::{foreign, prelude::*};

/// What is paid.
#[domain_events]
pub enum PaymentEvent {
    /// A payment was requested.
    Requested { cents: u64 },
    /// A payment was refunded.
    Refunded { cents: u64 },
}

foreign! {
    /// Charges a card.
    pub ChargeCard = "billing" / "payment-requested-charger": PaymentRequested -> u64;
}

/// Is no function.
pub struct Nothing;

async fn forward(step: &Step) -> Result<String> {
    let charged: String = step.invoke::<ChargeCard>("charge", PaymentRequested { cents: 1 }).await?;
    step.invoke::<ChargeCard>("refund", PaymentRefunded { cents: 1 }).await?;
    step.invoke::<Nothing>("nothing", PaymentRefunded { cents: 1 }).await?;
    Ok(charged)
}

fn main() {}
