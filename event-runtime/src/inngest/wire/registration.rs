//! What a sync tells a server of an application (section 4.3.2).

use serde::Serialize;

use super::introspection::{Capabilities, Introspection};

/// The body of an out-of-band sync.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::inngest) struct Registration<'a> {
    pub(in crate::inngest) url: &'a str,
    pub(in crate::inngest) deploy_type: &'static str,
    pub(in crate::inngest) app_name: &'a str,
    pub(in crate::inngest) sdk: &'static str,
    pub(in crate::inngest) v: &'static str,
    pub(in crate::inngest) framework: &'static str,
    pub(in crate::inngest) functions: &'a [FunctionConfig],
    pub(in crate::inngest) capabilities: Capabilities,
}

/// The answer to an in-band sync (section 4.3.5; its fields are those of the recordings).
#[derive(Serialize)]
pub(in crate::inngest) struct InBand<'a> {
    pub(in crate::inngest) app_id: &'a str,
    pub(in crate::inngest) capabilities: Capabilities,
    pub(in crate::inngest) env: Option<&'a str>,
    pub(in crate::inngest) framework: &'static str,
    pub(in crate::inngest) functions: &'a [FunctionConfig],
    pub(in crate::inngest) inspection: Introspection<'a>,
    pub(in crate::inngest) sdk_author: &'static str,
    pub(in crate::inngest) sdk_language: &'static str,
    pub(in crate::inngest) sdk_version: &'static str,
    pub(in crate::inngest) sdk: &'static str,
    pub(in crate::inngest) url: &'a str,
}

/// One function.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::inngest) struct FunctionConfig {
    pub(in crate::inngest) id: String,
    pub(in crate::inngest) name: String,
    pub(in crate::inngest) triggers: Vec<TriggerConfig>,
    pub(in crate::inngest) steps: Steps,
    #[serde(flatten)]
    pub(in crate::inngest) options: OptionsConfig,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(in crate::inngest) enum TriggerConfig {
    Event {
        event: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        expression: Option<String>,
    },
    Cron {
        cron: String,
    },
}

/// The one step of a function, as servers call what they call.
#[derive(Debug, Serialize)]
pub(in crate::inngest) struct Steps {
    pub(in crate::inngest) step: StepConfig,
}

#[derive(Debug, Serialize)]
pub(in crate::inngest) struct StepConfig {
    pub(in crate::inngest) id: &'static str,
    pub(in crate::inngest) name: &'static str,
    pub(in crate::inngest) runtime: Runtime,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::inngest) retries: Option<Retries>,
}

#[derive(Debug, Serialize)]
pub(in crate::inngest) struct Runtime {
    #[serde(rename = "type")]
    pub(in crate::inngest) kind: &'static str,
    pub(in crate::inngest) url: String,
}

/// How often a failed step is tried again. The specification calls it the number of attempts; that it is the number of
/// retries, the recordings show.
#[derive(Debug, Serialize)]
pub(in crate::inngest) struct Retries {
    pub(in crate::inngest) attempts: u8,
}

/// When and how often a function runs.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::inngest) struct OptionsConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::inngest) idempotency: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::inngest) batch_events: Option<BatchConfig>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::inngest) cancel: Vec<CancelConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::inngest) rate_limit: Option<RateConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::inngest) throttle: Option<RateConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::inngest) debounce: Option<DebounceConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::inngest) priority: Option<PriorityConfig>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::inngest) concurrency: Vec<ConcurrencyConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::inngest) singleton: Option<SingletonConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::inngest) timeouts: Option<TimeoutsConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::inngest) checkpoint: Option<CheckpointConfig>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::inngest) struct BatchConfig {
    pub(in crate::inngest) max_size: u32,
    pub(in crate::inngest) timeout: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::inngest) key: Option<&'static str>,
}

#[derive(Debug, Serialize)]
pub(in crate::inngest) struct CancelConfig {
    pub(in crate::inngest) event: &'static str,
    #[serde(rename = "if", skip_serializing_if = "Option::is_none")]
    pub(in crate::inngest) condition: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::inngest) timeout: Option<String>,
}

#[derive(Debug, Serialize)]
pub(in crate::inngest) struct RateConfig {
    pub(in crate::inngest) limit: u32,
    pub(in crate::inngest) period: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::inngest) burst: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::inngest) key: Option<&'static str>,
}

#[derive(Debug, Serialize)]
pub(in crate::inngest) struct DebounceConfig {
    pub(in crate::inngest) period: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::inngest) timeout: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::inngest) key: Option<&'static str>,
}

#[derive(Debug, Serialize)]
pub(in crate::inngest) struct PriorityConfig {
    pub(in crate::inngest) run: &'static str,
}

#[derive(Debug, Serialize)]
pub(in crate::inngest) struct ConcurrencyConfig {
    pub(in crate::inngest) limit: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::inngest) key: Option<&'static str>,
    /// The function's own unless set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::inngest) scope: Option<&'static str>,
}

#[derive(Debug, Serialize)]
pub(in crate::inngest) struct SingletonConfig {
    pub(in crate::inngest) mode: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::inngest) key: Option<&'static str>,
}

#[derive(Debug, Serialize)]
pub(in crate::inngest) struct TimeoutsConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::inngest) start: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::inngest) finish: Option<String>,
}

/// Section 10.1.1.
#[derive(Debug, Serialize)]
pub(in crate::inngest) struct CheckpointConfig {
    pub(in crate::inngest) batch_steps: usize,
    pub(in crate::inngest) batch_interval: String,
    pub(in crate::inngest) max_runtime: String,
}
