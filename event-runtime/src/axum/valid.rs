//! The extractor of validated bodies.

use std::fmt;

use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;

use crate::Problem;
use crate::event::{Envelope, Event, Metadata};
use crate::validate::{Issues, Payload};

/// Extracts a validated value from the JSON in the body of a request: any [`Payload`], or an event in its [`Envelope`]. With
/// `Envelope<OrderPlaced, AppMeta>` the envelope brings the [`Metadata`] of a registry, too, in its field `meta`.
///
/// ```
/// use axum::body::Body;
/// use axum::extract::FromRequest;
/// use axum::http::Request;
/// use event_runtime::axum::{Valid, ValidRejection};
/// use event_runtime::prelude::*;
///
/// /// One line of an order.
/// #[payload]
/// pub struct Line {
///     #[validate(range(min = 1, max = 99))]
///     quantity: u8,
/// }
///
/// fn request(body: &'static str) -> Request<Body> {
///     Request::post("/lines").header("content-type", "application/json").body(body.into()).unwrap()
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let Valid(line) = Valid::<Line>::from_request(request(r#"{ "quantity": 2 }"#), &()).await.unwrap();
/// assert_eq!(line.quantity, 2);
///
/// let refused = Valid::<Line>::from_request(request(r#"{ "quantity": 100 }"#), &()).await.unwrap_err();
/// let ValidRejection::Invalid(issues) = refused else { panic!("{refused}") };
/// assert_eq!(issues.to_string(), "quantity: must be at most 99, is 100");
/// # }
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Valid<T>(pub T);

impl<T: Payload, S: Send + Sync> FromRequest<S> for Valid<T> {
    type Rejection = ValidRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, ValidRejection> {
        let body = body(request, state).await?;
        Ok(Self(T::parse(&body)?))
    }
}

impl<E: Event, M: Metadata, S: Send + Sync> FromRequest<S> for Valid<Envelope<E, M>> {
    type Rejection = ValidRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, ValidRejection> {
        let body = body(request, state).await?;
        Ok(Self(Envelope::parse_with(&body)?))
    }
}

/// The body of a request that says it is JSON.
pub(super) async fn body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ValidRejection> {
    if is_json(request.headers()) {
        Ok(Bytes::from_request(request, state).await?)
    } else {
        Err(ValidRejection::ContentType)
    }
}

/// Whether the content type is `application/json` or `application/..+json`, with whatever parameters.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(Ok(content_type)) = headers.get(CONTENT_TYPE).map(|value| value.to_str()) else { return false };
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let subtype = essence.strip_prefix("application/");
    subtype.is_some_and(|subtype| subtype == "json" || subtype.ends_with("+json"))
}

/// The rejection of a request without a valid value. As a response it is a [`Problem`].
#[derive(Debug)]
#[non_exhaustive]
pub enum ValidRejection {
    /// The content type is missing, or is not that of JSON.
    ContentType,
    /// The body is larger than the limit, or could not be read to its end.
    Body(BytesRejection),
    /// The body is not JSON, or is not valid.
    Invalid(Issues),
}

impl From<BytesRejection> for ValidRejection {
    fn from(rejection: BytesRejection) -> Self {
        Self::Body(rejection)
    }
}

impl From<Issues> for ValidRejection {
    fn from(issues: Issues) -> Self {
        Self::Invalid(issues)
    }
}

impl fmt::Display for ValidRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ContentType => f.write_str("the content type must be `application/json`"),
            Self::Body(rejection) if is_too_large(rejection) => f.write_str("the body is too large"),
            Self::Body(_) => f.write_str("the body could not be read to its end"),
            Self::Invalid(issues) => write!(f, "the body is not valid: {issues}"),
        }
    }
}

impl std::error::Error for ValidRejection {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::ContentType => None,
            Self::Body(rejection) => Some(rejection),
            Self::Invalid(issues) => Some(issues),
        }
    }
}

fn is_too_large(rejection: &BytesRejection) -> bool {
    rejection.status() == http::StatusCode::PAYLOAD_TOO_LARGE
}

impl From<ValidRejection> for Problem {
    fn from(rejection: ValidRejection) -> Self {
        let detail = rejection.to_string();
        match rejection {
            ValidRejection::ContentType => Self::new(415, "Unsupported Media Type").with_detail(detail),
            ValidRejection::Body(rejection) if is_too_large(&rejection) => {
                Self::new(413, "Content Too Large").with_detail(detail)
            }
            ValidRejection::Body(_) => Self::new(400, "Bad Request").with_detail(detail),
            ValidRejection::Invalid(issues) => issues.into(),
        }
    }
}
