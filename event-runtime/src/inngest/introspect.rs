//! Introspection (section 4.5): what an application tells of itself, and to whom.

use super::headers;
use super::host::Host;
use super::key::{EventKey, SigningKey};
use super::wire::introspection::{Capabilities, Introspection, Privileged};

pub(super) const CAPABILITIES: Capabilities = Capabilities { in_band_sync: Some("v1") };

/// The authentication of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Authentication {
    /// Someone with the signing key.
    Succeeded,
    /// Someone whose signature does not fit.
    Failed,
    /// Someone without a signature.
    Absent,
}

/// Nobody without the signing key learns more than that there are keys.
pub(super) fn introspection(host: &Host, authentication: Authentication) -> Introspection<'_> {
    let config = &host.config;
    let privileged = || Privileged {
        api_origin: config.api(),
        app_id: &host.app,
        env: config.env.as_deref(),
        event_api_origin: config.event_api(),
        event_key_hash: config.event_key.as_ref().map(EventKey::hash),
        framework: headers::FRAMEWORK_VALUE,
        sdk_language: headers::LANGUAGE,
        sdk_version: headers::VERSION,
        serve_origin: config.serve_origin.as_deref(),
        serve_path: config.serve_path.as_deref(),
        signing_key_fallback_hash: config.signing_key_fallback.as_ref().map(SigningKey::hash),
        signing_key_hash: config.signing_key.as_ref().map(SigningKey::hash),
    };
    Introspection {
        authentication_succeeded: match authentication {
            Authentication::Succeeded => Some(true),
            Authentication::Failed => Some(false),
            Authentication::Absent => None,
        },
        capabilities: CAPABILITIES,
        function_count: host.callables.len(),
        has_event_key: config.event_key.is_some(),
        has_signing_key: config.signing_key.is_some(),
        has_signing_key_fallback: config.signing_key_fallback.is_some(),
        mode: config.mode.name(),
        schema_version: "2024-05-24",
        privileged: (authentication == Authentication::Succeeded).then(privileged),
    }
}
