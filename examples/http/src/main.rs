//! An HTTP service: axum in front, the embedded engine behind, and one shutdown for both.
//!
//! ```text
//! cargo run -p example-http
//! curl -i http://127.0.0.1:3000/orders --json '{ "id": "67e55044-10b1-426f-9247-bb680e5fe0c8", "customer": "ada", "lines": [] }'
//! ```
//!
//! See the README beside it for the routes. `tests/service.rs` is a client of it.

mod events;
mod functions;
mod http;
#[cfg(test)]
mod tests;

use event_runtime::embedded::Engine;
use event_runtime::prelude::*;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use functions::{ShopFunctions, Warehouse};

/// The database, unless the environment names another.
const DATABASE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/orders.db");

/// How long requests in flight may take to end.
const GRACE: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() -> Result<()> {
    let port: u16 = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let database = std::env::var_os("DATABASE").unwrap_or_else(|| DATABASE.into());
    let told_to_stop = told_to_stop()?;

    let app = App::<ShopFunctions>::builder("shop").provide(Warehouse).build()?;
    let engine = app.embedded(database).start().await?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening on http://{}", listener.local_addr()?);

    let served = serve(listener, &engine, told_to_stop).await;
    // No request sends events any more: what executes may end, and the rest goes on at the next start.
    engine.shutdown().await;
    println!("stopped");
    served?;
    Ok(engine.stopped().await?)
}

/// Answers requests until the process is told to stop or the engine dies, and then those that are in flight.
async fn serve(
    listener: TcpListener,
    engine: &Engine<ShopFunctions>,
    told_to_stop: impl Future<Output = ()>,
) -> std::io::Result<()> {
    let (stop, stopping) = oneshot::channel();
    let server = axum::serve(listener, http::router(engine.clone()))
        .with_graceful_shutdown(async { stopping.await.unwrap_or_default() });
    let too_long = async {
        tokio::select! {
            () = told_to_stop => {}
            _ = engine.stopped() => {}
        }
        println!("stopping");
        // The server, at the other end, may have stopped by itself.
        let _ = stop.send(());
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        result = server => result,
        () = too_long => {
            eprintln!("some requests were not answered within {GRACE:?}");
            Ok(())
        }
    }
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
    let interrupt = tokio::signal::ctrl_c();
    Ok(async { interrupt.await.unwrap_or_default() })
}
