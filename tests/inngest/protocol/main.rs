//! What the recordings do not show, held to the specification.
#![allow(unreachable_pub, missing_docs, reason = "modules of a test")]

mod app;
mod calls;
mod client;
mod event_endpoint;
mod failures;
mod foreign;
mod limits;
mod meta;
mod options;
mod signals;
mod step_options;
mod sync;
mod triggers;
mod undo;
