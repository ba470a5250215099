//! Functions of other applications: only an Inngest server calls them.

use event_runtime::embedded::StartError;
use event_runtime::foreign;
use event_runtime::prelude::*;
use event_runtime::testing::TestEngine;
use serde::{Deserialize, Serialize};

/// What is paid.
#[domain_events]
enum PaymentEvent {
    /// A payment was requested.
    Requested { cents: u64 },
}

/// The receipt of a payment.
#[derive(Serialize, Deserialize)]
struct Receipt {
    number: u32,
}

foreign! {
    /// Charges a card.
    ChargeCard = "billing" / "payment-requested-charger": PaymentRequested -> Receipt;
    RateCard = "risk" / "rateCard" as foreign: PaymentRequested -> f64
}

/// Calls one of another application.
#[function(id = "payment-requested-forwarder")]
async fn forward(ctx: &Context<PaymentRequested>) -> Result<String> {
    let charged = ctx.step.invoke::<ChargeCard>("charge", PaymentRequested { cents: ctx.event.cents }).await;
    Ok(match charged {
        Ok(receipt) => format!("receipt {}", receipt.number),
        Err(error) => error.to_string(),
    })
}

registry! { Events = [PaymentEvent]; }
functions! { Functions in Events = [forward, ChargeCard, RateCard]; }

fn app() -> App<Functions> {
    App::builder("shop").build().unwrap()
}

#[tokio::test]
async fn the_test_kit_gives_what_is_mocked() {
    let mut engine = TestEngine::new(&app());
    engine.mock_step::<Forward>("charge", &Receipt { number: 7 });
    engine.run(PaymentRequested { cents: 1 }).await.completed_with(&"receipt 7");
}

#[tokio::test]
async fn what_is_not_mocked_fails_and_says_its_name() {
    let mut engine = TestEngine::new(&app());
    engine.run(PaymentRequested { cents: 1 }).await.completed_with(
        &"step `charge` calls the function `payment-requested-charger` of the application `billing`, which only an Inngest server \
          can: in a test, say what the step gives with `mock_step(\"charge\", ..)`",
    );
}

#[tokio::test]
async fn an_embedded_engine_does_not_start() {
    let error = app().embedded(":memory:").start().await.unwrap_err();
    assert!(matches!(error, StartError::ForeignFunction { app: "billing", .. }), "{error:?}");
    assert_eq!(
        error.to_string(),
        "the application lists the function `payment-requested-charger` of the application `billing`, which only an Inngest server \
         can call: run this application with `app.inngest(..)`, or take what `foreign!` declares out of the list in `functions!`"
    );
}
