//! Constants of the user as bounds.

use crate::validate::Bound;

/// The value of a constant, of whatever type of numbers it is.
#[derive(Debug)]
pub struct Constant<T>(pub T);

macro_rules! numbers {
    ($($type:ty: |$number:ident| $bound:expr),* $(,)?) => {$(
        impl Constant<$type> {
            /// As a bound.
            #[must_use]
            #[allow(clippy::cast_lossless, reason = "there is no `From` in a constant")]
            pub const fn bound(self) -> Bound {
                let $number = self.0;
                $bound
            }
        }

        impl From<$type> for Bound {
            fn from(number: $type) -> Self {
                Constant(number).bound()
            }
        }
    )*};
}

numbers!(
    i8: |number| Bound::Integer(number as i128),
    i16: |number| Bound::Integer(number as i128),
    i32: |number| Bound::Integer(number as i128),
    i64: |number| Bound::Integer(number as i128),
    i128: |number| Bound::Integer(number),
    isize: |number| Bound::Integer(number as i128),
    u8: |number| Bound::Integer(number as i128),
    u16: |number| Bound::Integer(number as i128),
    u32: |number| Bound::Integer(number as i128),
    u64: |number| Bound::Integer(number as i128),
    usize: |number| Bound::Integer(number as i128),
    u128: |number| {
        if number > i128::MAX.unsigned_abs() { Bound::Unsigned(number) } else { Bound::Integer(number.cast_signed()) }
    },
    f32: |number| Bound::Float(number as f64),
    f64: |number| Bound::Float(number),
);

/// Fails to compile, with `message`, when no number is between two bounds, `strictly` or with the bounds themselves.
///
/// # Panics
///
/// In a constant, so that the panic is a compile error.
#[track_caller]
pub const fn assert_in_order(lower: Bound, upper: Bound, strictly: bool, message: &str) {
    let (is_less, is_equal) = match (lower, upper) {
        (Bound::Integer(lower), Bound::Integer(upper)) => (lower < upper, lower == upper),
        (Bound::Unsigned(lower), Bound::Unsigned(upper)) => (lower < upper, lower == upper),
        (Bound::Float(lower), Bound::Float(upper)) => (lower < upper, lower.to_bits() == upper.to_bits()),
        (lower, _) => (!matches!(lower, Bound::Unsigned(_)), false),
    };
    assert!(is_less || (is_equal && !strictly), "{}", message);
}
