use event_runtime::prelude::*;

/// A struct with serde's derives.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
struct Plain {
    id: u64,
}

/// An object with the field of the tag.
#[payload]
struct Typed {
    r#type: String,
}

/// A text.
#[payload]
struct Email(String);

/// Only objects have room for a tag.
#[payload]
#[serde(tag = "type")]
enum Method {
    Number(u8),
    Plain(Plain),
    Typed(Typed),
    Email(Email),
    List(Vec<Typed>),
}

fn main() {}
