//! Sending events (section 4.2.1).

use std::error::Error;
use std::iter::successors;
use std::sync::atomic::{AtomicUsize, Ordering};

use event_inngest_tests::fake::FakeServer;
use event_runtime::SendError;
use event_runtime::inngest::InngestConfig;
use event_runtime::prelude::*;
use serde_json::json;

use crate::app::{Functions, TaskFinished, TaskRenamed, TaskStarted, target, worker};

fn config(server: &FakeServer) -> InngestConfig {
    let config =
        InngestConfig::cloud().event_key("a key").env("staging").signing_key("signkey-test-12345678");
    config.event_api_origin(&server.origin).unwrap()
}

#[tokio::test]
async fn an_event_is_sent_with_key_environment_and_seed() {
    let server = FakeServer::start(|_| (200, json!({ "ids": ["x"], "status": 200 }))).await;
    let client = target(config(&server), |_| panic!("it is not run")).client;
    let event = TaskStarted { number: 7 }.with_id("import-7").with_user(json!({ "name": "ada" }));
    let receipt = client.send(event).await.unwrap();
    assert_eq!(receipt.id, "import-7");
    let asked = &server.asked()[0];
    assert_eq!(asked.path, "/e/a+key");
    assert_eq!(asked.header("x-inngest-env"), "staging");
    assert!(asked.header("x-inngest-sdk").starts_with("event-runtime:v"));
    assert_eq!(asked.header("x-inngest-event-id-seed").split(',').count(), 2);
    let sent = asked.json();
    assert_eq!(sent[0]["data"], json!({ "number": 7 }));
    assert_eq!(
        (&sent[0]["v"], &sent[0]["user"]),
        (&json!("2"), &json!({ "name": "ada" })),
        "a server reads a text"
    );
}

#[tokio::test]
async fn an_event_that_is_not_valid_is_not_sent() {
    let server = FakeServer::start(|_| panic!("nothing is sent")).await;
    let client = target(config(&server), |_| panic!("it is not run")).client;
    let error = client.send(TaskFinished { note: "too long".into() }).await.unwrap_err();
    assert!(matches!(error, SendError::Rejected(_)));
}

#[tokio::test]
async fn what_fails_for_a_reason_that_may_pass_is_sent_again() {
    let tries = AtomicUsize::new(0);
    let server = FakeServer::start(move |_| match tries.fetch_add(1, Ordering::Relaxed) {
        0 => (503, json!({})),
        1 => (429, json!({})),
        _ => (200, json!({ "ids": ["x"], "status": 200 })),
    })
    .await;
    let client = target(config(&server), |_| panic!("it is not run")).client;
    client.send(TaskRenamed { name: "x".into() }).await.unwrap();
    let asked = server.asked();
    assert_eq!(asked.len(), 3);
    assert!(asked.iter().all(|one| one.body == asked[0].body), "with the same ids");
    let seed = asked[0].header("x-inngest-event-id-seed");
    assert!(asked.iter().all(|one| one.header("x-inngest-event-id-seed") == seed));
}

