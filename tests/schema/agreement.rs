//! Judging values twice.

use event_runtime::Event;
use jsonschema::Validator;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

/// How many values are judged for each rule.
pub const CASES: u32 = 10_000;

/// The schema of an event, with formats asserted.
pub fn validator<E: Event>() -> Validator {
    jsonschema::options().should_validate_formats(true).build(E::schema().as_value()).unwrap()
}

/// Whether the payload is accepted.
pub fn parses<E: Event>(payload: &Value) -> bool {
    E::parse(payload.to_string().as_bytes()).is_ok()
}

/// A source of values that begins with the seed in the variable `SCHEMA_SEED`, or with seed 1.
pub fn runner() -> TestRunner {
    let number =
        std::env::var("SCHEMA_SEED").map_or(1, |seed| seed.parse().expect("SCHEMA_SEED is a number"));
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&u64::to_le_bytes(number));
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    TestRunner::new_with_rng(Config { failure_persistence: None, ..Config::default() }, rng)
}

/// Judges payloads with one field, `value`; at least a twentieth must be accepted, and a twentieth refused.
pub fn agree<E: Event>(values: impl Strategy<Value = Value>) {
    let (validator, mut accepted) = (validator::<E>(), 0);
    let mut runner = runner();
    for _ in 0..CASES {
        let value = values.new_tree(&mut runner).unwrap().current();
        let payload = json!({ "value": value });
        let (ours, theirs) = (parses::<E>(&payload), validator.is_valid(&payload));
        assert_eq!(ours, theirs, "{}: parsed or valid against the schema? {payload}", E::NAME);
        accepted += u32::from(ours);
    }
    assert!(
        (CASES / 20..CASES - CASES / 20).contains(&accepted),
        "{}: {accepted} of {CASES} accepted",
        E::NAME
    );
}

/// Texts that match one of the expressions: good ones, and ones that are nearly good.
pub fn texts(expressions: &'static [&'static str]) -> impl Strategy<Value = Value> {
    let matching =
        expressions.iter().map(|expression| proptest::string::string_regex(expression).unwrap().boxed());
    let text = proptest::strategy::Union::new(matching);
    let broken = (text.clone(), any::<prop::sample::Index>(), any::<char>()).prop_map(|(text, at, with)| {
        let mut chars: Vec<char> = text.chars().collect();
        let at = at.index(chars.len() + 1);
        if at < chars.len() {
            chars[at] = with;
        } else {
            chars.push(with);
        }
        chars.into_iter().collect::<String>()
    });
    prop_oneof![6 => text.boxed(), 2 => broken.boxed(), 1 => any::<String>().boxed()].prop_map(Value::from)
}

/// Integers around `0`, around a bound, at the edges of the machine's types, and anywhere.
pub fn integers(around: i64) -> impl Strategy<Value = Value> {
    let near = (-3..=3_i64).prop_map(move |delta| json!(around.saturating_add(delta)));
    let edges = prop::sample::select(vec![
        json!(i64::MIN),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(u64::MAX - 1),
        json!(i64::from(i32::MIN) - 1),
        json!(u32::MAX),
        json!(256),
        json!(-1),
    ]);
    prop_oneof![4 => near.boxed(), 3 => (-20..20_i64).prop_map(Value::from), 1 => edges, 1 => any::<i64>().prop_map(Value::from)]
}
