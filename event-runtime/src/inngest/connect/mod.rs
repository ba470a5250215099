//! Connect: a worker that opens a connection to an Inngest server, instead of an endpoint that the server calls (chapter 8 of the
//! SDK specification).
//!
//! For services that nobody can reach from outside: behind a firewall, in a private network, on a laptop. The functions are the
//! same, and one line makes a worker of them:
//!
//! ```no_run
//! use event_runtime::inngest::{ConnectConfig, InngestConfig};
//! use event_runtime::prelude::*;
//! # #[domain_events]
//! # pub enum OrderEvent {
//! #     /// An order was placed.
//! #     Placed { id: u64 },
//! # }
//! # /// Ships it.
//! # #[function(id = "order-placed-ship")]
//! # async fn ship(ctx: &Context<OrderPlaced>) -> Result<()> { let _ = ctx; Ok(()) }
//! # registry! { pub AppEvents = [OrderEvent]; }
//! # functions! { pub AppFunctions in AppEvents = [ship]; }
//!
//! # async fn shutdown() {}
//! #[tokio::main]
//! # async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
//! let app = App::<AppFunctions>::builder("shop").build()?;
//! let worker = app.inngest(InngestConfig::from_env()?).connect(ConnectConfig::from_env()?);
//! worker.run(shutdown()).await?;
//! # Ok(())
//! # }
//! ```
//!
//! The worker reconnects by itself, moves to another gateway when its own closes, asks for more time while a function runs, and
//! brings a result by another way when the gateway does not acknowledge it. When `shutdown` is ready it takes no more calls, lets those
//! that run end, and hands over their results.

mod config;
mod error;
mod line;
mod replies;
mod request;
mod wire;
mod worker;

pub use config::ConnectConfig;
pub use error::ConnectError;
pub use worker::{ConnectionState, Worker};

/// The content type of the requests.
const PROTOBUF: &str = "application/protobuf";
