//! Options that no recorded function has (section 4.3.2).

use event_inngest_tests::endpoint::ask;
use event_inngest_tests::fake::FakeServer;
use event_runtime::inngest::{Checkpointing, InngestConfig};
use event_runtime::prelude::*;
use serde_json::json;

/// The life of a job.
#[domain_events]
pub enum JobEvent {
    /// A job was queued.
    Queued {
        #[event(key)]
        #[serde(rename = "queue-name")]
        queue: String,
        #[event(key)]
        number: u64,
    },
    /// A job was taken.
    #[event(unhandled)]
    Taken {
        #[event(key)]
        queue: String,
        #[event(key)]
        number: u32,
    },
    /// A job was started.
    Started { account: String },
    /// A job was stopped.
    #[event(unhandled)]
    Stopped { account: Option<String> },
}

/// Has them.
#[function(
    id = "job-started-runner",
    retries = 0,
    concurrency(limit = 3, key = "event.data.account", scope = "account"),
    concurrency(limit = 9, key = "'all'", scope = "env"),
    singleton(mode = "cancel"),
    cron("0 9 * * 1", "TZ=Europe/Paris 30 12 * * 6-7", "@daily"),
    jitter = "90s"
)]
async fn run_job(_: &Context<Either<JobStarted, Cron>>) -> Result<()> {
    Ok(())
}

/// Has an expression in every option that takes one.
#[function(
    id = "job-started-expressions",
    if = "event.data.account != 'if'",
    concurrency(limit = 1, key = "event.data.account + 'concurrency'"),
    throttle(limit = 1, period = "1s", key = "event.data.account + 'throttle'"),
    rate_limit(limit = 1, period = "1s", key = "event.data.account + 'rate'"),
    debounce(period = "1s", key = "event.data.account + 'debounce'"),
    singleton(key = "event.data.account + 'singleton'"),
    idempotency = "event.data.account + 'idempotency'",
    priority = "event.data.account == 'priority' ? 1 : 0",
    cancel_on(event = JobStopped, if = "async.data.account == event.data.account")
)]
async fn express(_: &Context<JobStarted>) -> Result<()> {
    Ok(())
}

/// Likewise.
#[function(
    id = "job-started-batches",
    batch(
        max_size = 2,
        timeout = "1s",
        key = "event.data.account + 'batch'",
        if = "event.data.account != 'x'"
    )
)]
async fn gather(_: &Context<Batch<JobStarted>>) -> Result<()> {
    Ok(())
}

/// Has batches of one event, which a server refuses.
#[function(id = "job-started-alone", batch(max_size = 1, timeout = "1s"))]
async fn alone(_: &Context<Batch<JobStarted>>) -> Result<()> {
    Ok(())
}

/// Goes by the key of its event.
#[function(
    id = "job-queued-keys",
    concurrency(limit = 1, key),
    idempotency,
    cancel_on(event = JobTaken, key)
)]
async fn go_by_key(ctx: &Context<JobQueued>) -> Result<()> {
    ctx.step.wait_for_event::<JobTaken>("taken").by_key(ctx.event.key()).await?;
    Ok(())
}

registry! { pub JobEvents = [JobEvent]; }
functions! { pub JobFunctions in JobEvents = [run_job, express, gather, alone, go_by_key]; }

#[tokio::test]
async fn scopes_and_modes_are_registered() {
    let server = FakeServer::start(|_| (200, json!({ "ok": true }))).await;
    let settings = Checkpointing::BLENDED;
    let config = InngestConfig::dev().api_origin(&server.origin).unwrap().checkpointing(Some(settings));
    let service = App::<JobFunctions>::builder("app").build().unwrap().inngest(config).service();
    ask(&service, "PUT", "/api/inngest", &[("host", "localhost:3000")], b"").await;
    let registered = server.asked()[0].json()["functions"][0].clone();
    // A server knows neither day 7 nor shorthands.
    let triggers = json!([
        { "event": "job/started" },
        { "cron": "0 9 * * 1", "jitter": "1m30s" },
        { "cron": "TZ=Europe/Paris 30 12 * * 0,6", "jitter": "1m30s" },
        { "cron": "0 0 * * *", "jitter": "1m30s" },
    ]);
    assert_eq!(registered["triggers"], triggers);
    let limits = json!([
        { "limit": 3, "key": "event.data.account", "scope": "account" },
        { "limit": 9, "key": "'all'", "scope": "env" },
    ]);
    assert_eq!(registered["concurrency"], limits);
    assert_eq!(registered["singleton"], json!({ "mode": "cancel" }));
    assert_eq!(registered["steps"]["step"]["retries"], json!({ "attempts": 0 }));
    let checkpoint = json!({ "batch_steps": 3, "batch_interval": "3s", "max_runtime": "0s" });
    assert_eq!(registered["checkpoint"], checkpoint);
}

