//! An AsyncAPI 3.0 document. Payloads are draft-07, the JSON Schema that AsyncAPI has; what they refer to is in `components/schemas`.

use std::collections::BTreeMap;

use event_runtime::catalog::{Catalog, EventEntry, FunctionEntry, Version, canonical};
use serde_json::{Map, Value, json};

use super::File;
use super::json_schema::portable;
use super::names::{key, summary, version_key};

pub(super) fn files(catalog: &Catalog) -> Vec<File> {
    vec![("asyncapi.json".to_owned(), canonical(&document(catalog)))]
}

fn document(catalog: &Catalog) -> Value {
    let mut schemas = Schemas::default();
    let (mut channels, mut messages, mut operations) = (Map::new(), Map::new(), Map::new());
    for event in &catalog.events {
        let keys: Vec<String> =
            event.versions.iter().map(|version| version_key(event, version.version)).collect();
        for (version, name) in event.versions.iter().zip(&keys) {
            messages.insert(name.clone(), message(event, version, name, &mut schemas));
        }
        let listed: Map<String, Value> = keys
            .iter()
            .map(|name| (name.clone(), json!({ "$ref": format!("#/components/messages/{name}") })))
            .collect();
        let channel =
            json!({ "address": event.name, "description": summary(&event.description), "messages": listed });
        channels.insert(key(&event.name), channel);
        let is_foreign = catalog.domains.iter().any(|domain| domain.name == event.domain && domain.foreign);
        if !is_foreign {
            let operation = json!({ "action": "send", "channel": channel_of(&event.name), "messages": [message_of(event)] });
            operations.insert(format!("send.{}", key(&event.name)), operation);
        }
    }
    for function in &catalog.functions {
        receive(catalog, function, &mut operations);
    }
    let description = format!(
        "The events of the application `{}`, and the functions that react to them.",
        catalog.application
    );
    json!({
        "asyncapi": "3.0.0",
        "info": { "title": catalog.application, "version": "1.0.0", "description": description },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": { "messages": messages, "schemas": schemas.0 },
    })
}

fn channel_of(name: &str) -> Value {
    json!({ "$ref": format!("#/channels/{}", key(name)) })
}

fn message_of(event: &EventEntry) -> Value {
    let name = key(&event.name);
    json!({ "$ref": format!("#/channels/{name}/messages/{name}") })
}

/// An operation for each event that starts a function; the first has the function's id.
fn receive(catalog: &Catalog, function: &FunctionEntry, operations: &mut Map<String, Value>) {
    let known = function.triggers.iter().filter_map(|name| catalog.event(name));
    for (at, event) in known.enumerate() {
        let id = if at == 0 { function.id.clone() } else { format!("{}.{}", function.id, key(&event.name)) };
        let operation = json!({
            "action": "receive",
            "title": function.name,
            "summary": summary(&function.description),
            "channel": channel_of(&event.name),
            "messages": event.versions.iter().map(|version| {
                json!({ "$ref": format!("#/channels/{}/messages/{}", key(&event.name), version_key(event, version.version)) })
            }).collect::<Vec<_>>(),
        });
        operations.insert(id, operation);
    }
}

fn message(event: &EventEntry, version: &Version, name: &str, schemas: &mut Schemas) -> Value {
    let payload = schemas.payload(name, &version.read);
    let mut message = json!({
        "name": event.name,
        "title": format!("{} version {}", event.name, version.version),
        "summary": summary(&event.description),
        "contentType": "application/json",
        "payload": payload,
        "tags": [{ "name": event.domain }],
        "x-eventcatalog-message-type": "event",
        "x-eventcatalog-message-version": version.version.to_string(),
    });
    let example =
        |(at, payload): (usize, &Value)| json!({ "name": format!("example-{}", at + 1), "payload": payload });
    let examples: Vec<Value> = version.examples.iter().enumerate().map(example).collect();
    if !examples.is_empty() {
        message["examples"] = examples.into();
    }
    if let Some(owner) = &event.owner {
        message["x-owner"] = json!(owner);
    }
    if let Some(deprecation) = &event.deprecation {
        message["x-deprecated"] = json!(true);
        for (extension, value) in [
            ("x-eventcatalog-deprecated-date", &deprecation.since),
            ("x-eventcatalog-deprecated-message", &deprecation.note),
        ] {
            if let Some(value) = value {
                message[extension] = json!(value);
            }
        }
    }
    if !event.handled_by.is_empty() {
        message["x-handlers"] = json!(event.handled_by);
    }
    message
}

