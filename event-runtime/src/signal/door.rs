//! The way in for signals from outside: JSON is checked by the type of its step, and handed to the host.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use event_conventions::hash_name;

use super::{Address, SignalError, check};
use crate::client::BoxFuture;
use crate::validate::{Issues, Payload, invalid_utf8};

pub(crate) mod sealed {
    //! The sealed trait of the hosts of this crate.

    use std::sync::Arc;

    use super::Doorkeeper;

    /// A host of this crate.
    pub trait Sealed {
        /// The receiver of its signals.
        #[doc(hidden)]
        fn doorkeeper(&self) -> Arc<dyn Doorkeeper>;
    }
}

/// A host that signals are sent to: the embedded engine, or an Inngest server.
pub trait SignalHost: sealed::Sealed {}

/// Takes signals for a host.
pub trait Doorkeeper: Send + Sync {
    /// The address of a token.
    fn verify(&self, token: &str) -> Result<Address, SignalError>;

    /// Completes a signal with JSON that was checked.
    fn complete(
        self: Arc<Self>,
        address: Address,
        json: Arc<str>,
    ) -> BoxFuture<'static, Result<(), SignalError>>;
}

/// Checks a payload, as the type of its signal wants it.
type Check = fn(&str) -> Result<(), Issues>;

/// The way in for signals that come as JSON, from a web page or another service.
///
/// It is told which type of payload each step waits for, so that JSON is checked before the run gets it. With the feature `axum`
/// it is a router: see [`into_router`](Self::into_router).
///
/// ```
/// use event_runtime::prelude::*;
/// use event_runtime::{SignalError, SignalHost, Signals};
///
/// /// Who has approved.
/// #[payload]
/// pub struct Approval {
///     #[validate(length(min = 1))]
///     by: String,
/// }
///
/// fn door(engine: &impl SignalHost) -> Signals {
///     Signals::of(engine).accept::<Approval>("approval")
/// }
///
/// async fn approve(door: &Signals, token: &str) -> Result<(), SignalError> {
///     door.complete(token, br#"{ "by": "Ada" }"#).await
/// }
/// ```
#[derive(Clone)]
pub struct Signals {
    doorkeeper: Arc<dyn Doorkeeper>,
    /// The check of what a step gets, by the hash of its id.
    accepted: HashMap<u64, Check>,
}

impl Signals {
    /// The way in to the signals of a host. It accepts nothing yet.
    #[must_use]
    pub fn of(host: &impl SignalHost) -> Self {
        Self { doorkeeper: host.doorkeeper(), accepted: HashMap::new() }
    }

    /// Accepts JSON for the steps with this id: `step.signal::<T>("approval")`. Steps that wait for different types have different ids.
    #[must_use]
    pub fn accept<T: Payload>(mut self, step: &str) -> Self {
        self.accepted.insert(hash_name(step), check::<T>);
        self
    }

    /// Completes the signal with this token.
    ///
    /// # Errors
    ///
    /// The JSON is not valid, or the token is unknown, used, expired, or that of a run that has ended: see [`SignalError`].
    pub async fn complete(&self, token: &str, json: &[u8]) -> Result<(), SignalError> {
        let address = self.doorkeeper.verify(token)?;
        let check = self.accepted.get(&address.id).ok_or(SignalError::NotAccepted)?;
        let json = std::str::from_utf8(json).map_err(invalid_utf8)?;
        check(json)?;
        Arc::clone(&self.doorkeeper).complete(address, json.into()).await
    }
}

impl fmt::Debug for Signals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signals").field("accepted", &self.accepted.len()).finish_non_exhaustive()
    }
}
