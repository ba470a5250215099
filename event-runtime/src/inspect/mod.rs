//! The query interface: everything that a page about an engine shows.
//!
//! | what | of an engine |
//! |---|---|
//! | lists of runs and events, by filters, page by page | [`runs`](crate::embedded::Engine::runs), [`events`](crate::embedded::Engine::events) |
//! | one run: its event, steps, attempts, parent and children, and what it waits for | [`run`](crate::embedded::Engine::run) |
//! | one event: the runs that it has started, and the functions that it has not, and why | [`event`](crate::embedded::Engine::event) |
//! | functions with their options and statistics | [`functions`](crate::embedded::Engine::functions) |
//! | sizes, limits, counts | [`info`](crate::embedded::Engine::info) |
//! | changes, as they happen | [`changes`](crate::embedded::Engine::changes) |
//! | what operators did | [`audit`](crate::embedded::Engine::audit), noted by [`note`](crate::embedded::Engine::note) |
//! | sensitive values, removed | [`redaction`](crate::embedded::Engine::redaction) |
//!
//! Reading never blocks the writer. A page is read in one short transaction: who goes from page to page for ever keeps no log from
//! being folded.
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

mod audit;
mod change;
#[cfg(feature = "embedded")]
mod engine;
mod event;
mod feed;
mod filter;
mod function;
#[cfg(feature = "embedded")]
mod live;
mod page;
mod redaction;
mod run;
mod text;
mod words;

pub use audit::AuditEntry;
pub use change::RunChange;
#[cfg(feature = "embedded")]
pub use engine::{EngineInfo, LimitsInForce, Sizes};
pub use event::{EventDetails, EventInfo, Skipped};
pub use feed::RunChanges;
pub(crate) use feed::{Feed, Stop, Watch};
pub use filter::{EventFilter, Order, RunFilter};
pub(crate) use filter::{KeyFilter, Period};
pub use function::{FunctionInfo, FunctionStats, Percentiles};
#[cfg(feature = "embedded")]
pub use live::{Change, Changes};
pub use page::{Cursor, Page, ParseCursorError};
pub use redaction::{REDACTED, Redaction};
pub use run::{FailedAttempt, Orphans, RunDetails, RunInfo, RunLink, RunStatus, StepInfo};
pub(crate) use words::of_options;

pub use crate::function::StepKind;
