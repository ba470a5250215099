//! Functions: what reacts to events, in durable steps. The step machine here is driven by every host.

mod application;
mod context;
mod descriptor;
mod emits;
mod error;
mod flow;
mod handled;
mod handler;
mod id;
mod list;
mod machine;
pub mod options;
mod step;
mod trigger;

pub use application::Collector;
pub(crate) use application::{Application, Controllers, Provided, RegisteredFunction};
pub use context::{Context, Meta};
pub use descriptor::{Emit, FunctionDescriptor, FunctionSource};
pub use emits::{EmittedBy, SentBy};
pub(crate) use error::bounded;
pub use error::{Error, Result, StepError};
pub use flow::{Loops, pairs};
pub use handled::handled;
pub use handler::{Function, HandlerResult};
pub(crate) use handler::{Handler, Invocation, erase};
pub use id::{assert_failure_handler, assert_function_id, assert_paths};
pub use list::{Duplicates, Listed, assert_listed, count};
pub use list::{Entry, FunctionList, ListedIn};
pub(crate) use machine::{
    Failure, InvokeRequest, MAX_WAIT_MS, Machine, Note, OpId, Outcome, Request, Turn, WaitRequest,
    panic_message,
};
pub(crate) use options::Options;
#[cfg(test)]
pub(crate) use step::Raw;
pub(crate) use step::TOO_LONG;
pub use step::{Invoke, Output, Step, StepKind, WaitForEvent, Waiting};
pub use trigger::{Batch, Cron, Either, Failed, Trigger, TriggerEvents};
pub(crate) use trigger::{FAILURE_EVENT, FailureData, FailureError};
