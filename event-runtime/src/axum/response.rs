//! What is answered to requests that are refused.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};

use super::ValidRejection;
use crate::Problem;
use crate::client::SendError;
use crate::signal::SignalError;
use crate::validate::Issues;

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        // An invalid status code is a fault of the service, not of its client.
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        match serde_json::to_vec(&self) {
            Ok(json) => {
                let content_type = HeaderValue::from_static(Self::CONTENT_TYPE);
                (status, [(CONTENT_TYPE, content_type)], json).into_response()
            }
            Err(error) => {
                tracing::error!(%error, "a problem document cannot be written as JSON");
                status.into_response()
            }
        }
    }
}

macro_rules! answered_with_a_problem {
    ($($error:ty),*) => {$(
        /// A [`Problem`].
        impl IntoResponse for $error {
            fn into_response(self) -> Response {
                Problem::from(self).into_response()
            }
        }
    )*};
}

answered_with_a_problem!(Issues, SendError, SignalError, ValidRejection);
