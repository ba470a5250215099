//! Reads bytes with this crate and with `serde_json`, and compares. The body of the fuzz target; `tests/reading/fuzzed.rs` runs it
//! over inputs that are the same each time.

use std::collections::BTreeMap;

use event_runtime::prelude::*;
use event_runtime::validate::Issues;
use serde_json::Value;

/// What is read with this crate.
#[payload]
pub struct Ours {
    text: String,
    flag: bool,
    number: f64,
    whole: Option<i64>,
    small: Option<Vec<u8>>,
    entries: Option<BTreeMap<String, Option<String>>>,
}

/// The same with serde's derives.
#[derive(serde::Serialize, serde::Deserialize)]
struct Theirs {
    text: String,
    flag: bool,
    number: f64,
    whole: Option<i64>,
    small: Option<Vec<u8>>,
    entries: Option<BTreeMap<String, Option<String>>>,
}

/// Panics where the two differ.
pub fn compare(json: &[u8]) {
    compare_values(json);
    compare_structs(json);
}

fn compare_values(json: &[u8]) {
    match (Value::parse(json), serde_json::from_slice::<Value>(json)) {
        (Ok(ours), Ok(theirs)) => {
            assert_eq!(ours, theirs, "{}", json.escape_ascii());
            let text = ours.to_json().expect("a value is written");
            assert_eq!(Value::parse_str(&text).ok(), Some(theirs), "{}", json.escape_ascii());
        }
        (Err(issues), Err(_)) => check_issues(&issues),
        (ours, theirs) => panic!("{}: {ours:?}, {theirs:?}", json.escape_ascii()),
    }
}

fn compare_structs(json: &[u8]) {
    // `serde_json` does not look closely at the bytes of what is passed over.
    if std::str::from_utf8(json).is_err() {
        return check_issues(&Ours::parse(json).expect_err("no UTF-8"));
    }
    match (Ours::parse(json), serde_json::from_slice::<Theirs>(json)) {
        (Ok(ours), Ok(theirs)) => {
            let (ours, theirs) = (ours.to_json(), serde_json::to_string(&theirs));
            assert_eq!(ours.ok(), theirs.ok(), "{}", json.escape_ascii());
        }
        (Err(issues), Err(_)) => check_issues(&issues),
        // An integer may be written with an exponent or a fraction of zeros.
        (Ok(_), Err(theirs)) => {
            let message = theirs.to_string();
            assert!(message.contains("floating point"), "{}: {message}", json.escape_ascii());
        }
        // The derives of serde read a list too, field by field.
        (Err(issues), Ok(_)) => {
            let is_list = json.trim_ascii_start().starts_with(b"[");
            assert!(is_list, "{}: {issues}", json.escape_ascii());
        }
    }
}

/// Issues have a message each, and paths that can be taken apart.
fn check_issues(issues: &Issues) {
    assert!(!issues.is_empty());
    for issue in issues {
        assert!(!issue.message.is_empty() && !issue.code.is_empty());
        assert_eq!(issue.segments().next().is_none(), issue.path.is_empty(), "{}", issue.path);
    }
}
