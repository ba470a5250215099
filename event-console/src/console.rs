//! The console: how it is put together and served.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::Request as HttpRequest;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::{Router, routing::get};
use event_runtime::FunctionList;
use event_runtime::embedded::Engine;
use tokio::net::TcpListener;

use crate::guard::{Access, Actions, Guard, Request, guard};
use crate::source::{Drafts, Source};
use crate::{api, page};

/// The state that every handler shares.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) source: Arc<dyn Source>,
    pub(crate) guard: Arc<Guard>,
    pub(crate) drafts: Arc<Drafts>,
}

/// A console of one engine. See [the crate](crate).
pub struct Console {
    source: Arc<dyn Source>,
    guard: Guard,
}

impl fmt::Debug for Console {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Console").field("guard", &self.guard).finish_non_exhaustive()
    }
}

impl Console {
    /// A console that shows everything and changes nothing.
    pub fn new<F: FunctionList>(engine: &Engine<F>) -> Self {
        Self { source: crate::source::of(engine), guard: Guard::default() }
    }

    /// Allows actions: to send events, to cancel, retry and replay runs. Without this there is none.
    #[must_use]
    pub fn allow(mut self, actions: Actions) -> Self {
        self.guard.actions = actions;
        self
    }

    /// Asks about every request whether it may be answered, and in whose name. It must not block.
    #[must_use]
    pub fn authorize(mut self, authorize: impl Fn(&Request<'_>) -> Access + Send + Sync + 'static) -> Self {
        self.guard.authorize = Some(Box::new(authorize));
        self
    }

    /// Returns its routes: the pages at `/`, the JSON API at `/api`. They can be nested below any path.
    pub fn into_router(self) -> Router {
        let shared = Shared { source: self.source, guard: Arc::new(self.guard), drafts: Arc::default() };
        Router::new()
            .merge(page::routes())
            .nest("/api", api::routes())
            .route("/assets/{file}", get(page::asset))
            .fallback(page::not_found)
            .layer(from_fn_with_state(shared.clone(), guard))
            .layer(from_fn(with_headers))
            .with_state(shared)
    }
}

/// The content security policy: a page loads the console's own stylesheet and script, and nothing else.
const POLICY: &str =
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

async fn with_headers(request: HttpRequest, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value| drop(headers.insert(name, HeaderValue::from_static(value)));
    set(CONTENT_SECURITY_POLICY, POLICY);
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(REFERRER_POLICY, "same-origin");
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Why [`serve`] does not serve.
#[derive(Debug)]
#[non_exhaustive]
pub enum ServeError {
    /// The address is not one.
    Address {
        /// The address that was given.
        address: String,
        /// Why it is not.
        source: std::net::AddrParseError,
    },
    /// The address can be reached from other machines, and nobody is asked who may do what.
    NotLoopback {
        /// The address.
        address: SocketAddr,
    },
    /// It cannot be bound, or serving has failed.
    Io(std::io::Error),
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address { address, source } => {
                write!(f, "`{address}` is not an address: {source}; write one such as `127.0.0.1:8288`")
            }
            Self::NotLoopback { address } => write!(
                f,
                "the console would be open to everyone who reaches {address}, and everything is allowed there: serve it on the \
                 loopback, such as `127.0.0.1:{}`, or put `Console::new(&engine).authorize(..).into_router()` into a server of \
                 your own",
                address.port()
            ),
            Self::Io(error) => write!(f, "the console cannot be served: {error}"),
        }
    }
}

impl std::error::Error for ServeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Address { source, .. } => Some(source),
            Self::Io(error) => Some(error),
            Self::NotLoopback { .. } => None,
        }
    }
}

/// Serves a console of an engine for development: on the loopback, with everything allowed. It ends when the engine has stopped.
///
/// # Errors
///
/// When the address is not one of the loopback (the console would be open to others), or cannot be bound.
pub async fn serve<F: FunctionList>(engine: &Engine<F>, address: &str) -> Result<(), ServeError> {
    let parsed: SocketAddr = address
        .parse()
        .map_err(|source| ServeError::Address { address: address.chars().take(80).collect(), source })?;
    if !parsed.ip().is_loopback() {
        return Err(ServeError::NotLoopback { address: parsed });
    }
    let mut console = Console::new(engine).allow(Actions::All);
    console.guard.only_loopback = true;
    let listener = TcpListener::bind(parsed).await.map_err(ServeError::Io)?;
    if let Ok(bound) = listener.local_addr() {
        tracing::info!("the console is at http://{bound}");
    }
    let stopped = engine.clone();
    let server = axum::serve(listener, console.into_router())
        .with_graceful_shutdown(async move { drop(stopped.stopped().await) });
    server.await.map_err(ServeError::Io)
}
