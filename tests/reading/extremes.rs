//! Texts that are long or deep: no panic, no overflow of the stack, and no time that grows faster than they do.

use event_runtime::Payload;
use event_runtime::prelude::*;
use event_runtime::validate::Issues;
use serde_json::Value;

use super::issues::ReadingRead;

/// Anything.
#[payload]
pub struct Anything {
    value: Option<Value>,
    n: u8,
}

fn nested(levels: usize) -> String {
    "[".repeat(levels) + &"]".repeat(levels)
}

#[test]
fn ten_thousand_levels_are_passed_over_and_not_read() {
    assert!(ReadingRead::parse_str(&format!(r#"{{"x":{},"n":1}}"#, nested(10_000))).is_ok());
    let read =
        |levels| Anything::parse_str(&format!(r#"{{"value":{},"n":"x"}}"#, nested(levels))).unwrap_err();
    assert_eq!(read(126).to_string(), "n: must be an integer, is a text");
    let deep = read(10_000);
    let codes: Vec<_> = deep.iter().map(|issue| issue.code.as_ref()).collect();
    assert_eq!(codes, ["too_big", "invalid_type"], "{deep}");
}

#[test]
fn objects_and_lists_are_told_apart_at_each_depth() {
    for levels in [1, 63, 64, 65, 127, 128, 129, 500] {
        let open: String = (0..levels).map(|level| if level % 3 == 0 { r#"{"a":"# } else { "[" }).collect();
        let close: String = (0..levels).rev().map(|level| if level % 3 == 0 { "}" } else { "]" }).collect();
        assert!(ReadingRead::parse_str(&format!(r#"{{"x":{open}1{close},"n":1}}"#)).is_ok(), "{levels}");
        let wrong = close.replacen('}', "]", 1);
        if wrong != close {
            assert!(ReadingRead::parse_str(&format!(r#"{{"x":{open}1{wrong},"n":1}}"#)).is_err(), "{levels}");
        }
    }
}

#[test]
fn ten_megabytes_of_blanks_are_blanks() {
    let blanks = " \n".repeat(5_000_000);
    assert!(ReadingRead::parse_str(&format!("{{{blanks}\"n\"{blanks}:1}}")).is_ok());
    let issues = ReadingRead::parse_str(&format!("{{{blanks}\"n\":x}}")).unwrap_err();
    assert_eq!(issues.to_string(), "not JSON: expected value at line 5000001 column 5");
}

#[test]
fn bytes_that_are_no_text_are_told_with_their_place() {
    let mut json = br#"{"n":1,"x":"ab"}"#.to_vec();
    json[12] = 0xFF;
    let issues = ReadingRead::parse(&json).unwrap_err();
    assert_eq!(issues.to_string(), "not UTF-8: byte 12 starts no character");
}

#[test]
fn each_beginning_of_a_text_is_refused() {
    let json = r#"{"value":{"a":[1,-2.5e3,true,false,null,"\u00e9\n\ud83d\ude00"],"b":{}},"n":7}"#;
    assert!(Anything::parse_str(json).is_ok());
    for end in (0..json.len()).filter(|end| json.is_char_boundary(*end)) {
        let issues = Anything::parse_str(&json[..end]).unwrap_err();
        assert_eq!(issues.iter().next().unwrap().code, "invalid_json", "{}", &json[..end]);
        assert_eq!(issues.len(), 1);
    }
}

#[test]
fn issues_are_bounded() {
    let list = vec!["300"; 100_000].join(",");
    assert_eq!(Vec::<u8>::parse_str(&format!("[{list}]")).unwrap_err().len(), Issues::MAX);
}
