//! The application on virtual time.

use event_runtime::prelude::*;
use event_runtime::testing::{TestEngine, crash_everywhere};
use example_saas_events::{
    Contact, ContactChanged, ContactImported, ContactListUploaded, PaymentMethod, Plan,
    SubscriptionCancelled, SubscriptionStarted, UserDeleted, UserEmailConfirmed, UserSignedUp,
};

use crate::contacts::Reindex;
use crate::onboarding::{Drip, TellSales};
use crate::{Outside, SaasFunctions, saas};

const USER: Uuid = Uuid::from_u128(1);

fn engine(outside: &Outside) -> TestEngine<SaasFunctions> {
    TestEngine::new(&saas(outside).unwrap().0)
}

fn signed_up() -> UserSignedUp {
    let email = "ada@example.org".to_owned().try_into().unwrap();
    UserSignedUp { id: USER, email, name: "Ada".into() }
}

fn contact(number: usize) -> Contact {
    let email = format!("contact-{number}@example.org").try_into().unwrap();
    Contact { email, name: format!("Contact {number}") }
}

/// The texts of the mails to an address.
fn mails_to(outside: &Outside, address: &str) -> usize {
    outside.mailer.sent().values().filter(|line| line.starts_with(address)).count()
}

#[tokio::test]
async fn whoever_does_not_confirm_is_reminded() {
    let outside = Outside::default();
    let mut engine = engine(&outside);
    engine.run(signed_up()).await;
    engine.runs_of_function::<Drip>()[0].completed_with(&false).step("remind").ran_once();
    engine.runs_of_function::<TellSales>()[0].completed();
    assert_eq!(mails_to(&outside, "ada@"), 3);
}

#[tokio::test]
async fn whoever_confirms_is_not_reminded_and_whoever_leaves_gets_no_more_mails() {
    let outside = Outside::default();
    let mut engine = engine(&outside);
    engine.send(signed_up()).await;
    engine.send(UserEmailConfirmed { id: USER }).await;
    engine.advance(Duration::from_hours(48)).await;
    assert_eq!(mails_to(&outside, "ada@"), 1);
    engine.send(UserDeleted { id: USER }).await;
    engine.run_to_the_end().await;
    engine.runs_of_function::<Drip>()[0].cancelled_with("user/deleted");
    assert_eq!(mails_to(&outside, "ada@"), 1);
}

#[tokio::test]
async fn an_imported_list_is_indexed_in_batches() {
    let outside = Outside::default();
    let mut engine = engine(&outside);
    let rows: Vec<Contact> = (0..250).map(contact).collect();
    engine.run(ContactListUploaded { list: Uuid::nil(), account: USER, rows }).await.completed_with(&250);
    assert_eq!(engine.sent::<ContactImported>().len(), 250);
    assert_eq!(outside.index.accounts()[&USER].len(), 250);
}

#[tokio::test]
async fn a_contact_that_changes_often_is_indexed_once() {
    let outside = Outside::default();
    let mut engine = engine(&outside);
    for _ in 0..3 {
        engine.send(ContactChanged { account: USER, contact: contact(7) }).await;
        engine.advance(Duration::from_secs(5)).await;
    }
    engine.run_to_the_end().await;
    assert_eq!(engine.runs_of_function::<Reindex>().len(), 1);
    assert_eq!(outside.index.accounts()[&USER].len(), 1);
}

#[tokio::test]
async fn an_account_that_is_closed_takes_its_subscriptions_along() {
    let outside = Outside::default();
    let (app, subscriptions) = saas(&outside).unwrap();
    let mut engine = TestEngine::new(&app);
    let method = PaymentMethod::Card { last4: "0002".into() };
    let email = "ada@example.org".to_owned().try_into().unwrap();
    let started = SubscriptionStarted {
        id: Uuid::max(),
        user: USER,
        customer: email,
        plan: Plan::Team,
        seats: 1,
        method,
    };
    subscriptions.start(started).await.unwrap();
    engine.settle().await;
    engine.run(UserDeleted { id: USER }).await.completed_with(&1);
    assert_eq!(engine.sent::<SubscriptionCancelled>()[0].id, Uuid::max());
}

#[tokio::test]
async fn no_crash_mails_or_indexes_anything_else() {
    let outside = std::cell::RefCell::new(Outside::default());
    let app = || {
        outside.replace(Outside::default());
        saas(&outside.borrow()).unwrap().0
    };
    let report = crash_everywhere(app, signed_up())
        .observing("mails to Ada", || mails_to(&outside.borrow(), "ada@"))
        .observing("mails to sales", || mails_to(&outside.borrow(), "sales@"))
        .await;
    report.is_idempotent();

    let rows: Vec<Contact> = (0..3).map(contact).collect();
    let report = crash_everywhere(app, ContactListUploaded { list: Uuid::nil(), account: USER, rows })
        .observing("contacts", || outside.borrow().index.accounts())
        .await;
    report.is_idempotent();
}
