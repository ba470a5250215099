//! What layers are told, and in which order.

use std::sync::{Arc, Mutex};

use event_runtime::middleware::{
    Execution, Failure, Json, Middleware, Next, Place, Running, SentEvent, StepAttempt,
};
use event_runtime::prelude::*;
use event_runtime::testing::TestEngine;
use event_runtime::{RawEnvelope, SendError};

use super::shop::{OrderRefused, ShopFunctions, placed};

type Log = Arc<Mutex<Vec<String>>>;

/// Writes down what it is told.
struct Told {
    name: &'static str,
    log: Log,
}

impl Told {
    fn note(&self, what: impl std::fmt::Display) {
        self.log.lock().unwrap().push(format!("{} {what}", self.name));
    }
}

impl Middleware for Told {
    fn send(&self, event: &mut SentEvent<'_>) -> Result<()> {
        self.note(format_args!("send {} {:?}", event.name, event.descriptor.map(|event| event.action)));
        Ok(())
    }

    fn receive(&self, event: &mut RawEnvelope) -> Result<()> {
        self.note(format_args!("receive {}", event.name));
        Ok(())
    }

    fn record(&self, place: &Place<'_>, result: Json) -> Result<Json> {
        self.note(format_args!("record {:?}", place.step.map(|(step, _)| step)));
        Ok(result)
    }

    fn recall(&self, place: &Place<'_>, result: Json) -> Result<Json> {
        self.note(format_args!("recall {:?}", place.step.map(|(step, _)| step)));
        Ok(result)
    }

    fn function<'a>(&'a self, execution: &'a Execution, next: Next<'a, Execution>) -> Running<'a> {
        Box::pin(async move {
            self.note(format_args!("{} begins", execution.function.id));
            let result = next.run().await;
            self.note(format_args!("{} ends", execution.function.id));
            result
        })
    }

    fn step<'a>(&'a self, attempt: &'a StepAttempt, next: Next<'a, StepAttempt>) -> Running<'a> {
        Box::pin(async move {
            self.note(format_args!("{} begins", attempt.id));
            let result = next.run().await;
            self.note(format_args!("{} ends", attempt.id));
            result
        })
    }

    fn failed(&self, failure: &Failure<'_>) {
        let Failure { step, attempt, error, is_final, is_of_step, .. } = failure;
        self.note(format_args!("failed {step:?} {attempt} `{error}` final {is_final} of step {is_of_step}"));
    }
}

fn app(log: &Log) -> App<ShopFunctions> {
    let told = |name| Told { name, log: Arc::clone(log) };
    App::builder("shop").middleware(told("outer")).middleware(told("inner")).build().unwrap()
}

#[tokio::test]
async fn the_first_layer_is_next_to_the_host() {
    let log = Log::default();
    let mut engine = TestEngine::new(&app(&log));
    let run = engine.run(super::shop::OrderCharged { iban: "x".into() }).await;
    run.completed();
    let told = std::mem::take(&mut *log.lock().unwrap());
    let expected = [
        "inner send order/charged Some(\"charged\")",
        "outer send order/charged Some(\"charged\")",
        "outer receive order/charged",
        "inner receive order/charged",
        "outer order-charged-receipt begins",
        "inner order-charged-receipt begins",
        "inner order-charged-receipt ends",
        "outer order-charged-receipt ends",
        "inner record None",
        "outer record None",
    ];
    assert_eq!(told[..expected.len()], expected);
}

#[tokio::test]
async fn bodies_events_and_results_come_through_every_layer() {
    let log = Log::default();
    let mut engine = TestEngine::new(&app(&log));
    engine.run(placed()).await.completed();
    let told = log.lock().unwrap().clone();
    let of_inner: Vec<&str> = told.iter().filter_map(|told| told.strip_prefix("inner ")).collect();
    for once in [
        "look begins",
        "look ends",
        "record Some(\"look\")",
        "send order/paid Some(\"paid\")",
        "send order/charged Some(\"charged\")",
    ] {
        assert_eq!(of_inner.iter().filter(|told| **told == once).count(), 1, "{once}: {of_inner:#?}");
    }
    // Who looks at a run recalls its results too.
    for often in ["receive order/paid", "recall Some(\"look\")", "recall Some(\"charge\")"] {
        assert!(of_inner.contains(&often), "{often}: {of_inner:#?}");
    }
}

#[tokio::test]
async fn each_failed_attempt_is_observed_once_and_the_last_is_final() {
    let log = Log::default();
    let mut engine = TestEngine::new(&app(&log));
    engine.run(OrderRefused { iban: "x".into() }).await;
    let told = log.lock().unwrap().clone();
    let failures: Vec<&str> = told.iter().filter_map(|told| told.strip_prefix("outer failed ")).collect();
    assert_eq!(
        failures,
        [
            "Some(\"refuse\") 0 `no` final false of step false",
            "Some(\"refuse\") 1 `no` final true of step false",
            "None 0 `step `refuse` failed after 2 attempts: no` final true of step true",
        ]
    );
}

