//! Where the server is, how the application shows who it is, and what is done differently on a developer's machine.

use std::fmt;
use std::sync::Arc;

use url::Url;

use super::checkpointing::Checkpointing;
use super::config_error::ConfigError;
use super::key::{EventKey, SigningKey};
use crate::clock::Clock;

/// The origins of Inngest Cloud (SDK specification, section 4.2.1).
const CLOUD_API: &str = "https://api.inngest.com";
const CLOUD_EVENT_API: &str = "https://inn.gs";

/// The origin of a dev server on this machine (section 4.2.1).
const DEV_SERVER: &str = "http://localhost:8288";

/// The largest request that is read, in bytes. A server leaves out what is above 4 MiB and sets `use_api` (section 4.4.2).
const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

/// The greatest payload of an event, in bytes: the default of a server.
const MAX_EVENT_BYTES: usize = 512 * 1024;

/// The most steps of a run: the default of a server.
const MAX_STEPS: usize = 1_000;

/// The greatest size of all results of a run together, in bytes: the default of a server.
const MAX_RUN_BYTES: usize = 32 * 1024 * 1024;

/// The configuration of an application behind an Inngest server.
///
/// [`from_env`](Self::from_env) reads the environment variables of the SDK specification (chapter 3); each can be set in
/// code as well, and what is set in code wins. `Debug` shows no key.
///
/// ```
/// use event_runtime::inngest::InngestConfig;
///
/// let config = InngestConfig::cloud()
///     .signing_key("signkey-prod-b2ed992186a5cb19f6668aade821f502")
///     .event_key("an-event-key")
///     .serve_origin("https://shop.example.com")?;
/// assert!(!format!("{config:?}").contains("b2ed99"));
/// # Ok::<(), event_runtime::inngest::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct InngestConfig {
    pub(super) mode: Mode,
    pub(super) signing_key: Option<SigningKey>,
    pub(super) signing_key_fallback: Option<SigningKey>,
    pub(super) event_key: Option<EventKey>,
    pub(super) env: Option<String>,
    api_origin: Option<String>,
    event_api_origin: Option<String>,
    dev_origin: Option<String>,
    pub(super) serve_origin: Option<String>,
    pub(super) serve_path: Option<String>,
    pub(super) in_band_sync: bool,
    pub(super) checkpointing: Option<Checkpointing>,
    pub(super) max_body_bytes: usize,
    pub(super) max_event_bytes: usize,
    pub(super) max_steps: usize,
    pub(super) max_run_bytes: usize,
    pub(super) clock: Option<Arc<dyn Clock>>,
}

/// The kind of server (section 7). It is chosen by configuration, never by a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mode {
    /// Every request must be signed.
    Cloud,
    /// A server on the developer's machine: a request need not be signed.
    Dev,
}

impl Mode {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Cloud => "cloud",
            Self::Dev => "dev",
        }
    }
}

impl InngestConfig {
    /// Inngest Cloud, or a self-hosted server that signs its requests. The keys are set separately.
    #[must_use]
    pub fn cloud() -> Self {
        Self {
            mode: Mode::Cloud,
            signing_key: None,
            signing_key_fallback: None,
            event_key: None,
            env: None,
            api_origin: None,
            event_api_origin: None,
            dev_origin: None,
            serve_origin: None,
            serve_path: None,
            in_band_sync: true,
            checkpointing: Some(Checkpointing::SAFE),
            max_body_bytes: MAX_BODY_BYTES,
            max_event_bytes: MAX_EVENT_BYTES,
            max_steps: MAX_STEPS,
            max_run_bytes: MAX_RUN_BYTES,
            clock: None,
        }
    }

    /// A dev server at its usual place, `http://localhost:8288`. Requests need no signature.
    #[must_use]
    pub fn dev() -> Self {
        Self { mode: Mode::Dev, ..Self::cloud() }
    }

