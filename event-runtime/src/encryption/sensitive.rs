//! The fields of an event that are sensitive, or hold something that is: as its JSON Schema says, which knows what is nested and
//! what is flattened.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use serde_json::Value;

use crate::event::EventDescriptor;

/// What the schema of a sensitive value says.
const SENSITIVE: &str = "x-sensitive";

/// The sensitive fields of each event that was asked for.
#[derive(Default)]
pub(super) struct SensitiveFields(RwLock<HashMap<&'static str, Arc<BTreeSet<String>>>>);

impl SensitiveFields {
    /// Those of an event, by their names in JSON.
    pub(super) fn of(&self, event: &EventDescriptor) -> Arc<BTreeSet<String>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(event.name).cloned();
        known.unwrap_or_else(|| {
            let found = Arc::new(find(event.schema().as_value()));
            let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(event.name).or_insert(found))
        })
    }
}

/// The properties of an object that are sensitive.
fn find(schema: &Value) -> BTreeSet<String> {
    let (mut found, mut seen) = (BTreeSet::new(), BTreeSet::new());
    properties(schema, schema, &mut seen, &mut |name, property| {
        if is_sensitive(property, schema, &mut BTreeSet::new()) {
            found.insert(name.to_owned());
        }
    });
    found
}

/// The properties of an object, wherever its schema has them: what is flattened may be one of several.
fn properties<'s>(
    schema: &'s Value,
    root: &'s Value,
    seen: &mut BTreeSet<&'s str>,
    each: &mut impl FnMut(&str, &'s Value),
) {
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        properties.iter().for_each(|(name, property)| each(name, property));
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let parts = schema.get(keyword).and_then(Value::as_array);
        parts.into_iter().flatten().for_each(|part| properties(part, root, seen, each));
    }
    if let Some((name, definition)) = definition(schema, root)
        && seen.insert(name)
    {
        properties(definition, root, seen, each);
    }
}

/// Whether a value, or something inside it, is sensitive.
fn is_sensitive<'s>(schema: &'s Value, root: &'s Value, seen: &mut BTreeSet<&'s str>) -> bool {
    if schema.get(SENSITIVE) == Some(&Value::Bool(true)) {
        return true;
    }
    if let Some((name, definition)) = definition(schema, root)
        && seen.insert(name)
        && is_sensitive(definition, root, seen)
    {
        return true;
    }
    match schema {
        Value::Object(object) => object.values().any(|inside| is_sensitive(inside, root, seen)),
        Value::Array(parts) => parts.iter().any(|inside| is_sensitive(inside, root, seen)),
        _ => false,
    }
}

/// What a schema refers to.
fn definition<'s>(schema: &'s Value, root: &'s Value) -> Option<(&'s str, &'s Value)> {
    let name = schema.get("$ref")?.as_str()?;
    Some((name, root.pointer(name.strip_prefix('#')?)?))
}
