//! The registration of an application (section 4.3.2).

use serde::Serialize;

use super::introspection::{Capabilities, Introspection};

/// The body of an out-of-band sync.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Registration<'a> {
    pub(crate) url: &'a str,
    pub(crate) deploy_type: &'static str,
    pub(crate) app_name: &'a str,
    pub(crate) sdk: &'static str,
    pub(crate) v: &'static str,
    pub(crate) framework: &'static str,
    pub(crate) functions: &'a [FunctionConfig],
    pub(crate) capabilities: Capabilities,
}

/// The answer to an in-band sync (section 4.3.5; its fields are those of the recordings).
#[derive(Serialize)]
pub(crate) struct InBand<'a> {
    pub(crate) app_id: &'a str,
    pub(crate) capabilities: Capabilities,
    pub(crate) env: Option<&'a str>,
    pub(crate) framework: &'static str,
    pub(crate) functions: &'a [FunctionConfig],
    pub(crate) inspection: Introspection<'a>,
    pub(crate) sdk_author: &'static str,
    pub(crate) sdk_language: &'static str,
    pub(crate) sdk_version: &'static str,
    pub(crate) sdk: &'static str,
    pub(crate) url: &'a str,
}

/// One function.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FunctionConfig {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) triggers: Vec<TriggerConfig>,
    pub(crate) steps: Steps,
    #[serde(flatten)]
    pub(crate) options: OptionsConfig,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum TriggerConfig {
    Event {
        event: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        expression: Option<String>,
    },
    Cron {
        cron: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        jitter: Option<String>,
    },
}

/// The one step of a function, as servers call what they call.
#[derive(Debug, Serialize)]
pub(crate) struct Steps {
    pub(crate) step: StepConfig,
}

#[derive(Debug, Serialize)]
pub(crate) struct StepConfig {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) runtime: Runtime,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) retries: Option<Retries>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Runtime {
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) url: String,
}

/// The number of retries of a failed step. The specification calls it the number of attempts; that it is the number of
/// retries, the recordings show.
#[derive(Debug, Serialize)]
pub(crate) struct Retries {
    pub(crate) attempts: u8,
}

/// When and how often a function runs.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OptionsConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) idempotency: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) batch_events: Option<BatchConfig>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) cancel: Vec<CancelConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rate_limit: Option<RateConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) throttle: Option<RateConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) debounce: Option<DebounceConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) priority: Option<PriorityConfig>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) concurrency: Vec<ConcurrencyConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) singleton: Option<SingletonConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) timeouts: Option<TimeoutsConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) checkpoint: Option<CheckpointConfig>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BatchConfig {
    pub(crate) max_size: u32,
    pub(crate) timeout: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<&'static str>,
    #[serde(rename = "if", skip_serializing_if = "Option::is_none")]
    pub(crate) condition: Option<&'static str>,
}

#[derive(Debug, Serialize)]
pub(crate) struct CancelConfig {
    pub(crate) event: &'static str,
    #[serde(rename = "if", skip_serializing_if = "Option::is_none")]
    pub(crate) condition: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) timeout: Option<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct RateConfig {
    pub(crate) limit: u32,
    pub(crate) period: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) burst: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<&'static str>,
}

#[derive(Debug, Serialize)]
pub(crate) struct DebounceConfig {
    pub(crate) period: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) timeout: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<&'static str>,
}

#[derive(Debug, Serialize)]
pub(crate) struct PriorityConfig {
    pub(crate) run: &'static str,
}

#[derive(Debug, Serialize)]
pub(crate) struct ConcurrencyConfig {
    pub(crate) limit: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<&'static str>,
    /// The function's own unless set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) scope: Option<&'static str>,
}

#[derive(Debug, Serialize)]
pub(crate) struct SingletonConfig {
    pub(crate) mode: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<&'static str>,
}

#[derive(Debug, Serialize)]
pub(crate) struct TimeoutsConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) start: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) finish: Option<String>,
}

/// Section 10.1.1.
#[derive(Debug, Serialize)]
pub(crate) struct CheckpointConfig {
    pub(crate) batch_steps: usize,
    pub(crate) batch_interval: String,
    pub(crate) max_runtime: String,
}
