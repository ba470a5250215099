//! A console for [`event_runtime`]: pages, a JSON API and server-sent events, to see and operate an embedded engine.
//!
//! While developing, one line serves it on the loopback, with everything allowed:
//!
//! ```no_run
//! # use event_runtime::prelude::*;
//! # registry! { pub AppEvents = []; }
//! # functions! { pub AppFunctions in AppEvents = []; }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<()> {
//! let engine = App::<AppFunctions>::builder("shop").build()?.embedded("events.db").start().await?;
//! event_console::serve(&engine, "127.0.0.1:8288").await?;
//! # Ok(())
//! # }
//! ```
//!
//! In a service it is a router, read-only unless it is told otherwise, below any path:
//!
//! ```
//! # use event_runtime::prelude::*;
//! # registry! { pub AppEvents = []; }
//! # functions! { pub AppFunctions in AppEvents = []; }
//! use event_console::{Access, Actions, Console};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<()> {
//! # let engine = App::<AppFunctions>::builder("shop").build()?.embedded(":memory:").start().await?;
//! let console = Console::new(&engine).allow(Actions::All).authorize(|request| {
//!     match request.headers.get("x-forwarded-user").and_then(|user| user.to_str().ok()) {
//!         Some(user) => Access::Granted(user.to_owned()),
//!         None => Access::Denied,
//!     }
//! });
//! let router: axum::Router = axum::Router::new().nest("/console", console.into_router());
//! # let _ = router;
//! # engine.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! # What protects it
//!
//! - Nothing can be changed unless [`Console::allow`] says so, and only by requests of its own pages or of programs: one that another
//!   site makes a browser send is refused (`Sec-Fetch-Site`, `Origin`).
//! - [`Console::authorize`] is asked about every request, also those that only read.
//! - [`serve`] binds to the loopback alone, unless there is somebody to ask, and answers only requests for a host of that name.
//! - Every action leaves a line in the audit table of the database: who, what, when, and how many it concerned.
//! - Values of fields with `#[event(sensitive)]` are shown as `•••`.
//! - The content security policy allows nothing but the console's own stylesheet and script. Pages work without the script.

mod api;
mod console;
mod error;
mod guard;
mod page;
mod query;
mod source;

pub use console::{Console, ServeError, serve};
pub use guard::{Access, Action, Actions, Request};
