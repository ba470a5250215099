//! The fields of a version.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::rule;
use crate::validate::Field;

/// A field of a payload.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[non_exhaustive]
pub struct FieldEntry {
    /// Its name in JSON.
    pub name: String,
    /// The type in a few words: `text`, `integer`, `list of Line`, `text or null`.
    pub kind: String,
    /// Whether it must be there when it is read.
    pub required: bool,
    /// The documentation.
    pub description: String,
    /// The rules as they are declared: `length(min = 1)`.
    pub rules: Vec<String>,
    /// What stands for it when it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// A value of it, from the example of the payload.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<Value>,
    /// Whether it carries `#[deprecated]`.
    pub deprecated: bool,
    /// Whether its value is shown nowhere.
    pub sensitive: bool,
    /// Whether it is the key of the event, or part of it.
    pub key: bool,
    /// How its text is made uniform when it is read.
    pub normalize: Vec<String>,
}

impl FieldEntry {
    /// The fields of a payload, with what the JSON Schema of what is read says of them.
    pub(super) fn all_of(fields: &[Field], read: &Value) -> Vec<Self> {
        fields.iter().map(|field| Self::of(field, read)).collect()
    }

    fn of(field: &Field, read: &Value) -> Self {
        let schema = read.get("properties").and_then(|properties| properties.get(field.name));
        let schema = schema.unwrap_or(&Value::Null);
        let required = read.get("required").and_then(Value::as_array);
        let example = read.pointer("/examples/0").and_then(|example| example.get(field.name));
        Self {
            name: field.name.to_owned(),
            kind: kind(schema),
            required: required.into_iter().flatten().any(|name| *name == *field.name),
            description: field.description.to_owned(),
            rules: field.rules.iter().map(rule::text).collect(),
            default: schema.get("default").cloned(),
            example: example.filter(|_| !field.sensitive).cloned(),
            deprecated: field.deprecated,
            sensitive: field.sensitive,
            key: field.key,
            normalize: field.normalize.iter().map(|name| (*name).to_owned()).collect(),
        }
    }
}

/// A type in a few words.
fn kind(schema: &Value) -> String {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return reference.rsplit('/').next().unwrap_or_default().to_owned();
    }
    let choices = schema.get("anyOf").or_else(|| schema.get("oneOf")).and_then(Value::as_array);
    match (schema.get("type"), choices) {
        (Some(Value::Array(kinds)), _) => {
            let mut kinds: Vec<String> =
                kinds.iter().filter_map(Value::as_str).map(|kind| named(kind, schema)).collect();
            // `null` comes last.
            kinds.sort_by_key(|kind| kind == "null");
            kinds.join(" or ")
        }
        (Some(Value::String(kind)), _) => named(kind, schema),
        (_, Some(choices)) => choices.iter().map(kind).collect::<Vec<_>>().join(" or "),
        _ => "anything".to_owned(),
    }
}

fn named(name: &str, schema: &Value) -> String {
    let inside = |keyword: &str| schema.get(keyword).filter(|inside| inside.is_object()).map(kind);
    match name {
        "string" => match schema.get("format").and_then(Value::as_str) {
            Some(format) => format!("text ({format})"),
            None => "text".to_owned(),
        },
        "array" if schema.get("prefixItems").is_some() => "tuple".to_owned(),
        "array" => inside("items").map_or_else(|| "list".to_owned(), |items| format!("list of {items}")),
        "object" => inside("additionalProperties")
            .map_or_else(|| "object".to_owned(), |value| format!("map of {value}")),
        other => other.to_owned(),
    }
}
