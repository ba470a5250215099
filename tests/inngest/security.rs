//! Attacks on the endpoint, and what each gets. The table is also in the guide, `docs/inngest.md`.
#![allow(unreachable_pub, missing_docs, reason = "a test")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use event_inngest_tests::endpoint::{Answer, ask};
use event_inngest_tests::signing::{is_signed, signature};
use event_inngest_tests::time::TestClock;
use event_runtime::inngest::{InngestConfig, InngestService};
use event_runtime::prelude::*;
use serde_json::json;

/// The life of an account.
#[domain_events]
pub enum AccountEvent {
    /// An account was opened.
    Opened {
        /// Whose.
        #[validate(length(min = 1))]
        owner: String,
    },
}

registry! {
    /// Every event.
    pub Events = [AccountEvent];
}

functions! {
    /// Every function.
    pub Functions in Events = [Greeter];
}

/// Counts how often it is run.
pub struct Greeter(Arc<AtomicUsize>);

#[controller]
impl Greeter {
    /// Greets.
    #[function(id = "account-opened-greeter")]
    async fn greet(&self, ctx: &Context<AccountOpened>) -> Result<String> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(ctx.event.owner.clone())
    }
}

const NOW: i64 = 1_795_408_545;
const KEY: &str = "0123456789abcdef";
const FALLBACK: &str = "fedcba9876543210";
const CALL: &str = "/api/inngest?fnId=bank-account-opened-greeter&stepId=step";

struct Target {
    service: InngestService,
    ran: Arc<AtomicUsize>,
}

impl Target {
    fn new(config: InngestConfig) -> Self {
        let clock = TestClock::default();
        clock.set_secs(NOW);
        let ran = Arc::<AtomicUsize>::default();
        let app = App::<Functions>::builder("bank").provide(Greeter(Arc::clone(&ran))).build().unwrap();
        let config = config.clock(clock).checkpointing(None).max_body_bytes(4_096);
        Self { service: app.inngest(config).service(), ran }
    }

    fn cloud() -> Self {
        let config = InngestConfig::cloud().signing_key(format!("signkey-prod-{KEY}"));
        Self::new(config.signing_key_fallback(format!("signkey-prod-{FALLBACK}")))
    }

    /// Calls, and says how often the function ran.
    async fn call(&self, headers: &[(&str, &str)], body: &[u8]) -> (Answer, usize) {
        self.ran.store(0, Ordering::Relaxed);
        let answer = ask(&self.service, "POST", CALL, headers, body).await;
        (answer, self.ran.load(Ordering::Relaxed))
    }
}

fn body() -> Vec<u8> {
    let event = json!({ "id": "1", "name": "account/opened", "data": { "owner": "ada" }, "ts": 1 });
    json!({ "event": event, "events": [event], "steps": {}, "ctx": { "run_id": "r", "attempt": 0 } })
        .to_string()
        .into_bytes()
}

#[tokio::test]
async fn what_is_signed_is_run_and_the_answer_is_signed() {
    let target = Target::cloud();
    for key in [KEY, FALLBACK] {
        let (answer, ran) =
            target.call(&[("x-inngest-signature", &signature(key, &body(), NOW))], &body()).await;
        assert_eq!((answer.status.as_u16(), ran), (200, 1));
        assert!(is_signed(key, answer.header("x-inngest-signature"), &answer.body));
    }
}

type Attack<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [u8], u16, &'a str);

/// Each attack: what it is, its headers, its body, the status it gets, and what it is told.
#[tokio::test]
async fn attacks() {
    let target = Target::cloud();
    let body = body();
    let truncated = &body[..body.len() - 1];
    let (right, wrong) = (signature(KEY, &body, NOW), signature("0000", &body, NOW));
    let (old, future) = (signature(KEY, &body, NOW - 301), signature(KEY, &body, NOW + 301));
    let other_time = right.replace(&NOW.to_string(), &(NOW + 1).to_string());
    let twice = format!("{wrong}&{right}");
    let huge = vec![b' '; 5_000];
    let huge_signed = signature(KEY, &huge, NOW);
    let unkeyed = signature("", &body, NOW);
    let sign = "x-inngest-signature";
    let table: [Attack<'_>; 13] = [
        ("no signature", &[], &body, 500, "the request is not signed"),
        ("dev header", &[("x-inngest-server-kind", "dev")], &body, 500, "the request is not signed"),
        ("wrong key", &[(sign, &wrong)], &body, 500, "the signature does not fit the request"),
        ("empty key", &[(sign, &unkeyed)], &body, 500, "the signature does not fit the request"),
        (
            "replay after five minutes",
            &[(sign, &old)],
            &body,
            500,
            "the signature is older than five minutes",
        ),
        (
            "from the future",
            &[(sign, &future)],
            &body,
            500,
            "the signature is of a time that is more than five minutes ahead",
        ),
        ("time changed", &[(sign, &other_time)], &body, 500, "the signature does not fit the request"),
        ("truncated body", &[(sign, &right)], truncated, 500, "the signature does not fit the request"),
        ("other body", &[(sign, &right)], b"{}", 500, "the signature does not fit the request"),
        ("signature cut off", &[(sign, &right[..41])], &body, 500, "the signature does not fit the request"),
        (
            "two signatures in one",
            &[(sign, &twice)],
            &body,
            500,
            "the signature is not of the form `t=..&s=..`",
        ),
        ("no signature at all", &[(sign, "x")], &body, 500, "the signature is not of the form `t=..&s=..`"),
        ("huge body", &[(sign, &huge_signed)], &huge, 413, "the request is too large"),
    ];
    for (attack, headers, body, status, message) in table {
        let (answer, ran) = target.call(headers, body).await;
        assert_eq!((answer.status.as_u16(), ran), (status, 0), "{attack}");
        assert_eq!(answer.json()["message"], message, "{attack}");
        assert_eq!(answer.header("x-inngest-signature"), "", "{attack}");
    }
}