/// The server decides what an expression without a value means: it is sent the expressions as they are written.
#[tokio::test]
async fn expressions_are_registered_as_they_are_written() {
    let server = FakeServer::start(|_| (200, json!({ "ok": true }))).await;
    let config = InngestConfig::dev().api_origin(&server.origin).unwrap();
    let service = App::<JobFunctions>::builder("app").build().unwrap().inngest(config).service();
    ask(&service, "PUT", "/api/inngest", &[("host", "localhost:3000")], b"").await;
    let registered = server.asked()[0].json()["functions"].clone();
    let options = &registered[1];
    for (at, expected) in [
        ("/triggers/0/expression", "event.data.account != 'if'"),
        ("/concurrency/0/key", "event.data.account + 'concurrency'"),
        ("/throttle/key", "event.data.account + 'throttle'"),
        ("/rateLimit/key", "event.data.account + 'rate'"),
        ("/debounce/key", "event.data.account + 'debounce'"),
        ("/singleton/key", "event.data.account + 'singleton'"),
        ("/idempotency", "event.data.account + 'idempotency'"),
        ("/priority/run", "event.data.account == 'priority' ? 1 : 0"),
        ("/cancel/0/if", "async.data.account == event.data.account"),
    ] {
        assert_eq!(options.pointer(at), Some(&json!(expected)), "{at} in {options}");
    }
    assert_eq!(registered[2]["batchEvents"]["key"], "event.data.account + 'batch'");
    assert_eq!(registered[2]["batchEvents"]["if"], "event.data.account != 'x'");
    assert_eq!(registered[3].get("batchEvents"), None);
}

/// To a server the key of an event is an expression like any other.
#[tokio::test]
async fn a_key_is_an_expression_on_the_wire() {
    let server = FakeServer::start(|_| (200, json!({ "ok": true }))).await;
    let config = InngestConfig::dev().api_origin(&server.origin).unwrap().checkpointing(None);
    let service = App::<JobFunctions>::builder("app").build().unwrap().inngest(config).service();
    ask(&service, "PUT", "/api/inngest", &[("host", "localhost:3000")], b"").await;
    let options = server.asked()[0].json()["functions"][4].clone();
    let queue = r#"string(event.data["queue-name"])"#;
    let key = format!("string(size({queue})) + ':' + {queue} + ':' + string(event.data.number)");
    assert_eq!((&options["idempotency"], &options["concurrency"][0]["key"]), (&json!(key), &json!(key)));
    let same = r#"async.data.number == event.data.number && async.data.queue == event.data["queue-name"]"#;
    assert_eq!(options["cancel"][0]["if"], same);

    let event =
        json!({ "id": "1", "name": "job/queued", "data": { "queue-name": "a\"b", "number": 7 }, "ts": 1 });
    let ctx = json!({ "run_id": "01M83ASHYMYM9NEQGTMWBEQ71K", "attempt": 0, "stack": { "stack": [], "current": 0 } });
    let body = json!({ "event": event, "events": [event], "steps": {}, "ctx": ctx });
    let uri = "/api/inngest?fnId=app-job-queued-keys&stepId=step";
    let answer = ask(&service, "POST", uri, &[], body.to_string().as_bytes()).await.json();
    assert_eq!(answer[0]["opts"]["if"], r#"async.data.number == 7 && async.data.queue == "a\"b""#);
}
