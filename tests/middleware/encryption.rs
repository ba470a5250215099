//! Nothing secret is in the file, and everybody who has the key reads it.

use std::path::Path;

use event_runtime::embedded::{Backoff, EventFilter, RunFilter, RunStatus};
use event_runtime::encryption::{Encryption, Key, KeyRing};
use event_runtime::prelude::*;
use event_runtime::testing::{TestEngine, crash_everywhere};

use super::shop::{OrderRefused, SECRET, ShopEvents, ShopFunctions, placed};

fn key(id: &str) -> Key {
    Key::new(id, &format!("the random text of the key {id}")).unwrap()
}

fn app(ring: KeyRing) -> App<ShopFunctions> {
    App::builder("shop").middleware(Encryption::new(ring)).build().unwrap()
}

/// The files of the database in which a text stands: the database, its log, and whatever else there is.
fn files_with(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap_or_default();
        if bytes.windows(text.len()).any(|window| window == text.as_bytes()) {
            found.push(path.display().to_string());
        }
    }
    found
}

#[tokio::test]
async fn a_secret_is_never_in_the_file_nor_in_its_log() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.db");
    let app = app(KeyRing::new(key("1")));
    let backoff = Backoff::exponential(Duration::from_millis(5), Duration::from_millis(5));
    let engine = app.embedded(&path).backoff(backoff).start().await.unwrap();
    engine.client().send(placed()).await.unwrap();
    engine.client().send(OrderRefused { iban: SECRET.into() }).await.unwrap();
    // In the middle of it, with everything still in the log.
    assert!(files_with(folder.path(), SECRET).is_empty());
    assert!(!files_with(folder.path(), "order-7").is_empty(), "the key of the event stays readable");
    while tokio::time::timeout(Duration::from_millis(10), engine.wait_idle()).await.is_err() {
        assert!(files_with(folder.path(), SECRET).is_empty());
    }
    assert!(files_with(folder.path(), SECRET).is_empty());

    // Who has the key sees what happened.
    let runs = engine.runs(&RunFilter::default()).await.unwrap();
    let of = |function: &str| runs.iter().find(|run| run.function_id == function).unwrap();
    let output = format!("\"iban {SECRET}, charged {SECRET}\"");
    assert_eq!(of("order-placed-handler").output.as_deref(), Some(&*output));
    assert_eq!(of("order-refused-apology").output.as_deref(), Some(&*format!("\"sorry, {SECRET}\"")));
    let details = engine.run(&of("order-placed-handler").id).await.unwrap().unwrap();
    let step = |id: &str| details.steps.iter().find(|step| step.id == id).unwrap().output.clone().unwrap();
    assert_eq!(step("look"), format!("\"iban {SECRET}\""));
    assert!(step("paid").contains(SECRET), "{}", step("paid"));
    let events = engine.events(&EventFilter::default()).await.unwrap();
    assert!(events.iter().any(|event| event.data.get().contains(&format!("from {SECRET}"))));

    engine.shutdown().await;
    assert!(files_with(folder.path(), SECRET).is_empty());
}

#[tokio::test]
async fn runs_go_on_after_a_restart_with_another_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.db");
    let before = app(KeyRing::new(key("1"))).embedded(&path).start().await.unwrap();
    before.client().send(placed()).await.unwrap();
    before.shutdown().await;

    let ring = KeyRing::new(key("2")).and_opens(key("1")).unwrap();
    let after = app(ring).embedded(&path).start().await.unwrap();
    after.wait_idle().await.unwrap();
    let runs = after.runs(&RunFilter::default()).await.unwrap();
    assert!(runs.iter().all(|run| run.status == RunStatus::Completed), "{runs:#?}");
    after.shutdown().await;
    assert!(files_with(folder.path(), SECRET).is_empty());
    let with_second = files_with(folder.path(), r#""key":"2""#);
    assert!(!with_second.is_empty(), "what is new is sealed with the new key");
}

#[tokio::test]
async fn without_the_key_a_run_fails_and_nothing_else_stops() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.db");
    let before = app(KeyRing::new(key("1"))).embedded(&path).start().await.unwrap();
    before.client().send(placed()).await.unwrap();
    before.shutdown().await;

    let without = app(KeyRing::new(key("2"))).embedded(&path).start().await.unwrap();
    without.client().send(super::shop::OrderCharged { iban: SECRET.into() }).await.unwrap();
    without.wait_idle().await.unwrap();
    let runs = without.runs(&RunFilter::default()).await.unwrap();
    let of = |function: &str| runs.iter().find(|run| run.function_id == function).unwrap();
    assert_eq!(of("order-charged-receipt").status, RunStatus::Completed);
    let handler = of("order-placed-handler");
    assert_eq!(handler.status, RunStatus::Failed);
    let error = handler.error.as_deref().unwrap();
    assert!(
        error.contains(
            "`order/placed` cannot be decrypted: it was sealed with the key `1`, which is not in the key ring"
        ),
        "{error}"
    );
    let id = handler.id.clone();
    without.shutdown().await;

    // With the key the run goes on.
    let again =
        app(KeyRing::new(key("2")).and_opens(key("1")).unwrap()).embedded(&path).start().await.unwrap();
    again.retry(&id).await.unwrap();
    again
        .client()
        .send(super::shop::OrderPaid { order: "order-7".into(), iban: SECRET.into() })
        .await
        .unwrap();
    again.wait_idle().await.unwrap();
    assert_eq!(again.run(&id).await.unwrap().unwrap().run.status, RunStatus::Completed);
    again.shutdown().await;
}

