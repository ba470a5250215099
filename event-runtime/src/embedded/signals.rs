//! Signals that are completed from outside of an engine.

use std::sync::Arc;

use super::Engine;
use super::engine::Shared;
use crate::client::{BoxFuture, SharedError};
use crate::engine::message::{Question, Reply};
use crate::signal::{Address, Doorkeeper, Sign, SignalError, SignalHost, check_size, encode, sealed};
use crate::validate::Payload;

impl<F> Engine<F> {
    /// Completes the signal with this token: the step that waits for it, or will, gets the payload. See
    /// [`Step::signal`](crate::Step::signal).
    ///
    /// ```
    /// # use event_runtime::prelude::*;
    /// # use event_runtime::embedded::Engine;
    /// # use event_runtime::SignalError;
    /// /// Who has approved.
    /// #[payload]
    /// pub struct Approval {
    ///     #[validate(length(min = 1))]
    ///     by: String,
    /// }
    ///
    /// async fn approve<F>(engine: &Engine<F>, token: &str) -> Result<(), SignalError> {
    ///     engine.signal(token, &Approval { by: "Ada".into() }).await
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// The payload is not valid, or the token is unknown, used, expired, or that of a run that has ended: see [`SignalError`].
    pub async fn signal<T: Payload>(&self, token: &str, payload: &T) -> Result<(), SignalError> {
        let address = self.shared.verify(token)?;
        Arc::clone(&self.shared).complete(address, encode(payload)?).await
    }

    /// Returns the token of a signal, for operators who complete it in somebody's place: of the step with this id, numbered if the id is
    /// used again (`approval:1`), in the run with this id. Whether there is such a run, and such a step, shows when the token is
    /// used.
    pub fn signal_token(&self, run_id: &str, step_id: &str) -> String {
        let tokens = self.shared.tokens.get();
        tokens.map_or_else(String::new, |tokens| tokens.sign(&Address::of_step(run_id, step_id)))
    }
}

impl<F> SignalHost for Engine<F> {}

impl<F> sealed::Sealed for Engine<F> {
    fn doorkeeper(&self) -> Arc<dyn Doorkeeper> {
        Arc::<Shared>::clone(&self.shared)
    }
}

impl Doorkeeper for Shared {
    fn verify(&self, token: &str) -> Result<Address, SignalError> {
        self.tokens.get().ok_or(SignalError::Unknown)?.verify(token)
    }

    fn complete(
        self: Arc<Self>,
        address: Address,
        json: Arc<str>,
    ) -> BoxFuture<'static, Result<(), SignalError>> {
        Box::pin(async move {
            check_size(&json, self.limits.step_output_bytes)?;
            let reply = self.ask(Question::Signal { address, json }).await;
            match reply.map_err(|error| SignalError::Host(SharedError::new(error)))? {
                Reply::Signal(reply) => reply.into_result(),
                _ => Err(SignalError::Unknown),
            }
        })
    }
}
