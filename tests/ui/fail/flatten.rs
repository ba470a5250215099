use event_runtime::prelude::*;

/// An object.
#[payload]
struct Address {
    city: String,
    id: u64,
}

/// What cannot be flattened.
#[payload]
struct Numbers {
    #[serde(flatten)]
    number: u8,
}

/// What is there twice.
#[payload]
struct Twice {
    id: u64,
    #[serde(flatten)]
    address: Address,
}

/// What is written on the fields of the type.
#[payload]
struct Ruled {
    #[serde(flatten, default)]
    #[validate(custom = check)]
    address: Address,
}

fn main() {}
