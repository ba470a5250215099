//! Redaction: hides the values of fields with `#[event(sensitive)]`.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use serde_json::Value;
use serde_json::value::RawValue;

use super::{EventDetails, EventInfo, RunDetails, RunInfo};
use crate::event::EventDescriptor;
use crate::function::StepKind;

/// Stands in place of a sensitive value.
pub const REDACTED: &str = "•••";

/// The keyword that marks a sensitive value in a JSON Schema.
const SENSITIVE: &str = "x-sensitive";

/// Shorter texts occur by chance in what is not sensitive.
const MIN_SECRET: usize = 4;

/// Replaces sensitive values by [`REDACTED`], for whoever looks on: made by
/// [`Engine::redaction`](crate::embedded::Engine::redaction). Cheap to clone.
///
/// Sensitive is what a payload marks with `#[event(sensitive)]`, nested types included. Outputs and errors have no schema: in
/// those of a run the sensitive values of its own event are replaced wherever they occur again.
#[derive(Clone)]
pub struct Redaction(Arc<Schemas>);

struct Schemas {
    events: Vec<&'static EventDescriptor>,
    meta: Option<Value>,
    /// The schemas that were asked for; `None` of an event without sensitive fields.
    known: RwLock<HashMap<&'static str, Option<Arc<Value>>>>,
}

impl std::fmt::Debug for Redaction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redaction").finish_non_exhaustive()
    }
}

impl Redaction {
    pub(crate) fn new(events: Vec<&'static EventDescriptor>, meta: Option<Value>) -> Self {
        let meta = meta.filter(mentions);
        Self(Arc::new(Schemas { events, meta, known: RwLock::default() }))
    }

    /// The schema of an event, if it has sensitive fields.
    fn schema(&self, event: &str) -> Option<Arc<Value>> {
        let known = self.0.known.read().unwrap_or_else(PoisonError::into_inner).get(event).cloned();
        known.unwrap_or_else(|| {
            let event = self.0.events.iter().find(|listed| listed.name == event)?;
            let schema = Some(event.schema().to_value()).filter(mentions).map(Arc::new);
            let mut known = self.0.known.write().unwrap_or_else(PoisonError::into_inner);
            known.insert(event.name, schema.clone());
            schema
        })
    }

    /// The payload of an event as it may be shown, and the texts that were replaced.
    fn payload(&self, event: &str, data: &str, secrets: &mut Vec<String>) -> Option<Box<RawValue>> {
        let schema = self.schema(event);
        let is_failure = event == crate::event::FAILURE_EVENT;
        if schema.is_none() && !is_failure {
            return None;
        }
        let mut value: Value = serde_json::from_str(data).ok()?;
        match schema {
            Some(schema) => redact(&mut value, &schema, &schema, secrets),
            None => self.failure(&mut value, secrets),
        }
        serde_json::value::to_raw_value(&value).ok()
    }

    /// A failure tells of the events that started the run.
    fn failure(&self, failure: &mut Value, secrets: &mut Vec<String>) {
        let Some(fields) = failure.as_object_mut() else { return };
        for (name, field) in fields.iter_mut() {
            match (name.as_str(), field) {
                ("event", event) => self.envelope(event, secrets),
                ("events", Value::Array(events)) => {
                    for event in events {
                        self.envelope(event, secrets);
                    }
                }
                _ => {}
            }
        }
        if let Some(error) = failure.get_mut("error") {
            hide(error, secrets);
        }
    }

    /// An event in its envelope.
    fn envelope(&self, envelope: &mut Value, secrets: &mut Vec<String>) {
        let Some(schema) = envelope.get("name").and_then(Value::as_str).and_then(|name| self.schema(name))
        else {
            return;
        };
        if let Some(data) = envelope.get_mut("data") {
            redact(data, &schema, &schema, secrets);
        }
    }

    /// Replaces the sensitive values of an event.
    pub fn event(&self, event: &mut EventInfo) {
        self.event_secrets(event, &mut Vec::new());
    }

    fn event_secrets(&self, event: &mut EventInfo, secrets: &mut Vec<String>) {
        if let Some(data) = self.payload(&event.name, event.data.get(), secrets) {
            event.data = data;
        }
        if let (Some(schema), Some(meta)) = (&self.0.meta, &mut event.meta)
            && let Ok(mut value) = serde_json::from_str(meta.get())
        {
            redact(&mut value, schema, schema, secrets);
            if let Ok(redacted) = serde_json::value::to_raw_value(&value) {
                *meta = redacted;
            }
        }
    }

    /// Replaces the sensitive values of an event, and those that its runs repeat.
    pub fn event_details(&self, details: &mut EventDetails) {
        let mut secrets = Vec::new();
        self.event_secrets(&mut details.event, &mut secrets);
        details.runs.iter_mut().for_each(|run| hide_in_run(run, &secrets));
    }

    /// Replaces the sensitive values of a run's event, and wherever they occur in the run. Without the event, as in a list, use
    /// [`runs`](Self::runs).
    pub fn run_details(&self, details: &mut RunDetails) {
        let mut secrets = Vec::new();
        if let Some(event) = &mut details.event {
            self.event_secrets(event, &mut secrets);
        }
        for step in details.steps.iter_mut().filter(|step| step.kind == StepKind::Wait) {
            // The event that came.
            let Some(mut value) = step.output.as_deref().and_then(|json| serde_json::from_str(json).ok())
            else {
                continue;
            };
            self.envelope(&mut value, &mut secrets);
            step.output = Some(value.to_string());
        }
        hide_in_run(&mut details.run, &secrets);
        for step in &mut details.steps {
            hide_in_json(&mut step.output, &secrets);
            hide_in_text(&mut step.error, &secrets);
        }
        for failure in &mut details.failures {
            failure.message = hidden(&failure.message, &secrets);
        }
    }