#[tokio::test]
async fn a_body_that_announces_to_be_huge_is_not_read() {
    let (answer, ran) = Target::cloud().call(&[("content-length", "99999999999")], b"").await;
    assert_eq!((answer.status.as_u16(), ran), (413, 0));
}

#[tokio::test]
async fn without_a_key_nothing_is_believed() {
    let target = Target::new(InngestConfig::cloud());
    let (answer, ran) = target.call(&[("x-inngest-signature", &signature("", &body(), NOW))], &body()).await;
    assert_eq!((answer.status.as_u16(), ran), (500, 0));
}

/// Section 7: in dev mode a signature is not needed; one that is there must fit, when there is a key.
#[tokio::test]
async fn dev_mode_believes_what_is_not_signed() {
    let target = Target::new(InngestConfig::dev().signing_key(KEY));
    assert_eq!(target.call(&[], &body()).await.1, 1);
    assert_eq!(target.call(&[("x-inngest-signature", &signature("0000", &body(), NOW))], &body()).await.1, 0);
    let without_key = Target::new(InngestConfig::dev());
    let signed = signature("0000", &body(), NOW);
    assert_eq!(without_key.call(&[("x-inngest-signature", &signed)], &body()).await.1, 1);
}

/// Sections 4.3.5 and 4.5: what only a server is to know.
#[tokio::test]
async fn only_those_who_have_the_key_are_told_anything() {
    let target = Target::cloud();
    let answer = ask(&target.service, "GET", "/api/inngest", &[], b"").await;
    assert_eq!(answer.status, 200);
    let told = answer.json();
    assert_eq!(told["authentication_succeeded"], json!(null));
    let wrong = signature("0000", b"", NOW);
    let answer = ask(&target.service, "GET", "/api/inngest", &[("x-inngest-signature", &wrong)], b"").await;
    assert_eq!(answer.json()["authentication_succeeded"], false);
    for secret in ["app_id", "api_origin", "signing_key_hash", "event_key_hash", "env"] {
        assert!(told.get(secret).is_none() && answer.json().get(secret).is_none(), "{secret}");
    }
    let right = signature(KEY, b"", NOW);
    let answer = ask(&target.service, "GET", "/api/inngest", &[("x-inngest-signature", &right)], b"").await;
    assert_eq!(answer.json()["authentication_succeeded"], true);
    assert_eq!(answer.json()["app_id"], "bank");

    let in_band = br#"{"url":"http://127.0.0.1:1"}"#;
    let kind = ("x-inngest-sync-kind", "in_band");
    let answer = ask(&target.service, "PUT", "/api/inngest", &[kind], in_band).await;
    assert_eq!(answer.status, 500);
    assert!(answer.json().get("functions").is_none());
}

/// What is sent may be secret: an error says where it is wrong, and not what it was.
#[tokio::test]
async fn errors_do_not_repeat_what_was_sent() {
    let target = Target::cloud();
    for body in [
        &br#"{"secret":"#[..],
        br#"{"ctx":"secret"}"#,
        br#"{"ctx":{"run_id":{"secret":1}}}"#,
        b"secret",
        b"\xff",
    ] {
        let signed = signature(KEY, body, NOW);
        let (answer, ran) = target.call(&[("x-inngest-signature", &signed)], body).await;
        assert_eq!((answer.status.as_u16(), ran), (500, 0));
        assert!(!String::from_utf8_lossy(&answer.body).contains("secret"));
    }
}

#[tokio::test]
async fn other_methods_are_refused() {
    let answer = ask(&Target::cloud().service, "DELETE", "/api/inngest", &[], b"").await;
    assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, "GET, PUT, POST"));
}
