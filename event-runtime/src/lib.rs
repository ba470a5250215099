//! Typed domain events.
#![allow(dead_code, reason = "the workspace is being laid out")]

mod app;
mod client;
mod envelope;
mod event;
mod function;
mod validate;

pub use client::{Receipt, SendError};
pub use envelope::{Envelope, IntoEnvelope, RawEnvelope};
pub use event::{Event, EventSet};
pub use function::{
    Context, Error, Function, FunctionDescriptor, HandlerResult, Meta, Result, Step, Trigger,
};
pub use validate::Issues;
