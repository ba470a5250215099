//! Signals: tokens, on virtual time and on a real engine, and the route by which they are completed.

use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use event_runtime::embedded::{Engine, RunFilter};
use event_runtime::prelude::*;
use event_runtime::testing::{TestEngine, call, crash_everywhere};
use event_runtime::{SignalError, Signals};
use serde_json::{Value, json};
use tower_service::Service as _;

use crate::events::{Events, OrderPlaced, OrderPriced, placed};

/// Who has approved.
#[payload]
pub struct Approval {
    #[validate(length(min = 1))]
    by: String,
}

fn approval(by: &str) -> Approval {
    Approval { by: by.to_owned() }
}

/// Sends mails, each once.
#[derive(Clone, Default)]
pub struct Mailer {
    sent: Arc<Mutex<Vec<String>>>,
}

impl Mailer {
    fn last(&self) -> String {
        self.sent.lock().unwrap().last().cloned().unwrap()
    }
}

#[controller]
impl Mailer {
    /// Asks for approval, three days at most.
    #[function(id = "order-placed-approval", retries = 0)]
    async fn approve(&self, ctx: &Context<OrderPlaced>) -> Result<Option<String>> {
        let approval = ctx.step.signal::<Approval>("approval");
        ctx.step
            .run("ask", async || {
                let mut sent = self.sent.lock().unwrap();
                if !sent.iter().any(|token| token == approval.token()) {
                    sent.push(approval.token().to_owned());
                }
                Ok(())
            })
            .await?;
        if ctx.event.id > 1 {
            ctx.step.sleep("think", Duration::from_hours(1)).await?;
        }
        let approval = approval.timeout(Duration::from_hours(72)).await?;
        Ok(approval.map(|approval| approval.by))
    }
}

/// Asks two at once, and goes on with the first.
#[function(id = "order-priced-race")]
async fn race(ctx: &Context<OrderPriced>) -> Result<String> {
    let (one, other) = (ctx.step.signal::<Approval>("approval"), ctx.step.signal::<Approval>("approval"));
    assert_ne!(one.token(), other.token());
    tokio::select! {
        approval = one => Ok(format!("the first: {}", approval?.map_or_else(String::new, |it| it.by))),
        approval = other => Ok(format!("the second: {}", approval?.map_or_else(String::new, |it| it.by))),
    }
}

functions! { Approving in Events = [Mailer, race]; }

fn approving() -> (TestEngine<Approving>, Mailer) {
    let mailer = Mailer::default();
    let app = App::<Approving>::builder("test").provide(mailer.clone()).build().unwrap();
    (TestEngine::new(&app), mailer)
}

#[tokio::test]
async fn a_signal_is_completed_once_by_who_has_its_token() {
    let (mut engine, mailer) = approving();
    engine.send(placed(1)).await;
    let token = mailer.last();
    assert_eq!(token, engine.signal_token(&engine.runs()[0], "approval"));
    let refused = engine.signal(&token, &approval("")).await.unwrap_err();
    let SignalError::Rejected(issues) = refused else { panic!("{refused}") };
    assert!(issues.to_string().starts_with("by: "), "{issues}");

    engine.signal(&token, &approval("Ada")).await.unwrap();
    engine.runs()[0].completed_with(&"Ada");
    assert_eq!(engine.signal(&token, &approval("Eve")).await, Err(SignalError::Used));
    let guess = token.replace(&token[token.len() - 4..], "0000");
    assert_eq!(engine.signal(&guess, &approval("Eve")).await, Err(SignalError::Unknown));
    assert_eq!(engine.signal("", &approval("Eve")).await, Err(SignalError::Unknown));
    assert_eq!(engine.runs()[0].step("approval").runs, 0);
}

