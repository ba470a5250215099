//! Steps that wait for a signal.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use super::Waiting;
use crate::function::StepError;
use crate::function::machine::Operation;
use crate::validate::Payload;

/// A step that waits for a signal: a future of the signal's payload, or `None` after the timeout. See
/// [`Step::signal`](super::Step::signal).
#[must_use = "a step does nothing until it is awaited"]
pub struct Signal<'a, T> {
    waiting: Waiting<'a, Option<T>>,
    token: Arc<str>,
    receive: fn(&Operation, &str) -> Result<Option<T>, StepError>,
}

impl<'a, T: Payload> Signal<'a, T> {
    pub(super) fn new(waiting: Waiting<'a, Option<T>>, token: Arc<str>) -> Self {
        Self { waiting, token, receive }
    }
}

impl<T> Signal<'_, T> {
    /// Returns the token with which somebody completes the signal, once: about 95 letters, digits and hyphens, which fit into a URL. It is the same in
    /// every execution of the run, and nobody can guess it.
    ///
    /// Whoever has it can complete the signal: it is a secret, to be sent to those who may, and not to be logged.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Sets the timeout; 366 days unless set. A longer one is an error of the step.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.waiting.set_timeout(timeout);
        self
    }
}

/// Without the token, which is a secret.
impl<T> fmt::Debug for Signal<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signal").finish_non_exhaustive()
    }
}

impl<T> Future for Signal<'_, T> {
    type Output = Result<Option<T>, StepError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let receive = self.receive;
        self.waiting.poll_with(cx, receive)
    }
}

fn receive<T: Payload>(operation: &Operation, json: &str) -> Result<Option<T>, StepError> {
    if json == "null" {
        return Ok(None);
    }
    match T::parse_str(json) {
        Ok(payload) => Ok(Some(payload)),
        Err(issues) => {
            Err(operation.undecodable(format!("has received a signal that is not valid: {issues}")))
        }
    }
}
