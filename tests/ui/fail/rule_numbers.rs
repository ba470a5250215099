//! Literals that are no numbers, wherever one may stand; each is reported, and the other mistakes too.

use event_runtime::prelude::*;

/// A share.
#[payload]
pub struct Share {
    #[validate(range(min = 1e999))]
    infinite: f64,
    #[validate(range(max = -1e999), emial)]
    negative: f64,
    #[validate(range(min = 1000000000000000000000000000000000000000))]
    huge: u128,
    #[validate(range(min = -340282366920938463463374607431768211455))]
    least: i128,
    #[validate(range(min = 5foo, max = 1.5bar))]
    suffix: u8,
    #[validate(length(min = 1e999, max = 99999999999999999999999))]
    length: String,
    #[validate(length(max = -1))]
    less: String,
    #[validate(multiple_of(1000000000000000000000000000000000000000))]
    multiple: u64,
    #[validate(multiple_of(7foo))]
    suffixed: u64,
    #[validate(one_of(1e999, 5foo, 2))]
    one: f64,
    #[validate(uuid(version = 7foo))]
    version: String,
    #[validate(example = 1e999)]
    example: f64,
    #[validate(range(max = "ten"))]
    text: u8,
    #[validate(range(max = 1 / 0))]
    quotient: u8,
}

fn main() {}
