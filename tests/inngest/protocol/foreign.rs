//! Functions of other applications, on the wire (section 5.3.4).

use event_inngest_tests::endpoint::ask;
use event_inngest_tests::hash;
use event_runtime::foreign;
use event_runtime::inngest::InngestConfig;
use event_runtime::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

/// What is paid.
#[domain_events]
enum PaymentEvent {
    /// A payment was requested.
    Requested { cents: u64 },
}

/// The receipt of a payment.
#[derive(Deserialize)]
struct Receipt {
    number: u32,
}

foreign! {
    /// Charges a card.
    ChargeCard = "billing" / "payment-requested-charger": PaymentRequested -> Receipt;
    /// Is not in the list.
    RateCard = "risk" / "rateCard" as foreign: PaymentRequested -> f64;
}

/// Calls one of another application.
#[function(id = "payment-requested-forwarder")]
async fn forward(ctx: &Context<PaymentRequested>) -> Result<String> {
    let request = || PaymentRequested { cents: ctx.event.cents };
    if ctx.event.cents == 0 {
        return Ok(ctx.step.invoke::<RateCard>("rate", request()).await.unwrap_err().to_string());
    }
    let charged = ctx.step.invoke::<ChargeCard>("charge", request()).timeout(Duration::from_mins(1)).await?;
    Ok(format!("receipt {}", charged.number))
}

registry! { Events = [PaymentEvent]; }
functions! { Functions in Events = [forward, ChargeCard]; }

async fn call(cents: u64, steps: &Value) -> Value {
    let app = App::<Functions>::builder("shop").build().unwrap();
    let service = app.inngest(InngestConfig::dev().checkpointing(None)).service();
    let event = json!({ "id": "1", "name": "payment/requested", "data": { "cents": cents }, "ts": 1 });
    let body = json!({ "event": event, "steps": steps, "ctx": { "run_id": "run", "attempt": 0 } });
    let uri = "/api/inngest?fnId=shop-payment-requested-forwarder&stepId=step";
    ask(&service, "POST", uri, &[], body.to_string().as_bytes()).await.json()
}

#[tokio::test]
async fn it_is_invoked_by_the_ids_of_its_application_and_of_itself() {
    let reported = call(7, &json!({})).await;
    assert_eq!(reported[0]["op"], "InvokeFunction", "{reported}");
    let opts = &reported[0]["opts"];
    assert_eq!(opts["function_id"], "billing-payment-requested-charger");
    assert_eq!((&opts["payload"]["data"]["cents"], &opts["timeout"]), (&json!(7), &json!("1m")));

    let returned = call(7, &json!({ hash("charge"): { "data": { "number": 12 } } })).await;
    assert_eq!(returned, "receipt 12");
}

#[tokio::test]
async fn one_that_is_not_listed_is_an_error_of_the_step() {
    assert_eq!(
        call(0, &json!({})).await,
        "step `rate` calls the function `rateCard` of the application `risk`, which the application does not list: add what \
         `foreign!` declares to the list in `functions!`"
    );
}
