//! A team's own words that no name needs.

use event_runtime::prelude::*;

/// The life of a job.
#[domain_events(past_tense("yoinked", "yote"), singular("kudos"))]
pub enum JobEvent {
    /// A job was yote.
    Yote { id: u64 },
    /// A job was created.
    Created { id: u64 },
}

fn main() {}
