//! Patterns that Rust and JSON Schema read differently, or that would need backtracking.

use event_runtime::prelude::*;

/// The life of a part.
#[domain_events]
pub enum PartEvent {
    /// A part was found.
    Found {
        #[validate(pattern("(?i)^a$"))]
        flags: String,
        #[validate(pattern(r"\bword\b"))]
        word: String,
        #[validate(pattern(r"^\p{Greek}\p{letter}$"))]
        script: String,
        #[validate(pattern(r"^\p{lettre}$"))]
        letter: String,
        #[validate(pattern("^[[:alpha:]]$"))]
        posix: String,
        #[validate(pattern(r"^[a[\w.]]$"))]
        nested: String,
        #[validate(pattern("^[a-z&&[^b]]$"))]
        intersection: String,
        #[validate(pattern("^(?=a)b$"))]
        ahead: String,
        #[validate(pattern("(?<!a)b"))]
        behind: String,
        #[validate(pattern(r"^(a|b)\1$"))]
        backwards: String,
        #[validate(pattern("^(a{1000}){1000}$"))]
        large: String,
    },
}

fn main() {}
