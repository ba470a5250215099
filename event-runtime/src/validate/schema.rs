//! The rules as data: for JSON Schema, and for the catalogue of events.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::decode::missing_field;

/// One field of a payload: its name, documentation and rules.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Field {
    /// The name in JSON.
    pub name: &'static str,
    /// The documentation comment.
    pub description: &'static str,
    /// The rules, as written.
    pub rules: &'static [Rule],
}

impl Field {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: &'static str, description: &'static str, rules: &'static [Rule]) -> Self {
        Self { name, description, rules }
    }
}

/// A rule of a field.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Rule {
    /// `length`: code points of a text, elements of a collection; both included.
    Length {
        /// The least length.
        min: Option<usize>,
        /// The greatest length.
        max: Option<usize>,
    },
    /// `range`; both included.
    Range {
        /// The least value.
        min: Option<Bound>,
        /// The greatest value.
        max: Option<Bound>,
    },
    /// `email`.
    Email,
    /// `url`.
    Url,
    /// `uuid`.
    Uuid,
    /// `pattern`.
    Pattern(&'static str),
}

/// A bound of a range.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Bound {
    /// Of an integer.
    Integer(i128),
    /// Of a float.
    Float(f64),
}

impl From<Bound> for Value {
    fn from(bound: Bound) -> Self {
        match bound {
            Bound::Integer(bound) => serde_json::Number::from_i128(bound).map_or(Self::Null, Self::Number),
            Bound::Float(bound) => bound.into(),
        }
    }
}

/// The JSON Schema of an object, built field by field.
#[derive(Debug)]
pub struct ObjectSchema<'g> {
    generator: &'g mut SchemaGenerator,
    properties: Map<String, Value>,
    required: Vec<Value>,
}

impl<'g> ObjectSchema<'g> {
    /// Without fields yet.
    pub fn new(generator: &'g mut SchemaGenerator) -> Self {
        Self { generator, properties: Map::new(), required: Vec::new() }
    }

    /// Adds a field of type `T`. It is required unless a missing one decodes, as for an `Option`, or has a default.
    pub fn field<T: JsonSchema + DeserializeOwned>(&mut self, field: &Field, has_default: bool) {
        if !has_default && missing_field::<T, serde::de::value::Error>("").is_err() {
            self.required.push(field.name.into());
        }
        let mut schema = self.generator.subschema_for::<T>();
        for rule in field.rules {
            apply(rule, &mut schema, self.generator);
        }
        if !field.description.is_empty() {
            schema.insert("description".to_owned(), field.description.into());
        }
        self.properties.insert(field.name.to_owned(), schema.to_value());
    }

    /// The schema.
    pub fn finish(self, description: &str) -> Schema {
        let mut schema = Schema::default();
        if !description.is_empty() {
            schema.insert("description".to_owned(), description.into());
        }
        schema.insert("type".to_owned(), "object".into());
        if !self.properties.is_empty() {
            schema.insert("properties".to_owned(), self.properties.into());
        }
        if !self.required.is_empty() {
            schema.insert("required".to_owned(), self.required.into());
        }
        schema
    }
}

/// Adds the keywords of a rule.
fn apply(rule: &Rule, schema: &mut Schema, generator: &SchemaGenerator) {
    let mut set = |keyword: Cow<'static, str>, value: Value| {
        if !value.is_null() {
            schema.insert(keyword.into_owned(), value);
        }
    };
    match rule {
        Rule::Length { min, max } => {
            let (least, most) = length_keywords(schema, generator);
            let mut set = |keyword: &str, value: &Option<usize>| {
                if let Some(value) = value {
                    schema.insert(keyword.to_owned(), json!(value));
                }
            };
            set(least, min);
            set(most, max);
        }
        Rule::Range { min, max } => {
            set("minimum".into(), min.map_or(Value::Null, Value::from));
            set("maximum".into(), max.map_or(Value::Null, Value::from));
        }
        Rule::Email => set("format".into(), "email".into()),
        Rule::Url => set("format".into(), "uri".into()),
        Rule::Uuid => set("format".into(), "uuid".into()),
        Rule::Pattern(pattern) => set("pattern".into(), (*pattern).into()),
    }
}

/// The keywords of a length depend on the JSON type of what is counted.
fn length_keywords(schema: &Schema, generator: &SchemaGenerator) -> (&'static str, &'static str) {
    let definition = schema.get("$ref").and_then(Value::as_str).and_then(|reference| {
        let name = reference.rsplit('/').next()?;
        generator.definitions().get(name)
    });
    let of_type = |name: &str| {
        let kind = definition.and_then(|schema| schema.get("type")).or_else(|| schema.get("type"));
        match kind {
            Some(Value::String(kind)) => kind == name,
            Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == name),
            _ => false,
        }
    };
    if of_type("array") {
        ("minItems", "maxItems")
    } else if of_type("object") {
        ("minProperties", "maxProperties")
    } else {
        ("minLength", "maxLength")
    }
}
