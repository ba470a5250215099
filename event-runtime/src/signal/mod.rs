//! Signals: a step waits until somebody who has its token completes it, once.

mod address;
#[cfg(any(feature = "embedded", feature = "inngest"))]
mod door;
mod error;
#[cfg(any(feature = "engine", feature = "inngest"))]
mod tokens;

pub(crate) use address::Address;
#[cfg(any(feature = "embedded", feature = "inngest"))]
pub(crate) use door::{Doorkeeper, sealed};
#[cfg(any(feature = "embedded", feature = "inngest"))]
pub use door::{SignalHost, Signals};
pub use error::SignalError;
#[cfg(any(feature = "engine", feature = "inngest"))]
pub(crate) use tokens::Tokens;

use std::sync::Arc;

use crate::validate::{Issue, Issues, Path, Payload, code};

/// Makes the tokens of signals: a host, which has the secret.
pub(crate) trait Sign: Send + Sync {
    /// The token of the signal at this address.
    fn sign(&self, address: &Address) -> String;
}

/// Validates a payload, and writes it as the JSON that its step will get.
pub(crate) fn encode<T: Payload>(payload: &T) -> Result<Arc<str>, SignalError> {
    payload.validate()?;
    let json = payload.to_json()?;
    // What does not read back would fail the step, when nobody is there any more who could mend it.
    check::<T>(&json)?;
    Ok(json.into())
}

/// Checks JSON that a step which waits for a `T` is to get.
pub(crate) fn check<T: Payload>(json: &str) -> Result<(), Issues> {
    T::parse_str(json)?;
    if json.trim() == "null" {
        let message = "is `null`, which stands for a signal that has not come: send an object";
        return Err(Issue::new(&Path::root(), code::INVALID_TYPE, message).into());
    }
    Ok(())
}

/// Checks the size of what a step is to get.
#[cfg(any(feature = "embedded", feature = "inngest"))]
pub(crate) fn check_size(json: &str, max: usize) -> Result<(), Issues> {
    if json.len() <= max {
        return Ok(());
    }
    let message = format!("has {} bytes, more than {max}", json.len());
    Err(Issue::new(&Path::root(), code::TOO_BIG, message).with("maximum", max).into())
}
