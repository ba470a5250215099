//! JSON that is the same bytes for the same value.

use serde_json::{Map, Value};

/// Writes JSON with sorted keys, indented by two spaces, with `\n` after each line.
///
/// ```
/// use event_runtime::catalog::canonical;
///
/// let json = serde_json::json!({ "b": [], "a": 1 });
/// assert_eq!(canonical(&json), "{\n  \"a\": 1,\n  \"b\": []\n}\n");
/// ```
#[must_use]
pub fn canonical(value: &Value) -> String {
    format!("{:#}\n", sorted(value))
}

/// The same value; `serde_json` keeps the order of keys where a feature of it is on.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(elements) => elements.iter().map(sorted).collect(),
        Value::Object(members) => {
            let mut members: Vec<(&String, &Value)> = members.iter().collect();
            members.sort_by_key(|(name, _)| *name);
            members
                .into_iter()
                .map(|(name, value)| (name.clone(), sorted(value)))
                .collect::<Map<_, _>>()
                .into()
        }
        other => other.clone(),
    }
}
