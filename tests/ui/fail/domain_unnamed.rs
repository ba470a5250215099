use event_runtime::prelude::*;

/// The life of something.
#[domain_events]
pub enum Event {
    /// It was created.
    Created { id: Uuid },
}

fn main() {}
