//! Requests to a server: who asks, and what is done when it does not answer.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, USER_AGENT};
use http::{Method, StatusCode};

use super::config::InngestConfig;
use super::headers;
use super::key::SigningKey;
use crate::client::SharedError;
use crate::clock::Environment;

/// The longest wait for an answer.
const TIMEOUT: Duration = Duration::from_secs(30);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The number of attempts of a request that fails for a reason that may pass (section 10.3.3).
const ATTEMPTS: u32 = 5;

/// The wait before the second attempt, in milliseconds; it doubles each time.
const FIRST_WAIT_MS: u64 = 100;

/// The server that the configuration names.
pub(super) struct Server {
    http: Result<reqwest::Client, SharedError>,
    pub(super) config: Arc<InngestConfig>,
    pub(super) environment: Environment,
    /// Whether only the fallback key works (section 10.3.4).
    uses_fallback: AtomicBool,
}

/// A request to a server.
#[derive(Clone)]
pub(super) struct Ask<'a> {
    pub(super) method: Method,
    pub(super) url: &'a str,
    pub(super) headers: Vec<(HeaderName, String)>,
    pub(super) body: Bytes,
}

/// The answer of a server.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Bytes,
}

/// Why there is no answer. It names no URL, which may hold a key.
#[derive(Debug, Clone)]
pub(super) struct Unreachable(SharedError);

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the Inngest server cannot be reached: {}", causes(self.0.get_ref()))
    }
}

impl std::error::Error for Unreachable {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.0.get_ref())
    }
}

impl Server {
    pub(super) fn new(config: Arc<InngestConfig>, environment: Environment) -> Self {
        let http = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            // What is signed and what is secret goes where the configuration says, and nowhere else.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(SharedError::new);
        Self { http, config, environment, uses_fallback: AtomicBool::new(false) }
    }

    /// Asks, and asks again when the server cannot be reached or says that it cannot answer now.
    pub(super) async fn ask_patiently(&self, ask: Ask<'_>) -> Result<Answer, Unreachable> {
        let mut attempt = 1;
        loop {
            let answer = self.ask(ask.clone()).await;
            let may_pass = match &answer {
                Ok(answer) => {
                    answer.status.is_server_error() || answer.status == StatusCode::TOO_MANY_REQUESTS
                }
                Err(_) => true,
            };
            if !may_pass || attempt >= ATTEMPTS {
                return answer;
            }
            let wait = FIRST_WAIT_MS << (attempt - 1);
            let wait = wait + self.environment.below(wait);
            tokio::time::sleep(Duration::from_millis(wait)).await;
            attempt += 1;
        }
    }

    /// Asks once; with the fallback key too, when the server does not know the signing key (section 3.1).
    pub(super) async fn ask(&self, ask: Ask<'_>) -> Result<Answer, Unreachable> {
        let (primary, fallback) =
            (self.config.signing_key.as_ref(), self.config.signing_key_fallback.as_ref());
        if let Some(fallback) = fallback
            && self.uses_fallback.load(Ordering::Relaxed)
        {
            return self.ask_as(ask, Some(fallback)).await;
        }
        let answer = self.ask_as(ask.clone(), primary).await?;
        let Some(fallback) = fallback.filter(|_| answer.status == StatusCode::UNAUTHORIZED) else {
            return Ok(answer);
        };
        let answer = self.ask_as(ask, Some(fallback)).await?;
        if answer.status.is_success() {
            self.uses_fallback.store(true, Ordering::Relaxed);
        }
        Ok(answer)
    }

    async fn ask_as(&self, ask: Ask<'_>, key: Option<&SigningKey>) -> Result<Answer, Unreachable> {
        let http = self.http.as_ref().map_err(|error| Unreachable(error.clone()))?;
        let mut request = http
            .request(ask.method, ask.url)
            .header(USER_AGENT, headers::SDK_VALUE)
            .header(headers::SDK, headers::SDK_VALUE)
            .header(headers::REQ_VERSION, headers::EXECUTION_VERSION)
            .header(headers::FRAMEWORK, headers::FRAMEWORK_VALUE);
        if let Some(key) = key {
            request = request.header(AUTHORIZATION, format!("Bearer {}", key.bearer()));
        }
        if let Some(env) = &self.config.env {
            request = request.header(headers::ENV, env);
        }
        let is_json = !ask.headers.iter().any(|(name, _)| *name == CONTENT_TYPE);
        for (name, value) in ask.headers {
            request = request.header(name, value);
        }
        if !ask.body.is_empty() {
            if is_json {
                request = request.header(CONTENT_TYPE, "application/json");
            }
            request = request.body(ask.body);
        }
        let unreachable = |error: reqwest::Error| Unreachable(SharedError::new(error.without_url()));
        let response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        let body = response.bytes().await.map_err(unreachable)?;
        Ok(Answer { status, body })
    }
}

/// An error and its causes.
fn causes(error: &dyn std::error::Error) -> String {
    let (mut text, mut cause) = (error.to_string(), error.source());
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("config", &self.config).finish_non_exhaustive()
    }
}
