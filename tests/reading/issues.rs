//! How it is told what is wrong with a value: each issue once, at its place, whatever else is wrong.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

use event_runtime::Payload;
use event_runtime::prelude::*;
use proptest::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A type that serde alone knows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Plain {
    n: u8,
    last4: Option<String>,
}

/// An enum that serde alone knows.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Open,
    Closed,
}

/// A line with a rule.
#[payload]
pub struct Line {
    #[validate(range(min = 1))]
    q: u8,
}

/// Readings.
#[domain_events]
pub enum ReadingEvent {
    /// Read.
    Read { n: u8 },
    /// Of wide integers.
    Widened { a: i128, b: u128, n: u8 },
    /// Of floats.
    Weighed { f: f32, d: f64, n: u8 },
    /// Of texts in one spelling.
    Spelled {
        boxed: Box<Uuid>,
        paired: Option<(jiff::Timestamp, u8)>,
        #[validate(example = "{}")]
        keyed: BTreeMap<Uuid, u8>,
        result: Result<Uuid, u8>,
        n: u8,
    },
    /// Of maps.
    Held { m: HashMap<String, Plain>, ports: BTreeMap<u16, u8>, by_status: BTreeMap<Status, u8>, n: u8 },
    /// Of choices.
    Set { s: Status, l: Vec<Status>, ips: Vec<IpAddr>, small: i8, n: u8 },
    /// Of lines by name.
    Stocked { m: HashMap<String, Line>, n: u8 },
    /// With odd names.
    Named {
        #[serde(rename = "a b/c~d\"e")]
        odd: u8,
        n: u8,
    },
}

/// The paths and codes of all issues.
fn found<T: Payload>(json: &str) -> Vec<String> {
    let issues = T::parse_str(json).map(drop).err().unwrap_or_default();
    issues.into_iter().map(|issue| format!("{} {}", issue.path, issue.code)).collect()
}

