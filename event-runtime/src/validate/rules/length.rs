//! `length`: of texts in code points, of collections in elements.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, LinkedList, VecDeque};

use super::At;
use super::fit::Measured;
use crate::validate::{Issue, Issues, code};

/// What has a length: texts (in Unicode code points, as JSON Schema counts) and collections (in elements).
///
/// Implement it for a newtype to allow `length` on it.
pub trait Length {
    /// What is counted, in the plural, for messages.
    const UNIT: &'static str;

    /// How many; `None` when there is no value to count.
    fn length(&self) -> Option<usize>;

    /// Whether the length is certainly within the bounds, found without counting.
    #[inline]
    fn surely_within(&self, _min: usize, _max: usize) -> bool {
        false
    }
}

/// Checks that the length is in `min..=max`.
#[inline]
pub fn length<T: Measured + ?Sized>(value: &T, min: usize, max: usize, at: At<'_>, issues: &mut Issues) {
    if value.surely_within(min, max) {
        return;
    }
    if let Some(length) = value.length()
        && (length < min || length > max)
    {
        report(length, min, max, T::UNIT, at, issues);
    }
}

#[cold]
fn report(length: usize, min: usize, max: usize, unit: &'static str, at: At<'_>, issues: &mut Issues) {
    let (code, bound) = if length < min { (code::TOO_SMALL, min) } else { (code::TOO_BIG, max) };
    let must = match code {
        _ if min == max => "must have exactly ",
        code::TOO_SMALL => "must have at least ",
        _ => "must have at most ",
    };
    let counted = if bound == 1 { unit.trim_end_matches('s') } else { unit };
    let (mut wanted, mut found) = (itoa::Buffer::new(), itoa::Buffer::new());
    let message = [must, wanted.format(bound), " ", counted, ", has ", found.format(length)].concat();
    let mut issue = Issue::new(&at.path(), code, message);
    if min == max || length < min {
        issue = issue.with("minimum", min);
    }
    if min == max || length > max {
        issue = issue.with("maximum", max);
    }
    issues.push(issue.with("unit", unit).with("actual", length));
}

impl Length for str {
    const UNIT: &'static str = "characters";

    #[inline]
    fn length(&self) -> Option<usize> {
        Some(self.chars().count())
    }

    /// A code point takes 1 to 4 bytes, so that most texts need no counting.
    #[inline]
    fn surely_within(&self, min: usize, max: usize) -> bool {
        self.len() <= max && self.len().div_ceil(4) >= min
    }
}

macro_rules! text {
    ($($type:ty),*) => {$(
        impl Length for $type {
            const UNIT: &'static str = <str as Length>::UNIT;

            #[inline]
            fn length(&self) -> Option<usize> {
                Length::length(&**self)
            }

            #[inline]
            fn surely_within(&self, min: usize, max: usize) -> bool {
                Length::surely_within(&**self, min, max)
            }
        }
    )*};
}

text!(String, &str, Box<str>, std::rc::Rc<str>, std::sync::Arc<str>, Cow<'_, str>);

macro_rules! collection {
    ($([$($parameters:tt)*] $type:ty),*) => {$(
        impl<$($parameters)*> Length for $type {
            const UNIT: &'static str = "elements";

            #[inline]
            fn length(&self) -> Option<usize> {
                Some(self.len())
            }
        }
    )*};
}

collection!(
    [T] Vec<T>, [T] Box<[T]>, [T] [T], [T] VecDeque<T>, [T] LinkedList<T>, [T, const N: usize] [T; N],
    [T] BTreeSet<T>, [T, S] HashSet<T, S>, [K, V] BTreeMap<K, V>, [K, V, S] HashMap<K, V, S>
);

impl<T: Length> Length for Option<T> {
    const UNIT: &'static str = T::UNIT;

    #[inline]
    fn length(&self) -> Option<usize> {
        self.as_ref()?.length()
    }

    #[inline]
    fn surely_within(&self, min: usize, max: usize) -> bool {
        self.as_ref().is_none_or(|value| value.surely_within(min, max))
    }
}
