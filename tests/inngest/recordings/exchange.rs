//! The recordings: what servers and apps said to each other.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

/// One exchange.
#[derive(Debug, Clone, Deserialize)]
pub struct Exchange {
    pub from: String,
    pub method: String,
    pub path: String,
    pub request_headers: HashMap<String, String>,
    pub request_body: Option<String>,
    pub status: u16,
    pub response_headers: HashMap<String, String>,
    pub response_body: Option<String>,
}

impl Exchange {
    pub fn request(&self) -> &str {
        self.request_body.as_deref().unwrap_or_default()
    }

    pub fn request_json(&self) -> Value {
        serde_json::from_str(self.request()).unwrap_or_default()
    }

    pub fn response_json(&self) -> Value {
        serde_json::from_str(self.response_body.as_deref().unwrap_or_default()).unwrap_or_default()
    }

    /// Whether a server has called the app to run a function.
    pub fn is_call(&self) -> bool {
        self.from == "server" && self.method == "POST"
    }

    /// Whether the app has asked a server at a path that begins so.
    pub fn asks(&self, path: &str) -> bool {
        self.from == "sdk" && self.path.starts_with(path)
    }
}

/// The exchanges of a file, oldest first.
pub fn exchanges(json: &str) -> Vec<Exchange> {
    serde_json::from_str(json).unwrap()
}
