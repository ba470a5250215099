//! Dates, as types of `jiff`, `chrono` and `time`: read in the one spelling of RFC 3339, as the schema says.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, FixedOffset, Utc};
use event_runtime::prelude::*;
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::agreement::{agree, texts};

/// Dates.
#[domain_events]
pub enum DateEvent {
    /// Of jiff.
    Stamped { value: Timestamp },
    /// Of chrono, in UTC.
    Dated { value: Option<DateTime<Utc>> },
    /// Of chrono, with its offset.
    Offset { value: Vec<DateTime<FixedOffset>> },
    /// Of time.
    Timed { value: OffsetDateTime },
    /// Of time, wherever a value may stand.
    Scheduled {
        #[serde(skip_serializing_if = "Option::is_none")]
        first: Option<OffsetDateTime>,
        #[validate(length(max = 2))]
        value: Vec<OffsetDateTime>,
        named: BTreeMap<String, OffsetDateTime>,
        #[serde(default)]
        all: BTreeSet<OffsetDateTime>,
    },
}

const DATES: &[&str] = &[
    "20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])",
    "2024-0[1-9]-[0-3][0-9][T ][0-2][0-9]:[0-9]{2}(:[0-6][0-9])?(Z|\\+0100|\\+01)?",
];

#[test]
fn dates() {
    agree::<DateStamped>(texts(DATES));
    agree::<DateTimed>(texts(DATES));
    agree::<DateDated>(prop_oneof![4 => texts(DATES), 1 => Just(Value::Null)]);
    agree::<DateOffset>(prop::collection::vec(texts(DATES), 0..2).prop_map(|dates| json!(dates)));
}

#[test]
fn the_end_of_time() {
    agree::<DateStamped>(texts(&[
        "9999-12-(30T2[0-3]|31T0[01]):0[01]:0[01](\\.[0-9]{1,12})?(Z|[+-]00:00)",
        "9999-12-30T22:00:00(\\.9{1,15})?Z",
        "2026-01-01T00:00:00\\.[0-9]{8,15}Z",
        "9999-12-3[01]",
    ]));
    let issues = DateStamped::parse(br#"{ "value": "9999-12-31T23:59:59Z" }"#).unwrap_err();
    let issue = issues.iter().next().unwrap();
    assert_eq!((issue.path.as_str(), issue.code.as_ref()), ("value", "too_big"));
    assert_eq!(issue.params.get("maximum").unwrap(), "9999-12-30T22:00:00.999999999Z");
    let long = DateStamped::parse(br#"{ "value": "2026-01-01T00:00:00.1234567899Z" }"#).unwrap();
    assert_eq!(long.value.subsec_nanosecond(), 123_456_789);
}

#[test]
fn a_date_that_is_none_is_an_issue_of_its_field() {
    let issues = DateStamped::parse(br#"{ "value": "yesterday" }"#).unwrap_err();
    let issue = issues.iter().next().unwrap();
    assert_eq!((issue.path.as_str(), issue.code.as_ref()), ("value", "invalid_format"));
}

#[test]
fn a_date_of_time_is_read_and_written_as_text() {
    let json = json!({
        "first": "2026-01-02T03:04:05Z",
        "value": ["2026-01-02T03:04:05.5+01:00"],
        "named": { "a": "0001-01-01T00:00:00Z" },
        "all": ["2026-01-02T03:04:05Z"],
    });
    let scheduled = DateScheduled::parse(json.to_string().as_bytes()).unwrap();
    assert_eq!(scheduled.first.unwrap().unix_timestamp(), 1_767_323_045);
    assert_eq!(serde_json::to_value(&scheduled).unwrap(), json);

    let empty = DateScheduled::parse(br#"{ "value": [], "named": {} }"#).unwrap();
    let written = serde_json::to_value(&empty).unwrap();
    assert_eq!(written, json!({ "value": [], "named": {}, "all": [] }));
}

#[test]
fn the_schema_of_a_date_of_time_says_what_it_is() {
    let schema = DateScheduled::schema().to_value();
    let text = json!({ "type": "string", "format": "date-time" });
    assert_eq!(DateTimed::schema().to_value()["properties"]["value"], text);
    assert_eq!(schema["properties"]["value"]["items"], text);
    assert_eq!(schema["properties"]["value"]["maxItems"], 2);
    assert_eq!(schema["properties"]["named"]["additionalProperties"], text);
    assert_eq!(schema["required"], json!(["value", "named"]));
}

#[test]
fn issues_of_dates_of_time_have_their_places() {
    let json = br#"{ "first": [2026], "value": ["yesterday", "2026-01-02T03:04:05Z", "2026-01-02"], "named": { "a": 1 } }"#;
    let issues = DateScheduled::parse(json).unwrap_err();
    let found: Vec<_> = issues.iter().map(|issue| (issue.path.as_str(), issue.code.as_ref())).collect();
    let expected = [
        ("first", "invalid_type"),
        ("value[0]", "invalid_format"),
        ("value[2]", "invalid_format"),
        ("named[\"a\"]", "invalid_type"),
    ];
    assert_eq!(found, expected);
    let json = br#"{ "value": [], "named": {}, "all": ["2026-01-02T03:04:05Z", "yesterday"] }"#;
    let issues = DateScheduled::parse(json).unwrap_err();
    let found: Vec<_> = issues.iter().map(|issue| (issue.path.as_str(), issue.code.as_ref())).collect();
    assert_eq!(found, [("all[1]", "invalid_format")]);
}
