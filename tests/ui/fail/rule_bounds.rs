//! Bounds that exclude themselves, and constants.

use event_runtime::prelude::*;

const LEAST: u32 = 10;
const MOST: u32 = 9;
const WIDE: u64 = 300;
const SHORT: usize = 3;

/// A share.
#[payload]
pub struct Share {
    #[validate(range(gt = 0))]
    other_word: u8,
    #[validate(range(abov = 0))]
    misspelled: u8,
    #[validate(range(min = 0, above = 1))]
    twice: u8,
    #[validate(range(above = 1, below = 2))]
    between: u8,
    #[validate(range(above = 1.0, max = 1.0))]
    at: f64,
    #[validate(range(above = 2, below = 1))]
    exchanged: u8,
}

/// Another.
#[payload]
pub struct Other {
    #[validate(range(min = LEAST, max = MOST))]
    order: u32,
    #[validate(range(max = WIDE))]
    type_of_constant: u32,
    #[validate(length(min = 4, max = SHORT))]
    length: String,
    #[validate(range(max = MISSING))]
    missing: u32,
}

fn main() {}
