//! Syncs (section 4.3).

use event_inngest_tests::endpoint::ask;
use event_inngest_tests::fake::FakeServer;
use event_runtime::inngest::InngestConfig;
use serde_json::json;

use crate::app::target;

#[tokio::test]
async fn the_deployment_is_passed_on_and_is_no_part_of_the_url() {
    let server = FakeServer::start(|_| (200, json!({ "ok": true, "modified": true }))).await;
    let target =
        target(InngestConfig::dev().api_origin(&server.origin).unwrap(), |_| panic!("it is not run"));
    let headers =
        [("host", "shop.example.com"), ("x-forwarded-proto", "https"), ("x-inngest-server-kind", "dev")];
    let answer = ask(&target.service, "PUT", "/api/inngest?token=a%20b&deployId=7", &headers, b"").await;
    assert_eq!((answer.status.as_u16(), answer.json()["modified"].clone()), (200, json!(true)));
    let asked = &server.asked()[0];
    assert_eq!(asked.path, "/fn/register?deployId=7");
    assert_eq!(asked.header("x-inngest-expected-server-kind"), "dev");
    let registration = asked.json();
    let url = "https://shop.example.com/api/inngest?token=a%20b";
    assert_eq!(registration["url"], url);
    let function = &registration["functions"][0]["steps"]["step"]["runtime"]["url"];
    assert_eq!(*function, format!("{url}&fnId=app-task-started-worker&stepId=step"));
}

#[tokio::test]
async fn where_the_application_is_served_the_configuration_says_first() {
    let server = FakeServer::start(|_| (200, json!({ "ok": true }))).await;
    let config = InngestConfig::cloud().api_origin(&server.origin).unwrap();
    let config = config.serve_origin("https://shop.example.com").unwrap().serve_path("/functions");
    let target = target(config, |_| panic!("it is not run"));
    let answer = ask(&target.service, "PUT", "/api/inngest", &[("host", "evil.example")], b"").await;
    assert_eq!(answer.json(), json!({ "message": "Successfully registered", "modified": false }));
    assert_eq!(server.asked()[0].json()["url"], "https://shop.example.com/functions");
}

#[tokio::test]
async fn a_sync_that_fails_says_why() {
    let server = FakeServer::start(|_| (400, json!({ "error": "a function has no name" }))).await;
    let target =
        target(InngestConfig::dev().api_origin(&server.origin).unwrap(), |_| panic!("it is not run"));
    let answer = ask(&target.service, "PUT", "/api/inngest", &[("host", "localhost")], b"").await;
    assert_eq!(answer.status, 500);
    assert_eq!(answer.json(), json!({ "message": "a function has no name", "modified": false }));
}

#[tokio::test]
async fn a_success_that_is_not_the_answer_to_a_sync_is_an_error() {
    for answer in ["<html>a proxy</html>", "", "[]", "7", "{}", r#"{"ok":false}"#, r#"{"ok":true"#] {
        let server = FakeServer::start_with_text(move |_| (200, answer.to_owned())).await;
        let target =
            target(InngestConfig::dev().api_origin(&server.origin).unwrap(), |_| panic!("it is not run"));
        let told = ask(&target.service, "PUT", "/api/inngest", &[("host", "localhost")], b"").await;
        assert_eq!(told.status, 500, "{answer}");
        let message = told.json()["message"].as_str().unwrap().to_owned();
        let expected = "the Inngest server answers 200 OK with something that is not the answer to a sync: ";
        assert!(message.starts_with(expected), "{answer}: {message}");
        assert!(!message.contains("proxy"), "{message}");
    }
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_told_without_its_url() {
    let target = target(InngestConfig::dev().api_origin("http://127.0.0.1:1/secret").unwrap(), |_| {
        panic!("it is not run")
    });
    let answer = ask(&target.service, "PUT", "/api/inngest", &[("host", "localhost")], b"").await;
    assert_eq!(answer.status, 500);
    let message = answer.json()["message"].as_str().unwrap().to_owned();
    assert!(
        message.starts_with("the Inngest server cannot be reached") && !message.contains("secret"),
        "{message}"
    );
}

#[tokio::test]
async fn a_sync_in_band_can_be_switched_off() {
    let server = FakeServer::start(|_| (200, json!({ "ok": true }))).await;
    let config = InngestConfig::dev().in_band_sync(false).api_origin(&server.origin).unwrap();
    let target = target(config, |_| panic!("it is not run"));
    let headers = [("host", "localhost"), ("x-inngest-sync-kind", "in_band")];
    let answer =
        ask(&target.service, "PUT", "/api/inngest", &headers, br#"{"url":"http://127.0.0.1:1"}"#).await;
    assert_eq!(answer.header("x-inngest-sync-kind"), "out_of_band");
    assert_eq!(server.asked().len(), 1);
}

/// The way that the guide shows.
#[tokio::test]
async fn the_endpoint_is_nested_in_a_router() {
    use tower_service::Service;

    let server = FakeServer::start(|_| (200, json!({ "ok": true }))).await;
    let config = InngestConfig::dev().api_origin(&server.origin).unwrap();
    let app = event_runtime::App::<crate::app::Functions>::builder("app");
    let app = app.provide(crate::app::worker(|_| panic!("it is not run"))).build().unwrap();
    let mut router = axum::Router::new().nest("/api/inngest", app.inngest(config).into_router());
    let request = http::Request::put("/api/inngest").header("host", "localhost:3000");
    let answer = router.call(request.body(axum::body::Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(
        server.asked()[0].json()["url"],
        "http://localhost:3000/api/inngest",
        "with the path before the nesting"
    );
}
