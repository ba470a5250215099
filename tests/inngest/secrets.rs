//! Nothing secret is logged. In a process of its own: where a log line is written for the first time, by whichever thread,
//! `tracing` decides for all of them whether anybody wants to read it.
#![allow(unreachable_pub, missing_docs, reason = "a test")]

use std::io::Write;
use std::sync::{Arc, Mutex};

use event_inngest_tests::endpoint::ask;
use event_inngest_tests::signing::signature;
use event_inngest_tests::time::TestClock;
use event_runtime::inngest::InngestConfig;
use event_runtime::prelude::*;
use serde_json::json;

/// The life of an account.
#[domain_events]
pub enum AccountEvent {
    /// An account was opened.
    Opened {
        /// Whose.
        owner: String,
    },
}

registry! {
    /// Every event.
    pub Events = [AccountEvent];
}

functions! {
    /// Every function.
    pub Functions in Events = [greet];
}

/// Greets.
#[function(id = "account-opened-greeter")]
async fn greet(ctx: &Context<AccountOpened>) -> Result<String> {
    Ok(ctx.event.owner.clone())
}

/// What is written to it.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

const NOW: i64 = 1_795_408_545;
const KEY: &str = "0123456789abcdef";
const CALL: &str = "/api/inngest?fnId=bank-account-opened-greeter&stepId=step";

#[tokio::test]
async fn nothing_secret_is_logged() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
    subscriber.with_writer(move || writer.clone()).init();

    let clock = TestClock::default();
    clock.set_secs(NOW);
    let config = InngestConfig::cloud().signing_key(format!("signkey-prod-{KEY}")).event_key("event-key");
    let config = config.clock(clock).checkpointing(None);
    let config =
        config.api_origin("http://127.0.0.1:1").unwrap().event_api_origin("http://127.0.0.1:1").unwrap();
    let service = App::<Functions>::builder("bank").build().unwrap().inngest(config).service();

    let event =
        json!({ "id": "1", "name": "account/opened", "data": { "owner": "payload-of-the-event" }, "ts": 1 });
    let body = |steps: serde_json::Value| {
        let ctx = json!({ "run_id": "r", "attempt": 0 });
        json!({ "event": event, "events": [event], "steps": steps, "ctx": ctx }).to_string().into_bytes()
    };
    let header = ("x-custom", "value-of-a-header");
    let called = body(json!({}));
    let right = signature(KEY, &called, NOW);
    let answer = ask(&service, "POST", CALL, &[("x-inngest-signature", &right), header], &called).await;
    assert_eq!(answer.status.as_u16(), 200);
    // Recorded for a step that the function does not have, refused, and synced at an address that is not set.
    let stale = body(json!({ "00": { "data": "result-of-a-step" } }));
    let right = signature(KEY, &stale, NOW);
    ask(&service, "POST", CALL, &[("x-inngest-signature", &right)], &stale).await;
    let wrong = signature("00", &called, NOW);
    ask(&service, "POST", CALL, &[("x-inngest-signature", &wrong), header], &called).await;
    ask(&service, "PUT", "/api/inngest", &[("host", "value-of-a-header")], b"").await;

    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("was refused") && logged.contains("was it changed?"), "{logged}");
    for secret in [KEY, "event-key", "payload-of-the-event", "value-of-a-header", "result-of-a-step"] {
        assert!(!logged.contains(secret), "`{secret}` in {logged}");
    }
}
