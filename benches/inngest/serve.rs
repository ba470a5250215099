//! The servers that are written in Rust.

use axum::body::Bytes;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use event_runtime::inngest::InngestConfig;
use event_runtime::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::load::KEY;

/// The life of a job.
#[domain_events]
pub enum JobEvent {
    /// A job was started.
    Started { n: u64 },
}

registry! {
    /// Every event.
    pub Events = [JobEvent];
}

functions! {
    /// Every function.
    pub Functions in Events = [run_job];
}

/// One step.
#[function(id = "job-started-runner")]
async fn run_job(ctx: &Context<JobStarted>) -> Result<u64> {
    Ok(ctx.step.run("double", async || Ok(ctx.event.n * 2)).await?)
}

/// Serves on any port, and prints it.
pub fn run(server: &str) {
    let router = match server {
        "ours" => endpoint(InngestConfig::dev()),
        "signed" => endpoint(InngestConfig::cloud().signing_key(KEY)),
        "typed" => Router::new().route("/api/inngest", post(typed)),
        _ => Router::new().route("/api/inngest", post(value)),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(async move {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        println!("{}", listener.local_addr().expect("an address").port());
        axum::serve(listener, router).await.expect("it serves");
    });
}

fn endpoint(config: InngestConfig) -> Router {
    let app = App::<Functions>::builder("bench").build().expect("an application");
    Router::new().nest("/api/inngest", app.inngest(config.checkpointing(None)).into_router())
}

#[derive(Deserialize)]
struct Call {
    event: Event,
    ctx: Ctx,
}

#[derive(Deserialize)]
struct Event {
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    n: u64,
}

#[derive(Deserialize)]
struct Ctx {
    run_id: String,
}

#[derive(Serialize)]
struct Op {
    id: &'static str,
    #[serde(rename = "op")]
    code: &'static str,
    name: &'static str,
    data: u64,
}

const STEP: &str = "2bcfcd3bdf6e5fb6bc6ff5bf2cd1d5ef8c61a2f0";

async fn typed(body: Bytes) -> (StatusCode, Json<[Op; 1]>) {
    let call: Call = serde_json::from_slice(&body).expect("a call");
    assert!(!call.ctx.run_id.is_empty());
    let op = Op { id: STEP, code: "StepRun", name: "double", data: call.event.data.n * 2 };
    (StatusCode::PARTIAL_CONTENT, Json([op]))
}

async fn value(Json(call): Json<Value>) -> (StatusCode, Json<Value>) {
    let n = call["event"]["data"]["n"].as_u64().expect("a number");
    let op = json!([{ "id": STEP, "op": "StepRun", "name": "double", "data": n * 2 }]);
    (StatusCode::PARTIAL_CONTENT, Json(op))
}
