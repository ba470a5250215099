//! Why a signal was not taken.

use std::fmt;

use crate::Problem;
use crate::client::SharedError;
use crate::validate::Issues;

/// The error of completing a signal. Nothing was changed.
///
/// It names neither the token nor what was sent, so that it can be logged and shown.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum SignalError {
    /// The token is none that this application has given out, or its run was pruned.
    Unknown,
    /// The signal was completed before.
    Used,
    /// The step has stopped waiting: its timeout has passed, or the function has gone on without it.
    Expired,
    /// The run of the step has ended.
    Ended,
    /// No run waits for the signal. An Inngest server does not tell why: it was completed before, its time has passed, its run has ended, or
    /// the run has not come to the step yet; then try again later.
    NotWaiting,
    /// The payload is not valid.
    Rejected(Issues),
    /// JSON was sent for a step whose type of payload is not known here: see [`Signals::accept`](crate::Signals::accept).
    NotAccepted,
    /// The host could not be asked.
    Host(SharedError),
}

impl fmt::Display for SignalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("there is no signal with this token"),
            Self::Used => f.write_str("the signal was completed before: a token can be used once"),
            Self::Expired => f.write_str("the signal has expired: nothing waits for it any more"),
            Self::Ended => f.write_str("the run that waited for the signal has ended"),
            Self::NotWaiting => f.write_str(
                "no run waits for the signal: it was completed before, has expired, or is not waited for yet",
            ),
            Self::Rejected(issues) => write!(f, "the payload of the signal is not valid: {issues}"),
            Self::NotAccepted => f.write_str(
                "no type of payload was accepted for the step of this signal: see `Signals::accept`",
            ),
            Self::Host(error) => write!(f, "the signal could not be handed over: {error}"),
        }
    }
}

impl std::error::Error for SignalError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Rejected(issues) => Some(issues),
            Self::Host(error) => Some(error.get_ref()),
            _ => None,
        }
    }
}

impl From<Issues> for SignalError {
    fn from(issues: Issues) -> Self {
        Self::Rejected(issues)
    }
}

/// Status 404 for an unknown token, 409 for one that was used or is not waited for, 410 for one that has expired or whose run has ended, 400 or
/// 422 for a payload that is not valid, with every issue; 500 when the type of payload is not known, and 503 when the host cannot be
/// asked. The response does not say why: log it before.
impl From<SignalError> for Problem {
    fn from(error: SignalError) -> Self {
        let (status, title) = match error {
            SignalError::Rejected(issues) => return issues.into(),
            SignalError::NotAccepted => return Self::new(500, "Internal Server Error"),
            SignalError::Host(_) => return Self::new(503, "Service Unavailable"),
            SignalError::Unknown => (404, "Not Found"),
            SignalError::Used | SignalError::NotWaiting => (409, "Conflict"),
            SignalError::Expired | SignalError::Ended => (410, "Gone"),
        };
        Self::new(status, title).with_detail(error.to_string())
    }
}
