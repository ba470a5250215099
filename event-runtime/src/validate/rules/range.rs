//! `range`: bounds of numbers.

use std::fmt::Display;

use serde_json::Value;

use crate::validate::{Issue, Issues, Path, code};

/// What `range` fits: integers and floats. Implement it for a newtype to allow `range` on it.
#[diagnostic::on_unimplemented(
    message = "`range` does not fit `{Self}`: it needs a number",
    label = "this rule",
    note = "for the length of a text or a list write `length(min = .., max = ..)`; for a type of your own implement `event_runtime::validate::Number`"
)]
pub trait Number {
    /// The type of the bounds.
    type Bound: PartialOrd + Copy + Display + Into<Value>;

    /// The number; `None` when there is none.
    fn number(&self) -> Option<Self::Bound>;
}

/// Checks that the number is in `min..=max`; a float that is not a number is in no range.
#[inline]
pub fn range<T: Number + ?Sized>(
    value: &T,
    min: Option<T::Bound>,
    max: Option<T::Bound>,
    path: &Path<'_>,
    issues: &mut Issues,
) {
    if let Some(number) = value.number()
        && !(min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max))
    {
        report(number, min, max, path, issues);
    }
}

#[cold]
fn report<B: PartialOrd + Copy + Display + Into<Value>>(
    number: B,
    min: Option<B>,
    max: Option<B>,
    path: &Path<'_>,
    issues: &mut Issues,
) {
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

macro_rules! non_zero {
    ($($wrapper:ident: $type:ty),*) => {$(
        impl Number for std::num::$wrapper {
            type Bound = $type;

            #[inline]
            fn number(&self) -> Option<$type> {
                Some(self.get())
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
