//! Functions: what reacts to events, in durable steps. The step machine here is driven by every host.

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
mod step;

pub use context::{Context, Meta};
pub use descriptor::{Emit, FunctionDescriptor, FunctionSource};
pub use emits::{EmittedBy, SentBy};
pub use error::{Error, Result, StepError};
pub use flow::{Loops, pairs};
pub use handled::handled;
pub use handler::{Function, HandlerResult, Trigger, TriggerEvents};
pub(crate) use handler::{Handler, Invocation, erase};
pub use id::assert_function_id;
pub use list::{Duplicates, Listed, assert_listed, count};
pub use list::{Entry, FunctionList, ListedIn};
pub(crate) use machine::{Failure, Machine, Note, OpId, Outcome, Request, Turn};
pub use step::{Output, Step, Waiting};
