//! Rules of numbers, and the bounds of their types.

use event_runtime::prelude::*;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::agreement::{agree, integers};

const LEAST: u32 = 10;

mod limits {
    pub const MOST: u32 = 3 * super::LEAST;
    pub const NAME: usize = 4;
}

/// Numbers with one rule each.
#[domain_events]
pub enum NumberEvent {
    /// A byte.
    Counted {
        #[validate(range(min = 1, max = 200))]
        value: u8,
    },
    /// A signed number.
    Moved {
        #[validate(range(min = -7))]
        value: Option<i64>,
    },
    /// A large number.
    Summed {
        #[validate(range(max = 18_446_744_073_709_551_614))]
        value: u64,
    },
    /// A float.
    Weighed {
        #[validate(range(min = -1.5, max = 2.5))]
        value: f64,
    },
    /// A float that is no greater than an integer.
    Rated {
        #[validate(range(max = 5.0))]
        value: Option<f32>,
    },
    /// A multiple.
    Packed {
        #[validate(multiple_of(3))]
        value: i32,
    },
    /// A multiple of what is written in another way.
    Stacked {
        #[validate(multiple_of = 0x10)]
        value: Option<u64>,
    },
    /// One of some.
    Graded {
        #[validate(one_of(1, 2, -6))]
        value: i16,
    },
    /// No rule: the type alone.
    Numbered { value: u32 },
    /// No rule: the type alone, signed.
    Balanced { value: i64 },
    /// No rule: the type alone, unsigned.
    Totalled { value: u64 },
    /// A type that excludes 0.
    Divided { value: std::num::NonZeroU32 },
    /// The same, signed, and not required.
    Scaled { value: Option<std::num::NonZeroI64> },
    /// A rule that is wider than its type.
    Widened {
        #[validate(range(min = 0, max = 300))]
        value: std::num::NonZeroU16,
    },
    /// Bounds that are not allowed themselves.
    Shared {
        #[validate(range(above = 0.0, below = 1))]
        value: f64,
    },
    /// The same of an integer, and one that is.
    Aged {
        #[validate(range(above = 3, max = 7))]
        value: Option<i8>,
    },
    /// Bounds that are constants.
    Limited {
        #[validate(range(min = LEAST, below = limits::MOST))]
        value: u32,
    },
    /// A length that is a constant, or nearly one.
    Worded {
        #[validate(length(min = 6 / 3, max = limits::NAME))]
        value: String,
    },
    /// 128 bits.
    Minted {
        #[validate(range(min = 3, max = 1_000_000_000_000_000_000_000), multiple_of(3))]
        value: u128,
    },
    /// 128 bits, signed.
    Chosen {
        #[validate(one_of(-1, 2, -170_141_183_460_469_231_731_687_303_715_884_105_728))]
        value: Option<i128>,
    },
}

#[test]
fn range() {
    agree::<NumberCounted>(integers(200));
    agree::<NumberMoved>(prop_oneof![9 => integers(-7), 1 => Just(Value::Null)]);
    agree::<NumberSummed>(
        prop_oneof![1 => integers(i64::MAX), 1 => (u64::MAX - 3..=u64::MAX).prop_map(Value::from)],
    );
    let floats = prop_oneof![
        (-20..30_i32).prop_map(|tenths| json!(f64::from(tenths) / 10.0)),
        any::<f64>().prop_filter("JSON has no others", |float| float.is_finite()).prop_map(Value::from),
        integers(2),
    ];
    agree::<NumberWeighed>(floats.clone());
    agree::<NumberRated>(
        prop_oneof![4 => (-90..90_i32).prop_map(|tenths| json!(f64::from(tenths) / 8.0)), 1 => Just(Value::Null)],
    );
}

#[test]
fn multiple_of() {
    agree::<NumberPacked>(integers(3_000_000));
    agree::<NumberStacked>(
        prop_oneof![3 => (0..70_u64).prop_map(Value::from), 1 => integers(160), 1 => Just(Value::Null)],
    );
}

#[test]
fn one_of() {
    agree::<NumberGraded>(integers(1));
}

#[test]
fn types_alone() {
    agree::<NumberNumbered>(integers(i64::from(u32::MAX)));
    agree::<NumberBalanced>(prop_oneof![
        integers(0),
        Just(json!(u64::MAX)),
        Just(json!(1.5)),
        Just(json!("1"))
    ]);
    agree::<NumberTotalled>(prop_oneof![
        integers(0),
        Just(json!(u64::MAX)),
        Just(json!([])),
        Just(json!(true))
    ]);
    agree::<NumberDivided>(integers(0));
    agree::<NumberScaled>(prop_oneof![9 => integers(0), 1 => Just(Value::Null)]);
}

#[test]
fn excluded_bounds() {
    let floats = prop_oneof![
        (-20..30_i32).prop_map(|tenths| json!(f64::from(tenths) / 10.0)),
        prop::sample::select(vec![json!(0.0), json!(1.0), json!(f64::MIN_POSITIVE)]),
    ];
    agree::<NumberShared>(floats);
    agree::<NumberAged>(prop_oneof![9 => integers(5), 1 => Just(Value::Null)]);
    let issues = NumberAged::parse(br#"{"value":3}"#).unwrap_err();
    let issue = issues.iter().next().unwrap();
    assert_eq!((issue.code.as_ref(), issue.message.as_ref()), ("too_small", "must be greater than 3, is 3"));
    assert_eq!(issue.params.get("exclusive_minimum"), Some(&json!(3)));
}

#[test]
fn constants() {
    agree::<NumberLimited>(integers(i64::from(limits::MOST)));
    agree::<NumberWorded>(crate::agreement::texts(&["[a-zé]{0,6}"]));
    let schema = NumberLimited::schema().to_value();
    assert_eq!(schema["properties"]["value"]["minimum"], 10);
    assert_eq!(schema["properties"]["value"]["exclusiveMaximum"], 30);
}

#[test]
fn a_rule_leaves_the_bounds_of_the_type() {
    agree::<NumberWidened>(integers(300));
    assert_eq!(NumberWidened::schema().to_value()["properties"]["value"]["minimum"], 1);
}

#[test]
fn of_128_bits() {
    agree::<NumberMinted>(prop_oneof![3 => (0..40_u64).prop_map(Value::from), 1 => integers(3_000_000)]);
    agree::<NumberChosen>(prop_oneof![9 => integers(1), 1 => Just(Value::Null)]);
    let issues = NumberMinted::parse(br#"{"value":1000000000000000000002}"#).unwrap_err();
    let message = "must be at most 1000000000000000000000, is 1000000000000000000002";
    assert_eq!(issues.iter().next().unwrap().message, message);
}
