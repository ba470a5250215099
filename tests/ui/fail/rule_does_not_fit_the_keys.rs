//! Rules of keys where there are none, and of keys of another type.

use std::collections::BTreeMap;

use event_runtime::prelude::*;

/// The life of a part.
#[domain_events]
pub enum PartEvent {
    /// A part was found.
    Found {
        #[validate(keys(length(max = 3)))]
        list: Vec<String>,
        #[validate(keys(length(max = 3)))]
        map: BTreeMap<u8, String>,
        #[validate(uuid(version = 7))]
        version: u64,
        #[validate(length(min = 1), or_empty)]
        empty: Vec<String>,
    },
}

fn main() {}
