//! Integers that JavaScript does not read exactly: those beyond 2^53.

use std::num::{NonZeroI64, NonZeroI128, NonZeroIsize, NonZeroU64, NonZeroU128, NonZeroUsize};

use super::nested::Probe;

/// Whether values of a type go beyond the integers that JavaScript reads exactly.
#[derive(Debug, Clone, Copy)]
pub struct Reach {
    below: bool,
    above: bool,
}

impl Reach {
    /// All values are read exactly.
    pub const EXACT: Self = Self { below: false, above: false };
    const ABOVE: Self = Self { below: false, above: true };
    const BOTH: Self = Self { below: true, above: true };

    /// How far the values of one of several types go.
    #[must_use]
    pub const fn of(types: &[Self]) -> Self {
        match types {
            [] => Self::EXACT,
            [first, rest @ ..] => {
                let rest = Self::of(rest);
                Self { below: first.below || rest.below, above: first.above || rest.above }
            }
        }
    }

    /// How far they go when rules keep them in at the ends that are `true`.
    #[must_use]
    pub const fn kept(self, below: bool, above: bool) -> Self {
        Self { below: self.below && !below, above: self.above && !above }
    }
}

/// A type whose values may go beyond 2^53.
pub trait Integers {
    /// How far they go.
    const REACH: Reach;
}

macro_rules! integers {
    ($reach:ident: $($ty:ty),*) => {$(
        impl Integers for $ty {
            const REACH: Reach = Reach::$reach;
        }
    )*};
}

integers!(ABOVE: u64, u128, usize, NonZeroU64, NonZeroU128, NonZeroUsize);
integers!(BOTH: i64, i128, isize, NonZeroI64, NonZeroI128, NonZeroIsize);

impl<T: Integers + ?Sized> Probe<T> {
    /// How far values of this type go.
    pub const REACH: Reach = T::REACH;
}

/// For all other types.
pub trait Exact {
    /// They are no integers beyond 2^53, as far as is known.
    const REACH: Reach = Reach::EXACT;
}

impl<T: ?Sized> Exact for Probe<T> {}

/// Fails to compile, with `message`, when values go beyond 2^53.
///
/// # Panics
///
/// In a constant, so that the panic is a compile error.
#[track_caller]
pub const fn assert_exact(reach: Reach, message: &str) {
    assert!(!reach.below && !reach.above, "{}", message);
}
