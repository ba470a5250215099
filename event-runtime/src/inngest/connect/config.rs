//! The configuration of a worker.

use super::super::config_error::ConfigError;

/// The most calls at a time, unless set: as the Go SDK.
const MAX_CONCURRENCY: usize = 1_000;

/// The configuration of a [`Worker`](super::Worker).
#[derive(Debug, Clone)]
pub struct ConnectConfig {
    instance_id: Option<String>,
    pub(super) max_concurrency: usize,
    pub(super) gateway: Option<String>,
}

impl Default for ConnectConfig {
    fn default() -> Self {
        Self { instance_id: None, max_concurrency: MAX_CONCURRENCY, gateway: None }
    }
}

impl ConnectConfig {
    /// Reads the environment (section 8.1): `INNGEST_CONNECT_MAX_WORKER_CONCURRENCY`, a number of at least 1, and
    /// `INNGEST_CONNECT_GATEWAY_URL`.
    ///
    /// # Errors
    ///
    /// A variable that is not what it must be.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_vars(|name| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
    }

    /// As [`from_env`](Self::from_env), with the variables from elsewhere. An empty one counts as not set.
    ///
    /// # Errors
    ///
    /// As [`from_env`](Self::from_env).
    pub fn from_vars(var: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        const CONCURRENCY: &str = "INNGEST_CONNECT_MAX_WORKER_CONCURRENCY";
        const GATEWAY: &str = "INNGEST_CONNECT_GATEWAY_URL";
        let var = |name: &'static str| var(name).filter(|value| !value.is_empty());
        let mut config = Self::default();
        if let Some(text) = var(CONCURRENCY) {
            let count = text.parse().ok().filter(|count| *count > 0);
            config.max_concurrency = count.ok_or(ConfigError::new(CONCURRENCY, "a number of at least 1"))?;
        }
        if let Some(url) = var(GATEWAY) {
            config = config.gateway(&url).map_err(|_| ConfigError::new(GATEWAY, WEBSOCKET))?;
        }
        Ok(config)
    }

    /// The name of this worker among those of the application: the host name of the machine unless set.
    #[must_use]
    pub fn instance(mut self, id: impl Into<String>) -> Self {
        self.instance_id = Some(id.into());
        self
    }

    /// The most calls that are carried out at a time, at least 1: 1,000 unless set. Further ones wait.
    #[must_use]
    pub fn max_concurrency(mut self, calls: usize) -> Self {
        self.max_concurrency = calls.max(1);
        self
    }

    /// Connects to this gateway, and not to the one that the server names: `wss://gateway.example.com/v0/connect`.
    ///
    /// # Errors
    ///
    /// The text is not a `ws` or `wss` URL.
    pub fn gateway(mut self, url: &str) -> Result<Self, ConfigError> {
        let parsed =
            url::Url::parse(url).ok().filter(|url| matches!(url.scheme(), "ws" | "wss") && url.has_host());
        if parsed.is_none() {
            return Err(ConfigError::new("the gateway", WEBSOCKET));
        }
        self.gateway = Some(url.to_owned());
        Ok(self)
    }

    /// The name of this worker.
    pub(super) fn instance_id(&self) -> String {
        let host =
            || std::env::var("HOSTNAME").ok().or_else(|| std::fs::read_to_string("/etc/hostname").ok());
        let host = self.instance_id.clone().or_else(host).map(|name| name.trim().to_owned());
        host.filter(|name| !name.is_empty()).unwrap_or_else(|| format!("process-{}", std::process::id()))
    }
}

/// The expected form of a gateway, for errors.
const WEBSOCKET: &str = "a URL such as `wss://gateway.example.com/v0/connect`";

#[cfg(test)]
mod tests {
    use super::ConnectConfig;

    fn from(name: &str, value: &str) -> Result<ConnectConfig, String> {
        let var = |asked: &str| (asked == name).then(|| value.to_owned());
        ConnectConfig::from_vars(var).map_err(|error| error.to_string())
    }

    #[test]
    fn the_environment_says_how_many_calls_and_which_gateway() {
        assert_eq!(from("INNGEST_CONNECT_MAX_WORKER_CONCURRENCY", "7").unwrap().max_concurrency, 7);
        assert_eq!(from("INNGEST_CONNECT_MAX_WORKER_CONCURRENCY", "").unwrap().max_concurrency, 1_000);
        let url = "ws://127.0.0.1:8289/v0/connect";
        assert_eq!(from("INNGEST_CONNECT_GATEWAY_URL", url).unwrap().gateway.as_deref(), Some(url));
        for wrong in ["0", "-1", "many"] {
            let error = from("INNGEST_CONNECT_MAX_WORKER_CONCURRENCY", wrong).unwrap_err();
            assert_eq!(error, "INNGEST_CONNECT_MAX_WORKER_CONCURRENCY must be a number of at least 1");
        }
        let error = from("INNGEST_CONNECT_GATEWAY_URL", "http://gateway").unwrap_err();
        assert!(error.starts_with("INNGEST_CONNECT_GATEWAY_URL must be a URL such as"), "{error}");
    }
}