    /// Reads the environment (chapter 3): `INNGEST_EVENT_KEY`, `INNGEST_SIGNING_KEY`, `INNGEST_SIGNING_KEY_FALLBACK`,
    /// `INNGEST_ENV`, `INNGEST_DEV` (`1`, or the origin of a dev server), `INNGEST_BASE_URL`, `INNGEST_API_BASE_URL`,
    /// `INNGEST_EVENT_API_BASE_URL`, `INNGEST_SERVE_ORIGIN`, `INNGEST_SERVE_PATH` and `INNGEST_ALLOW_IN_BAND_SYNC`.
    ///
    /// # Errors
    ///
    /// A variable that is not a URL, or not a truth value, where it must be one.
    pub fn from_env() -> Result<Self, ConfigError> {
        // What is not UTF-8 is told as what it is not, and not as missing.
        Self::from_vars(|name| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
    }

    /// As [`from_env`](Self::from_env), with the variables from elsewhere. An empty one counts as not set.
    ///
    /// # Errors
    ///
    /// As [`from_env`](Self::from_env).
    pub fn from_vars(var: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let var = |name: &'static str| var(name).filter(|value| !value.is_empty());
        let url = |name: &'static str| var(name).map(|value| origin(name, &value)).transpose();
        let mut config = match var("INNGEST_DEV").as_deref() {
            None | Some("0" | "false") => Self::cloud(),
            // Whatever is not an origin only says that there is a dev server (section 4.2.1).
            Some(value) => Self { dev_origin: origin("INNGEST_DEV", value).ok(), ..Self::dev() },
        };
        config.signing_key = var("INNGEST_SIGNING_KEY").map(|key| SigningKey::new(&key));
        config.signing_key_fallback = var("INNGEST_SIGNING_KEY_FALLBACK").map(|key| SigningKey::new(&key));
        config.event_key = var("INNGEST_EVENT_KEY").map(EventKey);
        config.env = var("INNGEST_ENV");
        let base = url("INNGEST_BASE_URL")?;
        config.api_origin = url("INNGEST_API_BASE_URL")?.or_else(|| base.clone());
        config.event_api_origin = url("INNGEST_EVENT_API_BASE_URL")?.or(base);
        config.serve_origin = url("INNGEST_SERVE_ORIGIN")?;
        config.serve_path = var("INNGEST_SERVE_PATH");
        if let Some(value) = var("INNGEST_ALLOW_IN_BAND_SYNC") {
            config.in_band_sync = truth("INNGEST_ALLOW_IN_BAND_SYNC", &value)?;
        }
        Ok(config)
    }

    /// The key by which the server's requests are verified, and the application shows who it is: `signkey-..-<hex>`.
    #[must_use]
    pub fn signing_key(mut self, key: impl Into<String>) -> Self {
        self.signing_key = Some(SigningKey::new(&key.into()));
        self
    }

    /// The key that is tried when the signing key does not fit, while keys are rotated.
    #[must_use]
    pub fn signing_key_fallback(mut self, key: impl Into<String>) -> Self {
        self.signing_key_fallback = Some(SigningKey::new(&key.into()));
        self
    }

    /// The key with which events are sent.
    #[must_use]
    pub fn event_key(mut self, key: impl Into<String>) -> Self {
        self.event_key = Some(EventKey(key.into()));
        self
    }

    /// The environment of the server to which events are sent; without one that of the event key.
    #[must_use]
    pub fn env(mut self, env: impl Into<String>) -> Self {
        self.env = Some(env.into());
        self
    }

    /// Sets the origin of the server's API.
    ///
    /// # Errors
    ///
    /// The text is not an `http` or `https` URL.
    pub fn api_origin(mut self, url: &str) -> Result<Self, ConfigError> {
        self.api_origin = Some(origin("the API's origin", url)?);
        Ok(self)
    }

    /// Sets the origin to which events are sent.
    ///
    /// # Errors
    ///
    /// The text is not an `http` or `https` URL.
    pub fn event_api_origin(mut self, url: &str) -> Result<Self, ConfigError> {
        self.event_api_origin = Some(origin("the event API's origin", url)?);
        Ok(self)
    }

    /// Where the server reaches this application, `https://shop.example.com`. Without it the request that asks for a
    /// registration is believed; behind a public address, set it.
    ///
    /// # Errors
    ///
    /// The text is not an `http` or `https` URL.
    pub fn serve_origin(mut self, url: &str) -> Result<Self, ConfigError> {
        self.serve_origin = Some(origin("the origin that is served", url)?);
        Ok(self)
    }

    /// The path at which the server reaches this application, `/api/inngest`. Without it: that of the request.
    #[must_use]
    pub fn serve_path(mut self, path: impl Into<String>) -> Self {
        self.serve_path = Some(path.into());
        self
    }

    /// Whether the server may ask for the registration in one request (section 4.3.5). It may, unless this says otherwise.
    #[must_use]
    pub fn in_band_sync(mut self, allowed: bool) -> Self {
        self.in_band_sync = allowed;
        self
    }

    /// Sets how the steps of one call are reported while it goes on; with `None` each step is a call of its own.
    #[must_use]
    pub fn checkpointing(mut self, checkpointing: Option<Checkpointing>) -> Self {
        self.checkpointing = checkpointing;
        self
    }

    /// The largest request that is read, in bytes: 8 MiB unless set.
    #[must_use]
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.max_body_bytes = bytes;
        self
    }

    /// The greatest payload of an event that is sent, in bytes of JSON: 512 KiB unless set, the default of a server.
    #[must_use]
    pub fn max_event_bytes(mut self, bytes: usize) -> Self {
        self.max_event_bytes = bytes;
        self
    }

    /// The most steps of a run: 1,000 unless set, the default of a server. One more fails, and is not sent.
    #[must_use]
    pub fn max_steps(mut self, steps: usize) -> Self {
        self.max_steps = steps;
        self
    }

