//! Error responses: a problem document (RFC 9457), or a page.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use event_runtime::embedded::{CommandError, EngineError};
use event_runtime::{Issues, Problem, SendError};

use crate::guard::Caller;
use crate::page;

/// Why a request is not answered as it wants.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) detail: String,
    pub(crate) issues: Issues,
}

impl Refusal {
    pub(crate) fn new(status: u16, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into(), issues: Issues::new() }
    }

    /// The response to an unknown id.
    pub(crate) fn not_found(what: &str, id: &str) -> Self {
        let id: String = id.chars().take(80).collect();
        Self::new(404, format!("there is no {what} `{id}`: it was removed with the history, or never was"))
    }

    /// The kind of refusal.
    pub(crate) fn title(&self) -> &'static str {
        StatusCode::from_u16(self.status).ok().and_then(|status| status.canonical_reason()).unwrap_or("Error")
    }

    /// A page for browsers, a problem document for programs.
    pub(crate) fn into_response_for(self, caller: &Caller) -> Response {
        if caller.wants_json { self.into_response() } else { page::refused(caller, &self) }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut problem = Problem::new(self.status, self.title()).with_detail(self.detail);
        problem.issues = self.issues;
        problem.into_response()
    }
}

/// The cause is logged; the response says only that something has failed.
impl From<EngineError> for Refusal {
    fn from(error: EngineError) -> Self {
        tracing::warn!(%error, "the engine does not answer the console");
        Self::new(
            503,
            "the engine has stopped, or its database cannot be read: the log of the process says why",
        )
    }
}

impl From<CommandError> for Refusal {
    fn from(error: CommandError) -> Self {
        match error {
            CommandError::NoRun { .. } => Self::new(404, error.to_string()),
            CommandError::Refused { .. } => Self::new(409, error.to_string()),
            _ => {
                tracing::warn!(%error, "an action of the console has failed");
                Self::new(503, "the engine has stopped: the log of the process says why")
            }
        }
    }
}

impl From<SendError> for Refusal {
    fn from(error: SendError) -> Self {
        if !matches!(error, SendError::Rejected(_)) {
            tracing::warn!(%error, "an event of the console was not sent");
        }
        let problem = Problem::from(error);
        let detail = problem.detail.unwrap_or(problem.title).into_owned();
        Self { status: problem.status, detail, issues: problem.issues }
    }
}
