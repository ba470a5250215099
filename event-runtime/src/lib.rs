#![doc = include_str!("../README.md")]

mod app;
mod client;
pub mod clock;
#[cfg(feature = "embedded")]
pub mod embedded;
mod envelope;
mod event;
mod function;
pub mod prelude;
mod registry;
pub mod validate;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use app::{App, AppBuilder, BuildError};
pub use client::{Client, Receipt, SendError, Sending};
pub use envelope::{Envelope, IntoEnvelope, RawEnvelope};
pub use event::{Event, EventDescriptor, EventSet, SetDescriptor};
pub use event_macros::{Validate, controller, domain_events, function, payload};
pub use function::{
    Context, Entry, Error, Function, FunctionDescriptor, FunctionList, HandlerResult, ListedIn, Meta, Output,
    Result, Step, StepError, Trigger, Waiting,
};
pub use registry::{MemberOf, RegisteredIn, Registry};
pub use validate::{Issue, Issues, Payload, Validate};

/// Declares the registry of an application: the explicit list of its event sets.
#[macro_export]
macro_rules! registry {
    ($($tokens:tt)*) => { $crate::__private::registry! { ($crate) $($tokens)* } };
}

/// Declares the list of the functions of an application.
#[macro_export]
macro_rules! functions {
    ($($tokens:tt)*) => { $crate::__private::functions! { ($crate) $($tokens)* } };
}
