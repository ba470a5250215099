//! The route by which signals are completed.

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::routing::post;
use http::StatusCode;

use super::valid::body;
use crate::Problem;
use crate::signal::{SignalError, Signals};

impl Signals {
    /// The route `POST /api/signals/{token}`, to be merged into the router of a service. The token is the credential: whoever has it may
    /// complete the signal, and nobody else can.
    ///
    /// ```
    /// use event_runtime::prelude::*;
    /// use event_runtime::{SignalHost, Signals};
    ///
    /// /// Who has approved.
    /// #[payload]
    /// pub struct Approval {
    ///     #[validate(length(min = 1))]
    ///     by: String,
    /// }
    ///
    /// fn router(engine: &impl SignalHost) -> axum::Router {
    ///     axum::Router::new().merge(Signals::of(engine).accept::<Approval>("approval").into_router())
    /// }
    /// ```
    ///
    /// | | status |
    /// |---|--:|
    /// | the signal was completed | 204 |
    /// | the content type is not that of JSON | 415 |
    /// | the body is larger than axum's limit, 2 MB unless set | 413 |
    /// | the body is not JSON | 400 |
    /// | the payload is not valid: every issue is listed | 422 |
    /// | the token is unknown | 404 |
    /// | the signal was completed before; behind an Inngest server: or has expired, or is not waited for yet | 409 |
    /// | the signal has expired, or its run has ended | 410 |
    /// | the type of the payload was not [accepted](Self::accept) | 500 |
    /// | the host is shut down, or the Inngest server cannot be reached | 503 |
    ///
    /// Refusals are [`Problem`]s. Neither they nor the log have the token or what was sent.
    pub fn into_router(self) -> Router {
        Router::new().route("/api/signals/{token}", post(complete)).with_state(self)
    }
}

async fn complete(
    State(signals): State<Signals>,
    Path(token): Path<String>,
    request: Request,
) -> Result<StatusCode, Problem> {
    let body = body(request, &()).await?;
    match signals.complete(&token, &body).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error) => {
            if let SignalError::NotAccepted | SignalError::Host(_) = error {
                tracing::error!(%error, "a signal could not be taken");
            }
            Err(error.into())
        }
    }
}
