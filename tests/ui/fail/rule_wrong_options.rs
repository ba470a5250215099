//! Rules with options that make no sense.

use event_runtime::prelude::*;

/// The life of a part.
#[domain_events]
pub enum PartEvent {
    /// A part was found.
    Found {
        #[validate(multiple_of(0))]
        zero: u32,
        #[validate(multiple_of(1.5))]
        float: u32,
        #[validate(one_of("a", "a"))]
        twice: String,
        #[validate(one_of("a", 1))]
        mixed: String,
        #[validate(one_of())]
        none: String,
        #[validate(ip(v5))]
        version: String,
        #[validate(starts_with(""))]
        empty: String,
        #[validate(length(equal = 2, max = 3))]
        equal: String,
        #[validate(inner(emial))]
        inner: Vec<String>,
        #[validate(refine = check)]
        refine: String,
        #[validate(email = "yes")]
        flag: String,
    },
    /// A part was lost.
    #[validate(length(max = 3))]
    Lost { id: u64 },
}

fn main() {}
