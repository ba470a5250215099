//! A JSON Schema for each version of an event.

use event_runtime::catalog::{Catalog, EventEntry, canonical};
use serde_json::{Value, json};

use super::File;
use super::names::summary;
use crate::lock::event_folder;

pub(super) fn files(catalog: &Catalog) -> Vec<File> {
    let of = |event: &EventEntry| {
        let folder = event_folder(&event.name);
        let files = event.versions.iter().flat_map(|version| {
            let named = |suffix: &str, schema: &Value| {
                let schema = document(event, version.version, schema);
                (format!("{folder}/{}{suffix}.json", version.version), canonical(&schema))
            };
            [named("", &version.read), named(".written", &version.written)]
        });
        files.collect::<Vec<_>>()
    };
    catalog.events.iter().flat_map(of).collect()
}

/// The schema as a document of its own.
pub(super) fn document(event: &EventEntry, version: u32, schema: &Value) -> Value {
    let mut schema = portable(schema);
    let keywords = [
        ("$schema", json!("https://json-schema.org/draft/2020-12/schema")),
        ("title", json!(format!("{} version {version}", event.name))),
        ("description", json!(summary(&event.description))),
    ];
    for (keyword, value) in keywords {
        schema.as_object_mut().map(|schema| schema.insert(keyword.to_owned(), value));
    }
    schema
}

/// A schema without what only Rust knows: names of its numbers as formats, and paths of functions.
pub(super) fn portable(schema: &Value) -> Value {
    match schema {
        Value::Array(parts) => parts.iter().map(portable).collect(),
        Value::Object(members) => {
            let is_told = |(keyword, value): &(&String, &Value)| {
                let is_number =
                    *keyword == "format" && value.as_str().is_some_and(|format| NUMBERS.contains(&format));
                !is_number && !["x-custom", "x-refine"].contains(&keyword.as_str())
            };
            members
                .iter()
                .filter(is_told)
                .map(|(keyword, value)| (keyword.clone(), portable(value)))
                .collect::<serde_json::Map<_, _>>()
                .into()
        }
        other => other.clone(),
    }
}

/// Formats that say in what a number is held; its bounds say more.
const NUMBERS: &[&str] = &[
    "int8", "int16", "int32", "int64", "int128", "int", "uint8", "uint16", "uint32", "uint64", "uint128",
    "uint", "float", "double",
];
