//! Authorization: the actions that a console allows, and to whom.

use std::fmt;

use axum::extract::{OriginalUri, Request as HttpRequest, State};
use axum::http::header::{HOST, ORIGIN, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, Method, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::console::Shared;
use crate::error::Refusal;

/// An action: what changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Action {
    /// Send an event.
    Send,
    /// Cancel runs.
    Cancel,
    /// Retry runs that have failed or were cancelled.
    Retry,
    /// Start runs again with the same events.
    Replay,
}

impl Action {
    /// Its name, as it stands in paths and in the audit table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Cancel => "cancel",
            Self::Retry => "retry",
            Self::Replay => "replay",
        }
    }

    /// The action on runs with this name.
    pub(crate) fn of_runs(name: &str) -> Option<Self> {
        [Self::Cancel, Self::Retry, Self::Replay].into_iter().find(|action| action.name() == name)
    }
}

/// The actions that a console allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Actions {
    /// None: it only shows.
    #[default]
    None,
    /// All.
    All,
    /// These.
    Only(&'static [Action]),
}

impl Actions {
    /// Whether it allows an action.
    #[must_use]
    pub fn allow(self, action: Action) -> bool {
        match self {
            Self::None => false,
            Self::All => true,
            Self::Only(actions) => actions.contains(&action),
        }
    }
}

/// A request, as [`Console::authorize`](crate::Console::authorize) is asked about it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Request<'a> {
    /// Its headers.
    pub headers: &'a HeaderMap,
    /// Its address.
    pub uri: &'a Uri,
    /// Whether it only reads. Otherwise it wants an action.
    pub reads: bool,
}

/// The decision of an `authorize` hook.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Access {
    /// It is answered, in the name of this person or program: the name stands in the audit table.
    Granted(String),
    /// Nobody has said who they are: status 401, and browsers ask for a name and a password (`Basic`).
    Unknown,
    /// It is refused: status 403.
    Denied,
}

type Authorize = dyn Fn(&Request<'_>) -> Access + Send + Sync;

/// The rules of a console: allowed actions, and the `authorize` hook.
#[derive(Default)]
pub(crate) struct Guard {
    pub(crate) actions: Actions,
    pub(crate) authorize: Option<Box<Authorize>>,
    /// Only requests for a host with the name of the loopback: another site may have its own name lead there.
    pub(crate) only_loopback: bool,
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { actions, authorize, only_loopback } = self;
        let authorizes = authorize.is_some();
        f.debug_struct("Guard")
            .field("actions", actions)
            .field("authorizes", &authorizes)
            .field("only_loopback", only_loopback)
            .finish()
    }
}

impl Guard {
    /// Refuses an action that is not allowed.
    pub(crate) fn check(&self, action: Action) -> Result<(), Refusal> {
        if self.actions.allow(action) {
            return Ok(());
        }
        Err(Refusal::new(403, format!("this console does not allow to {}", action.name())))
    }
}

/// In whose name a request comes, and below which path the console is.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) who: String,
    pub(crate) base: String,
    /// Whether a program asks, and not a browser that shows a page.
    pub(crate) wants_json: bool,
}

/// Lets a request through, or refuses it.
pub(crate) async fn guard(
    State(Shared { guard, .. }): State<Shared>,
    OriginalUri(original): OriginalUri,
    mut request: HttpRequest,
    next: Next,
) -> Response {
    let base = base(original.path(), request.uri().path());
    let wants_json = request.uri().path().starts_with("/api/");
    let mut caller = Caller { who: "console".to_owned(), base, wants_json };
    match admit(&guard, &request) {
        Ok(who) => caller.who = who,
        Err(refusal) => {
            let is_unknown = refusal.status == 401;
            let mut response = refusal.into_response_for(&caller).into_response();
            if is_unknown {
                let challenge = HeaderValue::from_static("Basic realm=\"console\", charset=\"UTF-8\"");
                response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
            }
            return response;
        }
    }
    request.extensions_mut().insert(caller);
    next.run(request).await
}

/// Returns the name of whoever sends a request, unless it is refused.
fn admit(guard: &Guard, request: &HttpRequest) -> Result<String, Refusal> {
    let headers = request.headers();
    if guard.only_loopback && !host(headers).is_some_and(is_loopback) {
        return Err(Refusal::new(403, "the console answers requests for `127.0.0.1` and `localhost` alone"));
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads && !is_same_origin(headers) {
        return Err(Refusal::new(403, "the request comes from another site"));
    }
    let Some(authorize) = &guard.authorize else { return Ok("console".to_owned()) };
    match authorize(&Request { headers, uri: request.uri(), reads }) {
        Access::Granted(who) => Ok(who.chars().take(200).collect()),
        Access::Unknown => Err(Refusal::new(401, "say who you are")),
        Access::Denied => Err(Refusal::new(403, "you may not see this")),
    }
}

/// The path below which the console is.
fn base(original: &str, own: &str) -> String {
    original.strip_suffix(own).unwrap_or(original).trim_end_matches('/').to_owned()
}

/// Whether no other site makes a browser send this. Programs that are no browsers say nothing about it.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match header("sec-fetch-site") {
        Some(site) => return matches!(site, "same-origin" | "none"),
        None if header(ORIGIN.as_str()).is_none() => return true,
        None => {}
    }
    let origin = header(ORIGIN.as_str()).and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    origin.is_some() && origin == header(HOST.as_str())
}

fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get(HOST)?.to_str().ok()
}

/// Whether a host, which may have a port, is the loopback.
fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => return rest.starts_with("::1]"),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<std::net::Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::{base, is_loopback, is_same_origin};

    #[test]
    fn another_site_is_told_by_its_headers() {
        for (headers, own) in [
            (&[][..], true),
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "same-site"), ("origin", "http://a"), ("host", "a")], false),
            (&[("origin", "http://shop:80"), ("host", "shop:80")], true),
            (&[("origin", "http://evil"), ("host", "shop")], false),
            (&[("origin", "null"), ("host", "shop")], false),
            (&[("origin", "null")], false),
        ] {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.insert(*name, value.parse().unwrap());
            }
            assert_eq!(is_same_origin(&map), own, "{headers:?}");
        }
    }

    #[test]
    fn only_names_of_the_loopback_are_its_hosts() {
        for host in ["localhost", "LOCALHOST:1", "127.0.0.1:8288", "127.9.9.9", "[::1]:1", "[::1]"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["localhost.evil.org", "127.0.0.1.evil.org:80", "evil.org", "", "10.0.0.1", "[::2]"] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn the_base_is_what_stands_before() {
        assert_eq!(base("/console/runs", "/runs"), "/console");
        assert_eq!(base("/console", "/"), "/console");
        assert_eq!(base("/", "/"), "");
        assert_eq!(base("/runs", "/runs"), "");
    }
}
