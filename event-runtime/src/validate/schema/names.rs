//! The keys of maps in `propertyNames`: texts, whatever the type of the key is.

use serde_json::{Value, json};

use super::decimal;
use super::keyword::{Object, add};

/// Says of the keys of each map what they are as texts.
pub(super) fn written_as_texts(schema: &mut Object) {
    if let Some(Value::Object(names)) = schema.get_mut("propertyNames") {
        as_text(names);
        if names.is_empty() {
            schema.remove("propertyNames");
        }
    }
    for keyword in ["items", "additionalProperties"] {
        schema.get_mut(keyword).and_then(Value::as_object_mut).into_iter().for_each(written_as_texts);
    }
    let parts = schema.get_mut("prefixItems").and_then(Value::as_array_mut);
    parts.into_iter().flatten().filter_map(Value::as_object_mut).for_each(written_as_texts);
}

fn as_text(names: &mut Object) {
    // Names are texts: that need not be said.
    match names.remove("type").as_ref().and_then(Value::as_str) {
        Some("integer") => integers(names),
        Some("boolean") => *names = Object::from_iter([("enum".to_owned(), json!(["true", "false"]))]),
        // No schema says which numbers a text is.
        Some("number") => names.clear(),
        _ => {}
    }
}

/// Integers within the bounds; that they are multiples is not said.
fn integers(names: &mut Object) {
    let bound = |keyword: &str| names.get(keyword).and_then(number);
    let above = bound("exclusiveMinimum").and_then(|above| above.checked_add(1));
    let below = bound("exclusiveMaximum").and_then(|below| below.checked_sub(1));
    let least = bound("minimum").into_iter().chain(above).max().unwrap_or(i128::MIN);
    let most = bound("maximum").into_iter().chain(below).min().unwrap_or(i128::MAX);
    let one_of = names.get("enum").and_then(Value::as_array).cloned();
    names.clear();
    if least <= most {
        names.insert("pattern".to_owned(), decimal::expression(least, most).into());
    }
    if let Some(one_of) = one_of {
        add(names, "enum", one_of.iter().map(|one| Value::from(one.to_string())).collect());
    }
}

/// A bound; those of 128 bits are floats in a schema.
#[allow(clippy::cast_possible_truncation, reason = "a float beyond `i128` is as much as its bound")]
fn number(value: &Value) -> Option<i128> {
    let number = value.as_number()?;
    number.as_i128().or_else(|| number.as_f64().map(|float| float as i128))
}
