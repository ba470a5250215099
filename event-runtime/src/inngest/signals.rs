//! Signals that are completed through a server.

use std::sync::Arc;

use http::{Method, StatusCode};
use serde::Serialize;
use serde_json::value::RawValue;

use super::Inngest;
use super::doubles;
use super::host::Host;
use super::server::Ask;
use crate::client::{BoxFuture, SharedError};
use crate::signal::{Address, Doorkeeper, SignalError, SignalHost, check_size, encode, sealed};
use crate::validate::{Issues, Path, Payload};

impl<F> Inngest<F> {
    /// Completes the signal with this token: the step that waits for it gets the payload. See [`Step::signal`](crate::Step::signal).
    ///
    /// A server knows a signal only while its step waits: before, it is [`SignalError::NotWaiting`], and can be sent again later.
    ///
    /// # Errors
    ///
    /// The payload is not valid, the token is unknown, or nothing waits for the signal: see [`SignalError`].
    pub async fn signal<T: Payload>(&self, token: &str, payload: &T) -> Result<(), SignalError> {
        let address = self.host.verify(token)?;
        Arc::clone(&self.host).complete(address, encode(payload)?).await
    }
}

impl<F> SignalHost for Inngest<F> {}

impl<F> sealed::Sealed for Inngest<F> {
    fn doorkeeper(&self) -> Arc<dyn Doorkeeper> {
        Arc::<Host>::clone(&self.host)
    }
}

/// The body of a request that completes a signal.
#[derive(Serialize)]
struct Body<'a> {
    signal: &'a str,
    data: &'a RawValue,
}

impl Doorkeeper for Host {
    fn verify(&self, token: &str) -> Result<Address, SignalError> {
        self.tokens.verify(token)
    }

    fn complete(
        self: Arc<Self>,
        address: Address,
        json: Arc<str>,
    ) -> BoxFuture<'static, Result<(), SignalError>> {
        Box::pin(async move {
            check_size(&json, self.config.max_event_bytes)?;
            let failed = |error: serde_json::Error| SignalError::Host(SharedError::new(error));
            let data: &RawValue = serde_json::from_str(&json).map_err(failed)?;
            let mut issues = Issues::new();
            doubles::check(data, &Path::root(), &mut issues);
            issues.into_result(Some(()))?;
            let body = serde_json::to_vec(&Body { signal: &address.name(), data }).map_err(failed)?;
            let url = format!("{}/v1/signals", self.config.api());
            let ask = Ask { method: Method::POST, url: &url, headers: Vec::new(), body: body.into() };
            let answer = self.server.ask_patiently(ask).await;
            match answer.map_err(|error| SignalError::Host(SharedError::new(error)))?.status {
                status if status.is_success() => Ok(()),
                StatusCode::NOT_FOUND => Err(SignalError::NotWaiting),
                status => {
                    let message = format!("the Inngest server answers {status}");
                    Err(SignalError::Host(SharedError::new(message)))
                }
            }
        })
    }
}
