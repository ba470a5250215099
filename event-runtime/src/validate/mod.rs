//! Validation.

/// Every issue found in a value.
#[derive(Debug, Clone)]
pub struct Issues;

impl std::fmt::Display for Issues {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("invalid")
    }
}

impl std::error::Error for Issues {}
