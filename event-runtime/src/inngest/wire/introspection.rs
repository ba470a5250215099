//! What an application tells of itself (section 4.5, schema version 2024-05-24). No other fields may be added.

use serde::Serialize;

/// The answer to an introspection request, which is also a part of that to an in-band sync.
#[derive(Serialize)]
pub(in crate::inngest) struct Introspection<'a> {
    /// `None` when the request was not signed, `false` when its signature does not fit.
    pub(in crate::inngest) authentication_succeeded: Option<bool>,
    pub(in crate::inngest) capabilities: Capabilities,
    pub(in crate::inngest) function_count: usize,
    pub(in crate::inngest) has_event_key: bool,
    pub(in crate::inngest) has_signing_key: bool,
    pub(in crate::inngest) has_signing_key_fallback: bool,
    pub(in crate::inngest) mode: &'static str,
    pub(in crate::inngest) schema_version: &'static str,
    /// Only for those who have the signing key.
    #[serde(flatten)]
    pub(in crate::inngest) privileged: Option<Privileged<'a>>,
}

/// What only those who have the signing key are told.
#[derive(Serialize)]
pub(in crate::inngest) struct Privileged<'a> {
    pub(in crate::inngest) api_origin: &'a str,
    pub(in crate::inngest) app_id: &'a str,
    pub(in crate::inngest) env: Option<&'a str>,
    pub(in crate::inngest) event_api_origin: &'a str,
    pub(in crate::inngest) event_key_hash: Option<String>,
    pub(in crate::inngest) framework: &'static str,
    pub(in crate::inngest) sdk_language: &'static str,
    pub(in crate::inngest) sdk_version: &'static str,
    pub(in crate::inngest) serve_origin: Option<&'a str>,
    pub(in crate::inngest) serve_path: Option<&'a str>,
    pub(in crate::inngest) signing_key_fallback_hash: Option<String>,
    pub(in crate::inngest) signing_key_hash: Option<String>,
}

/// What this SDK can do besides.
#[derive(Clone, Copy, Serialize)]
pub(in crate::inngest) struct Capabilities {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::inngest) in_band_sync: Option<&'static str>,
}
