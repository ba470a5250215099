//! Middleware: what is done around every event, function and step of an application, on every host.
#![doc = include_str!("../../docs/middleware.md")]

mod chain;
mod errors;
mod expression;
mod info;
mod json;
mod logging;
mod next;

#[cfg(all(test, feature = "engine"))]
mod tests;

use std::pin::Pin;

pub(crate) use chain::{Chain, Find, Layers, review};
pub use errors::OnError;
pub use expression::Expression;
pub(crate) use expression::of_options;
pub use info::{Execution, Failure, Host, Place, SentEvent, StepAttempt};
pub use json::Json;
pub use logging::Logging;
pub use next::Next;

use crate::event::RawEnvelope;
use crate::function::Result;

/// What an execution or the body of a step gives: a future.
pub type Running<'a> = Pin<Box<dyn Future<Output = Result<Json>> + Send + 'a>>;

/// A layer between the hosts and the code of an application. Every method has a default that changes nothing.
///
/// It is registered by [`AppBuilder::middleware`](crate::AppBuilder::middleware), or for the events of one client by
/// [`Client::middleware`](crate::Client::middleware). See [the module](self) for the order, and for examples.
pub trait Middleware: Send + Sync + 'static {
    /// Transforms an event on its way to the host: sent by a client, by `step.send`, or as the argument of `step.invoke`. It is
    /// valid when it comes here; what the middleware makes of it is not checked again.
    ///
    /// # Errors
    ///
    /// The event is not sent. A step then fails with [`StepError::Invalid`](crate::StepError::Invalid), a client with
    /// [`SendError::Middleware`](crate::SendError::Middleware).
    fn send(&self, event: &mut SentEvent<'_>) -> Result<()> {
        let _ = event;
        Ok(())
    }

    /// Transforms an event on its way from the host: one that starts a run, or one that a step has waited for. It is validated
    /// after that.
    ///
    /// # Errors
    ///
    /// The execution fails with this error: its function does not learn of it.
    fn receive(&self, event: &mut RawEnvelope) -> Result<()> {
        let _ = event;
        Ok(())
    }

    /// Transforms a result on its way to the host, which records it: of a body, or of a function.
    ///
    /// # Errors
    ///
    /// The attempt fails with this error.
    fn record(&self, place: &Place<'_>, result: Json) -> Result<Json> {
        let _ = place;
        Ok(result)
    }

    /// Transforms a recorded result on its way to the function: of a body, or of a function that was invoked. It is called for
    /// new results, for those of earlier executions, and when somebody looks at a run.
    ///
    /// # Errors
    ///
    /// The execution fails with this error: its function does not learn of it.
    fn recall(&self, place: &Place<'_>, result: Json) -> Result<Json> {
        let _ = place;
        Ok(result)
    }

    /// Wraps an execution: a function from its top to its end. It is dropped where the execution ends before that: when the run is
    /// evicted or cancelled, and on an Inngest server at each step that the server carries out.
    fn function<'a>(&'a self, execution: &'a Execution, next: Next<'a, Execution>) -> Running<'a> {
        let _ = execution;
        next.run()
    }

    /// Wraps one attempt of the body of a `step.run`. A step with a recorded result does not run again, so it does not come here.
    fn step<'a>(&'a self, attempt: &'a StepAttempt, next: Next<'a, StepAttempt>) -> Running<'a> {
        let _ = attempt;
        next.run()
    }

    /// Observes a failed attempt, of a body or of a function. Panics count.
    fn failed(&self, failure: &Failure<'_>) {
        let _ = failure;
    }

    /// Reviews an expression that the host evaluates: of an option when the application is built, of `matching` when the step is
    /// first awaited.
    ///
    /// # Errors
    ///
    /// Why the expression cannot be evaluated: the application is not built, or the step fails.
    fn review(&self, expression: &Expression<'_>) -> Result<(), String> {
        let _ = expression;
        Ok(())
    }
}
