//! Integers that a server would change: it reads the numbers of JSON as doubles, and writes what it has read.

use serde_json::Value;
use serde_json::value::RawValue;

use crate::event::RawEnvelope;
use crate::validate::{Issue, Issues, Path, code};

/// The greatest integer up to which a double holds every one.
const MAX_INTEGER: u64 = 1 << 53;

/// The number of digits from which on an integer may be greater.
const DIGITS: usize = 16;

/// Finds integers beyond 2^53 in what events carry. The path of an issue begins with the place of its event, if there are several.
pub(super) fn check_events(events: &[RawEnvelope]) -> Result<(), Issues> {
    let (root, mut issues) = (Path::root(), Issues::new());
    for (index, event) in events.iter().enumerate() {
        let place = root.index(index);
        let path = if events.len() == 1 { &root } else { &place };
        check(&event.data, path, &mut issues);
        if let Some(user) = &event.user {
            check(user, &path.field("user"), &mut issues);
        }
        if let Some(meta) = &event.meta {
            check(meta, &path.field("meta"), &mut issues);
        }
    }
    issues.into_result(())
}

/// Adds an issue for each integer beyond 2^53.
pub(super) fn check(json: &RawValue, path: &Path<'_>, issues: &mut Issues) {
    // Most values have no number that long, in texts neither.
    let is_long = |digits: &[u8]| digits.len() >= DIGITS;
    if json.get().as_bytes().split(|byte| !byte.is_ascii_digit()).any(is_long)
        && let Ok(value) = serde_json::from_str(json.get())
    {
        walk(&value, path, issues);
    }
}

fn walk(value: &Value, path: &Path<'_>, issues: &mut Issues) {
    match value {
        Value::Number(number) => {
            let size = number.as_u64().or_else(|| number.as_i64().map(i64::unsigned_abs));
            if size.is_some_and(|size| size > MAX_INTEGER) {
                let message = format!(
                    "is {number}: an Inngest server reads numbers as doubles, and would change an integer beyond 2^53. \
                     Send it as a text"
                );
                issues.push(Issue::new(path, code::TOO_BIG, message).with("maximum", MAX_INTEGER));
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                walk(value, &path.index(index), issues);
            }
        }
        Value::Object(object) => {
            for (key, value) in object {
                // Which are fields and which are keys of a map, JSON does not say.
                let is_name = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                let path = if is_name { path.field(key) } else { path.key(key) };
                walk(value, &path, issues);
            }
        }
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::check;
    use crate::validate::{Issues, Path};

    fn paths(json: &str) -> Vec<String> {
        let mut issues = Issues::new();
        check(&RawValue::from_string(json.to_owned()).unwrap(), &Path::root(), &mut issues);
        issues.into_iter().map(|issue| issue.path).collect()
    }

    #[test]
    fn integers_are_refused_beyond_two_to_the_53() {
        assert!(
            paths("[9007199254740992,-9007199254740992,\"9007199254740993\",90071992547409.93]").is_empty()
        );
        let found = paths("[9007199254740993,{\"a\":{\"b\":-9007199254740993}},18446744073709551615,1e300]");
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0] == "[0]" && found[2] == "[2]", "{found:?}");
    }
}