/// The definitions that payloads refer to, by name.
#[derive(Default)]
struct Schemas(Map<String, Value>);

impl Schemas {
    /// A payload, whose definitions are put here. Two that have one name and differ get two names.
    fn payload(&mut self, message: &str, schema: &Value) -> Value {
        let schema = portable(schema);
        let definitions = schema.get("$defs").and_then(Value::as_object).cloned().unwrap_or_default();
        let mut names: BTreeMap<String, String> =
            definitions.keys().map(|name| (name.clone(), key(name))).collect();
        let clashes = |names: &BTreeMap<String, String>| {
            let clash = |(name, definition): (&String, &Value)| {
                names
                    .get(name)
                    .and_then(|given| self.0.get(given))
                    .is_some_and(|other| *other != draft_07(definition, names))
            };
            definitions.iter().any(clash)
        };
        if clashes(&names) {
            // They refer to each other: all of them are named after the message.
            names =
                definitions.keys().map(|name| (name.clone(), format!("{message}.{}", key(name)))).collect();
        }
        for (name, definition) in &definitions {
            if let Some(given) = names.get(name) {
                self.0.insert(given.clone(), draft_07(definition, &names));
            }
        }
        let mut payload = draft_07(&schema, &names);
        payload.as_object_mut().map(|payload| payload.remove("$defs"));
        let name = format!("{message}.payload");
        self.0.insert(name.clone(), payload);
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }
}

/// A schema of 2020-12 in the words of draft-07.
fn draft_07(schema: &Value, names: &BTreeMap<String, String>) -> Value {
    let Some(members) = schema.as_object() else { return schema.clone() };
    let mut out = Map::new();
    for (keyword, value) in members {
        let (keyword, value) = match keyword.as_str() {
            "$schema" | "$defs" => continue,
            "$ref" => {
                let name = value.as_str().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
                let given = names.get(name).map_or(name, String::as_str);
                ("$ref", json!(format!("#/components/schemas/{given}")))
            }
            "prefixItems" => ("items", each(value, names)),
            "items" if members.contains_key("prefixItems") => ("additionalItems", draft_07(value, names)),
            "items" | "additionalProperties" | "propertyNames" | "not" | "contains" => {
                (keyword.as_str(), draft_07(value, names))
            }
            "anyOf" | "oneOf" | "allOf" => (keyword.as_str(), each(value, names)),
            "properties" | "patternProperties" => {
                let members = value.as_object().into_iter().flatten();
                let members: Map<String, Value> =
                    members.map(|(name, value)| (name.clone(), draft_07(value, names))).collect();
                (keyword.as_str(), members.into())
            }
            other => (other, value.clone()),
        };
        out.insert(keyword.to_owned(), value);
    }
    // In draft-07 what stands beside a reference is ignored.
    if out.len() > 1
        && let Some(reference) = out.remove("$ref")
    {
        let all = out.entry("allOf").or_insert_with(|| json!([]));
        all.as_array_mut().into_iter().for_each(|all| all.push(json!({ "$ref": reference })));
    }
    out.into()
}

fn each(parts: &Value, names: &BTreeMap<String, String>) -> Value {
    parts.as_array().into_iter().flatten().map(|part| draft_07(part, names)).collect()
}
