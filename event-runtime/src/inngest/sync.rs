//! Syncs (section 4.3): telling a server which functions there are, and where.

use http::{HeaderMap, Method, StatusCode};
use serde::{Deserialize, Serialize};
use url::Url;

use super::headers;
use super::host::Host;
use super::introspect::{Authentication, CAPABILITIES, introspection};
use super::query::Query;
use super::registration;
use super::reply::Reply;
use super::server::Ask;
use super::wire::registration::{FunctionConfig, InBand, Registration};

/// The answer to a sync (section 4.3.1).
#[derive(Serialize)]
struct Synced<'a> {
    message: &'a str,
    modified: bool,
}

/// The answer of a server to a registration (sections 4.3.3 and 4.3.4).
#[derive(Deserialize)]
struct Registered {
    #[serde(default)]
    ok: bool,
    #[serde(default)]
    modified: Option<bool>,
    #[serde(default)]
    error: Option<String>,
}

/// Registers the functions with the server.
pub(super) async fn out_of_band(host: &Host, query: &Query, url: &str, request: &HeaderMap) -> Reply {
    let functions = functions(host, url);
    let registration = Registration {
        url,
        deploy_type: "ping",
        app_name: &host.app,
        sdk: headers::SDK_VALUE,
        v: "0.1",
        framework: headers::FRAMEWORK_VALUE,
        functions: &functions,
        capabilities: CAPABILITIES,
    };
    let mut sent = vec![(headers::SYNC_KIND, headers::OUT_OF_BAND.to_owned())];
    // So that the server of one kind refuses what was meant for the other.
    let kind = request.get(headers::SERVER_KIND).and_then(|kind| kind.to_str().ok());
    sent.extend(kind.map(|kind| (headers::EXPECTED_SERVER_KIND, kind.to_owned())));
    let url = register_url(host, query.deploy.as_deref());
    let registered = match serde_json::to_vec(&registration) {
        Ok(body) => {
            register(host, Ask { method: Method::POST, url: &url, headers: sent, body: body.into() }).await
        }
        Err(error) => Err(format!("the functions cannot be written as JSON: {error}")),
    };
    match registered {
        Ok(modified) => Reply::json(StatusCode::OK, &Synced { message: "Successfully registered", modified }),
        Err(message) => {
            tracing::error!(app = host.app, %message, "the Inngest server has not registered the functions");
            Reply::json(StatusCode::INTERNAL_SERVER_ERROR, &Synced { message: &message, modified: false })
        }
    }
}

/// Asks the server to register, and tells whether something has changed there; else why it has not.
async fn register(host: &Host, ask: Ask<'_>) -> Result<bool, String> {
    let answer = host.server.ask(ask).await.map_err(|error| error.to_string())?;
    let status = format!("the Inngest server answers {}", answer.status);
    let is_success = answer.status == StatusCode::OK;
    match serde_json::from_slice::<Registered>(&answer.body) {
        Ok(Registered { ok: true, modified, .. }) if is_success => Ok(modified.unwrap_or(false)),
        Ok(Registered { error: Some(error), .. }) => Err(error),
        _ if !is_success => Err(status),
        Ok(_) => Err(format!("{status} with something that is not the answer to a sync: `ok` is not true")),
        Err(error) => Err(format!("{status} with something that is not the answer to a sync: {error}")),
    }
}

fn register_url(host: &Host, deploy: Option<&str>) -> String {
    let mut url = format!("{}/fn/register", host.config.api());
    if let Some(deploy) = deploy {
        url.push_str("?deployId=");
        url.extend(url::form_urlencoded::byte_serialize(deploy.as_bytes()));
    }
    url
}

/// The request for an in-band sync.
#[derive(Deserialize)]
struct InBandRequest {
    url: String,
}

/// Answers with the functions (section 4.3.5).
pub(super) fn in_band(host: &Host, body: &[u8], authentication: Authentication) -> Reply {
    let url =
        serde_json::from_slice::<InBandRequest>(body).ok().and_then(|request| Url::parse(&request.url).ok());
    let Some(url) = url.filter(|url| matches!(url.scheme(), "http" | "https")) else {
        let message = "an in-band sync says at which `url` the application is reached";
        return Reply::refused(StatusCode::BAD_REQUEST, "InvalidRequest", message);
    };
    let functions = functions(host, url.as_str());
    Reply::json(
        StatusCode::OK,
        &InBand {
            app_id: &host.app,
            capabilities: CAPABILITIES,
            env: host.config.env.as_deref(),
            framework: headers::FRAMEWORK_VALUE,
            functions: &functions,
            inspection: introspection(host, authentication),
            sdk_author: "",
            sdk_language: headers::LANGUAGE,
            sdk_version: headers::VERSION,
            sdk: headers::SDK_VALUE,
            url: url.as_str(),
        },
    )
}

pub(super) fn functions(host: &Host, url: &str) -> Vec<FunctionConfig> {
    let config = |callable| registration::config(callable, url, &host.app, host.config.checkpointing);
    host.callables.iter().map(config).collect()
}

/// Where the server reaches the application: what the configuration says, else where the request came.
pub(super) fn served_at(host: &Host, request: &HeaderMap, path: &str, query: &Query) -> Option<String> {
    let origin = match &host.config.serve_origin {
        Some(origin) => origin.clone(),
        None => {
            let header = |name: &str| request.get(name).and_then(|value| value.to_str().ok());
            let at = header("x-forwarded-host").or_else(|| header("host"))?;
            // Whoever asks for a sync can write what he likes there.
            if !host.is_dev() {
                tracing::warn!(
                    "synced at the address that the request names: set INNGEST_SERVE_ORIGIN to allow no other"
                );
            }
            let is_local = Url::parse(&format!("http://{at}")).ok().is_some_and(|url| is_local(&url));
            let scheme = header("x-forwarded-proto").unwrap_or(if is_local || host.is_dev() {
                "http"
            } else {
                "https"
            });
            format!("{scheme}://{at}")
        }
    };
    let path = host.config.serve_path.as_deref().unwrap_or(path);
    let slash = if path.starts_with('/') { "" } else { "/" };
    let separator = if query.rest.is_empty() { "" } else { "?" };
    let url = Url::parse(&format!("{origin}{slash}{path}{separator}{}", query.rest)).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.to_string())
}

/// Whether a URL is that of this machine.
fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}
