//! The events of a document.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::infer::infer;
use crate::error::Error;

/// The events of a document.
#[derive(Debug)]
pub(super) struct Source {
    /// In which references are looked up.
    pub(super) document: Value,
    pub(super) about: String,
    pub(super) events: Vec<Event>,
}

/// An event, and the schema of its payload.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) schema: Value,
}

/// Reads a document: what it is shows in what it contains.
pub(super) fn read(text: &str, stem: &str) -> Result<Source, Error> {
    let values = values(text)?;
    if let [document] = &values[..] {
        if document.get("asyncapi").is_some() {
            return asyncapi(document);
        }
        if is_schema(document) {
            return Ok(schema(document, stem));
        }
    }
    samples(&values, stem)
}

/// One document, or one on each line.
fn values(text: &str) -> Result<Vec<Value>, Error> {
    let values: Result<Vec<Value>, _> = serde_json::Deserializer::from_str(text).into_iter().collect();
    let values = values.map_err(|error| {
        let yaml = if text.trim_start().starts_with("asyncapi:") || text.trim_start().starts_with("---") {
            ": this is YAML. Convert it to JSON first, such as with `yq -o json`"
        } else {
            ""
        };
        Error::new(format!("the file is neither JSON nor one JSON value on each line ({error}){yaml}"))
    })?;
    // An array is a list of samples.
    let flat = values.into_iter().flat_map(|value| match value {
        Value::Array(elements) => elements,
        other => vec![other],
    });
    let values: Vec<Value> = flat.collect();
    if values.is_empty() { Err(Error::new("the file is empty")) } else { Ok(values) }
}

fn is_schema(document: &Value) -> bool {
    let has = |keyword: &str| document.get(keyword).is_some();
    has("$schema")
        || has("$defs")
        || has("definitions")
        || (has("properties") && document.get("type").is_some_and(|kind| kind == "object"))
}

/// A schema of one event; or one whose definitions are events, if it says nothing itself.
fn schema(document: &Value, stem: &str) -> Source {
    let text = |schema: &Value, keyword: &str| schema.get(keyword).and_then(Value::as_str).map(str::to_owned);
    let event = |name: String, schema: &Value| {
        let description = text(schema, "description").unwrap_or_default();
        Event { name, description, schema: schema.clone() }
    };
    let is_empty = ["properties", "$ref", "allOf", "oneOf", "anyOf"]
        .iter()
        .all(|keyword| document.get(*keyword).is_none());
    let definitions =
        document.get("$defs").or_else(|| document.get("definitions")).and_then(Value::as_object);
    let events = match definitions {
        Some(definitions) if is_empty => {
            definitions.iter().map(|(name, schema)| event(name.clone(), schema)).collect()
        }
        _ => vec![event(
            text(document, "title").filter(|title| !title.contains(' ')).unwrap_or_else(|| stem.to_owned()),
            document,
        )],
    };
    Source { document: document.clone(), about: text(document, "description").unwrap_or_default(), events }
}

/// The messages of a document of AsyncAPI 2 or 3.
fn asyncapi(document: &Value) -> Result<Source, Error> {
    let mut found: BTreeMap<String, Value> = BTreeMap::new();
    let mut add = |name: &str, message: &Value| {
        let message = resolve(document, message);
        let name = message.get("name").and_then(Value::as_str).unwrap_or(name).to_owned();
        if message.get("payload").is_some() {
            found.entry(name).or_insert(message);
        }
    };
    for (name, message) in object(document.pointer("/components/messages")) {
        add(name, message);
    }
    for (channel, definition) in object(document.get("channels")) {
        for (name, message) in object(definition.get("messages")) {
            add(name, message);
        }
        for operation in ["publish", "subscribe"] {
            let Some(message) = definition.get(operation).and_then(|operation| operation.get("message"))
            else {
                continue;
            };
            match message.get("oneOf").and_then(Value::as_array) {
                Some(all) => all.iter().for_each(|message| add(channel, message)),
                None => add(channel, message),
            }
        }
    }
    let events: Vec<Event> = found
        .into_iter()
        .map(|(name, message)| {
            let description = ["description", "summary", "title"]
                .iter()
                .find_map(|keyword| message.get(*keyword)?.as_str());
            // Where a format is named, the schema is inside.
            let payload = message.get("payload").cloned().unwrap_or_default();
            let schema = payload
                .get("schema")
                .filter(|_| payload.get("schemaFormat").is_some())
                .cloned()
                .unwrap_or(payload);
            Event { name, description: description.unwrap_or_default().to_owned(), schema }
        })
        .collect();
    if events.is_empty() {
        return Err(Error::new("this document of AsyncAPI has no message with a payload"));
    }
    let about = document.pointer("/info/description").or_else(|| document.pointer("/info/title"));
    let about = about.and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok(Source { document: document.clone(), about, events })
}

fn object(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

/// Resolves a reference inside the document.
pub(super) fn resolve(document: &Value, value: &Value) -> Value {
    let mut value = value.clone();
    for _ in 0..16 {
        let Some(pointer) = value.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix('#'))
        else {
            break;
        };
        let Some(target) = document.pointer(pointer) else { break };
        value = target.clone();
    }
    value
}

/// Payloads, alone or in the envelopes of Inngest, of CloudEvents and of webhooks.
fn samples(values: &[Value], stem: &str) -> Result<Source, Error> {
    let mut events: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (index, value) in values.iter().enumerate() {
        if !value.is_object() {
            return Err(Error::new(format!(
                "sample {} is no object, and payloads of events are objects",
                index + 1
            )));
        }
        let name = ["name", "type"].iter().find_map(|keyword| value.get(*keyword)?.as_str());
        match (name, value.get("data").filter(|data| data.is_object())) {
            (Some(name), Some(data)) => events.entry(name.to_owned()).or_default().push(data.clone()),
            _ => events.entry(stem.to_owned()).or_default().push(value.clone()),
        }
    }
    let event = |(name, samples): (String, Vec<Value>)| {
        let description = format!("From {} sample(s).", samples.len());
        Event { name, description, schema: infer(&samples) }
    };
    Ok(Source {
        document: Value::Object(Map::new()),
        about: String::new(),
        events: events.into_iter().map(event).collect(),
    })
}

/// Any JSON.
pub(super) fn anything() -> Value {
    json!({})
}
