//! Every exchange that was recorded between a real server and a real app, replayed: the same functions, written in Rust,
//! answer and ask the same. In what they differ, and why, is in `differences`.

#![allow(unreachable_pub, missing_docs, reason = "modules of a test")]

mod app;
mod differences;
mod exchange;
#[path = "../../../examples/inngest-conformance/src/functions.rs"]
mod fixture;
mod replay;

use event_runtime::App;
use event_runtime::inngest::{Checkpointing, InngestConfig};
use exchange::exchanges;
use fixture::RunnerFunctions;
use replay::{Recorded, replay};
use serde_json::{Value, json};

use event_inngest_tests::endpoint::ask;
use event_inngest_tests::time::TestClock;

const SIGNING_KEY: &str = "signkey-test-0123456789abcdef0123456789abcdef";
const EVENT_KEY: &str = "testeventkey123";

/// One call a step.
#[tokio::test]
async fn plain() {
    let counts = replay(Recorded {
        exchanges: exchanges(include_str!("../data/plain.json")),
        config: InngestConfig::dev().checkpointing(None),
        key: None,
    })
    .await;
    assert_eq!((counts.calls, counts.asked), (41, 6));
}

/// Steps run in one call, and are reported meanwhile.
#[tokio::test]
async fn checkpointing() {
    let counts = replay(Recorded {
        exchanges: exchanges(include_str!("../data/checkpointing.json")),
        config: InngestConfig::dev().checkpointing(Some(Checkpointing::SAFE)),
        key: None,
    })
    .await;
    assert_eq!((counts.calls, counts.asked), (29, 18));
}

/// Everything is signed.
#[tokio::test]
async fn signed() {
    let counts = replay(Recorded {
        exchanges: exchanges(include_str!("../data/signed.json")),
        config: InngestConfig::cloud().checkpointing(None).signing_key(SIGNING_KEY).event_key(EVENT_KEY),
        key: Some(SIGNING_KEY),
    })
    .await;
    assert_eq!((counts.calls, counts.asked), (38, 6));
}

/// A registration in the answer to a signed request.
#[tokio::test]
async fn in_band() {
    let recorded = &exchanges(include_str!("../data/in-band.json"))[0];
    let clock = TestClock::default();
    clock.set_secs(1_795_410_704);
    let config =
        InngestConfig::dev().signing_key("7468697320697320612074657374206b6579").event_key("x").clock(clock);
    let service = App::<RunnerFunctions>::builder("test-suite").build().unwrap().inngest(config).service();
    let headers: Vec<_> = recorded.request_headers.iter().map(|(name, value)| (&**name, &**value)).collect();
    let answer =
        ask(&service, &recorded.method, &recorded.path, &headers, recorded.request().as_bytes()).await;
    assert_eq!(answer.status, recorded.status);
    for header in ["x-inngest-sync-kind", "x-inngest-expected-server-kind", "x-inngest-req-version"] {
        assert_eq!(answer.header(header), recorded.response_headers[header], "{header}");
    }
    let json = answer.json();
    let inspection = json["inspection"].clone();
    assert_eq!(json, differences::of_in_band(recorded.response_json(), inspection.clone()));
    assert_eq!(inspection["authentication_succeeded"], true);
    assert_eq!(inspection["function_count"], 5);
    // The same request a day later, and with another body.
    let body: Value = json!({ "url": "http://127.0.0.1:1" });
    let answer = ask(&service, "PUT", &recorded.path, &headers, body.to_string().as_bytes()).await;
    assert_eq!(answer.status, 500);
}