#[tokio::test]
async fn a_signal_that_comes_before_the_wait_is_not_lost() {
    let (mut engine, mailer) = approving();
    engine.send(placed(2)).await;
    engine.signal(&mailer.last(), &approval("Ada")).await.unwrap();
    assert!(engine.runs()[0].is_open(), "it still thinks");
    assert_eq!(engine.signal(&mailer.last(), &approval("Eve")).await, Err(SignalError::Used));
    engine.crash().await;
    engine.advance(Duration::from_hours(1)).await;
    engine.runs()[0].completed_with(&"Ada");
    assert_eq!(engine.signal(&mailer.last(), &approval("Eve")).await, Err(SignalError::Used));
}

#[tokio::test]
async fn a_signal_that_comes_too_late_is_told_so() {
    let (mut engine, mailer) = approving();
    engine.send(placed(1)).await;
    engine.advance(Duration::from_hours(71)).await;
    assert!(engine.runs()[0].is_open());
    engine.advance(Duration::from_hours(1)).await;
    engine.runs()[0].completed_with(&None::<String>);
    assert_eq!(engine.signal(&mailer.last(), &approval("Ada")).await, Err(SignalError::Expired));

    engine.send(placed(1)).await;
    let run = engine.runs().pop().unwrap();
    assert!(engine.cancel(&run).await);
    assert_eq!(engine.signal(&mailer.last(), &approval("Ada")).await, Err(SignalError::Ended));
}

#[tokio::test]
async fn the_loser_of_a_race_has_expired() {
    let (mut engine, _) = approving();
    engine.send(OrderPriced { id: 1 }).await;
    let run = engine.runs().pop().unwrap();
    let (first, second) = (engine.signal_token(&run, "approval"), engine.signal_token(&run, "approval:1"));
    engine.signal(&second, &approval("Ada")).await.unwrap();
    engine.runs()[0].completed_with(&"the second: Ada");
    let refused = engine.signal(&first, &approval("Eve")).await.unwrap_err();
    assert!(matches!(refused, SignalError::Expired | SignalError::Ended), "{refused}");
}

#[tokio::test]
async fn signals_are_the_same_after_every_crash() {
    for order in [1, 2] {
        let mailer = Mailer::default();
        let app = || {
            mailer.sent.lock().unwrap().clear();
            App::<Approving>::builder("test").provide(mailer.clone()).build().unwrap()
        };
        let report = crash_everywhere(app, placed(order))
            .signalling("approval", &approval("Ada"))
            .observing("mails", || mailer.sent.lock().unwrap().len())
            .await;
        report.is_idempotent();
        assert!(report.crashes > 10, "{report}");
    }
}

#[tokio::test]
async fn a_handler_alone_waits_in_vain() {
    async fn wait(ctx: &Context<OrderPlaced>) -> Result<bool> {
        let approval = ctx.step.signal::<Approval>("approval");
        assert!(!approval.token().is_empty());
        assert!(!format!("{approval:?}").contains(approval.token()), "a token is a secret");
        Ok(approval.await?.is_some())
    }
    assert!(!call(placed(1), wait).await.unwrap());
}

/// An engine on a file, which has run up to its wait.
async fn started(path: &std::path::Path, mailer: &Mailer) -> Engine<Approving> {
    let app = App::<Approving>::builder("test").provide(mailer.clone()).build().unwrap();
    app.embedded(path).start().await.unwrap()
}

async fn output(engine: &Engine<Approving>) -> Option<String> {
    engine.wait_idle().await.unwrap();
    engine.runs(&RunFilter::default()).await.unwrap().items.remove(0).output
}

