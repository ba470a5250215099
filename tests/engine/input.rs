//! Events from outside: every issue, with its path and code; and nothing is stored of what is refused.

use event_runtime::embedded::Limits;
use event_runtime::prelude::*;
use event_runtime::{Receipt, SendError};

use crate::support::{TaskFinished, TaskStarted, TestEvents, World, at};

/// What is said about an envelope: `path code`, each.
async fn issues(client: &Client<TestEvents>, json: impl AsRef<[u8]>) -> Vec<String> {
    match client.send_json(json.as_ref()).await {
        Err(SendError::Rejected(issues)) => {
            issues.iter().map(|issue| format!("{} {}", issue.path, issue.code)).collect()
        }
        other => panic!("{other:?}"),
    }
}

async fn engine(world: &World) -> event_runtime::embedded::Engine<crate::support::TestFunctions> {
    let mut limits = Limits::default();
    limits.event_bytes = 40;
    world.engine(&world.database(), |_, _| Box::pin(async { Ok(1) })).limits(limits).start().await.unwrap()
}

#[tokio::test]
async fn every_issue_of_an_envelope_is_reported() {
    let world = World::new();
    let engine = engine(&world).await;
    let client = engine.client();
    assert_eq!(issues(&client, "{").await, [" invalid_json"]);
    assert_eq!(issues(&client, "[1]").await, [" invalid_type"]);
    assert_eq!(issues(&client, b"{\"name\":\"\xff\"}").await, [" invalid_utf8"]);
    assert_eq!(issues(&client, "{}").await, ["name required"]);
    assert_eq!(issues(&client, r#"{"name":"task/startet"}"#).await, ["name unknown_event"]);
    assert_eq!(issues(&client, r#"{"name":"ghost/seen","data":{}}"#).await, ["name unknown_event"]);
    assert_eq!(issues(&client, r#"{"name":"task/started","data":[]}"#).await, [" invalid_type"]);
    assert_eq!(issues(&client, r#"{"name":"task/started"}"#).await, ["number required"]);
    assert_eq!(
        issues(&client, r#"{"name":7,"id":"","ts":"now","v":-1,"data":{}}"#).await,
        ["id too_small", "ts invalid_type", "v invalid_type", "name invalid_type"]
    );
    assert_eq!(
        issues(&client, r#"{"name":"task/finished","ts":-1,"v":2,"data":{"number":-1,"note":"too long"}}"#)
            .await,
        ["ts too_small", "v unknown_version"],
        "of an unknown version the payload cannot be judged"
    );
    assert_eq!(
        issues(&client, r#"{"name":"task/started","ts":1.5,"data":{"number":1}}"#).await,
        ["ts invalid_type"]
    );
    let nanoseconds = r#"{"name":"task/started","ts":1700000000000000000,"data":{"number":1}}"#;
    assert_eq!(issues(&client, nanoseconds).await, ["ts too_big"]);
    assert_eq!(engine.totals().await.unwrap().events, 0, "nothing of it is stored");
    assert!(
        client.send_json(br#"{"name":"task/started","data":{"number":1}}"#).await.is_ok(),
        "and the engine goes on"
    );
    engine.shutdown().await;
}

#[tokio::test]
async fn a_payload_may_be_as_large_as_the_limit_and_no_larger() {
    let world = World::new();
    let engine = engine(&world).await;
    let client = engine.client();
    let sized = |bytes: usize| {
        let number = r#"{"number":1}"#;
        format!(r#"{{"name":"task/started","data":{}{}}}"#, &number[..11], " ".repeat(bytes - 12) + "}")
    };
    assert!(client.send_json(sized(40).as_bytes()).await.is_ok());
    assert_eq!(issues(&client, sized(41)).await, ["data too_big"]);
    let typed = |note: &str| client.send(TaskFinished { number: 1, note: note.into() });
    assert!(typed("12345").await.is_ok());
    assert!(matches!(typed("123456").await, Err(SendError::Rejected(issues)) if issues.len() == 1));
    engine.shutdown().await;
}

#[tokio::test]
async fn ids_have_limits() {
    let world = World::new();
    let engine = engine(&world).await;
    let client = engine.client();
    let send = |id: String| client.send(TaskStarted { number: 1 }.with_id(id));
    assert!(send("x".repeat(255)).await.is_ok());
    let Err(SendError::Rejected(issues)) = send("x".repeat(256)).await else { panic!("it is too long") };
    assert_eq!(issues.to_string(), "id: the envelope's `id` has 256 bytes, more than 255");
    assert!(matches!(send(String::new()).await, Err(SendError::Rejected(_))));
    let json = |id: String| format!(r#"{{"name":"task/started","id":"{id}","data":{{"number":1}}}}"#);
    assert!(client.send_json(json("y".repeat(255)).as_bytes()).await.is_ok());
    assert_eq!(self::issues(&client, json("y".repeat(256))).await, ["id too_big"]);
    // Bytes count, not characters.
    assert_eq!(self::issues(&client, json("\u{e4}".repeat(128))).await, ["id too_big"]);
    let Receipt { id, .. } = client.send(TaskStarted { number: 1 }).await.unwrap();
    assert_eq!(id.len(), 26, "a ULID");
    assert_eq!(engine.totals().await.unwrap().events, 3);
    engine.shutdown().await;
}

#[tokio::test]
async fn what_is_known_about_the_user_has_a_limit() {
    const LIMIT: usize = 32 * 1024;
    let world = World::new();
    let engine = engine(&world).await;
    let client = engine.client();
    // A text of JSON has two quotes besides.
    let send = |bytes: usize| {
        client.send(TaskStarted { number: 1 }.with_user(serde_json::json!("x".repeat(bytes - 2))))
    };
    assert!(send(LIMIT).await.is_ok());
    let Err(SendError::Rejected(issues)) = send(LIMIT + 1).await else { panic!("it is too long") };
    assert!(issues.to_string().contains("`user` has 32769 bytes, more than 32768"), "{issues}");
    let json = |bytes: usize| {
        let user = "x".repeat(bytes - 2);
        format!(r#"{{"name":"task/started","user":"{user}","data":{{"number":1}}}}"#)
    };
    assert!(client.send_json(json(LIMIT).as_bytes()).await.is_ok());
    assert_eq!(self::issues(&client, json(LIMIT + 1)).await, ["user too_big"]);
    assert_eq!(engine.totals().await.unwrap().events, 2);
    engine.shutdown().await;
}

#[tokio::test]
async fn of_a_run_id_that_may_be_anything_the_beginning_is_repeated() {
    let world = World::new();
    let engine = engine(&world).await;
    let error = engine.cancel(&"x".repeat(5 << 20)).await.unwrap_err().to_string();
    let shown = "x".repeat(80);
    assert_eq!(error, format!("there is no run `{shown}` of a function of this application"));
    engine.shutdown().await;
}

#[tokio::test]
async fn of_several_events_all_are_stored_or_none() {
    let world = World::new();
    let engine = engine(&world).await;
    let finished = |note: &str| TaskFinished { number: 1, note: note.into() };
    let error =
        engine.client().send_all([finished("good"), finished("too long"), finished("longer still")]).await;
    let Err(SendError::Rejected(issues)) = error else { panic!("{error:?}") };
    let paths: Vec<_> = issues.iter().map(|issue| issue.path.as_str()).collect();
    assert_eq!(paths, ["[1].note", "[2].note"]);
    assert_eq!(engine.totals().await.unwrap().events, 0);
    engine.shutdown().await;
}

#[tokio::test]
async fn an_event_happens_between_1970_and_9999() {
    let world = World::new();
    let engine = world.start(|_, _| Box::pin(async { Ok(1) })).await;
    let early = SystemTime::UNIX_EPOCH - Duration::from_nanos(1);
    for (ts, expected) in [(early, "ts too_small"), (at(253_402_300_800_000), "ts too_big")] {
        let event = TaskStarted { number: 1 }.with_ts(ts);
        let Err(SendError::Rejected(found)) = engine.client().send(event).await else { panic!("{ts:?}") };
        let found: Vec<String> = found.iter().map(|issue| format!("{} {}", issue.path, issue.code)).collect();
        assert_eq!(found, [expected]);
    }
    engine.shutdown().await;
}
