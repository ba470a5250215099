//! Rules on collections and their elements that do not fit, and functions of the wrong shape.

use event_runtime::prelude::*;
use event_runtime::validate::Invalid;

fn even(number: &u32) -> Result<(), Invalid> {
    if number.is_multiple_of(2) { Ok(()) } else { Err("must be even".into()) }
}

/// The life of a part.
#[domain_events]
pub enum PartEvent {
    /// A part was found.
    Found {
        #[validate(inner(range(max = 3)))]
        tags: Vec<String>,
        #[validate(inner(email))]
        mail: String,
        #[validate(unique)]
        weights: Vec<f64>,
        #[validate(multiple_of(2))]
        weight: f64,
        #[validate(custom = even)]
        count: u64,
    },
}

fn main() {}
