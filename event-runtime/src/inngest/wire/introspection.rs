//! Introspection: what an application tells of itself (section 4.5, schema version 2024-05-24). No other fields may be added.

use serde::Serialize;

/// The answer to an introspection request, which is also a part of that to an in-band sync.
#[derive(Serialize)]
pub(crate) struct Introspection<'a> {
    /// `None` when the request was not signed, `false` when its signature does not fit.
    pub(crate) authentication_succeeded: Option<bool>,
    pub(crate) capabilities: Capabilities,
    pub(crate) function_count: usize,
    pub(crate) has_event_key: bool,
    pub(crate) has_signing_key: bool,
    pub(crate) has_signing_key_fallback: bool,
    pub(crate) mode: &'static str,
    pub(crate) schema_version: &'static str,
    /// Only for those who have the signing key.
    #[serde(flatten)]
    pub(crate) privileged: Option<Privileged<'a>>,
}

/// The part that only holders of the signing key are told.
#[derive(Serialize)]
pub(crate) struct Privileged<'a> {
    pub(crate) api_origin: &'a str,
    pub(crate) app_id: &'a str,
    pub(crate) env: Option<&'a str>,
    pub(crate) event_api_origin: &'a str,
    pub(crate) event_key_hash: Option<String>,
    pub(crate) framework: &'static str,
    pub(crate) sdk_language: &'static str,
    pub(crate) sdk_version: &'static str,
    pub(crate) serve_origin: Option<&'a str>,
    pub(crate) serve_path: Option<&'a str>,
    pub(crate) signing_key_fallback_hash: Option<String>,
    pub(crate) signing_key_hash: Option<String>,
}

/// Further capabilities of this SDK.
#[derive(Clone, Copy, Serialize)]
pub(crate) struct Capabilities {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) in_band_sync: Option<&'static str>,
}
