//! What the npm package `@inngest/middleware-encryption` has sealed the Rust side opens, and the other way round: skipped, with a
//! line that says so, where the package is not installed (`npm ci --prefix examples/inngest-typescript`).

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use event_inngest_tests::endpoint::ask;
use event_inngest_tests::fake::FakeServer;
use event_inngest_tests::hash;
use event_runtime::encryption::{Encryption, Key, KeyRing};
use event_runtime::inngest::{Inngest, InngestConfig};
use event_runtime::prelude::*;
use serde_json::{Value, json};

const FOLDER: &str = env!("CARGO_MANIFEST_DIR");

const KEY: &str = "the key that both sides share today";
const FORMER: &str = "the key that they have shared before";

/// What must not be seen on the wire.
const SECRET: &str = "DE02120300000000202051";

/// The life of a note.
#[domain_events]
enum NoteEvent {
    /// A note was written.
    Written {
        #[event(key)]
        id: u32,
        note: String,
        tags: Vec<String>,
    },
    /// A note was read.
    #[event(unhandled)]
    Read { note: String },
}

registry! { NoteEvents = [NoteEvent]; }
functions! { NoteFunctions in NoteEvents = [read]; }

/// Reads what was written, and what an earlier call has recorded.
#[function(id = "note-written-reader")]
async fn read(ctx: &Context<NoteWritten>) -> Result<String> {
    let recorded = ctx.step.run("recorded", async || Ok(format!("new: {}", ctx.event.note))).await?;
    Ok(format!("{} {:?} {recorded}", ctx.event.note, ctx.event.tags))
}

fn rust(server: &FakeServer, ring: KeyRing) -> Inngest<NoteFunctions> {
    let app = App::<NoteFunctions>::builder("notes").middleware(Encryption::new(ring)).build().unwrap();
    let config = InngestConfig::dev().checkpointing(None).event_api_origin(&server.origin).unwrap();
    app.inngest(config)
}

fn ring(key: &str) -> KeyRing {
    KeyRing::new(Key::new("shared", key).unwrap())
}

/// What the TypeScript side makes of it; `None` where it is not installed.
fn typescript(keys: &[&str], input: &Value) -> Option<Value> {
    if !Path::new(FOLDER).join("node_modules/@inngest/middleware-encryption").exists() {
        println!("skipped: npm ci --prefix examples/inngest-typescript");
        return None;
    }
    let mut node = Command::new("node")
        .arg(Path::new(FOLDER).join("encryption.mjs"))
        .args(keys)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node starts");
    node.stdin.take().expect("its input").write_all(input.to_string().as_bytes()).expect("it reads");
    let output = node.wait_with_output().expect("it ends");
    assert!(output.status.success(), "the TypeScript side fails");
    Some(serde_json::from_slice(&output.stdout).expect("JSON"))
}

/// Calls the Rust function, and gives what it answers.
async fn call(inngest: &Inngest<NoteFunctions>, event: &Value, steps: &Value) -> Value {
    let body = json!({ "event": event, "events": [event], "steps": steps, "ctx": { "run_id": "run", "attempt": 0 } });
    let uri = "/api/inngest?fnId=notes-note-written-reader&stepId=step";
    ask(&inngest.service(), "POST", uri, &[], body.to_string().as_bytes()).await.json()
}

#[tokio::test]
async fn each_side_opens_what_the_other_has_sealed() {
    let server = FakeServer::start(|_| (200, json!({ "ids": ["1"], "status": 200 }))).await;
    let inngest = rust(&server, ring(KEY));

    // An event of a Rust client, and the result of a body, as a server has them.
    let written = NoteWritten { id: 7, note: SECRET.into(), tags: vec!["a".into(), "b".into()] };
    inngest.client().send(written).await.unwrap();
    let event = server.asked()[0].json()[0].clone();
    assert!(!event.to_string().contains(SECRET), "{event}");
    assert_eq!(event["data"]["id"], 7, "the key of the event stays readable");
    let answer = call(&inngest, &event, &json!({})).await;
    assert!(!answer.to_string().contains(SECRET), "{answer}");
    let result = answer[0]["data"].clone();

    let send = json!({ "name": "note/written", "data": { "id": 8, "note": SECRET, "tags": [] } });
    let input =
        json!({ "event": event, "result": result, "send": send, "returns": format!("old: {SECRET}") });
    let Some(output) = typescript(&[KEY], &input) else { return };
    assert_eq!(
        output["opened"],
        json!({
            "event": { "data": { "id": 7, "note": SECRET, "tags": ["a", "b"] }, "name": event["name"], "id": event["id"], "ts": event["ts"] },
            "result": format!("new: {SECRET}"),
        })
    );

    // An event of a TypeScript client, and what a TypeScript function has returned.
    let sealed = &output["sealed"];
    assert!(!sealed.to_string().contains(SECRET), "{sealed}");
    let event = json!({ "id": "1", "ts": 1, "name": "note/written", "data": sealed["event"]["data"] });
    let steps = json!({ hash("recorded"): { "data": sealed["result"] } });
    let answer = call(&inngest, &event, &steps).await;
    assert!(!answer.to_string().contains(SECRET), "{answer}");

    // And that again by the TypeScript side, which has another key by now.
    let input = json!({ "event": event, "result": answer, "send": send, "returns": null });
    let output = typescript(&["the key of tomorrow, which is longer", KEY], &input).unwrap();
    assert_eq!(output["opened"]["result"], format!("{SECRET} [] old: {SECRET}"));
}

#[tokio::test]
async fn former_keys_open_and_others_fail_the_run() {
    let server = FakeServer::start(|_| (200, json!({ "ids": ["1"], "status": 200 }))).await;
    let send = json!({ "name": "note/written", "data": { "id": 8, "note": SECRET, "tags": [] } });
    let input = json!({ "event": send, "result": null, "send": send, "returns": "old" });
    let Some(output) = typescript(&[FORMER], &input) else { return };
    let event =
        json!({ "id": "1", "ts": 1, "name": "note/written", "data": output["sealed"]["event"]["data"] });
    let steps = json!({ hash("recorded"): { "data": output["sealed"]["result"] } });

    let rotated = ring(KEY).and_opens(Key::new("former", FORMER).unwrap()).unwrap();
    let answer = call(&rust(&server, rotated), &event, &steps).await;
    assert_eq!(answer["__STRATEGY__"], "inngest/libsodium", "{answer}");

    let answer = call(&rust(&server, ring(KEY)), &event, &steps).await;
    let message = answer["message"].as_str().unwrap();
    assert!(
        message.contains("the field `note` of the event `note/written` cannot be decrypted: no key of the key ring opens it"),
        "{message}"
    );
}
