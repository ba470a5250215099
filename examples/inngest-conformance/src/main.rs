//! Serves the functions that Inngest's conformance runner calls, at `127.0.0.1:$PORT/api/inngest`.
//!
//! ```sh
//! PORT=3000 INNGEST_DEV=1 INNGEST_SIGNING_KEY=7468697320697320612074657374206b6579 \
//!     cargo run -p example-inngest-conformance
//! ```

#![allow(unreachable_pub, reason = "modules of a program")]

mod functions;

use event_runtime::App;
use event_runtime::inngest::InngestConfig;
use functions::RunnerFunctions;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port: u16 = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let app = App::<RunnerFunctions>::builder("test-suite").build()?;
    // The runner looks at each step's answer: so that every step is a call of its own.
    let config = InngestConfig::from_env()?.checkpointing(None);
    let router = axum::Router::new().nest("/api/inngest", app.inngest(config).into_router());
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("serving http://{}/api/inngest", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}
