//! Reading JSON Schemas.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// A schema whose `$defs` others refer to.
#[derive(Clone, Copy)]
pub(crate) struct Root<'s>(&'s Value);

impl<'s> Root<'s> {
    pub(crate) const fn of(schema: &'s Value) -> Self {
        Self(schema)
    }

    /// The name of what a schema refers to.
    pub(crate) fn reference(schema: &Value) -> Option<&str> {
        schema.get("$ref")?.as_str()?.rsplit('/').next()
    }

    /// Follows the reference of a schema, and merges the keywords beside it.
    pub(crate) fn resolved<'v>(self, schema: &'v Value) -> Cow<'v, Value>
    where
        's: 'v,
    {
        let mut schema = Cow::Borrowed(schema);
        // A reference to a reference; a circle of them means nothing.
        for _ in 0..16 {
            let name = Self::reference(&schema);
            let Some(target) = name.and_then(|name| self.0.get("$defs")?.get(name)) else { break };
            let beside = schema.as_object().into_iter().flatten().filter(|(keyword, _)| *keyword != "$ref");
            let mut merged = target.as_object().cloned().unwrap_or_default();
            merged.extend(beside.map(|(keyword, value)| (keyword.clone(), value.clone())));
            schema = Cow::Owned(merged.into());
        }
        schema
    }

    /// One of the choices of a schema, with the keywords beside them.
    pub(crate) fn beside(self, schema: &Value, keyword: &str, choice: &Value) -> Value {
        let mut merged = schema.as_object().cloned().unwrap_or_default();
        merged.remove(keyword);
        let Value::Object(choice) = self.resolved(choice).into_owned() else { return merged.into() };
        for (keyword, value) in choice {
            match merged.get_mut(&keyword) {
                None => drop(merged.insert(keyword, value)),
                Some(own) if *own == value => {}
                Some(Value::Object(own)) if keyword == "properties" => {
                    own.extend(value.as_object().cloned().unwrap_or_default());
                }
                Some(Value::Array(own)) if keyword == "required" => {
                    own.extend(value.as_array().cloned().unwrap_or_default());
                }
                // A keyword that is there already holds as well.
                Some(_) => {
                    let all = merged.entry("allOf").or_insert_with(|| Value::Array(Vec::new()));
                    let part = Map::from_iter([(keyword, value)]);
                    all.as_array_mut().into_iter().for_each(|all| all.push(part.clone().into()));
                }
            }
        }
        merged.into()
    }

    /// A part of the document as a document of its own.
    pub(crate) fn document(self, schema: &Value) -> Value {
        let mut document = match schema {
            Value::Object(members) => members.clone(),
            other => Map::from_iter([("allOf".to_owned(), Value::Array(vec![other.clone()]))]),
        };
        if let Some(definitions) = self.0.get("$defs") {
            document.insert("$defs".to_owned(), definitions.clone());
        }
        document.into()
    }
}

/// The types that a schema names.
pub(crate) fn types(schema: &Value) -> Vec<String> {
    match schema.get("type") {
        Some(Value::String(kind)) => vec![kind.clone()],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// The least and the greatest number, both included as far as this is known.
pub(crate) fn bounds(schema: &Value) -> (f64, f64) {
    let bound = |keyword: &str| schema.get(keyword).and_then(Value::as_f64);
    let least =
        bound("minimum").into_iter().chain(bound("exclusiveMinimum")).fold(f64::NEG_INFINITY, f64::max);
    let most = bound("maximum").into_iter().chain(bound("exclusiveMaximum")).fold(f64::INFINITY, f64::min);
    (least, most)
}

/// A count, such as a length.
pub(crate) fn count(schema: &Value, keyword: &str) -> Option<usize> {
    schema.get(keyword)?.as_u64().and_then(|count| usize::try_from(count).ok())
}

/// The elements of a keyword that is a list.
pub(crate) fn list<'v>(schema: &'v Value, keyword: &str) -> &'v [Value] {
    schema.get(keyword).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The members of a keyword that is an object.
pub(crate) fn members<'v>(schema: &'v Value, keyword: &str) -> impl Iterator<Item = (&'v String, &'v Value)> {
    schema.get(keyword).and_then(Value::as_object).into_iter().flatten()
}

/// Whether a name is required.
pub(crate) fn requires(schema: &Value, name: &str) -> bool {
    list(schema, "required").iter().any(|required| *required == *name)
}

/// Whether two schemas say the same, apart from what is only told to people.
pub(crate) fn same(one: &Value, other: &Value) -> bool {
    stripped(one) == stripped(other)
}

/// Keywords that change nothing about which values are allowed, and are left out of a contract.
const TOLD: &[&str] = &[
    "description",
    "title",
    "examples",
    "deprecated",
    "$schema",
    "x-owner",
    "x-deprecated-since",
    "x-deprecated-note",
];

/// A schema without what is only told to people.
pub(crate) fn stripped(schema: &Value) -> Value {
    let Some(members) = schema.as_object() else { return schema.clone() };
    let kept = members.iter().filter(|(keyword, _)| !TOLD.contains(&keyword.as_str()));
    let kept = kept.map(|(keyword, value)| {
        let value = match keyword.as_str() {
            "items" | "additionalProperties" | "propertyNames" | "not" | "contains" => stripped(value),
            "prefixItems" | "anyOf" | "oneOf" | "allOf" => {
                value.as_array().map_or_else(|| value.clone(), |parts| parts.iter().map(stripped).collect())
            }
            // Here the keys are names, and not keywords.
            "properties" | "patternProperties" | "$defs" => value.as_object().map_or_else(
                || value.clone(),
                |parts| {
                    parts
                        .iter()
                        .map(|(name, part)| (name.clone(), stripped(part)))
                        .collect::<Map<_, _>>()
                        .into()
                },
            ),
            _ => value.clone(),
        };
        (keyword.clone(), value)
    });
    kept.collect::<Map<_, _>>().into()
}
