//! A type that derives nothing: each error stands at the field.

use event_runtime::prelude::*;

pub struct Plain {
    pub x: u8,
}

/// Things.
#[domain_events]
pub enum ThingEvent {
    /// Added.
    Added { id: u64, plain: Plain },
}

fn main() {}
