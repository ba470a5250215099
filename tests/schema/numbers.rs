//! Rules of numbers, and the bounds of their types.

use event_runtime::prelude::*;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::agreement::{agree, integers};

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
