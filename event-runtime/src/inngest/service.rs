//! The one HTTP endpoint of an application (chapter 4), as a service of tower.

use std::convert::Infallible;
use std::error::Error as StdError;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::OriginalUri;
use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use http::{HeaderMap, Method, Request, Response, StatusCode, Uri};
use http_body::Body;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use tower_service::Service;

use super::call;
use super::headers;
use super::host::Host;
use super::introspect::{Authentication, introspection};
use super::key::SigningKey;
use super::query::Query;
use super::reply::Reply;
use super::signature::{Refusal, sign, verify};
use super::sync;

/// The endpoint of an application: a `tower::Service` of `http` requests, for any server that hosts these.
///
/// `GET` tells about the application, `PUT` syncs it, `POST` calls a function. A request that cannot be believed is
/// answered with 500, as the specification demands (section 4.1.3), and nothing of it is run.
#[derive(Clone)]
pub struct InngestService {
    host: Arc<Host>,
}

impl std::fmt::Debug for InngestService {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InngestService").field("app", &self.host.app).finish_non_exhaustive()
    }
}

impl<B> Service<Request<B>> for InngestService
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let host = Arc::clone(&self.host);
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = match read(body, &parts.headers, host.config.max_body_bytes).await {
                Ok(body) => body,
                Err(refused) => return Ok(respond(&host, refused.into())),
            };
            let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
            let endpoint = Endpoint { host: &host, uri, headers: &parts.headers, body: &body };
            let answered = endpoint.answer(&parts.method).await;
            Ok(respond(&host, answered))
        })
    }
}

impl InngestService {
    pub(super) fn new(host: Arc<Host>) -> Self {
        Self { host }
    }
}

/// Reads the body of a request, unless it is too large.
async fn read<B>(body: B, headers: &HeaderMap, limit: usize) -> Result<Bytes, Reply>
where
    B: Body,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    let refused = |status, message| Reply::refused(status, "InvalidRequest", message);
    let too_large = || refused(StatusCode::PAYLOAD_TOO_LARGE, "the request is too large");
    let announced =
        headers.get(http::header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: usize| length > limit) {
        return Err(too_large());
    }
    match Limited::new(body, limit).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large()),
        Err(_) => Err(refused(StatusCode::BAD_REQUEST, "the body of the request ends too early")),
    }
}

/// A request, read.
struct Endpoint<'r> {
    host: &'r Host,
    uri: &'r Uri,
    headers: &'r HeaderMap,
    body: &'r [u8],
}

/// An answer, and what it is to be signed with.
struct Answered<'h> {
    reply: Reply,
    key: Option<&'h SigningKey>,
    sync_kind: Option<&'static str>,
    /// The kind of server that is meant.
    server_kind: Option<HeaderValue>,
}

impl From<Reply> for Answered<'_> {
    fn from(reply: Reply) -> Self {
        Self { reply, key: None, sync_kind: None, server_kind: None }
    }
}

