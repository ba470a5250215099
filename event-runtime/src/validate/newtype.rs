//! Structs around one value: rules fit them as they fit the value.

use super::json::Newtype;
use super::rules::{Integer, Length, Number, Text};

#[diagnostic::do_not_recommend]
impl<T: Newtype<Inner: Text>> Text for T {
    #[inline]
    fn text(&self) -> Option<&str> {
        self.inner().text()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Newtype<Inner: Length>> Length for T {
    const UNIT: &'static str = T::Inner::UNIT;

    #[inline]
    fn length(&self) -> Option<usize> {
        self.inner().length()
    }

    #[inline]
    fn surely_within(&self, min: usize, max: usize) -> bool {
        self.inner().surely_within(min, max)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Newtype<Inner: Number>> Number for T {
    type Bound = <T::Inner as Number>::Bound;

    #[inline]
    fn number(&self) -> Option<Self::Bound> {
        self.inner().number()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Newtype<Inner: Integer>> Integer for T {
    #[inline]
    fn magnitude(&self) -> Option<u128> {
        self.inner().magnitude()
    }
}
