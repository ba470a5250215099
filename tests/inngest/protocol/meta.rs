//! Metadata of a registry behind a server, which keeps nothing but payloads: it travels in them, beside the cause.

use event_inngest_tests::endpoint::{Answer, ask};
use event_inngest_tests::fake::FakeServer;
use event_inngest_tests::hash;
use event_runtime::inngest::InngestConfig;
use event_runtime::prelude::*;
use serde_json::{Value, json};

/// Who does something, and for whom.
#[payload]
pub struct AppMeta {
    user: u64,
    #[validate(length(min = 1))]
    tenant: String,
}

/// The life of a ticket.
#[domain_events]
pub enum TicketEvent {
    /// A ticket was opened.
    Opened {
        /// Any number.
        number: u32,
    },
    /// A ticket was closed.
    Closed {
        /// Any number.
        number: u32,
    },
}

registry! { TicketEvents with AppMeta = [TicketEvent]; }

/// Closes what is opened, by itself and by another function.
#[function(id = "ticket-opened-closer", on_failure = told)]
async fn close(ctx: &Context<TicketOpened, AppMeta>) -> Result<Value> {
    let number = ctx.event.number;
    if number == 0 {
        return Ok(json!([ctx.meta.app.tenant, ctx.event]));
    }
    ctx.step.send("send", TicketClosed { number }).await?;
    ctx.step.invoke::<File>("file", TicketClosed { number }).await?;
    let later = ctx.step.wait_for_event::<TicketClosed>("later").timeout(Duration::from_secs(1)).await?;
    Ok(json!(later))
}

/// Looks at no metadata.
#[function(id = "ticket-closed-files")]
async fn file(ctx: &Context<TicketClosed>) -> Result<u32> {
    Ok(ctx.event.number)
}

/// Is told of failures.
#[function(id = "ticket-opened-told")]
async fn told(ctx: &Context<Failed<TicketOpened>, AppMeta>) -> Result<Value> {
    Ok(json!([ctx.meta.app.tenant, ctx.meta.cause, ctx.meta.correlation_id()]))
}

/// Counts every hour.
#[function(id = "count-tickets", cron = "0 * * * *")]
async fn count(ctx: &Context<Cron, AppMeta>) -> Result<String> {
    Ok(ctx.meta.app.tenant.clone())
}

functions! { TicketFunctions in TicketEvents = [close, file, count]; }

const RUN: &str = "01M83ASHYMYM9NEQGTMWBEQ71K";

fn app() -> App<TicketFunctions> {
    App::<TicketFunctions>::builder("app")
        .default_meta(AppMeta { user: 0, tenant: "nobody".into() })
        .build()
        .unwrap()
}

fn plain() -> InngestConfig {
    InngestConfig::dev().checkpointing(None)
}

/// Calls a function with an event, and with the results of these steps.
async fn call(config: InngestConfig, function: &str, event: Value, results: &[(&str, Value)]) -> Answer {
    let stack: Vec<_> = results.iter().map(|(step, _)| hash(step)).collect();
    let steps: serde_json::Map<_, _> =
        results.iter().map(|(step, result)| (hash(step), result.clone())).collect();
    let ctx = json!({ "run_id": RUN, "attempt": 0, "stack": { "stack": stack, "current": stack.len() } });
    let body = json!({ "event": event, "events": [event], "steps": steps, "ctx": ctx }).to_string();
    let uri = format!("/api/inngest?fnId=app-{function}&stepId=step");
    ask(&app().inngest(config).service(), "POST", &uri, &[], body.as_bytes()).await
}

fn opened(data: &Value) -> Value {
    json!({ "id": "1", "name": "ticket/opened", "data": data, "ts": 1 })
}

