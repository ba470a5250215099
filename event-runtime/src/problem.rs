//! Why a request was refused, as a problem document (RFC 9457).

use std::borrow::Cow;

use serde::Serialize;

use crate::client::SendError;
use crate::validate::{Issues, code};

/// A problem document (RFC 9457): why an HTTP request was refused, as JSON of the type `application/problem+json`.
///
/// It is plain data for any framework. With the feature `axum` it is a response by itself, and so are [`Issues`] and
/// [`SendError`].
///
/// ```
/// use event_runtime::Problem;
/// use event_runtime::prelude::*;
///
/// /// The life of an order.
/// #[domain_events]
/// pub enum OrderEvent {
///     /// An order was placed.
///     Placed {
///         #[validate(email)]
///         buyer: String,
///         #[validate(range(min = 1))]
///         cents: u64,
///     },
/// }
///
/// let issues = OrderPlaced::parse(br#"{ "buyer": "ada", "cents": 0 }"#).unwrap_err();
/// let problem = Problem::from(issues);
/// assert_eq!(problem.status, 422);
/// assert_eq!(
///     serde_json::to_value(problem).unwrap(),
///     serde_json::json!({
///         "title": "Unprocessable Content",
///         "status": 422,
///         "detail": "buyer: must be an e-mail address, such as `ada@example.org`; and 1 more issue",
///         "issues": [
///             {
///                 "path": "buyer",
///                 "code": "invalid_format",
///                 "message": "must be an e-mail address, such as `ada@example.org`",
///                 "params": { "format": "email" },
///             },
///             {
///                 "path": "cents",
///                 "code": "too_small",
///                 "message": "must be at least 1, is 0",
///                 "params": { "minimum": 1, "actual": 0 },
///             },
///         ],
///     }),
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Problem {
    /// A URI that names the kind of problem. Without one, the status says everything about the kind (`about:blank`).
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<Cow<'static, str>>,
    /// The kind of problem for people, the same each time it occurs.
    pub title: Cow<'static, str>,
    /// The status of the HTTP response.
    pub status: u16,
    /// What is wrong this time, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<Cow<'static, str>>,
    /// A URI that names this occurrence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// Every issue of what was sent.
    #[serde(skip_serializing_if = "Issues::is_empty")]
    pub issues: Issues,
}

impl Problem {
    /// The content type of problem documents.
    pub const CONTENT_TYPE: &'static str = "application/problem+json";

    /// Creates a problem whose kind is its status. The title is the name of the status, such as "Not Found" of 404.
    #[must_use]
    pub fn new(status: u16, title: impl Into<Cow<'static, str>>) -> Self {
        let issues = Issues::new();
        Self { kind: None, title: title.into(), status, detail: None, instance: None, issues }
    }

    /// Sets what is wrong this time.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

/// Status 400 when what was sent is not JSON, else 422; with every issue.
impl From<Issues> for Problem {
    fn from(issues: Issues) -> Self {
        let is_malformed =
            issues.iter().any(|issue| matches!(&*issue.code, code::INVALID_JSON | code::INVALID_UTF8));
        let problem = if is_malformed {
            Self::new(400, "Bad Request")
        } else {
            Self::new(422, "Unprocessable Content")
        };
        let detail = summary(&issues).map(Cow::Owned);
        Self { detail, issues, ..problem }
    }
}

/// The first issue, and how many there are besides.
fn summary(issues: &Issues) -> Option<String> {
    let first = issues.iter().next()?;
    Some(match issues.len() - 1 {
        0 => first.to_string(),
        1 => format!("{first}; and 1 more issue"),
        more => format!("{first}; and {more} more issues"),
    })
}

/// An event that is not valid is a problem of the request, as its [`Issues`] are. Otherwise status 413 for too many events in one
/// call, 503 when the host accepts none at present, 502 when an Inngest server refuses them, and 500 when a middleware does. The
/// response does not say why a host failed: log it before.
impl From<SendError> for Problem {
    fn from(error: SendError) -> Self {
        let unavailable = || Self::new(503, "Service Unavailable");
        match error {
            SendError::Rejected(issues) => issues.into(),
            SendError::TooMany { .. } => Self::new(413, "Content Too Large").with_detail(error.to_string()),
            SendError::Full => unavailable().with_detail("too many events are being stored: try again later"),
            SendError::Middleware(_) => Self::new(500, "Internal Server Error"),
            SendError::NotStarted | SendError::Closed | SendError::Store(_) | SendError::Database(_) => {
                unavailable()
            }
            SendError::Server(_) | SendError::Partly { .. } => Self::new(502, "Bad Gateway"),
        }
    }
}

#[cfg(all(test, feature = "engine"))]
mod tests {
    use super::*;
    use crate::client::SharedError;

    #[test]
    fn why_a_host_fails_is_not_told() {
        let secret = || SharedError::new("/var/lib/shop/events.db: disk I/O error");
        let partly = SendError::Partly { refused: vec![1], reason: secret() };
        for (error, status) in
            [(SendError::Store(secret()), 503), (SendError::Server(secret()), 502), (partly, 502)]
        {
            let problem = Problem::from(error);
            assert_eq!(problem.status, status);
            assert!(!serde_json::to_string(&problem).unwrap().contains("disk"), "{problem:?}");
        }
    }
}
