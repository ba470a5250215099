//! A TypeScript app and a Rust app exchange events, through one Inngest server; and a TypeScript client sends to the embedded
//! engine, without a server.
//!
//! ```sh
//! npm ci --prefix examples/inngest-typescript
//!
//! # with a server
//! npx inngest-cli@latest dev --no-discovery
//! INNGEST_DEV=1 cargo run -p example-inngest-typescript
//! node examples/inngest-typescript/app.mjs http://localhost:8288
//!
//! # without one
//! cargo run -p example-inngest-typescript -- --embedded
//! node examples/inngest-typescript/events.mjs http://127.0.0.1:3000 a-key
//! ```
#![allow(unreachable_pub, reason = "modules of a program")]

mod shop;

use event_runtime::App;
use event_runtime::inngest::{EventEndpoint, InngestConfig};
use shop::ShopFunctions;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port: u16 = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    let app = App::<ShopFunctions>::builder("shop").build()?;
    println!("serving http://{}", listener.local_addr()?);
    if std::env::args().any(|argument| argument == "--embedded") {
        let engine = app.embedded(":memory:").start().await?;
        axum::serve(listener, EventEndpoint::new(engine.client(), "a-key").into_router()).await?;
    } else {
        let inngest = app.inngest(InngestConfig::from_env()?);
        let router = axum::Router::new().nest("/api/inngest", inngest.into_router());
        axum::serve(listener, router).await?;
    }
    Ok(())
}
