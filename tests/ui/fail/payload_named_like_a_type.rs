//! A type of the user's has the name of a payload.

use event_runtime::prelude::*;

/// Done.
pub struct ThingDone;

/// Things.
#[domain_events]
pub enum ThingEvent {
    /// It was done.
    Done,
}

fn main() {}
