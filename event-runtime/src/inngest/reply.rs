//! Answers to calls: status, headers that matter, body (sections 4.4.3 and 5.1.1).

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use serde::Serialize;
use serde_json::value::RawValue;

use super::wire::op::{Op, UserError};
use crate::function::{Error, bounded};
use crate::validate::Issues;

/// An answer, before it is signed.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) body: Bytes,
    /// Whether the server is not to try again; said of failures.
    pub(super) no_retry: Option<bool>,
    pub(super) retry_after: Option<Duration>,
}

impl Reply {
    pub(super) fn json(status: StatusCode, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(body) => Self { status, body: body.into(), no_retry: None, retry_after: None },
            // What is written here is made of texts, numbers and JSON: it can be written.
            Err(error) => {
                tracing::error!(%error, "an answer to the Inngest server cannot be written as JSON");
                let body = Bytes::from_static(
                    br#"{"name":"Error","message":"the answer cannot be written as JSON"}"#,
                );
                Self { status: StatusCode::INTERNAL_SERVER_ERROR, body, no_retry: None, retry_after: None }
            }
        }
    }

    /// The function has returned.
    pub(super) fn returned(value: &RawValue) -> Self {
        Self::json(StatusCode::OK, &value)
    }

    /// The call ends here; the run goes on.
    pub(super) fn operations(ops: &[Op]) -> Self {
        Self::json(StatusCode::PARTIAL_CONTENT, &ops)
    }

    /// The function has failed. `recorded` is the error of the step that it failed with, as it was recorded: it is passed on
    /// as it was (section 5.2.2).
    pub(super) fn failed(error: &Error, recorded: Option<&RawValue>) -> Self {
        let is_retriable = error.is_retriable();
        let status = if is_retriable { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::BAD_REQUEST };
        let reply = match recorded {
            Some(recorded) => Self::json(status, &recorded),
            None => Self::json(status, &user_error(error)),
        };
        reply.retriable(is_retriable, error.delay())
    }

    /// Says whether the server is to try again, and when.
    pub(super) fn retriable(self, is_retriable: bool, delay: Option<Duration>) -> Self {
        Self { no_retry: Some(!is_retriable), retry_after: delay.filter(|_| is_retriable), ..self }
    }

    /// The call cannot be carried out.
    pub(super) fn refused(status: StatusCode, name: &str, message: impl Into<String>) -> Self {
        let error = UserError { name: name.to_owned(), message: message.into(), stack: None, data: None };
        Self::json(status, &error).retriable(true, None)
    }
}

/// An error as a server shows it. The names are those of the TypeScript SDK.
pub(super) fn user_error(error: &Error) -> UserError {
    if let Some(typed) = error.as_typed() {
        let (name, data) = (typed.name().to_owned(), Some(typed.value().clone()));
        return UserError { name, message: bounded(error), stack: None, data };
    }
    let name = if error.downcast_ref::<Issues>().is_some() {
        "ValidationError"
    } else if error.step_error().is_some() {
        "StepError"
    } else if !error.is_retriable() {
        "NonRetriableError"
    } else if error.delay().is_some() {
        "RetryAfterError"
    } else {
        "Error"
    };
    UserError { name: name.to_owned(), message: bounded(error), stack: None, data: None }
}
