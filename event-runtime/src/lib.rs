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
pub use event::{Event, EventDescriptor, EventSet, SetDescriptor, Upcast};
pub use event_macros::{Validate, controller, domain_events, function, payload};
pub use function::{
    Context, Emit, EmittedBy, Entry, Error, Function, FunctionDescriptor, FunctionList, HandlerResult,
    ListedIn, Meta, Output, Result, SentBy, Step, StepError, Trigger, TriggerEvents, Waiting,
};
pub use registry::{MemberOf, RegisteredIn, Registry};
pub use validate::{Issue, Issues, Payload, Validate};

/// Declares the registry of an application: the explicit list of its event sets.
#[macro_export]
macro_rules! registry {
    ($($tokens:tt)*) => { $crate::__private::registry! { ($crate) $($tokens)* } };
}

/// The event of a registry that has this name, as an [`EventDescriptor`]: a name that it lacks is an error of the compiler.
///
/// ```
/// use event_runtime::{event, prelude::*};
///
/// /// The life of a user.
/// #[domain_events]
/// pub enum UserEvent {
///     /// A user was created.
///     Created { id: u64 },
/// }
///
/// registry! { pub AppEvents = [UserEvent]; }
///
/// assert_eq!(event!(AppEvents, "user/created").action, "created");
/// ```
#[macro_export]
macro_rules! event {
    ($($tokens:tt)*) => { $crate::__private::event! { ($crate) $($tokens)* } };
}

/// Declares the list of the functions of an application.
#[macro_export]
macro_rules! functions {
    ($($tokens:tt)*) => { $crate::__private::functions! { ($crate) $($tokens)* } };
}
