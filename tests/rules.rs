//! Rules beside their JSON Schema: messages, defaults, and numbers of every type.

use std::num::{NonZeroI128, NonZeroU8, NonZeroU128, NonZeroUsize};

use event_runtime::prelude::*;
use serde_json::{Value, json};

fn seven() -> u8 {
    7
}

fn another() -> u64 {
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

const MOST: usize = 4;
const WEI: u128 = 1_000_000_000_000_000_000_000;

/// An amount of money, in its smallest unit.
#[payload]
pub struct Wei(u128);

/// Rules.
#[domain_events]
pub enum RuleEvent {
    /// Own messages.
    Worded {
        #[validate(
            length(min = 1, message = "give it a name"),
            pattern("^[a-z]*$", message = "small letters only")
        )]
        name: String,
        #[validate(email(message = "where can we write to?"))]
        mail: String,
        #[validate(one_of("a", "b", message = "a or b"), starts_with("a", message = "a comes first"))]
        kind: Option<String>,
        #[validate(inner(range(max = 9, message = "one digit")), unique(message = "each once"))]
        digits: Vec<u8>,
        #[validate(custom(odd, message = "an odd one"))]
        odd: u8,
    },
    /// Defaults.
    Defaulted {
        #[serde(default)]
        #[validate(range(max = 5))]
        a: u8,
        #[serde(default = "seven")]
        b: u8,
        #[serde(default)]
        c: Vec<String>,
        #[serde(default = "another")]
        d: u64,
    },
    /// 128 bits, and integers that are not 0.
    Numbered {
        #[validate(range(min = 1, max = WEI), multiple_of(10))]
        a: u128,
        #[validate(range(above = -5, below = 5), one_of(-4, 0, 4))]
        b: i128,
        #[validate(range(max = 100), multiple_of(2))]
        c: NonZeroU128,
        #[validate(range(min = -3), multiple_of(3))]
        d: Option<NonZeroI128>,
        #[validate(one_of(1, 2))]
        e: NonZeroU8,
        #[validate(range(max = MOST))]
        f: NonZeroUsize,
    },
    /// A newtype of 128 bits.
    Transferred {
        #[validate(multiple_of(10))]
        wei: Wei,
    },
    /// Values of JSON.
    Collected {
        #[validate(unique)]
        values: Vec<Value>,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature of every rule")]
fn odd(number: &u8) -> std::result::Result<(), String> {
    if number % 2 == 1 { Ok(()) } else { Err("is even".to_owned()) }
}

/// Payloads that have a default, of a set that has none.
#[domain_events]
#[derive(Default, PartialEq)]
pub enum PlanEvent {
    /// A plan was made.
    Made { steps: Vec<u8>, name: String },
}

#[test]
fn payloads_of_a_set_have_a_default() {
    assert_eq!(PlanMade::default(), PlanMade { steps: Vec::new(), name: String::new() });
}

/// A default that breaks the rule of its field.
#[payload]
struct Broken {
    #[serde(default)]
    #[validate(range(min = 5))]
    v: u8,
}

fn found<T: Payload>(json: &Value) -> Vec<String> {
    let issues = T::parse(json.to_string().as_bytes()).err().unwrap_or_default();
    issues.iter().map(|issue| format!("{} {} {}", issue.path, issue.code, issue.message)).collect()
}

#[test]
fn a_message_is_that_of_the_user_with_the_code_and_the_parameters_of_the_rule() {
    let json = json!({ "name": "", "mail": "x", "kind": "c", "digits": [10, 1, 1], "odd": 2 });
    let expected = [
        "name too_small give it a name",
        "mail invalid_format where can we write to?",
        "kind invalid_value a or b",
        "kind invalid_format a comes first",
        "digits[0] too_big one digit",
        "digits[2] not_unique each once",
        "odd custom an odd one",
    ];
    assert_eq!(found::<RuleWorded>(&json), expected);
    let issues = RuleWorded::parse(json.to_string().as_bytes()).unwrap_err();
    assert_eq!(issues.iter().next().unwrap().params.get("minimum"), Some(&json!(1)));
    // What does not decode has no rule.
    let issues = RuleWorded::parse(br#"{"name":7,"mail":"a@b.c","digits":[],"odd":1}"#).unwrap_err();
    assert_eq!((issues.len(), issues.iter().next().unwrap().code.as_ref()), (1, "invalid_type"));
}

#[test]
fn a_default_is_in_the_schema_if_it_is_the_same_each_time() {
    let schema = RuleDefaulted::schema().to_value();
    let default = |name: &str| schema["properties"][name].get("default").cloned();
    assert_eq!((default("a"), default("b"), default("c")), (Some(json!(0)), Some(json!(7)), Some(json!([]))));
    assert_eq!(default("d"), None);
    assert_eq!(schema.get("required"), None);
}

#[test]
fn a_field_whose_default_breaks_a_rule_is_required() {
    let schema = schemars::schema_for!(Broken).to_value();
    assert_eq!(schema["required"], json!(["v"]));
    assert_eq!(found::<Broken>(&json!({})), ["v too_small must be at least 5, is 0"]);
}

#[test]
fn a_newtype_of_a_wide_integer_is_a_multiple_or_not() {
    let parsed = |number: u128| RuleTransferred::parse_str(&format!(r#"{{"wei":{number}}}"#));
    assert!(parsed(u128::MAX - 5).is_ok() && parsed(20).is_ok());
    for number in [u128::MAX, u128::from(u64::MAX) + 2, 21] {
        assert_eq!(parsed(number).unwrap_err().to_string(), "wei: must be a multiple of 10", "{number}");
    }
}

#[test]
fn numbers_of_every_type_have_rules() {
    let json = |a: &str, rest: &str| format!(r#"{{"a":{a},{rest}}}"#);
    let rest = r#""b":4,"c":2,"d":-3,"e":2,"f":4"#;
    assert!(RuleNumbered::parse(json("1000000000000000000000", rest).as_bytes()).is_ok());
    let issues =
        RuleNumbered::parse(json("1000000000000000000001", r#""b":5,"c":101,"d":-4,"e":3,"f":5"#).as_bytes());
    let issues = issues.unwrap_err();
    let found: Vec<_> = issues.iter().map(|issue| (issue.path.as_str(), issue.code.as_ref())).collect();
    let expected = [
        ("a", "too_big"),
        ("a", "not_multiple_of"),
        ("b", "too_big"),
        ("b", "invalid_value"),
        ("c", "too_big"),
        ("c", "not_multiple_of"),
        ("d", "too_small"),
        ("d", "not_multiple_of"),
        ("e", "invalid_value"),
        ("f", "too_big"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn numbers_that_json_does_not_tell_apart_are_one_element() {
    assert_eq!(
        found::<RuleCollected>(&json!({ "values": [1, 1.0, "1"] })),
        ["values[1] not_unique is there twice"]
    );
    assert_eq!(
        found::<RuleCollected>(&json!({ "values": [{ "a": 1 }, { "a": 2 }, [1], [2], true, null] })).len(),
        0
    );
    assert_eq!(found::<RuleCollected>(&json!({ "values": [{ "a": [1] }, { "a": [1.0] }] })).len(), 1);
}
