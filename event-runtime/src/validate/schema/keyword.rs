//! Adding keywords to a schema.

use serde_json::{Map, Value, json};

/// A schema that is an object.
pub(super) type Object = Map<String, Value>;

/// Sets the least of something, unless the schema has a greater one.
pub(super) fn at_least(schema: &mut Object, keyword: &str, bound: Option<impl Into<Value>>) {
    let Some(bound) = bound.map(Into::into) else { return };
    keep_tighter(schema, keyword, bound, |found, bound| found > bound);
}

/// Sets the most of something, unless the schema has a lesser one.
pub(super) fn at_most(schema: &mut Object, keyword: &str, bound: Option<impl Into<Value>>) {
    let Some(bound) = bound.map(Into::into) else { return };
    keep_tighter(schema, keyword, bound, |found, bound| found < bound);
}

fn keep_tighter(schema: &mut Object, keyword: &str, bound: Value, is_tighter: fn(f64, f64) -> bool) {
    let found = schema.get(keyword).and_then(Value::as_f64);
    if !found.zip(bound.as_f64()).is_some_and(|(found, bound)| is_tighter(found, bound)) {
        schema.insert(keyword.to_owned(), bound);
    }
}

/// Adds a keyword; where it is there already, in an `allOf`.
pub(super) fn add(schema: &mut Object, keyword: &str, value: Value) {
    if !schema.contains_key(keyword) {
        schema.insert(keyword.to_owned(), value);
        return;
    }
    let all = schema.entry("allOf").or_insert_with(|| json!([]));
    if let Some(all) = all.as_array_mut() {
        all.push(json!({ keyword: value }));
    }
}