#[test]
fn an_issue_neither_invents_nor_hides_another() {
    let wide = r#"{"a":5,"b":18446744073709551616,"n":"x"}"#;
    assert_eq!(found::<ReadingWidened>(wide), ["n invalid_type"]);
    let deep = "[".repeat(200) + &"]".repeat(200);
    for unknown in [r#""\ud800""#, "1e999", &deep, r#"{"\udc00":1}"#, "1E400", r#""\u0000""#] {
        assert_eq!(found::<ReadingRead>(&format!(r#"{{"x":{unknown},"n":1}}"#)), [""; 0], "{unknown}");
        let found = found::<ReadingRead>(&format!(r#"{{"x":{unknown},"n":"no"}}"#));
        assert_eq!(found, ["n invalid_type"], "{unknown}");
    }
}

#[test]
fn a_number_out_of_range_is_told_with_its_bound() {
    assert_eq!(found::<ReadingWeighed>(r#"{"f":1e39,"d":1,"n":1}"#), ["f too_big"]);
    assert_eq!(
        found::<ReadingWeighed>(r#"{"f":-1e400,"d":1e400,"n":"x"}"#),
        ["f too_small", "d too_big", "n invalid_type"]
    );
    let issues = ReadingSet::parse_str(r#"{"s":"open","l":[],"ips":[],"small":-129,"n":300}"#).unwrap_err();
    assert_eq!(issues.to_string(), "small: must be at least -128; n: must be at most 255");
    let bounds: Vec<_> = issues.iter().map(|issue| serde_json::to_value(&issue.params).unwrap()).collect();
    assert_eq!(bounds, [serde_json::json!({ "minimum": -128 }), serde_json::json!({ "maximum": 255 })]);
    let wide = r#"{"a":170141183460469231731687303715884105728,"b":-1,"n":1}"#;
    assert_eq!(found::<ReadingWidened>(wide), ["a too_big", "b too_small"]);
}

#[test]
fn a_number_with_a_whole_value_is_an_integer() {
    for (text, number) in [("1.0", 1), ("2e2", 200), ("2.5e1", 25), ("25500e-2", 255), ("-0", 0), ("-0.0", 0)]
    {
        let read = ReadingRead::parse_str(&format!(r#"{{"n":{text}}}"#)).unwrap();
        assert_eq!(read.n, number, "{text}");
    }
    for text in ["1.5", "1e-1", "0.000000000000000000000000001"] {
        assert_eq!(found::<ReadingRead>(&format!(r#"{{"n":{text}}}"#)), ["n invalid_type"], "{text}");
    }
    assert_eq!(found::<ReadingRead>(r#"{"n":1e400}"#), ["n too_big"]);
    assert_eq!(found::<ReadingRead>(r#"{"n":-1e400}"#), ["n too_small"]);
}

#[test]
fn there_is_one_spelling_wherever_a_value_stands() {
    let (right, simple) = ("67e55044-10b1-426f-9247-bb680e5fe0c8", "67e5504410b1426f9247bb680e5fe0c8");
    let json = |id: &str, at: &str| {
        format!(
            r#"{{"boxed":"{id}","paired":["{at}",1],"keyed":{{"{id}":1}},"result":{{"Ok":"{id}"}},"n":1}}"#
        )
    };
    assert_eq!(found::<ReadingSpelled>(&json(right, "2026-01-01T00:00:00Z")), [""; 0]);
    for at in ["2026-01-01 00:00:00Z", "2026-01-01T00:00:00Z[UTC]"] {
        let found = found::<ReadingSpelled>(&json(simple, at));
        let keyed = format!("keyed[{simple:?}] invalid_format");
        let expected =
            ["boxed invalid_format", "paired[0] invalid_format", &keyed, "result.Ok invalid_format"];
        assert_eq!(found, expected);
    }
}

#[test]
fn keys_are_told_apart_from_fields() {
    let json =
        r#"{"m":{"a.b":{"n":999},"c":{}},"ports":{"x":1,"80":"y","65536":1},"by_status":{"shut":1},"n":0}"#;
    assert_eq!(
        found::<ReadingHeld>(json),
        [
            r#"m["a.b"].n too_big"#,
            r#"m["c"].n required"#,
            r#"ports["x"] invalid_format"#,
            r#"ports["80"] invalid_type"#,
            r#"ports["65536"] too_big"#,
            r#"by_status["shut"] invalid_value"#,
        ]
    );
    let json = r#"{"m":{"c":{}},"ports":{},"by_status":{},"n":0}"#;
    assert_eq!(found::<ReadingHeld>(json), [r#"m["c"].n required"#]);
    assert_eq!(found::<ReadingNamed>(r#"{"n":1}"#), [r#"["a b/c~d\"e"] required"#]);
}

#[test]
fn one_fault_has_one_code() {
    let json = r#"{"s":"shut","l":["open","shut"],"ips":["::1","nowhere",7],"small":0,"n":1}"#;
    assert_eq!(
        found::<ReadingSet>(json),
        ["s invalid_value", "l[1] invalid_value", "ips[1] invalid_format", "ips[2] invalid_type"]
    );
    let issue = ReadingSet::parse_str(json).unwrap_err().into_iter().next().unwrap();
    assert_eq!(issue.message, "must be one of `open`, `closed`");
    assert_eq!(issue.params.get("options"), Some(&serde_json::json!(["open", "closed"])));
}

#[test]
fn a_value_is_not_echoed() {
    let long = "x".repeat(1_000_000);
    let json = format!(r#"{{"s":"{long}","l":["{long}"],"ips":["{long}"],"small":"{long}","n":"{long}"}}"#);
    let issues = ReadingSet::parse_str(&json).unwrap_err();
    assert_eq!(issues.len(), 5);
    assert!(issues.iter().all(|issue| issue.message.len() < 200), "{issues}");
}

#[test]
fn a_field_that_is_there_twice_is_one_issue_beside_the_others() {
    assert_eq!(found::<ReadingWeighed>(r#"{"f":1,"f":2,"d":0,"n":1}"#), ["f invalid_type"]);
    let json = r#"{"d":0,"n":"x","f":1,"n":1,"f":2,"f":"y"}"#;
    assert_eq!(
        found::<ReadingWeighed>(json),
        ["f invalid_type", "f invalid_type", "n invalid_type", "n invalid_type"]
    );
}

#[test]
fn half_of_a_surrogate_pair_is_told_where_it_stands() {
    assert_eq!(
        found::<ReadingHeld>(r#"{"m":{"\ud800":{"n":1}},"ports":{},"by_status":{},"n":1}"#),
        ["m invalid_format"]
    );
    // The rules of the other entries are checked all the same.
    let json = r#"{"m":{"a":{"q":0},"\ud800":{"q":0},"b":{"q":0}},"n":1}"#;
    assert_eq!(
        found::<ReadingStocked>(json),
        [r#"m["a"].q too_small"#, "m invalid_format", "m.q too_small", r#"m["b"].q too_small"#]
    );
    let text = String::parse_str(r#""a\udfff""#).unwrap_err();
    assert_eq!(text.iter().next().unwrap().params.get("format").unwrap(), "unicode");
    assert_eq!(String::parse_str(r#""\ud83d\ude00""#).unwrap(), "😀");
}

#[test]
fn what_is_no_json_is_told_with_line_and_column() {
    for (json, expected) in [
        ("", "not JSON: EOF while parsing a value at line 1 column 0"),
        ("\u{FEFF}{}", "not JSON: expected value, found a byte order mark at line 1 column 1"),
        ("{\n \"n\": x}", "not JSON: expected value at line 2 column 7"),
        ("{\"n\":1,}", "not JSON: trailing comma at line 1 column 8"),
        ("{\"n\":1} 2", "not JSON: trailing characters at line 1 column 9"),
        ("{\"n\" 1}", "not JSON: expected `:` at line 1 column 6"),
        ("{\"n\":01}", "not JSON: invalid number at line 1 column 8"),
        ("{\"n\":\"\\q\"}", "not JSON: invalid escape at line 1 column 7"),
        ("{\"n\":\"x\", \"n", "not JSON: EOF while parsing a string at line 1 column 12"),
    ] {
        assert_eq!(ReadingRead::parse_str(json).unwrap_err().to_string(), expected, "{json}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: proptest::test_runner::RngSeed::Fixed(12),
        ..ProptestConfig::with_cases(2_000)
    })]

    /// Whatever the text is, reading ends, with a value or with issues.
    #[test]
    fn any_text_ends(json in "[\\[\\]{}:,\"\\\\ \n0-9eE.+nutrfalse\\-ü\u{1}]{0,40}") {
        let ours = serde_json::Value::parse_str(&json);
        let theirs = serde_json::from_str::<serde_json::Value>(&json);
        prop_assert_eq!(ours.is_ok(), theirs.is_ok());
        if let (Ok(ours), Ok(theirs)) = (ours, theirs) {
            prop_assert_eq!(ours, theirs);
        }
    }
}
