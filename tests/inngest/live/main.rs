//! A real Inngest server, and an application behind it.
//!
//! ```sh
//! INNGEST_SERVER=/path/to/inngest cargo test -p event-inngest-tests --test inngest_live
//! ```
//!
//! Without the variable nothing is tested, and a line says so. With it, the server is started as a dev server and as a
//! self-hosted one that signs its requests; the application is synced, every kind of step and the options that show within
//! seconds are run, and the server is ended.
#![allow(unreachable_pub, missing_docs, reason = "modules of a test")]

mod app;
mod server;

use std::time::{Duration, Instant};

use app::{EXPECTED, Log, TrialFunctions, events, functions};
use event_runtime::inngest::{Checkpointing, ConnectConfig, ConnectionState, Inngest, InngestConfig};
use server::{Kind, LiveServer};

const SIGNING_KEY: &str = "0123456789abcdef0123456789abcdef";
const EVENT_KEY: &str = "fedcba9876543210fedcba9876543210";

#[tokio::test]
async fn dev_server_with_checkpoints() {
    live(Kind::Dev, Some(Checkpointing::SAFE), Way::Endpoint).await;
}

#[tokio::test]
async fn dev_server_with_one_call_a_step() {
    live(Kind::Dev, None, Way::Endpoint).await;
}

#[tokio::test]
async fn dev_server_with_a_worker() {
    live(Kind::Dev, None, Way::Worker).await;
}

#[tokio::test]
async fn self_hosted_server_with_a_worker_and_checkpoints() {
    let kind = Kind::SelfHosted { signing_key: SIGNING_KEY, event_key: EVENT_KEY };
    live(kind, Some(Checkpointing::SAFE), Way::Worker).await;
}

#[tokio::test]
async fn self_hosted_server_that_signs() {
    let kind = Kind::SelfHosted { signing_key: SIGNING_KEY, event_key: EVENT_KEY };
    live(kind, Some(Checkpointing::BLENDED), Way::Endpoint).await;
}

/// How calls reach the application.
#[derive(Clone, Copy)]
enum Way {
    /// The server calls an endpoint.
    Endpoint,
    /// A worker has connected to the server.
    Worker,
}

async fn live(kind: Kind, checkpointing: Option<Checkpointing>, way: Way) {
    let Some(program) = std::env::var_os("INNGEST_SERVER") else {
        println!("skipped: set INNGEST_SERVER to the path of an Inngest server to test against it");
        return;
    };
    let server = LiveServer::start(&program, kind).await;
    let config = match kind {
        Kind::Dev => InngestConfig::dev(),
        Kind::SelfHosted { signing_key, event_key } => {
            InngestConfig::cloud().signing_key(format!("signkey-test-{signing_key}")).event_key(event_key)
        }
    };
    let config = config.api_origin(&server.origin).unwrap().event_api_origin(&server.origin).unwrap();
    let log = Log::default();
    let inngest = functions(&log).inngest(config.checkpointing(checkpointing));
    let client = inngest.client();
    match way {
        Way::Endpoint => serve(inngest, &server).await,
        Way::Worker => connect(&inngest).await,
    }

    let start = Instant::now();
    let key = match kind {
        Kind::Dev => "key",
        Kind::SelfHosted { event_key, .. } => event_key,
    };
    let mixed = |text: &str| format!(r#"{{"name":"trial/mixed","data":{{"text":"{text}"}}}}"#);
    server.send(key, &format!("[{},{}]", mixed("yes"), mixed("never"))).await;
    events(&client).await;
    let expected = EXPECTED.map(|(what, ..)| what);
    let deadline = start + Duration::from_secs(90);
    while log.sorted() != expected && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(log.sorted(), expected, "server log: {}", server.log());
    let times = log.times(start);
    for (what, from, to) in EXPECTED {
        assert!((from..to).contains(&times[what]), "{what} after {} s: {times:?}", times[what]);
    }
}

/// Serves the application, and has the server sync it.
async fn serve(inngest: Inngest<TrialFunctions>, server: &LiveServer) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/api/inngest", listener.local_addr().unwrap());
    let router = axum::Router::new().nest("/api/inngest", inngest.into_router());
    tokio::spawn(async move { axum::serve(listener, router).await });
    server.sync(&url).await;
}

/// Connects a worker, which syncs by itself.
async fn connect(inngest: &Inngest<TrialFunctions>) {
    let worker = inngest.connect(ConnectConfig::default());
    let mut state = worker.state();
    tokio::spawn(worker.run(std::future::pending()));
    state.wait_for(|state| *state == ConnectionState::Active).await.unwrap();
}
