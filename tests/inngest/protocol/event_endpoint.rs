//! Taking events as a server does (section 4.2.1).

use event_inngest_tests::fake::FakeServer;
use event_runtime::inngest::{EventEndpoint, InngestConfig};
use http::Request;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower_service::Service;

use crate::app::target;

/// The endpoint, in front of a host that notes what it is sent.
async fn endpoint() -> (axum::Router, FakeServer) {
    let server = FakeServer::start(|_| (200, json!({ "ids": ["any"], "status": 200 }))).await;
    let config = InngestConfig::dev().event_api_origin(&server.origin).unwrap();
    let client = target(config, |_| panic!("it is not run")).client;
    (EventEndpoint::new(client, "right").into_router(), server)
}

async fn post(router: &mut axum::Router, key: &str, body: &str) -> (u16, Value) {
    let request = Request::post(format!("/e/{key}"))
        .header("x-inngest-event-id-seed", "1795408316287,qQ+Rl5h8brN0tw==")
        .body(axum::body::Body::from(body.to_owned()))
        .unwrap();
    let answer = router.call(request).await.unwrap();
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap())
}

#[tokio::test]
async fn events_are_taken_with_the_ids_of_the_seed() {
    let (mut router, server) = endpoint().await;
    let events = r#"[{"name":"task/renamed","data":{"name":"x"}},{"name":"task/renamed","data":{"name":"y"},"id":"own"}]"#;
    let (status, json) = post(&mut router, "right", events).await;
    assert_eq!((status, json), (200, json!({ "ids": ["01M83ASHVZN47S35WRFHQB6X5R", "own"], "status": 200 })));
    let asked = server.asked();
    assert_eq!(asked[0].json()[0]["id"], "01M83ASHVZN47S35WRFHQB6X5R");
    assert_eq!(asked[1].json()[0]["data"], json!({ "name": "y" }));
}

#[tokio::test]
async fn one_event_needs_no_list_and_its_version_is_a_text() {
    let (mut router, server) = endpoint().await;
    let event = r#"{"name":"task/started","data":{"number":7},"v":"2"}"#;
    assert_eq!(post(&mut router, "right", event).await.0, 200);
    assert_eq!(server.asked()[0].json()[0]["v"], "2");
}

#[tokio::test]
async fn what_is_not_valid_is_refused_and_what_came_before_is_told() {
    let (mut router, server) = endpoint().await;
    let events = r#"[{"name":"task/renamed","data":{"name":"x"},"id":"1"},{"name":"task/finished","data":{"note":"too long"}}]"#;
    let (status, json) = post(&mut router, "right", events).await;
    assert_eq!((status, &json["ids"]), (400, &json!(["1"])));
    assert!(json["error"].as_str().unwrap().starts_with("event 1 is not valid: note: "), "{json}");
    assert_eq!(server.asked().len(), 1);
    for wrong in ["", "7", "[7]", r#"{"name":"no/such","data":{}}"#, "{", r#"{"data":{}}"#] {
        assert_eq!(post(&mut router, "right", wrong).await.0, 400, "{wrong}");
    }
}

#[tokio::test]
async fn lengths_have_limits() {
    let (mut router, server) = endpoint().await;
    let event = |id: usize, user: usize| {
        let (id, user) = ("x".repeat(id), "u".repeat(user - 2));
        json!({ "name": "task/renamed", "data": { "name": "x" }, "id": id, "user": user }).to_string()
    };
    assert_eq!(post(&mut router, "right", &event(255, 32 * 1024)).await.0, 200);
    let (status, json) = post(&mut router, "right", &event(256, 10)).await;
    let expected = "event 0 is not valid: id: the envelope's `id` has 256 bytes, more than 255";
    assert_eq!((status, &json["error"]), (400, &json!(expected)));
    let (status, json) = post(&mut router, "right", &event(1, 32 * 1024 + 1)).await;
    assert_eq!(status, 400);
    assert!(json["error"].as_str().unwrap().contains("`user` has 32769 bytes, more than 32768"), "{json}");
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn another_key_is_refused() {
    let (mut router, server) = endpoint().await;
    for key in ["wrong", "righ", "rightt"] {
        let (status, json) = post(&mut router, key, "[]").await;
        assert_eq!((status, &json["error"]), (401, &json!("Event key not found")));
    }
    assert!(server.asked().is_empty());
}
