//! Fields whose types have no JSON: one error each, at the type.

use std::collections::BTreeMap;
use std::sync::Arc;

use event_runtime::prelude::*;

#[derive(Debug, Clone)]
pub struct Plain {
    pub x: u8,
}

#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct WithoutSchema {
    pub x: u8,
}

/// A part.
#[payload]
pub struct Part {
    #[serde(default)]
    plain: Option<Plain>,
}

/// Things.
#[domain_events]
pub enum ThingEvent {
    /// Added.
    Added { id: u64, plain: Plain },
    /// Counted.
    Counted {
        #[validate(length(min = 1))]
        all: Vec<Plain>,
        by_name: BTreeMap<String, WithoutSchema>,
        #[serde(skip_serializing_if = "Option::is_none")]
        one: Option<Box<Plain>>,
        text: Arc<str>,
        pair: (u8, Plain),
        part: Part,
    },
}

fn main() {}
