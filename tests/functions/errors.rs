//! Errors of every kind: what converts, what is retried, and what is told apart by its type.

use std::cell::Cell;

use event_runtime::prelude::*;
use event_runtime::testing::TestEngine;
use serde::{Deserialize, Serialize};

/// The life of a payment.
#[domain_events]
pub enum PaymentEvent {
    /// A payment was requested.
    Requested {
        /// What happens to it.
        fate: String,
    },
}

/// An error of a library that wraps the error of a step.
#[derive(Debug, thiserror::Error)]
enum PaymentError {
    #[error("the payment is stuck")]
    Caused(#[source] StepError),
    #[error(transparent)]
    Passed(#[from] StepError),
    #[error("no payment: {0}")]
    Told(String),
}

/// Why a bank pays nothing.
#[derive(Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[error("declined with code {code}")]
struct Declined {
    code: u32,
}

thread_local! {
    /// How often `tell` was entered on this thread, which is that of the test: others run beside it.
    static ENTRIES: Cell<u32> = const { Cell::new(0) };
}

/// Fails in as many ways as there are.
#[function(id = "payment-requested-teller", retries = 2)]
async fn tell(ctx: &Context<PaymentRequested>) -> Result<(), PaymentError> {
    ENTRIES.set(ENTRIES.get() + 1);
    let paid = ctx.step.run("pay", async || Err::<(), _>("the bank is closed".into())).await;
    match ctx.event.fate.as_str() {
        "caused" => paid.map_err(PaymentError::Caused),
        "passed" => Ok(paid?),
        "told" => paid.map_err(|error| PaymentError::Told(error.to_string())),
        _ => Err(PaymentError::Told("something else".to_owned())),
    }
}

/// Distinguishes errors by their types.
#[function(id = "payment-requested-charger", retries = 1)]
async fn charge(ctx: &Context<PaymentRequested>) -> Result<String> {
    let body = async || match ctx.event.fate.as_str() {
        "declined" => Err(Error::non_retriable(Error::typed(Declined { code: 51 }))),
        "anyhow" => Err(anyhow::anyhow!("no route").context("the bank is away").into()),
        "boxed" => Err(Box::<dyn std::error::Error + Send + Sync>::from("in a box").into()),
        "text" => Err("a text".into()),
        _ => Ok(()),
    };
    match ctx.step.run("charge", body).await {
        Ok(()) => Ok("paid".to_owned()),
        Err(error) => match error.downcast::<Declined>() {
            Some(Declined { code }) => Ok(format!("declined {code}")),
            None => Err(error.into()),
        },
    }
}

registry! { Events = [PaymentEvent]; }
functions! { Functions in Events = [tell, charge]; }

fn requested(fate: &str) -> PaymentRequested {
    PaymentRequested { fate: fate.to_owned() }
}

fn app() -> App<Functions> {
    App::<Functions>::builder("payments").build().unwrap()
}

#[tokio::test]
async fn an_error_that_wraps_the_failure_of_a_step_is_not_retried() {
    let app = app();
    let mut entries = Vec::new();
    for fate in ["caused", "passed", "told", "else"] {
        let mut engine = TestEngine::new(&app);
        ENTRIES.set(0);
        engine.run(requested(fate)).await;
        engine.runs_of_function::<Tell>()[0].failed_with("");
        entries.push(ENTRIES.get());
    }
    let of_step = entries[0];
    assert_eq!(entries, [of_step, of_step, of_step, of_step + 2], "the step has had its attempts");
}

#[tokio::test]
async fn a_failed_step_is_told_from_others_by_its_type() {
    let app = app();
    let mut engine = TestEngine::new(&app).reenter_at_every_step();
    engine.run(requested("declined")).await;
    engine.runs_of_function::<Charge>()[0].completed_with(&"declined 51").step("charge").ran_once();
    engine.mock_failure::<Charge>("charge", Error::typed(Declined { code: 7 }));
    engine.run(requested("mocked")).await;
    engine.runs_of_function::<Charge>()[1].completed_with(&"declined 7");
    engine.mock_failure::<Charge>("charge", "declined");
    engine.run(requested("mocked")).await;
    engine.runs_of_function::<Charge>()[2].failed_with("step `charge` failed: declined");
}

#[tokio::test]
async fn any_error_converts_and_keeps_its_chain() {
    let app = app();
    for (fate, message) in [
        ("anyhow", "step `charge` failed after 2 attempts: the bank is away: no route"),
        ("boxed", "step `charge` failed after 2 attempts: in a box"),
        ("text", "step `charge` failed after 2 attempts: a text"),
    ] {
        let mut engine = TestEngine::new(&app);
        engine.run(requested(fate)).await;
        engine.runs_of_function::<Charge>()[0].failed_with(message);
    }
}

#[test]
fn what_is_inside_an_error_is_found() {
    let error: Error = anyhow::Error::from(Declined { code: 3 }).context("no luck").into();
    assert_eq!(error.to_string(), "no luck: declined with code 3");
    let declined = error.chain().find_map(|error| error.downcast_ref::<Declined>());
    assert_eq!(declined, Some(&Declined { code: 3 }));
    assert_eq!(Error::typed(Declined { code: 4 }).downcast_ref(), Some(&Declined { code: 4 }));
    assert!(error.is_retriable());
}