#[tokio::test]
async fn a_function_finds_it_beside_its_event_and_hands_it_on() {
    let meta = json!({ "user": 7, "tenant": "acme" });
    let answer =
        call(plain(), "ticket-opened-closer", opened(&json!({ "number": 0, "_meta": meta })), &[]).await;
    assert_eq!(answer.json(), json!(["acme", { "number": 0 }]));

    let server = FakeServer::start(|_| (200, json!({ "ids": ["one"], "status": 200 }))).await;
    let config = || plain().event_api_origin(&server.origin).unwrap();
    let cause =
        |step: &str| json!({ "event_id": "1", "run_id": RUN, "step_id": step, "correlation_id": "1" });
    let event = || opened(&json!({ "number": 2, "_meta": meta }));
    call(config(), "ticket-opened-closer", event(), &[]).await;
    let sent = server.asked()[0].json()[0]["data"].clone();
    assert_eq!(sent, json!({ "_cause": cause("send"), "_meta": meta, "number": 2 }));

    let first = ("send", json!({ "data": { "ids": ["one"] } }));
    let answer = call(config(), "ticket-opened-closer", event(), std::slice::from_ref(&first)).await;
    let payload = &answer.json()[0]["opts"]["payload"]["data"];
    assert_eq!(*payload, json!({ "_cause": cause("file"), "_meta": meta, "number": 2 }));

    // An event that was waited for carries it too.
    let later =
        json!({ "id": "9", "name": "ticket/closed", "data": { "number": 3, "_meta": meta }, "ts": 1 });
    let results = [first, ("file", json!({ "data": 2 })), ("later", later)];
    let answer = call(config(), "ticket-opened-closer", event(), &results).await;
    assert_eq!(answer.json(), json!({ "number": 3 }));
}

#[tokio::test]
async fn an_event_without_it_is_refused() {
    let closed = |data: Value| json!({ "id": "1", "name": "ticket/closed", "data": data, "ts": 1 });
    for (function, event, issue) in [
        ("ticket-opened-closer", opened(&json!({ "number": 1 })), "meta: is required"),
        ("ticket-closed-files", closed(json!({ "number": 1 })), "meta: is required"),
        (
            "ticket-closed-files",
            closed(json!({ "number": 1, "_meta": { "user": 1, "tenant": "" } })),
            "meta.tenant: must have at least 1 character, has 0",
        ),
        (
            "ticket-closed-files",
            closed(json!({ "_meta": { "user": 1 } })),
            "number: is required; meta.tenant: is required",
        ),
    ] {
        let answer = call(plain(), function, event, &[]).await;
        assert_eq!(answer.status, 400, "{function}");
        assert_eq!(answer.json()["message"], issue, "{function}");
    }
}

#[tokio::test]
async fn a_time_has_the_default_and_a_failure_what_its_run_had() {
    let time =
        json!({ "id": "1", "name": "inngest/scheduled.timer", "data": { "cron": "0 * * * *" }, "ts": 1 });
    assert_eq!(call(plain(), "count-tickets", time, &[]).await.json(), "nobody");

    let original = opened(&json!({ "number": 1, "_meta": { "user": 7, "tenant": "acme" } }));
    let error = json!({ "name": "Error", "message": "it rains" });
    let data = json!({ "function_id": "app-ticket-opened-closer", "run_id": "r7", "error": error, "event": original });
    let failed = json!({ "id": "2", "name": "inngest/function.failed", "data": data, "ts": 1 });
    let answer = call(plain(), "ticket-opened-closer-failure", failed, &[]).await;
    assert_eq!(
        answer.json(),
        json!(["acme", { "event_id": "1", "run_id": "r7", "correlation_id": "1" }, "1"])
    );
}

#[tokio::test]
async fn a_client_sends_it_in_the_payload() {
    let server = FakeServer::start(|_| (200, json!({ "ids": ["one"], "status": 200 }))).await;
    let inngest = app().inngest(plain().event_api_origin(&server.origin).unwrap());
    let client = inngest.client().with_meta(AppMeta { user: 7, tenant: "acme".into() });
    client.send(TicketClosed { number: 1 }).await.unwrap();
    let sent = server.asked()[0].json()[0]["data"].clone();
    assert_eq!(sent, json!({ "_meta": { "user": 7, "tenant": "acme" }, "number": 1 }));

    let beyond = inngest.client().with_meta(AppMeta { user: u64::MAX, tenant: "acme".into() });
    let refused = beyond.send(TicketClosed { number: 1 }).await.unwrap_err().to_string();
    assert!(refused.contains("meta.user: is 18446744073709551615"), "{refused}");
}
