//! Why a configuration cannot be used.

use std::fmt;

/// A setting that cannot be used. It does not repeat the value, which may be a secret in the wrong variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    name: &'static str,
    expected: &'static str,
}

impl ConfigError {
    pub(super) const fn new(name: &'static str, expected: &'static str) -> Self {
        Self { name, expected }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} must be {}", self.name, self.expected)
    }
}

impl std::error::Error for ConfigError {}
