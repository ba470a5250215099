use event_runtime::prelude::*;

/// Options of fields.
#[payload]
struct Login {
    #[event(sensitve)]
    misspelled: String,
    #[event(sensitive = true)]
    flag: String,
    #[event(version = 2)]
    of_variants: String,
}

fn main() {}
