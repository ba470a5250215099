//! `unique`, `inner` and `keys`: what holds for the elements of a collection, and for the keys of a map.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, LinkedList, VecDeque};
use std::hash::Hash;

use serde::Serialize;
use serde_json::Value;

use super::At;
use crate::validate::{Issue, Issues, Path, code};

/// What `inner` and `unique` fit: collections. Of a map the values are the elements.
#[diagnostic::on_unimplemented(
    message = "this rule does not fit `{Self}`: it needs a list, a set or a map",
    label = "this rule",
    note = "write the rules of a single value without `inner`; for a type of your own implement `event_runtime::validate::Elements`"
)]
pub trait Elements {
    /// An element.
    type Element;

    /// Calls `each` with every element and its path, the collection being at `path`.
    fn for_each<'v>(&'v self, path: &Path<'_>, each: impl FnMut(&'v Self::Element, &Path<'_>));
}

/// What can be told apart, as `unique` does: every type with `Eq` and `Hash`.
#[diagnostic::on_unimplemented(
    message = "`unique` does not fit elements of type `{Self}`: they cannot be told apart",
    label = "this rule",
    note = "derive `PartialEq`, `Eq` and `Hash` for `{Self}`; floats have neither"
)]
pub trait Distinct: Eq + Hash {}

#[diagnostic::do_not_recommend]
impl<T: Eq + Hash + ?Sized> Distinct for T {}

/// Checks that no element is there twice.
#[inline]
pub fn unique<C: Elements<Element: Distinct + 'static>>(value: &C, at: At<'_>, issues: &mut Issues) {
    let (path, mut seen, mut alike, mut index) = (at.path(), HashSet::new(), HashSet::new(), 0);
    value.for_each(&path, |element, path| {
        let is_new = match (element as &dyn Any).downcast_ref::<Value>() {
            Some(value) => alike.insert(normal(value)),
            None => seen.insert(element),
        };
        if !is_new {
            report_repeated(index, path, issues);
        }
        index += 1;
    });
}

/// A value of JSON in which equal numbers are equal: 1 and 1.0.
fn normal(value: &Value) -> Value {
    match value {
        Value::Number(number) => {
            let whole = number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() < 1e15);
            #[allow(clippy::cast_possible_truncation, reason = "a whole number that a float holds exactly")]
            whole.map_or_else(|| value.clone(), |whole| (whole as i64).into())
        }
        Value::Array(elements) => elements.iter().map(normal).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), normal(value))).collect(),
        _ => value.clone(),
    }
}

#[cold]
fn report_repeated(index: usize, path: &Path<'_>, issues: &mut Issues) {
    issues.push(Issue::new(path, code::NOT_UNIQUE, "is there twice").with("index", index));
}

/// Checks every element.
#[inline]
pub fn inner<C: Elements>(
    value: &C,
    at: At<'_>,
    issues: &mut Issues,
    check: impl Fn(&C::Element, At<'_>, &mut Issues),
) {
    let path = at.path();
    value.for_each(&path, |element, path| check(element, At::value(path), issues));
}

/// What `keys` fits: maps.
#[diagnostic::on_unimplemented(
    message = "`keys` does not fit `{Self}`: it needs a map",
    label = "this rule",
    note = "for the elements of a list write `inner(..)`; for a type of your own implement `event_runtime::validate::Entries`"
)]
pub trait Entries {
    /// A key.
    type Key;

    /// Calls `each` with every key and the path of its entry, the map being at `path`.
    fn for_each_key<'v>(&'v self, path: &Path<'_>, each: impl FnMut(&'v Self::Key, &Path<'_>));
}

/// Checks every key.
#[inline]
pub fn keys<C: Entries>(
    value: &C,
    at: At<'_>,
    issues: &mut Issues,
    check: impl Fn(&C::Key, At<'_>, &mut Issues),
) {
    let path = at.path();
    value.for_each_key(&path, |key, path| check(key, At::value(path), issues));
}

macro_rules! lists {
    ($([$($parameters:tt)*] $type:ty),*) => {$(
        impl<$($parameters)*> Elements for $type {
            type Element = T;

            #[inline]
            fn for_each<'v>(&'v self, path: &Path<'_>, mut each: impl FnMut(&'v T, &Path<'_>)) {
                for (index, element) in self.iter().enumerate() {
                    each(element, &path.index(index));
                }
            }
        }
    )*};
}

lists!(
    [T] Vec<T>, [T] Box<[T]>, [T] VecDeque<T>, [T] LinkedList<T>, [T, const N: usize] [T; N], [T] BTreeSet<T>,
    [T, S] HashSet<T, S>
);

macro_rules! maps {
    ($([$($parameters:tt)*] $type:ty),*) => {$(
        impl<K: Serialize, $($parameters)*> Elements for $type {
            type Element = T;

            #[inline]
            fn for_each<'v>(&'v self, path: &Path<'_>, mut each: impl FnMut(&'v T, &Path<'_>)) {
                for (key, element) in self {
                    each(element, &path.entry(key));
                }
            }
        }

        impl<K: Serialize, $($parameters)*> Entries for $type {
            type Key = K;

            #[inline]
            fn for_each_key<'v>(&'v self, path: &Path<'_>, mut each: impl FnMut(&'v K, &Path<'_>)) {
                for key in self.keys() {
                    each(key, &path.entry(key));
                }
            }
        }
    )*};
}

maps!([T] BTreeMap<K, T>, [T, S] HashMap<K, T, S>);

impl<C: Elements> Elements for Option<C> {
    type Element = C::Element;

    #[inline]
    fn for_each<'v>(&'v self, path: &Path<'_>, each: impl FnMut(&'v C::Element, &Path<'_>)) {
        if let Some(value) = self {
            value.for_each(path, each);
        }
    }
}

impl<C: Entries> Entries for Option<C> {
    type Key = C::Key;

    #[inline]
    fn for_each_key<'v>(&'v self, path: &Path<'_>, each: impl FnMut(&'v C::Key, &Path<'_>)) {
        if let Some(value) = self {
            value.for_each_key(path, each);
        }
    }
}
