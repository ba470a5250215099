//! What types say of themselves, corrected where they read less than that.

use schemars::Schema;
use serde_json::{Value, json};

use super::keyword::{Object, add, at_least, at_most};

/// Makes the schema of a type say what is read: the bounds of numbers, and which addresses are addresses.
pub(super) fn as_it_is_read(schema: &mut Object) {
    match schema.get("format").and_then(Value::as_str) {
        Some("float") => {
            // What is rounded to the greatest `f32`, and no more.
            add(schema, "exclusiveMinimum", (-F32_OVERFLOW).into());
            add(schema, "exclusiveMaximum", F32_OVERFLOW.into());
        }
        Some("ip") => {
            schema.remove("format");
            add(schema, "anyOf", json!([{ "format": "ipv4" }, { "format": "ipv6" }]));
        }
        Some(format) => {
            if let Some((minimum, maximum)) = integer_bounds(format) {
                // The type may be narrower: `NonZero` begins at 1.
                at_least(schema, "minimum", Some(minimum));
                at_most(schema, "maximum", Some(maximum));
            }
        }
        None => {}
    }
    for keyword in ["items", "additionalProperties", "propertyNames"] {
        schema.get_mut(keyword).and_then(Value::as_object_mut).into_iter().for_each(as_it_is_read);
    }
    for keyword in ["prefixItems", "anyOf", "oneOf", "allOf"] {
        let schemas = schema.get_mut(keyword).and_then(Value::as_array_mut);
        schemas.into_iter().flatten().filter_map(Value::as_object_mut).for_each(as_it_is_read);
    }
    for keyword in ["properties", "patternProperties"] {
        let schemas = schema.get_mut(keyword).and_then(Value::as_object_mut);
        schemas
            .into_iter()
            .flat_map(Object::values_mut)
            .filter_map(Value::as_object_mut)
            .for_each(as_it_is_read);
    }
}

/// Whether a value is of the type of JSON that a schema names, if it names one.
pub(super) fn may_be(schema: &Object, value: &Value) -> bool {
    let is = |kind: &Value| match value {
        Value::Null => kind == "null",
        Value::Bool(_) => kind == "boolean",
        Value::Number(_) => kind == "number" || kind == "integer",
        Value::String(_) => kind == "string",
        Value::Array(_) => kind == "array",
        Value::Object(_) => kind == "object",
    };
    match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().any(is),
        Some(kind) => is(kind),
        None => true,
    }
}

/// The same for the types that a schema refers to, which may be of other crates.
pub(super) fn definitions_as_they_are_read(schema: &mut Schema) {
    let definitions = schema.get_mut("$defs").and_then(Value::as_object_mut);
    let definitions = definitions.into_iter().flat_map(Object::values_mut);
    definitions.filter_map(Value::as_object_mut).for_each(as_it_is_read);
}

/// The least number that is rounded to infinity in an `f32`.
const F32_OVERFLOW: f64 = 3.402_823_567_797_336_6e38;

/// The least and the greatest number of a type, by the name that schemars gives it; of 128 bits as JSON is mostly read.
#[allow(clippy::cast_precision_loss, reason = "see above")]
fn integer_bounds(format: &str) -> Option<(Value, Value)> {
    Some(match format {
        "int8" => (i8::MIN.into(), i8::MAX.into()),
        "int16" => (i16::MIN.into(), i16::MAX.into()),
        "int32" => (i32::MIN.into(), i32::MAX.into()),
        "int64" | "int" => (i64::MIN.into(), i64::MAX.into()),
        "int128" => ((i128::MIN as f64).into(), (i128::MAX as f64).into()),
        "uint8" => (u8::MIN.into(), u8::MAX.into()),
        "uint16" => (u16::MIN.into(), u16::MAX.into()),
        "uint32" => (u32::MIN.into(), u32::MAX.into()),
        "uint64" | "uint" => (u64::MIN.into(), u64::MAX.into()),
        "uint128" => (0.into(), (u128::MAX as f64).into()),
        _ => return None,
    })
}