#[tokio::test]
async fn which_events_were_not_taken_is_told() {
    let server =
        FakeServer::start(|_| (400, json!({ "ids": ["a", "", "c"], "status": 400, "error": "too large" })))
            .await;
    let client = target(config(&server), |_| panic!("it is not run")).client;
    let events = (0..5).map(|number| TaskStarted { number });
    match client.send_all(events).await.unwrap_err() {
        SendError::Partly { refused, reason } => {
            assert_eq!(refused, [1, 3, 4]);
            assert!(reason.to_string().contains("too large"));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_server_that_takes_nothing_says_why() {
    let server = FakeServer::start(|_| (401, json!({ "error": "Event key not found", "status": 401 }))).await;
    let client = target(config(&server), |_| panic!("it is not run")).client;
    let error = client.send(TaskStarted { number: 1 }).await.unwrap_err();
    assert_eq!(error.to_string(), "the Inngest server answers 401 Unauthorized: Event key not found");
}

#[tokio::test]
async fn a_success_without_the_ids_of_all_events_is_an_error() {
    let nothing = "the Inngest server answers 200 OK: it does not say why";
    for (answer, told) in [
        ("{}", nothing),
        (r#"{"ids":[]}"#, nothing),
        (r#"{"ids":["",""]}"#, nothing),
        ("<html>a proxy</html>", "the Inngest server answers 200 OK with something that is not ids"),
        ("", "the Inngest server answers 200 OK with something that is not ids"),
        (r#"{"ids":[1,2]}"#, "the Inngest server answers 200 OK with something that is not ids"),
    ] {
        let server = FakeServer::start_with_text(move |_| (200, answer.to_owned())).await;
        let client = target(config(&server), |_| panic!("it is not run")).client;
        let error = client.send_all([1, 2].map(|number| TaskStarted { number })).await.unwrap_err();
        assert!(matches!(error, SendError::Server(_)), "{answer}: {error:?}");
        assert!(error.to_string().starts_with(told), "{answer}: {error}");
    }
    let server = FakeServer::start(|_| (200, json!({ "ids": ["a"] }))).await;
    let client = target(config(&server), |_| panic!("it is not run")).client;
    let error = client.send_all([1, 2].map(|number| TaskStarted { number })).await.unwrap_err();
    assert!(matches!(&error, SendError::Partly { refused, .. } if *refused == [1]), "{error:?}");
}

#[tokio::test]
async fn more_events_than_a_server_takes_are_sent_in_batches() {
    let server = FakeServer::start(|asked| {
        let ids: Vec<_> = (0..asked.json().as_array().unwrap().len()).map(|at| at.to_string()).collect();
        (200, json!({ "ids": ids, "status": 200 }))
    })
    .await;
    let client = target(config(&server), |_| panic!("it is not run")).client;
    let receipts = client.send_all((0..7_000).map(|_| TaskStarted { number: 1 })).await.unwrap();
    assert_eq!(receipts.len(), 7_000);
    let asked = server.asked();
    assert_eq!(
        asked.iter().map(|one| one.json().as_array().unwrap().len()).collect::<Vec<_>>(),
        [5_000, 2_000]
    );
    assert_ne!(asked[0].header("x-inngest-event-id-seed"), asked[1].header("x-inngest-event-id-seed"));
}

#[tokio::test]
async fn without_a_key_nothing_is_sent_to_the_cloud() {
    let server = FakeServer::start(|_| panic!("nothing is sent")).await;
    let config = InngestConfig::cloud().event_api_origin(&server.origin).unwrap();
    let client = target(config, |_| panic!("it is not run")).client;
    let error = client.send(TaskStarted { number: 1 }).await.unwrap_err();
    assert_eq!(error.to_string(), "there is no event key: set INNGEST_EVENT_KEY");
}

#[tokio::test]
async fn an_error_does_not_show_the_key() {
    let config = InngestConfig::cloud().event_key("secret").event_api_origin("http://127.0.0.1:1").unwrap();
    let client = target(config, |_| panic!("it is not run")).client;
    let error = client.send(TaskStarted { number: 1 }).await.unwrap_err();
    assert!(matches!(error, SendError::Server(_)));
    let causes: Vec<&dyn Error> = successors(error.source(), |&cause| cause.source()).collect();
    assert!(causes.iter().any(|cause| cause.is::<std::io::Error>()), "{causes:?}");
    assert!(!format!("{error} {error:?} {causes:?}").contains("secret"));
}

#[tokio::test]
async fn an_integer_that_the_server_would_change_is_not_sent() {
    let server = FakeServer::start(|_| panic!("nothing is sent")).await;
    let client = target(config(&server), |_| panic!("it is not run")).client;
    let event = |id: u64| TaskStarted { number: 1 }.with_user(json!({ "id": id }));
    let error = client.send_all([event(1 << 53), event((1 << 53) + 1)]).await.unwrap_err();
    let SendError::Rejected(issues) = error else { panic!("{error}") };
    let found: Vec<String> = issues.iter().map(ToString::to_string).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("[1].user.id: is 9007199254740993: an Inngest server reads"), "{found:?}");
}

#[tokio::test]
async fn events_of_several_types_are_one_request() {
    let server = FakeServer::start(|_| (200, json!({ "ids": ["x", "y", "z"], "status": 200 }))).await;
    let target = target(config(&server), |_| panic!("it is not run"));
    let several = (
        TaskStarted { number: 1 },
        TaskRenamed { name: "a".into() }.with_id("second"),
        TaskRenamed { name: "b".into() },
    );
    let receipts = target.client.send_all(several).await.unwrap();
    assert_eq!((receipts.len(), &*receipts[1].id), (3, "second"));
    let asked = server.asked();
    assert_eq!(asked.len(), 1);
    let sent = asked[0].json();
    let names: Vec<&str> = (0..3).filter_map(|at| sent[at]["name"].as_str()).collect();
    assert_eq!(names, ["task/started", "task/renamed", "task/renamed"]);
}

#[tokio::test]
async fn a_client_that_was_there_before_the_server_sends_to_it() {
    let app = App::<Functions>::builder("app");
    let client = app.client();
    let app = app.provide(worker(|_| panic!("it is not run"))).build().unwrap();
    assert_eq!(client.send(TaskStarted { number: 1 }).await, Err(SendError::NotStarted));
    let server = FakeServer::start(|_| (200, json!({ "ids": ["x"], "status": 200 }))).await;
    drop(app.inngest(config(&server)));
    client.send(TaskStarted { number: 1 }).await.unwrap();
    assert_eq!(server.asked().len(), 1);
}
