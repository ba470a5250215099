// docs.rs shows which feature each item needs.
#![cfg_attr(docsrs, feature(doc_cfg))]
// The example of the README runs on the embedded engine.
#![cfg_attr(feature = "embedded", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "embedded"),
    doc = "Typed domain events, and functions that react to them in durable steps."
)]

// The hosts share these modules; without the embedded one, or any, parts of them are not used.
#[cfg(feature = "engine")]
#[cfg_attr(not(feature = "embedded"), allow(dead_code, unreachable_pub, unused_imports))]
#[macro_use]
mod engine;

#[macro_use]
mod named;

mod app;
#[cfg(feature = "axum")]
pub mod axum;
#[cfg_attr(not(feature = "embedded"), allow(dead_code))]
mod backoff;
pub mod catalog;
#[cfg_attr(not(feature = "embedded"), allow(dead_code))]
mod client;
#[cfg_attr(not(feature = "embedded"), allow(dead_code))]
pub mod clock;
mod const_text;
#[cfg(feature = "database")]
pub mod database;
#[cfg(feature = "embedded")]
pub mod embedded;
#[cfg(feature = "encryption")]
pub mod encryption;
#[cfg_attr(not(feature = "embedded"), allow(dead_code, unused_imports))]
mod event;
#[cfg_attr(not(feature = "embedded"), allow(dead_code, unused_imports))]
mod function;
#[cfg(feature = "embedded")]
pub mod guide;
#[cfg(any(feature = "engine", feature = "inngest"))]
mod hex;
#[cfg(feature = "inngest")]
pub mod inngest;
#[cfg(feature = "engine")]
#[cfg_attr(docsrs, doc(cfg(any(feature = "embedded", feature = "testing"))))]
#[cfg_attr(not(feature = "embedded"), allow(dead_code, unused_imports))]
pub mod inspect;
mod key_map;
mod macros;
#[cfg_attr(not(feature = "embedded"), allow(dead_code))]
pub mod middleware;
pub mod prelude;
mod problem;
mod registry;
#[cfg(feature = "engine")]
#[cfg_attr(not(feature = "embedded"), allow(dead_code, unreachable_pub, unused_imports))]
mod run;
#[cfg_attr(not(feature = "embedded"), allow(dead_code, unused_imports))]
mod signal;
#[cfg(any(feature = "testing", all(test, feature = "engine")))]
#[cfg_attr(docsrs, doc(cfg(feature = "testing")))]
pub mod testing;
pub mod validate;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private_v0_1;

pub use app::{App, AppBuilder, BuildError};
pub use backoff::Backoff;
pub use client::{Client, Receipt, SendError, Sending, SharedError};
pub use event::{
    Batch, Cause, Cron, Either, Envelope, Event, EventDescriptor, EventList, EventSet, Failed, IntoEnvelope,
    Key, KeyOf, Keyed, ListFor, ListSentBy, Metadata, Original, RawEnvelope, SetDescriptor, Trigger,
    TriggerEvents, Upcast, key,
};
pub use function::{
    Context, Emit, EmittedBy, Error, Function, FunctionDescriptor, FunctionGroup, FunctionList,
    HandlerResult, Invocable, Invoke, ListedIn, Meta, Output, Result, Run, SentBy, Signal, Step, StepError,
    StepKind, StepTimedOut, TypedError, Undoable, WaitForEvent, Waiting, options,
};
pub use macros::{Validate, controller, domain_events, function, payload};
pub use named::UnknownName;
pub use problem::Problem;
pub use registry::{Carries, MemberOf, MetaOf, PartOf, RegisteredIn, Registry, Stamps};
pub use signal::SignalError;
#[cfg(any(feature = "embedded", feature = "inngest"))]
pub use signal::{SignalHost, Signals};
pub use validate::{Issue, Issues, Payload, Validate};