    /// The greatest size of all results of a run together, in bytes of JSON: 32 MiB unless set, the default of a server. The step
    /// whose result would exceed it fails, and is not tried again.
    #[must_use]
    pub fn max_run_bytes(mut self, bytes: usize) -> Self {
        self.max_run_bytes = bytes;
        self
    }

    /// Sets the clock, for tests.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// The kind of server.
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    /// Where the server's API is, without a slash at the end.
    pub(super) fn api(&self) -> &str {
        self.resolve(self.api_origin.as_deref(), CLOUD_API)
    }

    /// Where events are sent, without a slash at the end.
    pub(super) fn event_api(&self) -> &str {
        self.resolve(self.event_api_origin.as_deref(), CLOUD_EVENT_API)
    }

    /// The origin of a request: one that was set for this very purpose wins over the dev server, and that over the cloud.
    fn resolve<'c>(&'c self, specific: Option<&'c str>, cloud: &'static str) -> &'c str {
        specific.unwrap_or_else(|| match self.mode {
            Mode::Dev => self.dev_origin.as_deref().unwrap_or(DEV_SERVER),
            Mode::Cloud => cloud,
        })
    }
}

/// Checks that `text` is a URL that a server can have.
fn origin(name: &'static str, text: &str) -> Result<String, ConfigError> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    match url {
        Some(_) => Ok(text.trim_end_matches('/').to_owned()),
        None => Err(ConfigError::new(name, "an origin such as `https://shop.example.com`")),
    }
}

fn truth(name: &'static str, text: &str) -> Result<bool, ConfigError> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" => Ok(true),
        "0" | "false" | "no" => Ok(false),
        _ => Err(ConfigError::new(name, "`true` or `false`")),
    }
}

impl fmt::Debug for InngestConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InngestConfig")
            .field("mode", &self.mode)
            .field("has_signing_key", &self.signing_key.is_some())
            .field("has_signing_key_fallback", &self.signing_key_fallback.is_some())
            .field("has_event_key", &self.event_key.is_some())
            .field("env", &self.env)
            .field("api_origin", &self.api())
            .field("event_api_origin", &self.event_api())
            .field("checkpointing", &self.checkpointing)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(vars: &[(&str, &str)]) -> Result<InngestConfig, ConfigError> {
        let find = |name: &str| vars.iter().find(|(of, _)| *of == name).map(|(_, value)| (*value).to_owned());
        InngestConfig::from_vars(find)
    }

    fn origins(vars: &[(&str, &str)]) -> (Mode, String, String) {
        let config = from(vars).unwrap();
        (config.mode(), config.api().to_owned(), config.event_api().to_owned())
    }

    fn expected(mode: Mode, api: &str, events: &str) -> (Mode, String, String) {
        (mode, api.to_owned(), events.to_owned())
    }

    #[test]
    fn the_environment_says_which_server_is_meant() {
        let cloud = expected(Mode::Cloud, CLOUD_API, CLOUD_EVENT_API);
        assert_eq!(origins(&[]), cloud);
        assert_eq!(origins(&[("INNGEST_DEV", "")]), cloud);
        assert_eq!(origins(&[("INNGEST_DEV", "0")]), cloud);
        assert_eq!(origins(&[("INNGEST_DEV", "1")]), expected(Mode::Dev, DEV_SERVER, DEV_SERVER));
        let dev = "http://dev.example:9999";
        assert_eq!(origins(&[("INNGEST_DEV", "http://dev.example:9999/")]), expected(Mode::Dev, dev, dev));
        let base = ("INNGEST_BASE_URL", "http://one.example");
        assert_eq!(origins(&[base]), expected(Mode::Cloud, base.1, base.1));
        let two = "http://two.example";
        let api = ("INNGEST_API_BASE_URL", two);
        assert_eq!(origins(&[base, api]), expected(Mode::Cloud, two, base.1));
        let event_api = ("INNGEST_EVENT_API_BASE_URL", two);
        assert_eq!(origins(&[("INNGEST_DEV", "1"), event_api]), expected(Mode::Dev, DEV_SERVER, two));
    }

    #[test]
    fn what_cannot_be_used_is_told_without_its_value() {
        let error = from(&[("INNGEST_API_BASE_URL", "signkey-prod-00")]).unwrap_err().to_string();
        assert_eq!(error, "INNGEST_API_BASE_URL must be an origin such as `https://shop.example.com`");
        let error = from(&[("INNGEST_ALLOW_IN_BAND_SYNC", "maybe")]).unwrap_err().to_string();
        assert_eq!(error, "INNGEST_ALLOW_IN_BAND_SYNC must be `true` or `false`");
    }

    #[test]
    fn no_key_is_shown() {
        let config = from(&[
            ("INNGEST_SIGNING_KEY", "signkey-prod-secret"),
            ("INNGEST_SIGNING_KEY_FALLBACK", "signkey-prod-secret"),
            ("INNGEST_EVENT_KEY", "secret"),
        ]);
        assert!(!format!("{config:?}").contains("secret"));
    }
}
