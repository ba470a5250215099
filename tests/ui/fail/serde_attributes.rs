//! serde's attributes that would change the JSON behind the back of schema and issues.

use event_runtime::prelude::*;

/// The life of a part.
#[domain_events]
#[serde(tag = "type")]
pub enum PartEvent {
    /// A part was found.
    #[serde(rename = "discovered", deny_unknown_fields)]
    Found {
        #[serde(skip)]
        hidden: u32,
        #[serde(with = "module")]
        odd: u32,
        #[serde(alias = "old")]
        new: u32,
        #[serde(rename = "new")]
        newer: u32,
    },
    /// A part was lost.
    #[serde(rename_all = "camel")]
    Lost { id: u64 },
}

fn main() {}
