//! A small software-as-a-service product: users, subscriptions with dunning, and contacts, behind an HTTP interface.
//!
//! ```text
//! cargo run -p example-saas                 # PORT=3000 DATABASE=target/saas.db, unless set
//! ```
//!
//! See the README beside it for the crates and the routes. `tests/service.rs` is a client of it.

mod http;

use std::sync::Arc;

use event_runtime::embedded::Engine;
use event_runtime::prelude::*;
use example_saas_application::{Outside, SaasFunctions, Subscriptions, saas};
use tokio::net::TcpListener;

/// The database, unless the environment names another.
const DATABASE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/saas.db");

/// What the routes need.
#[derive(Clone)]
struct Service {
    engine: Engine<SaasFunctions>,
    subscriptions: Arc<Subscriptions>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let port: u16 = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let database = std::env::var_os("DATABASE").unwrap_or_else(|| DATABASE.into());
    let told_to_stop = told_to_stop()?;

    let (app, subscriptions) = saas(&Outside::default())?;
    let engine = app.embedded(database).start().await?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening on http://{}", listener.local_addr()?);

    let watched = engine.clone();
    let stopping = async move {
        tokio::select! {
            () = told_to_stop => {}
            _ = watched.stopped() => {}
        }
    };
    let router = http::router(Service { engine: engine.clone(), subscriptions });
    let served = axum::serve(listener, router).with_graceful_shutdown(stopping).await;
    // No request sends events any more: what executes may end, and the rest goes on at the next start.
    engine.shutdown().await;
    println!("stopped");
    served?;
    Ok(engine.stopped().await?)
}

/// A Ctrl-C or a `SIGTERM`, which are waited for from now on.
#[cfg(unix)]
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// A Ctrl-C.
#[cfg(not(unix))]
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async { tokio::signal::ctrl_c().await.unwrap_or_default() })
}
