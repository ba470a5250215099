//! Patterns that Rust and JSON Schema read differently.

use event_runtime::prelude::*;

/// The life of a part.
#[domain_events]
pub enum PartEvent {
    /// A part was found.
    Found {
        #[validate(pattern(r"^\d+$"))]
        digits: String,
        #[validate(pattern("(?i)^a$"))]
        flags: String,
        #[validate(pattern("^.*$"))]
        anything: String,
        #[validate(pattern(r"\bword\b"))]
        word: String,
        #[validate(pattern(r"^\p{L}$"))]
        letter: String,
        #[validate(pattern("^[a-z&&[^b]]$"))]
        intersection: String,
        #[validate(pattern("^(a{1000}){1000}$"))]
        large: String,
    },
}

fn main() {}
