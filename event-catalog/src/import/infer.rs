//! The schema of samples: all that they have in common is required, and no value is ruled out that is of the same type.

use serde_json::{Map, Value, json};

use super::source::anything;

/// A schema that accepts each of the samples.
pub(super) fn infer(samples: &[Value]) -> Value {
    let present: Vec<&Value> = samples.iter().filter(|sample| !sample.is_null()).collect();
    let is_nullable = present.len() < samples.len();
    let Some(first) = present.first() else { return anything() };
    let all = |is: fn(&Value) -> bool| present.iter().all(|sample| is(sample));
    let schema = match first {
        Value::Bool(_) if all(Value::is_boolean) => json!({ "type": "boolean" }),
        Value::Number(_) if all(Value::is_u64) || all(Value::is_i64) => {
            let minimum = if all(Value::is_u64) { json!(0) } else { Value::Null };
            if minimum.is_null() {
                json!({ "type": "integer" })
            } else {
                json!({ "type": "integer", "minimum": 0 })
            }
        }
        Value::Number(_) if all(Value::is_number) => json!({ "type": "number" }),
        Value::String(_) if all(Value::is_string) => json!({ "type": "string" }),
        Value::Array(_) if all(Value::is_array) => {
            let elements: Vec<Value> =
                present.iter().filter_map(|sample| sample.as_array()).flatten().cloned().collect();
            json!({ "type": "array", "items": infer(&elements) })
        }
        Value::Object(_) if all(Value::is_object) => object(&present),
        _ => return anything(),
    };
    if is_nullable { json!({ "anyOf": [schema, { "type": "null" }] }) } else { schema }
}

fn object(samples: &[&Value]) -> Value {
    let objects: Vec<&Map<String, Value>> = samples.iter().filter_map(|sample| sample.as_object()).collect();
    let mut names: Vec<&String> = Vec::new();
    for name in objects.iter().flat_map(|object| object.keys()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mut properties = Map::new();
    let mut required = Vec::new();
    for name in names {
        let values: Vec<Value> = objects.iter().filter_map(|object| object.get(name)).cloned().collect();
        if values.len() == objects.len() {
            required.push(Value::from(name.clone()));
        }
        properties.insert(name.clone(), infer(&values));
    }
    json!({ "type": "object", "properties": properties, "required": required })
}
