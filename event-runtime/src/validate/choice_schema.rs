//! The JSON Schema of an enum: one of its variants, each with its tag as a constant.

use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::example::sample;
use super::json::{Held, Tagged, Tagging, Variant};
use super::schema::{describe, field_schema, fields_schema};

/// The JSON Schema of an enum.
#[must_use]
pub fn choice_schema<T: Tagged>(
    generator: &mut SchemaGenerator,
    description: &'static str,
    deprecated: bool,
) -> Schema {
    let mut schema = Schema::default();
    describe(&mut schema, description, deprecated);
    let is_text = |variant: &Variant| matches!(variant.held, Held::Nothing) && variant.description.is_empty();
    if matches!(T::TAGGING, Tagging::External) && T::KEEP.is_none() && T::VARIANTS.iter().all(is_text) {
        schema.insert("type".to_owned(), "string".into());
        schema.insert("enum".to_owned(), tags::<T>());
        return schema;
    }
    let branches = T::VARIANTS.iter().map(|variant| branch(T::TAGGING, variant, generator).to_value());
    let mut branches: Vec<Value> = branches.collect();
    if let Some(example) = branches.iter().find_map(|branch| sample(branch, generator.definitions())) {
        schema.insert("examples".to_owned(), json!([example]));
    }
    if T::KEEP.is_some() {
        branches.extend(unknown::<T>());
    }
    schema.insert("oneOf".to_owned(), branches.into());
    schema
}

fn tags<T: Tagged>() -> Value {
    T::VARIANTS.iter().map(|variant| variant.tag).collect()
}

fn branch(tagging: Tagging, variant: &Variant, generator: &mut SchemaGenerator) -> Schema {
    let tag = variant.tag;
    let mut schema = match (tagging, held(variant, generator)) {
        (Tagging::External, None) => constant(tag),
        (Tagging::External, Some(held)) => {
            let mut schema = object(&[(tag, held)]);
            schema.insert("additionalProperties".to_owned(), false.into());
            schema
        }
        (Tagging::Internal { tag: key } | Tagging::Adjacent { tag: key, .. }, None) => {
            object(&[(key, constant(tag))])
        }
        (Tagging::Internal { tag: key }, Some(held)) => beside_tag(held, key, tag),
        (Tagging::Adjacent { tag: key, content }, Some(held)) => {
            let mut schema = object(&[(key, constant(tag)), (content, held)]);
            if !variant.held.is_required() {
                schema.insert("required".to_owned(), json!([key]));
            }
            schema
        }
    };
    describe(&mut schema, variant.description, variant.deprecated);
    schema
}

fn held(variant: &Variant, generator: &mut SchemaGenerator) -> Option<Schema> {
    match &variant.held {
        Held::Nothing => None,
        Held::Fields { fields, example } => Some(fields_schema(generator, fields, "", false, *example)),
        Held::Value(value) => Some(field_schema(value, generator)),
    }
}

fn constant(tag: &str) -> Schema {
    schemars::json_schema!({ "type": "string", "const": tag })
}

/// An object in which each of these must be.
fn object(properties: &[(&str, Schema)]) -> Schema {
    let required: Vec<&str> = properties.iter().map(|(name, _)| *name).collect();
    let properties: Map<String, Value> =
        properties.iter().map(|(name, schema)| ((*name).to_owned(), schema.as_value().clone())).collect();
    schemars::json_schema!({ "type": "object", "properties": properties, "required": required })
}

/// Puts the tag into the object that a variant holds, and into its examples.
fn beside_tag(mut held: Schema, key: &str, tag: &str) -> Schema {
    let schema = held.ensure_object();
    let properties = schema.entry("properties").or_insert_with(|| json!({}));
    if let Some(properties) = properties.as_object_mut() {
        properties.insert(key.to_owned(), constant(tag).to_value());
    }
    let required = schema.entry("required").or_insert_with(|| json!([]));
    if let Some(required) = required.as_array_mut() {
        required.insert(0, key.into());
    }
    let examples = schema.get_mut("examples").and_then(Value::as_array_mut);
    for example in examples.into_iter().flatten().filter_map(Value::as_object_mut) {
        example.insert(key.to_owned(), tag.into());
    }
    held
}

/// What an open enum keeps: what has a tag that is not known.
fn unknown<T: Tagged>() -> Vec<Value> {
    let text = json!({ "type": "string", "not": { "enum": tags::<T>() } });
    match T::TAGGING {
        Tagging::External => {
            let known: Vec<Value> =
                T::VARIANTS.iter().map(|variant| json!({ "required": [variant.tag] })).collect();
            let object = json!({ "type": "object", "minProperties": 1, "maxProperties": 1, "not": { "anyOf": known } });
            vec![text, object]
        }
        Tagging::Internal { tag } | Tagging::Adjacent { tag, .. } => {
            vec![json!({ "type": "object", "properties": { tag: text }, "required": [tag] })]
        }
    }
}