/// Refuses, changes, gives up: what a layer may do.
struct Changing;

impl Middleware for Changing {
    fn send(&self, event: &mut SentEvent<'_>) -> Result<()> {
        if event.data.get().contains("forbidden") {
            return Err(Error::msg("it is forbidden"));
        }
        let data = event.data.get().replace("sent", "changed on the way out");
        *event.data = serde_json::value::RawValue::from_string(data)?;
        Ok(())
    }

    fn function<'a>(&'a self, _: &'a Execution, next: Next<'a, Execution>) -> Running<'a> {
        Box::pin(async move {
            let text = next.run().await?.read::<String>()?;
            Json::of(&format!("{text}, and on the way back"))
        })
    }
}

#[tokio::test]
async fn a_layer_changes_events_and_results_and_refuses_events() {
    let app = App::<ShopFunctions>::builder("shop").middleware(Changing).build().unwrap();
    let mut engine = TestEngine::new(&app);
    let run = engine.run(super::shop::OrderCharged { iban: "sent".into() }).await;
    run.completed_with(&"charged changed on the way out, and on the way back");

    let engine = app.embedded(":memory:").start().await.unwrap();
    let refused = engine.client().send(super::shop::OrderCharged { iban: "forbidden".into() }).await;
    let Err(error @ SendError::Middleware(_)) = refused else { panic!("{refused:?}") };
    assert_eq!(error.to_string(), "a middleware has refused the event: it is forbidden");
    engine.shutdown().await;
}

/// Refuses events that say so, for one client.
struct OfClient;

impl Middleware for OfClient {
    fn send(&self, _: &mut SentEvent<'_>) -> Result<()> {
        Err(Error::msg("not by this client"))
    }
}

#[tokio::test]
async fn a_client_has_layers_of_its_own() {
    let log = Log::default();
    let app = app(&log);
    let engine = app.embedded(":memory:").start().await.unwrap();
    let told = Told { name: "client", log: Arc::clone(&log) };
    let client = engine.client().middleware(told);
    client.send(super::shop::OrderCharged { iban: "x".into() }).await.unwrap();
    let sent = log.lock().unwrap()[..3].to_vec();
    let order: Vec<&str> = sent.iter().map(|told| told.split(' ').next().unwrap()).collect();
    assert_eq!(order, ["client", "inner", "outer"]);
    let closed = client.middleware(OfClient).send(super::shop::OrderCharged { iban: "x".into() }).await;
    assert!(closed.unwrap_err().to_string().contains("not by this client"));
    engine.client().send(super::shop::OrderCharged { iban: "x".into() }).await.unwrap();
    engine.shutdown().await;
}

/// Gives a body less time than it wants.
struct Impatient;

impl Middleware for Impatient {
    fn step<'a>(&'a self, attempt: &'a StepAttempt, next: Next<'a, StepAttempt>) -> Running<'a> {
        Box::pin(async move {
            tokio::select! {
                result = next.run() => result,
                // The body has waited for nothing but this.
                () = tokio::task::yield_now() => {
                    Err(Error::non_retriable(Error::msg(format!("`{}` takes too long", attempt.id))))
                }
            }
        })
    }
}

/// Never ends by itself.
#[function(id = "order-paid-dawdler")]
async fn dawdle(ctx: &Context<super::shop::OrderPaid>) -> Result<String> {
    match ctx.step.run("dawdle", async || Ok(std::future::pending::<u8>().await)).await {
        Ok(_) => Ok("never".into()),
        Err(error) => Ok(error.to_string()),
    }
}

/// Panics in its second line.
#[function(id = "order-refused-panicker", retries = 0)]
async fn panic(ctx: &Context<OrderRefused>) -> Result<()> {
    let iban = &ctx.event.iban;
    assert!(iban.is_empty(), "what a pity");
    Ok(())
}

functions! { OddFunctions in super::shop::ShopEvents = [dawdle, panic]; }

#[tokio::test]
async fn a_layer_may_drop_a_body() {
    let app = App::<OddFunctions>::builder("odd").middleware(Impatient).build().unwrap();
    let mut engine = TestEngine::new(&app);
    let run = engine.run(super::shop::OrderPaid { order: "7".into(), iban: "x".into() }).await;
    run.completed_with(&"step `dawdle` failed: `dawdle` takes too long");
}

#[tokio::test]
async fn a_panic_is_a_failure_that_layers_observe() {
    let log = Log::default();
    let told = Told { name: "told", log: Arc::clone(&log) };
    let app = App::<OddFunctions>::builder("odd").middleware(told).build().unwrap();
    let mut engine = TestEngine::new(&app);
    engine.run(OrderRefused { iban: "x".into() }).await;
    let told = log.lock().unwrap().join("\n");
    assert!(
        told.contains("told failed None 0 `the function panicked: what a pity` final true of step false"),
        "{told}"
    );
}
