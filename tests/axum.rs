//! Validated bodies of requests: what reaches a handler, and what is answered to the rest.

use std::error::Error as _;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequest};
use axum::http::{Request, Response, StatusCode};
use axum::response::IntoResponse;
use axum::routing::post;
use event_runtime::axum::{Valid, ValidRejection};
use event_runtime::prelude::*;
use event_runtime::validate::{Issue, Path, code};
use event_runtime::{Issues, Problem, SendError};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower_service::Service;

/// One line of an order.
#[payload]
pub struct Line {
    #[validate(range(min = 1, max = 99))]
    quantity: u8,
}

/// The life of an order.
#[domain_events]
pub enum OrderEvent {
    /// An order was placed.
    #[event(version = 2, upcast(OrderPlacedV1))]
    Placed {
        #[validate(email)]
        buyer: String,
        lines: Vec<Line>,
    },
}

/// An order as it was.
#[payload]
pub struct OrderPlacedV1 {
    buyer: String,
}

impl Upcast<OrderPlaced> for OrderPlacedV1 {
    fn upcast(self) -> OrderPlaced {
        OrderPlaced { buyer: self.buyer, lines: Vec::new() }
    }
}

async fn place(Valid(order): Valid<OrderPlaced>) -> String {
    format!("{} lines for {}", order.lines.len(), order.buyer)
}

async fn import(Valid(envelope): Valid<Envelope<OrderPlaced>>) -> String {
    let ms = envelope.ts.map(|ts| ts.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis());
    let (id, user) = (envelope.id.as_deref(), &envelope.user);
    format!("{} {id:?} {ms:?} {user:?} {:?}", envelope.data.buyer, envelope.traceparent)
}

/// Who does something, and for whom.
#[payload]
pub struct AppMeta {
    #[validate(length(min = 1))]
    tenant: String,
}

async fn import_of_tenant(Valid(envelope): Valid<Envelope<OrderPlaced, AppMeta>>) -> String {
    format!("{} of {}", envelope.data.buyer, envelope.meta.tenant)
}

async fn lines(Valid(lines): Valid<Vec<Line>>) -> String {
    lines.len().to_string()
}

async fn own_answer(line: Result<Valid<Line>, ValidRejection>) -> (StatusCode, String) {
    let answer = line.map_or_else(|refused| refused.to_string(), |Valid(line)| line.quantity.to_string());
    (StatusCode::OK, answer)
}

async fn answer(request: Request<Body>) -> Response<Body> {
    let router = Router::new()
        .route("/orders", post(place))
        .route("/import", post(import))
        .route("/import-of-tenant", post(import_of_tenant))
        .route("/lines", post(lines))
        .route("/own", post(own_answer))
        .route("/small", post(place).layer(DefaultBodyLimit::max(64)));
    router.into_service().call(request).await.unwrap()
}

