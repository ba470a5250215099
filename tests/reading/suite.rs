//! The JSON Parsing Test Suite: what is JSON, and what is not.

use event_runtime::Payload;
use serde_json::Value;

/// Names and bytes, as they stand in the file.
pub fn texts() -> Vec<(&'static str, Vec<u8>)> {
    let lines = include_str!("json-parsing-test-suite.tsv").lines().filter(|line| !line.starts_with('#'));
    let mut texts: Vec<_> = lines
        .map(|line| {
            let (name, text) = line.split_once('\t').unwrap();
            (name, bytes(text))
        })
        .collect();
    texts.push(("n_structure_100000_opening_arrays", b"[".repeat(100_000)));
    texts.push(("n_structure_open_array_object", br#"[{"":"#.repeat(50_000)));
    texts
}

fn bytes(text: &str) -> Vec<u8> {
    let mut rest = text.bytes();
    let mut bytes = Vec::new();
    while let Some(byte) = rest.next() {
        match (byte, byte == b'\\') {
            (_, true) if rest.next() == Some(b'x') => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
            }
            (byte, _) => bytes.push(byte),
        }
    }
    bytes
}

/// The code of the one issue, or nothing.
fn verdict(json: &[u8]) -> String {
    match Value::parse(json) {
        Ok(_) => "accepted".to_owned(),
        Err(issues) => {
            assert_eq!(issues.len(), 1, "{issues}");
            issues.iter().next().unwrap().code.to_string()
        }
    }
}

#[test]
fn what_is_json_is_accepted_and_what_is_not_is_said_to_be_none() {
    for (name, text) in texts() {
        let found = verdict(&text);
        match name.split_once('_').unwrap().0 {
            "y" => {
                assert_eq!(found, "accepted", "{name}");
                assert_eq!(
                    Value::parse(&text).unwrap(),
                    serde_json::from_slice::<Value>(&text).unwrap(),
                    "{name}"
                );
            }
            "n" => assert!(
                ["invalid_json", "invalid_utf8"].contains(&&*found)
                    || name.starts_with("n_structure_1") && found == "too_big",
                "{name}: {found}"
            ),
            _ => {}
        }
    }
}

/// What the suite leaves to the reader.
#[test]
fn what_may_be_either_is_decided() {
    let either = texts().into_iter().filter(|(name, _)| name.starts_with("i_"));
    let found: Vec<_> = either.map(|(name, text)| format!("{} {name}", verdict(&text))).collect();
    let expected = include_str!("either.txt");
    assert_eq!(found.join("\n"), expected.trim_end());
}

/// What is passed over must be JSON too, as serde wants it of what it ignores.
#[test]
fn what_is_passed_over_is_judged_as_serde_judges_it() {
    for (name, text) in texts() {
        let Ok(text) = String::from_utf8(text) else { continue };
        let json = format!(r#"{{"unknown":{text},"n":1}}"#);
        let ours = super::issues::ReadingRead::parse(json.as_bytes()).is_ok();
        let ignored = serde_json::from_str::<::serde::de::IgnoredAny>(&json).is_ok();
        assert_eq!(ours, ignored, "{name}");
    }
}
