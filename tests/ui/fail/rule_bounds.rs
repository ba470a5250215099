//! Bounds that exclude themselves.

use event_runtime::prelude::*;

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

fn main() {}
