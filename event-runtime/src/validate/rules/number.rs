//! Numbers: `range`, `multiple_of`, `one_of`.

use std::fmt::Display;
use std::ops::{Bound as Edge, RangeBounds};

use serde_json::Value;

use super::At;
use super::fit::{Numeric, Whole};
use crate::validate::{Bound, Issue, Issues, code};

/// What `range` fits: integers and floats. Implement it for a newtype to allow `range` on it.
#[diagnostic::on_unimplemented(
    message = "this rule does not fit `{Self}`: it needs a number",
    label = "this rule",
    note = "for the length of a text or a list write `length(min = .., max = ..)`; for a type of your own implement `event_runtime::validate::Number`"
)]
pub trait Number {
    /// The type of the bounds.
    type Bound: PartialOrd + Copy + Display + Into<Bound>;

    /// The number; `None` when there is none.
    fn number(&self) -> Option<Self::Bound>;
}

/// Checks that the number is within bounds; a float that is not a number is within none.
#[inline]
pub fn range<T: Numeric + ?Sized>(
    value: &T,
    lower: Edge<T::Bound>,
    upper: Edge<T::Bound>,
    at: At<'_>,
    issues: &mut Issues,
) {
    if let Some(number) = value.number()
        && !(lower, upper).contains(&number)
    {
        report(number, lower, upper, at, issues);
    }
}

#[cold]
fn report<B: PartialOrd + Copy + Display + Into<Bound>>(
    number: B,
    lower: Edge<B>,
    upper: Edge<B>,
    at: At<'_>,
    issues: &mut Issues,
) {
    let is_low = !(lower, Edge::Unbounded).contains(&number);
    let (code, must, param, bound) = match (is_low, lower, upper) {
        (true, Edge::Included(min), _) => (code::TOO_SMALL, "at least", "minimum", min),
        (true, Edge::Excluded(above), _) => (code::TOO_SMALL, "greater than", "exclusive_minimum", above),
        (_, _, Edge::Included(max)) => (code::TOO_BIG, "at most", "maximum", max),
        (_, _, Edge::Excluded(below)) => (code::TOO_BIG, "less than", "exclusive_maximum", below),
        _ => return,
    };
    let message = ["must be ", must, " ", &bound.to_string(), ", is ", &number.to_string()].concat();
    let issue = Issue::new(&at.path(), code, message);
    issues.push(issue.with(param, json(bound)).with("actual", json(number)));
}

fn json(number: impl Into<Bound>) -> Value {
    number.into().into()
}

/// What `multiple_of` fits: integers. Implement it for a newtype to allow `multiple_of` on it.
pub trait Integer {
    /// The absolute value; `None` for an `Option` without a value.
    fn magnitude(&self) -> Option<u128>;
}

/// Checks that the number is a multiple of another, which is not 0.
#[inline]
pub fn multiple_of<T: Whole + ?Sized>(value: &T, of: u128, at: At<'_>, issues: &mut Issues) {
    if let Some(number) = value.magnitude()
        && !is_multiple(number, of)
    {
        report_multiple(of, at, issues);
    }
}

/// Whether a number is a multiple of another. Most have 64 bits, which are much quicker to divide.
#[inline]
fn is_multiple(number: u128, of: u128) -> bool {
    match (u64::try_from(number), u64::try_from(of)) {
        (Ok(number), Ok(of)) => number.is_multiple_of(of),
        _ => number.is_multiple_of(of),
    }
}

#[cold]
fn report_multiple(of: u128, at: At<'_>, issues: &mut Issues) {
    let message = format!("must be a multiple of {of}");
    let issue = Issue::new(&at.path(), code::NOT_MULTIPLE_OF, message);
    issues.push(issue.with("multiple_of", Bound::from(of)));
}

/// Checks that the number is one of some.
#[inline]
pub fn one_of_numbers<T: Numeric + ?Sized>(value: &T, options: &[T::Bound], at: At<'_>, issues: &mut Issues) {
    if let Some(number) = value.number()
        && !options.contains(&number)
    {
        report_options(options, at, issues);
    }
}

#[cold]
fn report_options<B: Copy + Display + Into<Bound>>(options: &[B], at: At<'_>, issues: &mut Issues) {
    let written: Vec<String> = options.iter().map(ToString::to_string).collect();
    let values: Vec<Value> = options.iter().map(|option| json(*option)).collect();
    let message = format!("must be one of {}", written.join(", "));
    issues.push(Issue::new(&at.path(), code::INVALID_VALUE, message).with("options", values));
}

macro_rules! number {
    ($($type:ty),*) => {$(
        impl Number for $type {
            type Bound = $type;

            #[inline]
            fn number(&self) -> Option<$type> {
                Some(*self)
            }
        }
    )*};
}

number!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, f32, f64);

macro_rules! integers {
    ($($type:ty: |$number:ident| $magnitude:expr),* $(,)?) => {$(
        impl Integer for $type {
            #[inline]
            fn magnitude(&self) -> Option<u128> {
                let $number = *self;
                Some($magnitude)
            }
        }
    )*};
}

integers!(
    i8: |number| number.unsigned_abs().into(),
    i16: |number| number.unsigned_abs().into(),
    i32: |number| number.unsigned_abs().into(),
    i64: |number| number.unsigned_abs().into(),
    i128: |number| number.unsigned_abs(),
    isize: |number| number.unsigned_abs() as u128,
    u8: |number| number.into(),
    u16: |number| number.into(),
    u32: |number| number.into(),
    u64: |number| number.into(),
    u128: |number| number,
    usize: |number| number as u128,
);

macro_rules! non_zero {
    ($($wrapper:ident: $type:ty),* $(,)?) => {$(
        impl Number for std::num::$wrapper {
            type Bound = $type;

            #[inline]
            fn number(&self) -> Option<$type> {
                Some(self.get())
            }
        }

        impl Integer for std::num::$wrapper {
            #[inline]
            fn magnitude(&self) -> Option<u128> {
                self.get().magnitude()
            }
        }
    )*};
}

non_zero!(
    NonZeroI8: i8, NonZeroI16: i16, NonZeroI32: i32, NonZeroI64: i64, NonZeroI128: i128, NonZeroIsize: isize,
    NonZeroU8: u8, NonZeroU16: u16, NonZeroU32: u32, NonZeroU64: u64, NonZeroU128: u128, NonZeroUsize: usize,
);

impl<T: Number> Number for Option<T> {
    type Bound = T::Bound;

    #[inline]
    fn number(&self) -> Option<T::Bound> {
        self.as_ref()?.number()
    }
}

impl<T: Integer> Integer for Option<T> {
    #[inline]
    fn magnitude(&self) -> Option<u128> {
        self.as_ref()?.magnitude()
    }
}
