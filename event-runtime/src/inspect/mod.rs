//! The query interface: runs, their steps, and events. An engine answers with [`Engine::runs`](crate::embedded::Engine::runs),
//! [`Engine::run`](crate::embedded::Engine::run) and [`Engine::events`](crate::embedded::Engine::events).
//!
//! Everything is [`Serialize`](serde::Serialize), with the names of the fields as they are here; times are RFC 3339 in UTC with
//! milliseconds, payloads and outputs are embedded as JSON. States and kinds are texts, [`Display`](std::fmt::Display) and
//! [`FromStr`](std::str::FromStr). Filters are [`Deserialize`](serde::Deserialize), so that a query string is one:
//!
//! ```
//! use event_runtime::inspect::{Order, RunFilter, RunStatus};
//!
//! let filter: RunFilter = serde_json::from_str(r#"{ "status": "failed,cancelled", "order": "oldest", "limit": 20 }"#)?;
//! let built = RunFilter::new().status(RunStatus::Failed).status(RunStatus::Cancelled).order(Order::Oldest).limit(20);
//! assert_eq!(filter, built);
//!
//! let error = "faild".parse::<RunStatus>().unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "`faild` is no status of a run: did you mean `failed`? write one of `open`, `waiting`, `completed`, `failed`, `cancelled`"
//! );
//! # Ok::<(), serde_json::Error>(())
//! ```

mod change;
mod event;
mod feed;
mod filter;
mod page;
mod run;
mod text;

pub use change::RunChange;
pub use event::EventInfo;
pub use feed::RunChanges;
pub(crate) use feed::{Feed, Stop, Watch};
pub use filter::{EventFilter, Order, RunFilter};
pub(crate) use filter::{KeyFilter, Period};
pub use page::{Cursor, Page, ParseCursorError};
pub use run::{FailedAttempt, Orphans, RunDetails, RunInfo, RunStatus, StepInfo};

pub use crate::function::StepKind;
