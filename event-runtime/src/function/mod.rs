//! Functions: what reacts to events, in durable steps. The step machine here is driven by every host.

mod application;
mod context;
mod descriptor;
mod emits;
mod error;
mod handler;
mod hints;
mod invocable;
mod list;
mod machine;
pub mod options;
mod output;
mod proofs;
mod step;
mod typed;

pub use application::Collector;
pub(crate) use application::{Application, Controllers, Provided, RegisteredFunction, RegistryOf};
pub use context::{Context, Meta};
pub use descriptor::{Emit, FunctionDescriptor, FunctionSource};
pub use emits::{Emits, EmittedBy, SentBy};
pub(crate) use error::bounded;
pub use error::{Error, Result, StepError};
pub use handler::{Function, HandlerResult};
pub(crate) use handler::{Handler, Invocation, Unfit, erase};
pub use hints::returned;
pub(crate) use invocable::Foreign;
pub use invocable::Invocable;
pub use list::{FunctionGroup, FunctionList, Listed, ListedIn, assert_listed, count};
pub use machine::StepTimedOut;
#[cfg(any(feature = "embedded", feature = "inngest"))]
pub(crate) use machine::TokioAlarms;
#[cfg(any(feature = "testing", all(test, feature = "engine")))]
pub(crate) use machine::{Alarms, Alone};
pub(crate) use machine::{
    Completion, Failure, InvokeRequest, Journal, MAX_WAIT_MS, Machine, Means, OpId, Outcome, Polled,
    Promises, Request, SignalRequest, StepChange, StepOptions, WaitRequest, function_panicked, panic_message,
    wrong_kind,
};
#[cfg(feature = "inngest")]
pub(crate) use machine::{LAST, Recorded};
pub(crate) use machine::{Undo, UndoTask, undo_key, undone_step};
pub(crate) use options::Options;
pub(crate) use output::encode_output;
#[cfg(feature = "engine")]
pub(crate) use proofs::assert_member;
pub use proofs::{
    Duplicates, EventsOf, Loops, NoEvents, WantedWith, assert_failure_handler, assert_foreign_id,
    assert_function_id, assert_key, assert_key_of_version, assert_not_own, assert_numbers, assert_options,
    assert_paths, assert_same_key, handled_as_declared, key_of, pairs, same_key,
};
#[cfg(feature = "database")]
pub use step::OnDatabase;
#[cfg(test)]
pub(crate) use step::Raw;
pub(crate) use step::TOO_LONG;
pub use step::{Invoke, Output, Run, Signal, Step, StepKind, Undoable, WaitForEvent, Waiting};
pub use typed::TypedError;