/// Waits until the mail was sent.
async fn asked(mailer: &Mailer) -> String {
    loop {
        if let Some(token) = mailer.sent.lock().unwrap().last() {
            return token.clone();
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_token_outlives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let (path, mailer) = (folder.path().join("events.db"), Mailer::default());
    let engine = started(&path, &mailer).await;
    engine.client().send(placed(1)).await.unwrap();
    let token = asked(&mailer).await;
    engine.shutdown().await;

    let engine = started(&path, &mailer).await;
    let run = engine.runs(&RunFilter::default()).await.unwrap().items.remove(0);
    assert_eq!(engine.signal_token(&run.id, "approval"), token);
    assert!(matches!(engine.signal(&token, &approval("")).await, Err(SignalError::Rejected(_))));
    engine.signal(&token, &approval("Ada")).await.unwrap();
    assert_eq!(output(&engine).await.as_deref(), Some("\"Ada\""));
    engine.shutdown().await;

    // Of another file the secret is another.
    let other = started(&folder.path().join("other.db"), &Mailer::default()).await;
    assert_eq!(other.signal(&token, &approval("Eve")).await, Err(SignalError::Unknown));
    other.shutdown().await;
    assert!(matches!(
        other.signal(&other.signal_token(&run.id, "approval"), &approval("Eve")).await,
        Err(SignalError::Host(_))
    ));

    let engine = started(&path, &mailer).await;
    assert_eq!(engine.signal(&token, &approval("Eve")).await, Err(SignalError::Used));
    engine.shutdown().await;
}

/// What the route answers.
async fn post(router: &axum::Router, token: &str, content_type: &str, body: &str) -> (StatusCode, Value) {
    let request = Request::post(format!("/api/signals/{token}")).header("content-type", content_type);
    let response = router.clone().call(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap();
    let status = response.status();
    if status.is_client_error() || status.is_server_error() {
        assert_eq!(response.headers()["content-type"], "application/problem+json");
    }
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    assert!(!String::from_utf8_lossy(&body).contains(token), "a token is a secret");
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

#[tokio::test]
async fn the_route_checks_what_it_gets_and_answers_with_problems() {
    let mailer = Mailer::default();
    let engine = started(":memory:".as_ref(), &mailer).await;
    engine.client().send(placed(1)).await.unwrap();
    let token = asked(&mailer).await;
    let router = Signals::of(&engine).accept::<Approval>("approval").into_router();
    let json = "application/json";

    let (status, problem) = post(&router, &token, json, r#"{ "by": "" }"#).await;
    assert_eq!((status, &problem["issues"][0]["path"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("by")));
    assert_eq!(post(&router, &token, json, "{").await.0, StatusCode::BAD_REQUEST);
    assert_eq!(post(&router, &token, json, "null").await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(post(&router, &token, "text/plain", "{}").await.0, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let huge = format!(r#"{{ "by": "{}" }}"#, "x".repeat(3 * 1024 * 1024));
    assert_eq!(post(&router, &token, json, &huge).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(post(&router, "guessed", json, r#"{ "by": "Eve" }"#).await.0, StatusCode::NOT_FOUND);
    let not_accepted = Signals::of(&engine).into_router();
    assert_eq!(post(&not_accepted, &token, json, "{}").await.0, StatusCode::INTERNAL_SERVER_ERROR);

    assert_eq!(post(&router, &token, json, r#"{ "by": "Ada" }"#).await.0, StatusCode::NO_CONTENT);
    assert_eq!(output(&engine).await.as_deref(), Some("\"Ada\""));
    let (status, problem) = post(&router, &token, json, r#"{ "by": "Eve" }"#).await;
    assert_eq!((status, problem["title"].as_str()), (StatusCode::CONFLICT, Some("Conflict")));

    // One more is cancelled.
    mailer.sent.lock().unwrap().clear();
    engine.client().send(placed(1)).await.unwrap();
    let token = asked(&mailer).await;
    let runs = engine.runs(&RunFilter::default()).await.unwrap().items;
    let open = runs.iter().find(|run| run.ended.is_none()).unwrap();
    engine.cancel(&open.id).await.unwrap();
    assert_eq!(post(&router, &token, json, r#"{ "by": "Ada" }"#).await.0, StatusCode::GONE);
    engine.shutdown().await;
    assert_eq!(post(&router, &token, json, r#"{ "by": "Ada" }"#).await.0, StatusCode::SERVICE_UNAVAILABLE);
}
