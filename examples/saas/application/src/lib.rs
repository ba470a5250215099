//! Users, subscriptions and contacts, the services behind them, and the list of every function.

mod contacts;
mod onboarding;
mod reports;
mod subscriptions;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use event_runtime::BuildError;
use event_runtime::prelude::*;
use example_saas_billing::{Bank, Billing, BillingFunctions, Ledger};
use example_saas_events::SaasEvents;
use example_saas_mail::Mailer;

pub use contacts::{Contacts, Index};
pub use onboarding::Onboarding;
pub use reports::Reports;
pub use subscriptions::{Subscriptions, Users};

functions! {
    /// Every function of the service.
    pub SaasFunctions in SaasEvents = [Onboarding, Users, Contacts, Reports, BillingFunctions];
}

/// What the service does outside of its events: the ends of the wires.
#[derive(Debug, Clone, Default)]
pub struct Outside {
    /// Sends mails.
    pub mailer: Mailer,
    /// Takes money.
    pub bank: Bank,
    /// Knows who has access.
    pub ledger: Ledger,
    /// Finds contacts.
    pub index: Index,
}

/// The application, and the service that HTTP handlers and functions share.
///
/// # Errors
///
/// A controller is missing, which a test would have found.
pub fn saas(outside: &Outside) -> Result<(App<SaasFunctions>, Arc<Subscriptions>), BuildError> {
    let Outside { mailer, bank, ledger, index } = outside.clone();
    let builder = App::<SaasFunctions>::builder("saas");
    // The service sends events, and functions need the service: its client sends to whatever runs the application later.
    let subscriptions = Arc::new(Subscriptions::new(builder.client()));
    let app = builder
        .provide(Onboarding { mailer: mailer.clone() })
        .provide(Users { subscriptions: Arc::clone(&subscriptions), index: index.clone() })
        .provide(Contacts { index: index.clone() })
        .provide(Reports { index, mailer: mailer.clone() })
        .provide(Billing { bank, mailer, ledger })
        .build()?;
    Ok((app, subscriptions))
}
