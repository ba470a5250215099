//! Numbers: `range`, `multiple_of`, `one_of`.

use std::fmt::Display;

use serde_json::Value;

use super::At;
use super::fit::{Numeric, Whole};
use crate::validate::{Issue, Issues, code};

/// What `range` fits: integers and floats. Implement it for a newtype to allow `range` on it.
pub trait Number {
    /// The type of the bounds.
    type Bound: PartialOrd + Copy + Display + Into<Value>;

    /// The number; `None` when there is none.
    fn number(&self) -> Option<Self::Bound>;
}

/// Checks that the number is in `min..=max`; a float that is not a number is in no range.
#[inline]
pub fn range<T: Numeric + ?Sized>(
    value: &T,
    min: Option<T::Bound>,
    max: Option<T::Bound>,
    at: At<'_>,
    issues: &mut Issues,
) {
    if let Some(number) = value.number()
        && !(min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max))
    {
        report(number, min, max, at, issues);
    }
}

#[cold]
fn report<B: PartialOrd + Copy + Display + Into<Value>>(
    number: B,
    min: Option<B>,
    max: Option<B>,
    at: At<'_>,
    issues: &mut Issues,
) {
    let path = &at.path();
    let issue = match (min, max) {
        (Some(min), _) if !matches!(number.partial_cmp(&min), Some(order) if order.is_ge()) => {
            Issue::new(path, code::TOO_SMALL, format!("must be at least {min}, is {number}"))
                .with("minimum", min)
        }
        (_, Some(max)) => Issue::new(path, code::TOO_BIG, format!("must be at most {max}, is {number}"))
            .with("maximum", max),
        _ => return,
    };
    issues.push(issue.with("actual", number));
}

/// What `multiple_of` fits: integers. Implement it for a newtype to allow `multiple_of` on it.
pub trait Integer {
    /// The number without its sign; `None` when there is none.
    fn magnitude(&self) -> Option<u64>;
}

/// Checks that the number is a multiple of another, which is not 0.
#[inline]
pub fn multiple_of<T: Whole + ?Sized>(value: &T, of: u64, at: At<'_>, issues: &mut Issues) {
    if let Some(number) = value.magnitude()
        && !number.is_multiple_of(of)
    {
        report_multiple(of, at, issues);
    }
}

#[cold]
fn report_multiple(of: u64, at: At<'_>, issues: &mut Issues) {
    let message = format!("must be a multiple of {of}");
    issues.push(Issue::new(&at.path(), code::NOT_MULTIPLE_OF, message).with("multiple_of", of));
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
fn report_options<B: Copy + Display + Into<Value>>(options: &[B], at: At<'_>, issues: &mut Issues) {
    let written: Vec<String> = options.iter().map(ToString::to_string).collect();
    let values: Vec<Value> = options.iter().map(|option| (*option).into()).collect();
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

number!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64);

macro_rules! integer {
    ($($type:ty: $magnitude:expr),*) => {$(
        impl Integer for $type {
            #[inline]
            fn magnitude(&self) -> Option<u64> {
                Some($magnitude(*self))
            }
        }
    )*};
}

integer!(
    i8: |number: i8| number.unsigned_abs().into(), i16: |number: i16| number.unsigned_abs().into(),
    i32: |number: i32| number.unsigned_abs().into(), i64: i64::unsigned_abs, u8: u64::from, u16: u64::from,
    u32: u64::from, u64: |number| number, isize: |number: isize| number.unsigned_abs() as u64,
    usize: |number| number as u64
);

impl<T: Integer> Integer for Option<T> {
    #[inline]
    fn magnitude(&self) -> Option<u64> {
        self.as_ref()?.magnitude()
    }
}

macro_rules! non_zero {
    ($($wrapper:ident: $type:ty),*) => {$(
        impl Number for std::num::$wrapper {
            type Bound = $type;

            #[inline]
            fn number(&self) -> Option<$type> {
                Some(self.get())
            }
        }

        impl Integer for std::num::$wrapper {
            #[inline]
            fn magnitude(&self) -> Option<u64> {
                self.get().magnitude()
            }
        }
    )*};
}

non_zero!(
    NonZeroI8: i8, NonZeroI16: i16, NonZeroI32: i32, NonZeroI64: i64,
    NonZeroU8: u8, NonZeroU16: u16, NonZeroU32: u32, NonZeroU64: u64
);

impl<T: Number> Number for Option<T> {
    type Bound = T::Bound;

    #[inline]
    fn number(&self) -> Option<T::Bound> {
        self.as_ref()?.number()
    }
}
