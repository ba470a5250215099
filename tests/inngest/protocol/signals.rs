//! Signals through a server: `WaitForSignal`, and `POST /v1/signals`.

use event_inngest_tests::fake::FakeServer;
use event_inngest_tests::hash;
use event_runtime::inngest::{Inngest, InngestConfig};
use event_runtime::prelude::*;
use event_runtime::{SignalError, Signals};
use serde_json::{Value, json};

use crate::app::{Call, Functions, Target, target, worker};

/// Who has approved.
#[payload]
pub struct Approval {
    #[validate(length(min = 1))]
    by: String,
    level: u64,
}

const KEY: &str = "signkey-test-0123456789abcdef0123456789abcdef";
const NEW_KEY: &str = "signkey-test-fedcba9876543210fedcba9876543210";

/// Waits a minute for an approval.
fn waiting(config: InngestConfig) -> Target {
    target(config.checkpointing(None), |ctx| {
        Box::pin(async {
            let approval = ctx.step.signal::<Approval>("approval");
            let token = approval.token().to_owned();
            let approval = approval.timeout(Duration::from_mins(1)).await?;
            Ok(json!([token, approval.map(|approval| approval.by)]))
        })
    })
}

/// The token that the run has, and what it has received.
async fn end(config: InngestConfig, recorded: Value) -> (String, Value) {
    let hash = hash("approval");
    let (steps, stack) = (json!({ &hash: recorded }), vec![hash]);
    let json = Call { steps, stack, ..Call::default() }.ask(&waiting(config)).await.json();
    (json[0].as_str().unwrap_or_default().to_owned(), json[1].clone())
}

#[tokio::test]
async fn a_server_is_asked_for_the_signal_and_gives_it() {
    let answer = Call::default().ask(&waiting(InngestConfig::dev())).await;
    let op = &answer.json()[0];
    assert_eq!((answer.status.as_u16(), op["op"].as_str()), (206, Some("WaitForSignal")));
    let name = op["opts"]["signal"].as_str().unwrap();
    assert_eq!((op["opts"]["timeout"].as_str(), op["opts"]["conflict"].as_str()), (Some("1m"), Some("fail")));
    let came = json!({ "signal": name, "data": { "by": "Ada", "level": 1 } });
    for recorded in [came.clone(), json!({ "data": came })] {
        let (token, by) = end(InngestConfig::dev(), recorded).await;
        assert_eq!(by, "Ada");
        assert!(token.starts_with(name) && token.len() > name.len(), "the name alone is not enough");
    }
    assert_eq!(end(InngestConfig::dev(), json!(null)).await.1, Value::Null);
}

fn inngest(config: InngestConfig, origin: &str) -> Inngest<Functions> {
    let worker = worker(|_| panic!("it is not run"));
    let app = App::<Functions>::builder("app").provide(worker).build().unwrap();
    app.inngest(config.api_origin(origin).unwrap())
}

#[tokio::test]
async fn a_signal_is_sent_to_the_server_by_who_has_the_token() {
    let server = FakeServer::start(|asked| {
        let body: Value = serde_json::from_slice(&asked.body).unwrap();
        let is_known = body["data"]["level"] == 1;
        if is_known {
            (200, json!({ "data": { "run_id": "r" } }))
        } else {
            (404, json!({ "error": "No signal found" }))
        }
    })
    .await;
    let config = || InngestConfig::dev().signing_key(KEY);
    let (token, _) = end(config(), json!(null)).await;
    let approval = |level| Approval { by: "Ada".to_owned(), level };
    let inngest = inngest(config(), &server.origin);
    inngest.signal(&token, &approval(1)).await.unwrap();
    let asked = server.asked().pop().unwrap();
    let body: Value = serde_json::from_slice(&asked.body).unwrap();
    assert_eq!((asked.path.as_str(), &body["data"]), ("/v1/signals", &json!({ "by": "Ada", "level": 1 })));
    assert!(token.starts_with(body["signal"].as_str().unwrap()));
    assert!(!asked.header("authorization").is_empty());

    assert_eq!(inngest.signal(&token, &approval(2)).await, Err(SignalError::NotWaiting));
    let refused = inngest.signal(&token, &Approval { by: String::new(), level: 1 }).await;
    assert!(matches!(refused, Err(SignalError::Rejected(_))), "{refused:?}");
    let too_great = inngest.signal(&token, &approval(1 << 60)).await.unwrap_err();
    assert!(too_great.to_string().contains("level: is 1152921504606846976"), "{too_great}");
    assert_eq!(inngest.signal("guessed", &approval(1)).await, Err(SignalError::Unknown));

    let door = Signals::of(&inngest).accept::<Approval>("approval");
    door.complete(&token, br#"{ "by": "Ada", "level": 1 }"#).await.unwrap();
    assert!(matches!(door.complete(&token, b"{}").await, Err(SignalError::Rejected(_))));
}

#[tokio::test]
async fn a_token_outlives_the_rotation_of_the_key() {
    let (token, _) = end(InngestConfig::dev().signing_key(KEY), json!(null)).await;
    let server = FakeServer::start(|_| (200, json!({}))).await;
    let approval = Approval { by: "Ada".to_owned(), level: 1 };
    let rotated =
        inngest(InngestConfig::dev().signing_key(NEW_KEY).signing_key_fallback(KEY), &server.origin);
    rotated.signal(&token, &approval).await.unwrap();
    let over = inngest(InngestConfig::dev().signing_key(NEW_KEY), &server.origin);
    assert_eq!(over.signal(&token, &approval).await, Err(SignalError::Unknown));
}