fn request(path: &str, body: impl Into<Body>) -> Request<Body> {
    Request::post(path).header("content-type", "application/json").body(body.into()).unwrap()
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

/// The problem document of a response that is one, of this status.
async fn problem(response: Response<Body>, status: u16) -> Value {
    assert_eq!(response.status(), status);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let problem: Value = serde_json::from_str(&text(response).await).unwrap();
    assert_eq!(problem["status"], status);
    assert!(problem["detail"].is_string(), "{problem}");
    problem
}

fn codes(problem: &Value) -> Vec<(&str, &str)> {
    let issues = problem["issues"].as_array().unwrap().iter();
    issues.map(|issue| (issue["path"].as_str().unwrap(), issue["code"].as_str().unwrap())).collect()
}

#[tokio::test]
async fn a_valid_body_reaches_the_handler() {
    let body = r#"{ "buyer": "ada@example.org", "lines": [{ "quantity": 1 }], "more": null }"#;
    let response = answer(request("/orders", body)).await;
    assert_eq!(response.status(), 200);
    assert_eq!(text(response).await, "1 lines for ada@example.org");
    assert_eq!(
        text(answer(request("/lines", r#"[{ "quantity": 1 }, { "quantity": 99 }]"#)).await).await,
        "2"
    );
}

#[tokio::test]
async fn every_issue_is_told() {
    let body = r#"{ "buyer": "ada", "lines": [{ "quantity": 0 }, {}, { "quantity": "x" }] }"#;
    let problem = problem(answer(request("/orders", body)).await, 422).await;
    assert_eq!(problem["title"], "Unprocessable Content");
    let expected = [
        ("buyer", "invalid_format"),
        ("lines[0].quantity", "too_small"),
        ("lines[1].quantity", "required"),
        ("lines[2].quantity", "invalid_type"),
    ];
    assert_eq!(codes(&problem), expected);
    assert_eq!(problem["issues"][1]["params"]["minimum"], 1);
    assert!(problem["detail"].as_str().unwrap().ends_with("; and 3 more issues"));
}

#[tokio::test]
async fn a_body_that_is_not_json_is_malformed() {
    for (body, code) in [("", "invalid_json"), ("{", "invalid_json"), ("buyer=ada", "invalid_json")] {
        let problem = problem(answer(request("/orders", body)).await, 400).await;
        assert_eq!(codes(&problem), [("", code)], "{body}");
    }
    for path in ["/orders", "/import"] {
        let problem = problem(answer(request(path, &b"{ \"buyer\": \"\xff\" }"[..])).await, 400).await;
        assert_eq!(codes(&problem), [("", "invalid_utf8")]);
    }
}

#[tokio::test]
async fn json_by_another_name_is_taken_and_nothing_else() {
    let ask = async |content_type: Option<&[u8]>| {
        let mut request = request("/lines", "[]");
        request.headers_mut().remove("content-type");
        if let Some(content_type) = content_type {
            request.headers_mut().insert("content-type", content_type.try_into().unwrap());
        }
        answer(request).await
    };
    for json in [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/vnd.shop+json ;v=1",
    ] {
        assert_eq!(ask(Some(json.as_bytes())).await.status(), 200, "{json}");
    }
    let others: [&[u8]; 7] = [
        b"",
        b"json",
        b"text/json",
        b"text/plain",
        b"application/jsonp",
        b"application/x-www-form-urlencoded",
        b"\xff",
    ];
    for other in others.into_iter().map(Some).chain([None]) {
        let problem = problem(ask(other).await, 415).await;
        assert_eq!(problem["detail"], "the content type must be `application/json`");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_or_ends_too_early_is_refused() {
    let large = format!(r#"{{ "buyer": "ada@example.org", "lines": [], "more": "{}" }}"#, "x".repeat(64));
    let refused = problem(answer(request("/small", large)).await, 413).await;
    assert_eq!(refused["title"], "Content Too Large");

    let parts = [Ok("{ \"buyer\":"), Err(std::io::Error::other("the connection was lost"))];
    let broken = Body::from_stream(futures_util::stream::iter(parts));
    let refused = problem(answer(request("/orders", broken)).await, 400).await;
    assert_eq!(refused["detail"], "the body could not be read to its end");
}

#[tokio::test]
async fn an_envelope_is_read_with_what_surrounds_the_payload() {
    let body = json!({
        "name": "order/placed", "v": 2, "id": "import-7", "ts": 1_000, "user": { "id": 3 },
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "data": { "buyer": "ada@example.org", "lines": [] },
    });
    let expected = r#"ada@example.org Some("import-7") Some(1000) Some(Object {"id": Number(3)}) Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")"#;
    assert_eq!(text(answer(request("/import", body.to_string())).await).await, expected);

    let open =
        json!({ "name": "order/placed", "data": { "buyer": "ada@example.org" }, "id": null, "user": null });
    let expected = "ada@example.org None None None None";
    assert_eq!(
        text(answer(request("/import", open.to_string())).await).await,
        expected,
        "version 1 is lifted"
    );
}

#[tokio::test]
async fn what_is_wrong_with_an_envelope_is_told_with_what_is_wrong_inside() {
    let wrong = json!({
        "name": "order/paid", "v": 2, "id": "", "ts": -1, "traceparent": "no", "data": { "buyer": "ada", "lines": 1 },
    });
    let refused = problem(answer(request("/import", wrong.to_string())).await, 422).await;
    let expected = [
        ("id", "too_small"),
        ("ts", "too_small"),
        ("traceparent", "invalid_format"),
        ("name", "invalid_value"),
        ("buyer", "invalid_format"),
        ("lines", "invalid_type"),
    ];
    assert_eq!(codes(&refused), expected);
    assert_eq!(
        refused["issues"][3]["message"],
        "the envelope's `name` must be `order/placed`, is `order/paid`"
    );
    assert_eq!(refused["issues"][3]["params"], json!({ "options": ["order/placed"] }));

    let deep = format!("{}{}", "[".repeat(1_000), "]".repeat(1_000));
    for (body, expected) in [
        ("{}".to_owned(), vec![("name", "required"), ("buyer", "required")]),
        ("[]".to_owned(), vec![("", "invalid_type")]),
        (r#"{ "name": "order/placed", "v": 3, "data": {} }"#.to_owned(), vec![("v", "unknown_version")]),
        (
            format!(
                r#"{{ "name": "order/placed", "user": {deep}, "data": {{ "buyer": "a@example.org" }} }}"#
            ),
            vec![("user", "invalid_type")],
        ),
    ] {
        let refused = problem(answer(request("/import", body.clone())).await, 422).await;
        assert_eq!(codes(&refused), expected, "{body}");
    }
}

#[tokio::test]
async fn an_envelope_brings_the_metadata_of_its_registry() {
    let data = json!({ "buyer": "ada@example.org", "lines": [] });
    let mut body = json!({ "name": "order/placed", "v": 2, "data": data, "meta": { "tenant": "acme" } });
    let taken = answer(request("/import-of-tenant", body.to_string())).await;
    assert_eq!(text(taken).await, "ada@example.org of acme");
    for (meta, issue) in
        [(json!({ "tenant": "" }), ("meta.tenant", "too_small")), (json!(null), ("meta", "required"))]
    {
        body["meta"] = meta;
        let refused = problem(answer(request("/import-of-tenant", body.to_string())).await, 422).await;
        assert_eq!(codes(&refused), [issue]);
    }
    // An envelope without a type for it takes what there is, and does not read it.
    body["meta"] = json!(7);
    assert_eq!(answer(request("/import", body.to_string())).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_handler_may_answer_by_itself() {
    let own = async |body| text(answer(request("/own", body)).await).await;
    assert_eq!(own(r#"{ "quantity": 3 }"#).await, "3");
    assert_eq!(
        own(r#"{ "quantity": 0 }"#).await,
        "the body is not valid: quantity: must be at least 1, is 0"
    );
}

#[tokio::test]
async fn a_rejection_leads_to_its_source() {
    let refused = Valid::<Line>::from_request(request("/", "{}"), &()).await.unwrap_err();
    let issues = refused.source().and_then(|source| source.downcast_ref::<Issues>()).unwrap();
    assert_eq!(issues.to_string(), "quantity: is required");
    let none = Request::post("/").body(Body::empty()).unwrap();
    assert!(Valid::<Line>::from_request(none, &()).await.unwrap_err().source().is_none());
}

#[tokio::test]
async fn issues_and_errors_of_sending_are_responses() {
    let issues = Issues::from(Issue::new(&Path::root().field("buyer"), code::CUSTOM, "is not known"));
    let problem_of_issues = problem(issues.clone().into_response(), 422).await;
    assert_eq!(problem_of_issues, problem(SendError::from(issues).into_response(), 422).await);
    assert_eq!(problem_of_issues["detail"], "buyer: is not known");

    assert_eq!(SendError::Closed.into_response().status(), 503);
    assert_eq!(problem(SendError::Full.into_response(), 503).await["title"], "Service Unavailable");
    let too_many = SendError::TooMany { events: 6_000, limit: 5_000 };
    assert_eq!(problem(too_many.into_response(), 413).await["title"], "Content Too Large");

    let mut own = Problem::new(409, "Conflict").with_detail("the order is closed");
    own.kind = Some("https://example.org/problems/closed".into());
    let expected = json!({
        "type": "https://example.org/problems/closed", "title": "Conflict", "status": 409, "detail": "the order is closed",
    });
    assert_eq!(problem(own.into_response(), 409).await, expected);
    assert_eq!(Problem::new(7, "No status").into_response().status(), 500);
}
