//! What the tests of the Inngest host share: a clock, signatures, calls of the endpoint, and a server that notes what it is
//! asked.

pub mod endpoint;
pub mod fake;
pub mod signing;
pub mod simulation;
pub mod time;

use sha1::{Digest, Sha1};

/// The id of a step on the wire (section 5.1.2).
pub fn hash(key: &str) -> String {
    Sha1::digest(key.as_bytes()).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}