#[tokio::test]
async fn a_file_from_before_is_read_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.db");
    let plain = App::<ShopFunctions>::builder("shop").build().unwrap();
    let before = plain.embedded(&path).start().await.unwrap();
    before.client().send(placed()).await.unwrap();
    before.shutdown().await;
    let after = app(KeyRing::new(key("1"))).embedded(&path).start().await.unwrap();
    after.wait_idle().await.unwrap();
    let runs = after.runs(&RunFilter::default()).await.unwrap();
    assert!(runs.iter().all(|run| run.status == RunStatus::Completed), "{runs:#?}");
    after.shutdown().await;
}

#[tokio::test]
async fn only_sensitive_fields_are_sealed_if_that_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.db");
    let encryption = Encryption::new(KeyRing::new(key("1"))).only_sensitive_fields();
    let app = App::<NestedFunctions>::builder("nested").middleware(encryption).build().unwrap();
    let engine = app.embedded(&path).start().await.unwrap();
    let card = Card { brand: "a brand".into(), number: SECRET.into() };
    let event = CustomerCreated { name: "a name".into(), cards: vec![card] };
    engine.client().send(event).await.unwrap();
    engine.wait_idle().await.unwrap();
    assert!(files_with(folder.path(), SECRET).is_empty());
    assert!(
        files_with(folder.path(), "a brand").is_empty(),
        "what holds something sensitive is sealed whole"
    );
    assert!(!files_with(folder.path(), "a name").is_empty());
    engine.shutdown().await;
}

/// A card.
#[payload]
struct Card {
    brand: String,
    #[event(sensitive)]
    number: String,
}

/// The life of a customer.
#[domain_events]
enum CustomerEvent {
    /// A customer was created.
    Created { name: String, cards: Vec<Card> },
}

registry! { NestedEvents = [CustomerEvent]; }
functions! { NestedFunctions in NestedEvents = [welcome]; }

/// Welcomes a customer.
#[function(id = "customer-created-welcome", concurrency(limit = 1, key = "event.data.name"))]
async fn welcome(ctx: &Context<CustomerCreated>) -> Result<String> {
    Ok(ctx.event.cards[0].number.clone())
}

#[test]
fn expressions_over_encrypted_fields_are_refused_when_the_application_is_built() {
    let whole = Encryption::new(KeyRing::new(key("1")));
    let error = App::<NestedFunctions>::builder("nested").middleware(whole).build().unwrap_err();
    assert_eq!(
        error.to_string(),
        "an expression of the function `customer-created-welcome` is refused: `concurrency` reads `name` of `customer/created`, \
         which is encrypted, and has no value where `event.data.name` is evaluated: mark the field that identifies it \
         `#[event(key)]`, which is never encrypted, and use that; or encrypt `.only_sensitive_fields()`"
    );
}

functions! { WaitingFunctions in ShopEvents = [wait]; }

/// Waits by a field that is encrypted.
#[function(id = "order-charged-wait")]
async fn wait(ctx: &Context<super::shop::OrderCharged>) -> Result<String> {
    let paid = ctx.step.wait_for_event::<super::shop::OrderPaid>("paid");
    match paid.matching("async.data.iban == event.data.iban").await {
        Ok(_) => Ok("waited".into()),
        Err(error) => Ok(error.to_string()),
    }
}

#[tokio::test]
async fn a_condition_over_an_encrypted_field_is_an_error_of_its_step() {
    let encryption = Encryption::new(KeyRing::new(key("1")));
    let app = App::<WaitingFunctions>::builder("waiting").middleware(encryption).build().unwrap();
    let mut engine = TestEngine::new(&app);
    let run = engine.run(super::shop::OrderCharged { iban: SECRET.into() }).await;
    run.completed_with(
        &"step `paid` `matching` reads `iban` of `order/paid`, which is encrypted, and has no value where \
          `async.data.iban == event.data.iban` is evaluated: use the key of the event, `order`, which is never encrypted; or \
          encrypt `.only_sensitive_fields()`",
    );
}

#[tokio::test]
async fn a_run_is_the_same_after_every_crash() {
    let report = crash_everywhere(|| app(KeyRing::new(key("1"))), placed()).await;
    report.is_idempotent();
    assert!(report.crashes > 20, "{report}");
}

#[tokio::test]
async fn an_event_that_somebody_else_has_sealed_is_validated_when_it_is_open() {
    let app = app(KeyRing::new(key("1")));
    let engine = app.embedded(":memory:").start().await.unwrap();
    engine.client().send(super::shop::OrderCharged { iban: SECRET.into() }).await.unwrap();
    let sealed = r#"{"name":"order/charged","data":{"iban":{"__ENCRYPTED__":true,"__STRATEGY__":"inngest/libsodium","data":"AAAA"}}}"#;
    let error = engine.client().send_json(sealed.as_bytes()).await.unwrap_err().to_string();
    assert!(
        error.contains("the field `iban` of the event `order/charged` cannot be decrypted: it is damaged"),
        "{error}"
    );
    engine.shutdown().await;
}
