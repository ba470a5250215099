use event_runtime::prelude::*;

/// Not told apart.
#[payload]
#[serde(untagged)]
enum Untagged {
    A(u8),
}

/// The content without the tag.
#[payload]
#[serde(content = "data")]
enum ContentAlone {
    A,
}

/// The tag is the content.
#[payload]
#[serde(tag = "type", content = "type", rename_al = "camelCase")]
enum Same {
    A,
}

/// Nothing is a value of it.
#[payload]
enum Never {}

/// What is wrong with variants.
#[payload]
#[serde(tag = "type", rename_all = "lowercase")]
enum Variants {
    Card { r#type: String },
    #[serde(rename = "card")]
    Other,
    #[serde(other)]
    Unknown,
    #[serde(alias = "old")]
    New = 7,
    Two(u8, u8),
    None(),
    #[validate(refine = check)]
    #[event(sensitive)]
    Refined,
    Named(#[serde(rename = "x")] Inner),
}

/// An object.
#[payload]
struct Inner {
    id: u64,
}

/// The variant is added.
#[payload(open)]
enum Growing {
    Unknown,
}

/// Not an option.
#[payload(opn)]
enum Misspelled {
    A,
}

/// An enum is open.
#[payload(open)]
struct Open {
    id: u64,
}

fn main() {}
