//! Payloads in types and formats of others: serde's traits go through the same reading and writing.

use std::collections::BTreeMap;

use event_runtime::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A measure.
#[payload]
#[derive(PartialEq)]
pub struct Measure {
    wide: u128,
    low: i128,
    ratio: f64,
    part: f32,
    id: Uuid,
    note: Option<String>,
    by_port: BTreeMap<u16, u8>,
    any: Value,
}

/// A type of somebody else that holds one.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Outer {
    before: u8,
    #[serde(flatten)]
    measure: Measure,
    more: Vec<Measure>,
}

fn measure() -> Measure {
    Measure {
        wide: u128::MAX,
        low: i128::MIN,
        ratio: 0.1 + 0.2,
        part: 0.1,
        id: "0195d4a5-0f5c-7c3e-8f0a-5b6a4c3d2e1f".parse().unwrap(),
        note: Some("a \"quoted\"\n\u{1}ü".to_owned()),
        by_port: BTreeMap::from([(80, 1)]),
        any: json!([null, { "a": -1 }]),
    }
}

#[test]
fn serde_json_reads_and_writes_what_parse_and_to_json_do() {
    let (measure, text) = (measure(), measure().to_json().unwrap());
    assert_eq!(serde_json::to_string(&measure).unwrap(), text);
    assert_eq!(serde_json::from_str::<Measure>(&text).unwrap(), measure);
    assert_eq!(Measure::parse_str(&text).unwrap(), measure);
    assert_eq!(serde_json::from_slice::<Measure>(text.as_bytes()).unwrap(), measure);
    assert_eq!(serde_json::from_reader::<_, Measure>(text.as_bytes()).unwrap(), measure);
}

#[test]
fn values_and_types_of_others_hold_payloads() {
    let measure = Measure { wide: 7, low: -7, ..measure() };
    let value = serde_json::to_value(&measure).unwrap();
    assert_eq!(value["part"], json!(0.1));
    assert_eq!(serde_json::from_value::<Measure>(value).unwrap(), measure);
    let outer = Outer { before: 1, measure: measure.clone(), more: vec![measure] };
    let text = serde_json::to_string(&outer).unwrap();
    assert_eq!(serde_json::from_str::<Outer>(&text).unwrap(), outer);
}

#[test]
fn what_json_does_not_carry_is_an_error_and_not_null() {
    let lost = Measure { ratio: f64::NAN, ..measure() };
    assert!(lost.to_json().unwrap_err().iter().any(|issue| issue.path == "ratio"));
    let error = serde_json::to_string(&lost).unwrap_err().to_string();
    assert!(error.starts_with("ratio: must be a finite number"), "{error}");
}

#[test]
fn errors_of_serde_tell_every_issue() {
    let error = serde_json::from_str::<Measure>(r#"{"wide":-1,"ratio":"x"}"#).unwrap_err().to_string();
    assert!(
        error.starts_with("wide: must be at least 0; low: is required; ratio: must be a number"),
        "{error}"
    );
}
