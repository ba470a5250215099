//! Billing on virtual time: this crate alone, with an application of its functions.

use event_runtime::prelude::*;
use event_runtime::testing::{TestEngine, crash_everywhere};
use example_saas_events::{
    InvoicePaid, InvoicePaymentRequested, InvoiceWrittenOff, PaymentMethod, Plan, SaasEvents,
    SubscriptionCancelled, SubscriptionStarted,
};
use example_saas_mail::Mailer;

use crate::functions::{Charge, Collect, MailReceipt};
use crate::{Bank, Billing, BillingFunctions, Declined, Ledger};

functions! { Functions in SaasEvents = [BillingFunctions]; }

const SUBSCRIPTION: Uuid = Uuid::from_u128(7);

/// Billing, and what it does outside.
#[derive(Clone, Default)]
struct World {
    bank: Bank,
    mailer: Mailer,
    ledger: Ledger,
}

impl World {
    fn app(&self) -> App<Functions> {
        let Self { bank, mailer, ledger } = self.clone();
        App::<Functions>::builder("billing").provide(Billing { bank, mailer, ledger }).build().unwrap()
    }
}

fn started(last4: &str) -> SubscriptionStarted {
    SubscriptionStarted {
        id: SUBSCRIPTION,
        user: Uuid::from_u128(1),
        customer: "ada@example.org".to_owned().try_into().unwrap(),
        plan: Plan::Team,
        seats: 3,
        method: PaymentMethod::Card { last4: last4.into() },
    }
}

#[tokio::test]
async fn a_subscription_is_invoiced_charged_and_receipted() {
    let world = World::default();
    let mut engine = TestEngine::new(&world.app());
    engine.run(started("4242")).await;
    let paid = engine.sent::<InvoicePaid>();
    assert_eq!(paid[0].total.cents, 3_600);
    assert_eq!(world.bank.charges().into_values().collect::<Vec<_>>(), [3_600]);
    engine.runs_of_function::<Collect>()[0].completed_with(&true);
    engine.runs_of_function::<MailReceipt>()[0].completed();
    assert!(world.ledger.access()[&SUBSCRIPTION]);
}

#[tokio::test]
async fn a_declined_card_is_dunned_for_two_weeks_and_loses_access() {
    let world = World::default();
    let mut engine = TestEngine::new(&world.app());
    let began = engine.now();
    engine.run(started("0002")).await;
    assert_eq!(engine.now(), began + Duration::from_hours(14 * 24));
    engine.runs_of_function::<Collect>()[0].completed_with(&false);
    assert_eq!(engine.runs_of_function::<Charge>().len(), 3);
    assert_eq!(world.mailer.sent().len(), 3);
    assert_eq!(engine.sent::<InvoiceWrittenOff>()[0].subscription, SUBSCRIPTION);
    assert!(!world.ledger.access()[&SUBSCRIPTION]);
}

#[tokio::test]
async fn a_cancelled_subscription_is_not_dunned() {
    let world = World::default();
    let mut engine = TestEngine::new(&world.app());
    engine.send(started("0002")).await;
    engine.advance(Duration::from_hours(24)).await;
    engine.send(SubscriptionCancelled { id: SUBSCRIPTION }).await;
    engine.run_to_the_end().await;
    engine.runs_of_function::<Collect>()[0].cancelled_with("subscription/cancelled");
    assert_eq!(world.mailer.sent().len(), 1);
}

#[tokio::test]
async fn a_bank_that_cannot_be_reached_fails_the_collection() {
    let world = World::default();
    let mut engine = TestEngine::new(&world.app());
    engine.mock_failure::<Charge>("charge", Error::msg("no answer"));
    engine.run(started("4242")).await;
    engine.runs_of_function::<Collect>()[0].failed_with("no answer");

    let mut engine = TestEngine::new(&world.app());
    engine.mock_failure::<Charge>("charge", Error::typed(Declined { reason: "stolen".into() }));
    engine.run(started("4242")).await;
    engine.runs_of_function::<Collect>()[0].completed_with(&false);
    assert!(
        engine.sent::<InvoicePaymentRequested>().is_empty(),
        "what is invoked is not an event that was sent"
    );
}

#[tokio::test]
async fn no_crash_charges_or_mails_twice() {
    for last4 in ["4242", "0002"] {
        let world = std::cell::RefCell::new(World::default());
        let app = || {
            let app = world.replace(World::default());
            drop(app);
            world.borrow().app()
        };
        let report = crash_everywhere(app, started(last4))
            .observing("charges", || world.borrow().bank.charges())
            .observing("mails", || world.borrow().mailer.sent())
            .observing("access", || world.borrow().ledger.access())
            .await;
        report.is_idempotent();
    }
}
