//! Dates, as types of `jiff` and `chrono`: read in the one spelling of RFC 3339, as the schema says.

use chrono::{DateTime, FixedOffset, Utc};
use event_runtime::prelude::*;
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

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
}

const DATES: &[&str] = &[
    "20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])",
    "2024-0[1-9]-[0-3][0-9][T ][0-2][0-9]:[0-9]{2}(:[0-6][0-9])?(Z|\\+0100|\\+01)?",
];

#[test]
fn dates() {
    agree::<DateStamped>(texts(DATES));
    agree::<DateDated>(prop_oneof![4 => texts(DATES), 1 => Just(Value::Null)]);
    agree::<DateOffset>(prop::collection::vec(texts(DATES), 0..2).prop_map(|dates| json!(dates)));
}

#[test]
fn a_date_that_is_none_is_an_issue_of_its_field() {
    let issues = DateStamped::parse(br#"{ "value": "yesterday" }"#).unwrap_err();
    let issue = issues.iter().next().unwrap();
    assert_eq!((issue.path.as_str(), issue.code.as_ref()), ("value", "invalid_format"));
}