impl<'r> Endpoint<'r> {
    async fn answer(&self, method: &Method) -> Answered<'r> {
        match *method {
            Method::GET => self.introspect(),
            Method::PUT => self.sync().await,
            Method::POST => self.call().await,
            _ => {
                let message = "the endpoint answers to GET, PUT and POST";
                Reply::refused(StatusCode::METHOD_NOT_ALLOWED, "InvalidRequest", message).into()
            }
        }
    }

    /// Section 4.5: whoever does not have the key is told less, and no error.
    fn introspect(&self) -> Answered<'r> {
        let authentication = match self.signer() {
            Ok(Some(_)) => Authentication::Succeeded,
            Err(Refusal::Unsigned | Refusal::NoKey) if !self.is_signed() => Authentication::Absent,
            Ok(None) => Authentication::Absent,
            Err(_) => Authentication::Failed,
        };
        let reply = Reply::json(StatusCode::OK, &introspection(self.host, authentication));
        Answered { key: self.signer().ok().flatten(), ..reply.into() }
    }

    /// Section 4.3. Anyone may ask for a sync out of band: it tells nothing but to the server. One in band tells whoever asks.
    async fn sync(&self) -> Answered<'r> {
        let query = Query::parse(self.uri.query());
        let kind = self.headers.get(headers::SYNC_KIND).and_then(|kind| kind.to_str().ok());
        if self.host.config.in_band_sync && matches!(kind, Some(headers::IN_BAND | "in-band")) {
            let key = match self.signer() {
                Ok(key) => key,
                Err(refusal) => return refused(refusal).into(),
            };
            let authentication =
                if key.is_some() { Authentication::Succeeded } else { Authentication::Absent };
            let reply = sync::in_band(self.host, self.body, authentication);
            let server_kind = self.headers.get(headers::SERVER_KIND).cloned();
            return Answered { reply, key, sync_kind: Some(headers::IN_BAND), server_kind };
        }
        let reply = match sync::served_at(self.host, self.headers, self.uri.path(), &query) {
            Some(url) => sync::out_of_band(self.host, &query, &url, self.headers).await,
            None => {
                let message = "the request does not say where it was sent: set INNGEST_SERVE_ORIGIN";
                Reply::refused(StatusCode::INTERNAL_SERVER_ERROR, "InvalidRequest", message)
            }
        };
        Answered { sync_kind: Some(headers::OUT_OF_BAND), ..reply.into() }
    }

    /// Section 4.4.
    async fn call(&self) -> Answered<'r> {
        let key = match self.signer() {
            Ok(key) => key,
            Err(refusal) => return refused(refusal).into(),
        };
        let traceparent = self.headers.get("traceparent").and_then(|value| value.to_str().ok());
        let query = Query::parse(self.uri.query());
        let reply = call::answer(self.host, &query, self.body, traceparent).await;
        Answered { key, ..reply.into() }
    }

    fn is_signed(&self) -> bool {
        self.headers.contains_key(headers::SIGNATURE)
    }

    /// Whose request it is. Without a signature it is believed in dev mode alone; whether that is the mode, no request says
    /// (sections 4.1.3, 4.2.2 and 7).
    fn signer(&self) -> Result<Option<&'r SigningKey>, Refusal> {
        let signature = self.headers.get(headers::SIGNATURE);
        let (keys, signature) = match (self.host.keys(), signature) {
            (Some(keys), Some(signature)) => (keys, signature),
            _ if self.host.is_dev() => return Ok(None),
            (None, _) => return Err(Refusal::NoKey),
            (_, None) => return Err(Refusal::Unsigned),
        };
        let signature = signature.to_str().map_err(|_| Refusal::Malformed)?;
        verify(keys, signature, self.body, self.host.environment.now_ms()).map(Some)
    }
}

/// Section 4.1.3: a request that is not believed is answered with 500.
fn refused(refusal: Refusal) -> Reply {
    tracing::warn!(%refusal, "a request to the Inngest endpoint was refused");
    Reply::refused(StatusCode::INTERNAL_SERVER_ERROR, "SignatureError", refusal.to_string())
}

/// Section 4.1.2, and the signature of the answer.
fn respond(host: &Host, answered: Answered<'_>) -> Response<Full<Bytes>> {
    let Answered { reply, key, sync_kind, server_kind } = answered;
    let mut response = Response::new(Full::new(Bytes::new()));
    *response.status_mut() = reply.status;
    let headers = response.headers_mut();
    let mut set = |name, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    set(CONTENT_TYPE, "application/json");
    set(headers::SDK, headers::SDK_VALUE);
    set(headers::REQ_VERSION, headers::EXECUTION_VERSION);
    set(headers::FRAMEWORK, headers::FRAMEWORK_VALUE);
    if let Some(no_retry) = reply.no_retry {
        set(headers::NO_RETRY, if no_retry { "true" } else { "false" });
    }
    if let Some(kind) = sync_kind {
        set(headers::SYNC_KIND, kind);
    }
    if reply.status == StatusCode::METHOD_NOT_ALLOWED {
        set(ALLOW, "GET, PUT, POST");
    }
    if let Some(delay) = reply.retry_after {
        // Whole seconds (RFC 9110, section 10.2.3), and never too early.
        let seconds = delay.as_secs() + u64::from(delay.subsec_nanos() > 0);
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    if let Some(kind) = server_kind {
        headers.insert(headers::EXPECTED_SERVER_KIND, kind);
    }
    if let Some(key) = key
        && let Ok(signature) = HeaderValue::from_str(&sign(key, &reply.body, host.environment.now_ms()))
    {
        headers.insert(headers::SIGNATURE, signature);
    }
    *response.body_mut() = Full::new(reply.body);
    response
}
