use event_runtime::prelude::*;

/// Texts that are made uniform.
#[payload]
struct Texts {
    #[normalize(trimm, lower)]
    misspelled: String,
    #[normalize]
    bare: String,
    #[normalize()]
    empty: String,
    #[normalize(trim = true)]
    flag: String,
}

/// No texts.
#[payload]
struct Numbers {
    #[normalize(trim)]
    number: u32,
    #[normalize(lowercase)]
    numbers: Option<Vec<u8>>,
}

fn main() {}
