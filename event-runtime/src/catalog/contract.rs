//! The two contracts of a version: what is written, and what is read.

use schemars::generate::Contract;
use serde_json::{Map, Value};

/// A schema as it stands in the catalogue: in one order; and closed, if it is of what is written.
pub(super) fn prepared(mut schema: Value, contract: &Contract) -> Value {
    if contract.is_serialize() {
        let definitions = schema.get("$defs").and_then(Value::as_object).cloned().unwrap_or_default();
        close(&mut schema, &definitions, DEEPEST);
    }
    arrange(&mut schema);
    schema
}

/// How deep a definition is looked into that stands beside a tag: it may hold itself.
const DEEPEST: usize = 8;

/// Says of each object that nothing else is in it. Rust writes no field that a type does not have.
fn close(schema: &mut Value, definitions: &Map<String, Value>, depth: usize) {
    if let Some(object) = schema.as_object_mut() {
        if depth > 0 {
            beside_reference(object, definitions);
        }
        let is_composed =
            ["$ref", "allOf", "anyOf", "oneOf"].iter().any(|keyword| object.contains_key(*keyword));
        if object.contains_key("properties") && !is_composed && !keeps_unknown(object) {
            object.entry("additionalProperties").or_insert(false.into());
        }
    }
    each_inside(schema, &mut |inside| close(inside, definitions, depth));
}

/// Puts the properties of a reference in its place where others stand beside it: the tag of an enum.
fn beside_reference(object: &mut Map<String, Value>, definitions: &Map<String, Value>) {
    if !object.contains_key("properties") {
        return;
    }
    let name = object.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
    let Some(referred) = name.and_then(|name| definitions.get(name)).and_then(Value::as_object).cloned()
    else {
        return;
    };
    object.remove("$ref");
    for (keyword, value) in referred {
        match (object.get_mut(&keyword), value) {
            (Some(Value::Object(own)), Value::Object(more)) => own.extend(more),
            (Some(Value::Array(own)), Value::Array(more)) => own.extend(more),
            (Some(_), _) => {}
            (None, value) => drop(object.insert(keyword, value)),
        }
    }
}

/// Whether this is what an open enum keeps of a variant that it does not know: written as it came.
fn keeps_unknown(object: &Map<String, Value>) -> bool {
    let properties = object.get("properties").and_then(Value::as_object);
    properties.is_some_and(|properties| {
        properties.len() == 1 && properties.values().all(|tag| tag.get("not").is_some())
    })
}

/// Sorts what has no order, and leaves out what does not matter to a contract.
fn arrange(schema: &mut Value) {
    if let Some(object) = schema.as_object_mut() {
        if let Some(required) = object.get_mut("required").and_then(Value::as_array_mut) {
            required.sort_by(|one, other| one.as_str().cmp(&other.as_str()));
            required.dedup();
        }
        if let Some(kinds) = object.get_mut("type").and_then(Value::as_array_mut) {
            kinds.sort_by(|one, other| one.as_str().cmp(&other.as_str()));
        }
    }
    each_inside(schema, &mut arrange);
}

/// Calls a function with each schema that stands in another.
fn each_inside(schema: &mut Value, call: &mut dyn FnMut(&mut Value)) {
    let Some(object) = schema.as_object_mut() else { return };
    for keyword in ["items", "additionalProperties", "propertyNames", "not", "contains"] {
        object.get_mut(keyword).into_iter().filter(|inside| inside.is_object()).for_each(&mut *call);
    }
    for keyword in ["prefixItems", "anyOf", "oneOf", "allOf"] {
        object.get_mut(keyword).and_then(Value::as_array_mut).into_iter().flatten().for_each(&mut *call);
    }
    for keyword in ["properties", "patternProperties", "$defs"] {
        let inside = object.get_mut(keyword).and_then(Value::as_object_mut);
        inside.into_iter().flat_map(Map::values_mut).for_each(&mut *call);
    }
}