    /// Removes from runs in a list what may repeat sensitive values: outputs, and errors, of those that an event with sensitive
    /// fields has started.
    pub fn runs(&self, runs: &mut [RunInfo]) {
        for run in runs {
            if run.event_name.as_deref().is_some_and(|event| self.schema(event).is_some()) {
                run.output = run.output.take().map(|_| format!("\"{REDACTED}\""));
                run.error = run.error.take().map(|_| REDACTED.to_owned());
            }
        }
    }
}

fn hide_in_run(run: &mut RunInfo, secrets: &[String]) {
    hide_in_json(&mut run.output, secrets);
    hide_in_text(&mut run.error, secrets);
}

/// Whether a schema speaks of anything sensitive.
fn mentions(schema: &Value) -> bool {
    match schema {
        Value::Object(object) => {
            object.get(SENSITIVE) == Some(&Value::Bool(true)) || object.values().any(mentions)
        }
        Value::Array(parts) => parts.iter().any(mentions),
        _ => false,
    }
}

/// Replaces what a schema calls sensitive. What is one of several forms is replaced as each of them says.
fn redact(value: &mut Value, schema: &Value, root: &Value, secrets: &mut Vec<String>) {
    if value.is_null() {
        return;
    }
    if schema.get(SENSITIVE) == Some(&Value::Bool(true)) {
        collect(value, secrets);
        *value = Value::from(REDACTED);
        return;
    }
    if let Some(name) = schema.get("$ref").and_then(Value::as_str)
        && let Some(definition) = name.strip_prefix('#').and_then(|pointer| root.pointer(pointer))
    {
        // It ends, for values do.
        redact(value, definition, root, secrets);
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let forms = schema.get(keyword).and_then(Value::as_array);
        forms.into_iter().flatten().for_each(|form| redact(value, form, root, secrets));
    }
    match value {
        Value::Object(fields) => {
            let (named, others) = (schema.get("properties"), schema.get("additionalProperties"));
            for (name, field) in fields {
                let schema = named.and_then(|named| named.get(name)).or(others);
                if let Some(schema) = schema {
                    redact(field, schema, root, secrets);
                }
            }
        }
        Value::Array(items) => {
            let (first, rest) = (schema.get("prefixItems"), schema.get("items"));
            for (index, item) in items.iter_mut().enumerate() {
                let schema = first.and_then(|first| first.get(index)).or(rest);
                if let Some(schema) = schema {
                    redact(item, schema, root, secrets);
                }
            }
        }
        _ => {}
    }
}

/// Remembers the texts and numbers of a sensitive value.
fn collect(value: &Value, secrets: &mut Vec<String>) {
    let secret = match value {
        Value::String(text) if text != REDACTED => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(items) => return items.iter().for_each(|item| collect(item, secrets)),
        Value::Object(fields) => return fields.values().for_each(|field| collect(field, secrets)),
        _ => return,
    };
    if secret.chars().count() >= MIN_SECRET && !secrets.contains(&secret) {
        secrets.push(secret);
    }
}

/// A text without the secrets.
fn hidden(text: &str, secrets: &[String]) -> String {
    secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), REDACTED))
}

fn hide_in_text(text: &mut Option<String>, secrets: &[String]) {
    if let Some(text) = text {
        *text = hidden(text, secrets);
    }
}

fn hide_in_json(json: &mut Option<String>, secrets: &[String]) {
    if secrets.is_empty() {
        return;
    }
    if let Some(text) = json
        && let Ok(mut value) = serde_json::from_str(text)
    {
        hide(&mut value, secrets);
        *text = value.to_string();
    }
}

/// Replaces the secrets in every text and number of a value.
fn hide(value: &mut Value, secrets: &[String]) {
    match value {
        Value::String(text) => *text = hidden(text, secrets),
        Value::Number(number) if secrets.contains(&number.to_string()) => *value = Value::from(REDACTED),
        Value::Array(items) => items.iter_mut().for_each(|item| hide(item, secrets)),
        Value::Object(fields) => fields.values_mut().for_each(|field| hide(field, secrets)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{hide, redact};

    #[test]
    fn whatever_a_schema_calls_sensitive_is_replaced() {
        let secret = json!({ "type": "string", "x-sensitive": true });
        let schema = json!({
            "properties": {
                "card": secret,
                "people": { "items": { "$ref": "#/$defs/person" } },
                "pair": { "prefixItems": [{ "type": "string" }, secret] },
                "by_name": { "additionalProperties": { "$ref": "#/$defs/person" } },
                "either": { "anyOf": [{ "$ref": "#/$defs/person" }, { "type": "null" }] },
            },
            "$defs": { "person": { "properties": { "name": { "type": "string" }, "pin": secret } } },
        });
        let person = json!({ "name": "ada", "pin": 12_345 });
        let mut value = json!({
            "card": "4242-4242", "people": [person], "pair": ["a", "b"], "by_name": { "x": person }, "either": person,
        });
        let mut secrets = Vec::new();
        redact(&mut value, &schema, &schema, &mut secrets);
        let shown = json!({ "name": "ada", "pin": "•••" });
        let expected = json!({
            "card": "•••", "people": [shown], "pair": ["a", "•••"], "by_name": { "x": shown }, "either": shown,
        });
        assert_eq!(value, expected);
        assert_eq!(secrets.len(), 2, "{secrets:?}");

        let mut output = json!({ "told": ["card 4242-4242 was declined", 12_345], "b": "b" });
        hide(&mut output, &secrets);
        assert_eq!(output, json!({ "told": ["card ••• was declined", "•••"], "b": "b" }));
    }
}
