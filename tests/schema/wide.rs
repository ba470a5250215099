//! Payloads of many fields: they are read in groups, by their places, whatever is configured out.

use event_runtime::prelude::*;

/// A payload with more fields than one tuple has, of which two are not there.
#[payload]
pub struct Wide {
    a: u8,
    b: Option<u8>,
    #[cfg(any())]
    c: u8,
    #[serde(default)]
    d: u8,
    e: Uuid,
    f: String,
    g: u8,
    #[cfg(any())]
    #[validate(length(min = 1))]
    h: String,
    #[serde(rename = "eye")]
    i: u8,
    #[serde(default = "seven")]
    j: u8,
    #[validate(range(min = 1))]
    k: u8,
}

/// A payload of three groups.
#[payload]
pub struct Wider {
    f0: u8,
    f1: u8,
    f2: u8,
    f3: u8,
    f4: u8,
    f5: u8,
    f6: u8,
    f7: u8,
    f8: u8,
    #[serde(default = "seven")]
    f9: u8,
    f10: Option<u8>,
    f11: u8,
    f12: u8,
    f13: u8,
    f14: u8,
    f15: u8,
    #[validate(range(max = 20))]
    f16: u8,
}

fn seven() -> u8 {
    7
}

const E: &str = "0195d4a5-0f5c-7c3e-8f0a-5b6a4c3d2e1f";

#[test]
fn fields_around_those_configured_out_keep_their_places() {
    let json = format!(r#"{{ "k": 9, "eye": 4, "more": [1], "f": "f", "e": "{E}", "g": 3, "a": 1 }}"#);
    let wide = Wide::parse(json.as_bytes()).unwrap();
    assert_eq!((wide.a, wide.b, wide.d, wide.g, wide.i, wide.j, wide.k), (1, None, 0, 3, 4, 7, 9));
    assert_eq!((wide.e.to_string().as_str(), wide.f.as_str()), (E, "f"));
    let written = serde_json::to_value(&wide).unwrap();
    assert_eq!(written.as_object().unwrap().len(), 9);
}

#[test]
fn missing_and_doubled_fields_are_named() {
    let issues = Wide::parse(br#"{ "a": 1, "k": 0, "e": "no" }"#).unwrap_err();
    let found: Vec<_> = issues.iter().map(|issue| (issue.path.as_str(), issue.code.as_ref())).collect();
    let expected = [("e", "invalid_format"), ("f", "required"), ("g", "required"), ("eye", "required")];
    assert_eq!(found, [&expected[..], &[("k", "too_small")]].concat());

    let missing = serde_json::from_str::<Wide>(r#"{ "a": 1 }"#).unwrap_err().to_string();
    assert!(missing.starts_with("e: is required; f: is required"), "{missing}");
    let doubled = serde_json::from_str::<Wide>(r#"{ "eye": 1, "eye": 2 }"#).unwrap_err().to_string();
    assert!(doubled.contains("eye: is there twice"), "{doubled}");
    let other = serde_json::from_str::<Wide>("[]").unwrap_err().to_string();
    assert!(other.starts_with("must be an object, is a list"), "{other}");
}

#[test]
fn three_groups_are_read_in_any_order() {
    let names = (0..17).filter(|number| ![9, 10].contains(number));
    let fields: Vec<String> = names.map(|number| format!("\"f{number}\": {number}")).collect();
    let reversed: Vec<String> = fields.iter().rev().cloned().collect();
    for fields in [&fields, &reversed] {
        let wider = Wider::parse(format!("{{ {} }}", fields.join(", ")).as_bytes()).unwrap();
        let (first, second) = (
            [wider.f0, wider.f1, wider.f2, wider.f3, wider.f4, wider.f5, wider.f6, wider.f7],
            [wider.f8, wider.f9, wider.f11, wider.f12, wider.f13, wider.f14, wider.f15, wider.f16],
        );
        assert_eq!((first, second), ([0, 1, 2, 3, 4, 5, 6, 7], [8, 7, 11, 12, 13, 14, 15, 16]));
        assert_eq!(wider.f10, None);
    }
    let missing = serde_json::from_str::<Wider>(&format!("{{ {} }}", fields[..14].join(", "))).unwrap_err();
    assert!(missing.to_string().starts_with("f16: is required"), "{missing}");
}
