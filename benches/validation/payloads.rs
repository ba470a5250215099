//! The payloads, as JSON: valid ones, and ones with three (two) bad fields.

/// A workflow with eight nested items.
pub const LARGE: &str = r#"{"id":"0195d4a5-0f5c-7c3e-8f0a-5b6a4c3d2e1f","name":"Onboarding of new colleagues","owner_email":"ada.lovelace@mail.example.org","callback_url":"https://hooks.example.org/workflow/0195d4a5?token=abc123","priority":3,"steps":[{"key":"create-account","timeout_ms":5000},{"key":"order-laptop","timeout_ms":86400000},{"key":"print-badge","timeout_ms":60000},{"key":"grant-access","timeout_ms":15000},{"key":"book-training","timeout_ms":3600000},{"key":"assign-mentor","timeout_ms":7200000},{"key":"send-welcome","timeout_ms":1000},{"key":"schedule-review","timeout_ms":2592000}]}"#;

/// The name is empty, the address has no host, the key of a step begins with a capital.
pub const LARGE_BAD: &str = r#"{"id":"0195d4a5-0f5c-7c3e-8f0a-5b6a4c3d2e1f","name":"","owner_email":"ada.lovelace@","callback_url":"https://hooks.example.org/workflow/0195d4a5?token=abc123","priority":3,"steps":[{"key":"create-account","timeout_ms":5000},{"key":"order-laptop","timeout_ms":86400000},{"key":"print-badge","timeout_ms":60000},{"key":"Grant access","timeout_ms":15000},{"key":"book-training","timeout_ms":3600000},{"key":"assign-mentor","timeout_ms":7200000},{"key":"send-welcome","timeout_ms":1000},{"key":"schedule-review","timeout_ms":2592000}]}"#;

/// A login.
pub const SMALL: &str =
    r#"{"user_id":"0195d4a5-0f5c-7c3e-8f0a-5b6a4c3d2e1f","email":"ada@example.org","attempts":3}"#;

/// The address has no host, and there were too many attempts.
pub const SMALL_BAD: &str =
    r#"{"user_id":"0195d4a5-0f5c-7c3e-8f0a-5b6a4c3d2e1f","email":"ada","attempts":11}"#;
