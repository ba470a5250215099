//! The names of headers (section 4.1.1), and who this SDK is.

use http::HeaderName;

pub(super) const SDK: HeaderName = HeaderName::from_static("x-inngest-sdk");
pub(super) const SIGNATURE: HeaderName = HeaderName::from_static("x-inngest-signature");
pub(super) const ENV: HeaderName = HeaderName::from_static("x-inngest-env");
pub(super) const FRAMEWORK: HeaderName = HeaderName::from_static("x-inngest-framework");
pub(super) const NO_RETRY: HeaderName = HeaderName::from_static("x-inngest-no-retry");
pub(super) const REQ_VERSION: HeaderName = HeaderName::from_static("x-inngest-req-version");
pub(super) const SERVER_KIND: HeaderName = HeaderName::from_static("x-inngest-server-kind");
pub(super) const EXPECTED_SERVER_KIND: HeaderName = HeaderName::from_static("x-inngest-expected-server-kind");
pub(super) const SYNC_KIND: HeaderName = HeaderName::from_static("x-inngest-sync-kind");
/// Makes the server give events the same ids when they are sent again.
pub(super) const EVENT_ID_SEED: HeaderName = HeaderName::from_static("x-inngest-event-id-seed");

/// The name of this SDK and its version: `name:vX.Y.Z`.
pub(super) const SDK_VALUE: &str = concat!("event-runtime:v", env!("CARGO_PKG_VERSION"));
pub(super) const LANGUAGE: &str = "rust";
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");
pub(super) const FRAMEWORK_VALUE: &str = "axum";

/// The version of the execution protocol (section 4.1.2).
pub(super) const EXECUTION_VERSION: &str = "2";

/// The kinds of sync. The specification writes `in-band`; servers and SDKs say this (see the recordings).
pub(super) const IN_BAND: &str = "in_band";
pub(super) const OUT_OF_BAND: &str = "out_of_band";
