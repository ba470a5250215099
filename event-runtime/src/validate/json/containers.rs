//! Containers of the standard library, read element by element.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::hash::{BuildHasher, Hash};
use std::rc::Rc;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::keys::{key_text, read_key};
use super::strings::unpaired;
use super::{Json, Own, Reader, Writer};
use crate::validate::carried::not_written;
use crate::validate::field::JsonKind;
use crate::validate::{Field, Issue, Issues, Path, Validate, code};

impl<T: Json> Json for Option<T> {
    type Shown = Option<T::Shown>;
    type Way = Own;
    const KIND: JsonKind = T::KIND;

    #[inline]
    fn read(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<Self> {
        if reader.peek() == Some(b'n') {
            return reader.null().then_some(None);
        }
        T::read(reader, path).map(Some)
    }

    #[inline]
    fn write(&self, writer: &mut Writer) {
        match self {
            Some(value) => writer.some(value),
            None => writer.null(),
        }
    }

    fn missing() -> Option<Self> {
        Some(None)
    }
}

macro_rules! boxes {
    ($($pointer:ident),*) => {$(
        impl<T: Json> Json for $pointer<T> {
            type Shown = T::Shown;
            type Way = Own;
            const KIND: JsonKind = T::KIND;
            const MEMBERS: Option<&'static [Field]> = T::MEMBERS;

            fn read(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<Self> {
                T::read(reader, path).map(Self::new)
            }

            fn write(&self, writer: &mut Writer) {
                T::write(self, writer);
            }

            fn missing() -> Option<Self> {
                T::missing().map(Self::new)
            }
        }
    )*};
}

boxes!(Box, Rc, Arc);

/// Reads the elements of a list. Where one is wrong, the rules of the others are checked too, since nobody else will.
fn read_elements<T: Json>(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<Vec<T>> {
    if !reader.begin_list(path) {
        return None;
    }
    let (mut elements, mut count, mut is_whole) = (Vec::new(), 0, true);
    while reader.next_element(count == 0) {
        let (at, before) = (path.index(count), reader.issues().len());
        count += 1;
        match T::read(reader, &at) {
            Some(element) if is_whole => elements.push(element),
            Some(element) => element.validate_into(&at, reader.issues()),
            None if is_whole => {
                is_whole = false;
                insert_before(reader.issues(), before, |issues| {
                    for (index, element) in elements.drain(..).enumerate() {
                        element.validate_into(&path.index(index), issues);
                    }
                });
            }
            None => {}
        }
    }
    (is_whole && !reader.is_broken()).then_some(elements)
}

/// Adds issues before those from `place` on.
#[cold]
fn insert_before(issues: &mut Issues, place: usize, find: impl FnOnce(&mut Issues)) {
    let later = issues.split_off(place);
    find(issues);
    later.into_iter().for_each(|issue| issues.push(issue));
}

macro_rules! lists {
    ($([$($generics:tt)*] $list:ty),* $(,)?) => {$(
        impl<T: Json $($generics)*> Json for $list {
            type Shown = Vec<T::Shown>;
            type Way = Own;

            fn read(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<Self> {
                read_elements(reader, path).map(|elements: Vec<T>| elements.into_iter().collect())
            }

            fn write(&self, writer: &mut Writer) {
                writer.list(self.iter());
            }
        }
    )*};
}

lists!(
    [] VecDeque<T>,
    [] LinkedList<T>,
    [+ Ord] BinaryHeap<T>,
    [+ Ord] BTreeSet<T>,
    [+ Eq + Hash, S: BuildHasher + Default + 'static] HashSet<T, S>,
    [] Box<[T]>,
    [] Rc<[T]>,
    [] Arc<[T]>,
);

impl<T: Json> Json for Vec<T> {
    type Shown = Vec<T::Shown>;
    type Way = Own;

    #[inline]
    fn read(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<Self> {
        read_elements(reader, path)
    }

    #[inline]
    fn write(&self, writer: &mut Writer) {
        writer.list(self);
    }
}

impl<T: Json + Clone> Json for Cow<'static, [T]> {
    type Shown = Vec<T::Shown>;
    type Way = Own;

    fn read(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<Self> {
        read_elements(reader, path).map(Cow::Owned)
    }

    fn write(&self, writer: &mut Writer) {
        writer.list(self.iter());
    }
}

/// The issue of a list that is too short or too long for its type.
#[cold]
fn wrong_length(length: usize, wanted: usize, path: &Path<'_>) -> Issue {
    let (code, parameter) =
        if length < wanted { (code::TOO_SMALL, "minimum") } else { (code::TOO_BIG, "maximum") };
    let elements = if wanted == 1 { "element" } else { "elements" };
    let message = format!("must have {wanted} {elements}, has {length}");
    Issue::new(path, code, message).with(parameter, wanted)
}

impl<T: Json, const N: usize> Json for [T; N]
where
    [T::Shown; N]: JsonSchema,
{
    type Shown = [T::Shown; N];
    type Way = Own;

    fn read(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<Self> {
        let before = reader.issues().len();
        match <[T; N]>::try_from(read_elements::<T>(reader, path)?) {
            Ok(array) => Some(array),
            Err(elements) => {
                insert_before(reader.issues(), before, |issues| {
                    elements.validate_into(path, issues);
                    issues.push(wrong_length(elements.len(), N, path));
                });
                None
            }
        }
    }

    fn write(&self, writer: &mut Writer) {
        writer.list(self);
    }
}

macro_rules! tuples {
    ($($($part:ident $place:tt),+; $count:literal)*) => {$(
        impl<$($part: Json),+> Json for ($($part,)+) {
            type Shown = ($($part::Shown,)+);
            type Way = Own;

            fn read(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<Self> {
                if !reader.begin_list(path) {
                    return None;
                }
                let mut count = 0;
                let parts = ($({
                    let part = if count == $place && reader.next_element(count == 0) {
                        count += 1;
                        $part::read(reader, &path.index($place))
                    } else {
                        None
                    };
                    part
                },)+);
                let is_more = count == $count && reader.next_element(false);
                end_of_tuple(reader, is_more, count, $count, path);
                if count == $count && !is_more $(&& parts.$place.is_some())+ {
                    return Some(($(parts.$place?,)+));
                }
                $(if let Some(part) = &parts.$place {
                    part.validate_into(&path.index($place), reader.issues());
                })+
                None
            }

            fn write(&self, writer: &mut Writer) {
                writer.bracket('[');
                $(writer.element($place, &self.$place);)+
                writer.bracket(']');
            }
        }
    )*};
}

/// Ends a list that has a value for each part of a tuple, or not.
fn end_of_tuple(reader: &mut Reader<'_>, is_more: bool, mut count: usize, wanted: usize, path: &Path<'_>) {
    if is_more {
        reader.skip();
        count += 1;
        while reader.next_element(false) {
            reader.skip();
            count += 1;
        }
    }
    if count != wanted && !reader.is_broken() {
        reader.issues().push(wrong_length(count, wanted, path));
    }
}

tuples!(
    A 0; 1
    A 0, B 1; 2
    A 0, B 1, C 2; 3
    A 0, B 1, C 2, D 3; 4
    A 0, B 1, C 2, D 3, E 4; 5
    A 0, B 1, C 2, D 3, E 4, F 5; 6
    A 0, B 1, C 2, D 3, E 4, F 5, G 6; 7
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7; 8
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8; 9
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9; 10
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10; 11
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11; 12
);

/// Reads the entries of a map. Where one is wrong, the rules of the others are checked too.
pub(super) fn read_entries<M: Default + Validate, K: Serialize + DeserializeOwned + 'static, V: Json>(
    reader: &mut Reader<'_>,
    path: &Path<'_>,
    mut insert: impl FnMut(&mut M, K, V),
) -> Option<M> {
    if !reader.begin_object(path) {
        return None;
    }
    let (mut map, mut is_first, mut is_whole) = (M::default(), true, true);
    while let Some(key) = reader.next_key(std::mem::replace(&mut is_first, false)) {
        let before = reader.issues().len();
        // A key that is no text has no path of its own.
        let at = key.text().map_or(*path, |text| path.key(text));
        let read = key.text().ok_or_else(|| unpaired(path)).and_then(|text| read_key::<K>(text, &at));
        let key = read.map_err(|issue| reader.issues().push(issue)).ok();
        let value = V::read(reader, &at);
        match (key, value) {
            (Some(key), Some(value)) if is_whole => insert(&mut map, key, value),
            (_, value) => {
                if std::mem::replace(&mut is_whole, false) {
                    let entries = std::mem::take(&mut map);
                    insert_before(reader.issues(), before, |issues| entries.validate_into(path, issues));
                }
                if let Some(value) = value {
                    value.validate_into(&at, reader.issues());
                }
            }
        }
    }
    (is_whole && !reader.is_broken()).then_some(map)
}

fn write_entries<'m, K: Serialize + 'static, V: Json>(
    entries: impl Iterator<Item = (&'m K, &'m V)>,
    writer: &mut Writer,
) {
    writer.bracket('{');
    for (key, value) in entries {
        match key_text(key) {
            Ok(key) => writer.entry(&key, |writer| value.write(writer)),
            Err(error) => writer.entry("", |writer| {
                writer.lose(|path| not_written(path, &error));
            }),
        }
    }
    writer.bracket('}');
}

macro_rules! maps {
    ([$($key:tt)*] [$($generics:tt)*] $map:ty: $shown:ty) => {
        impl<K: Serialize + DeserializeOwned + JsonSchema + Validate + 'static $($key)*, V: Json $($generics)*> Json for $map {
            type Shown = $shown;
            type Way = Own;

            fn read(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<Self> {
                read_entries(reader, path, |map: &mut Self, key, value| {
                    map.insert(key, value);
                })
            }

            fn write(&self, writer: &mut Writer) {
                write_entries(self.iter(), writer);
            }
        }
    };
}

maps!([+ Ord] [] BTreeMap<K, V>: BTreeMap<K, V::Shown>);
maps!([+ Eq + Hash] [, S: BuildHasher + Default + 'static] HashMap<K, V, S>: HashMap<K, V::Shown, S>);

impl<T: Json, E: Json> Json for Result<T, E> {
    type Shown = Result<T::Shown, E::Shown>;
    type Way = Own;

    fn read(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<Self> {
        if !reader.begin_object(path) {
            return None;
        }
        let mut result = None;
        let (mut count, before) = (0, reader.issues().len());
        while let Some(key) = reader.next_key(count == 0) {
            count += 1;
            result = match key.text() {
                Some("Ok") => T::read(reader, &path.field("Ok")).map(Ok),
                Some("Err") => E::read(reader, &path.field("Err")).map(Err),
                _ => {
                    reader.skip();
                    None
                }
            };
        }
        if (count != 1 || result.is_none()) && reader.issues().len() == before && !reader.is_broken() {
            let message = "must be an object with `Ok` or `Err` alone";
            reader.issues().push(Issue::new(path, code::INVALID_TYPE, message));
        }
        result.filter(|_| count == 1 && !reader.is_broken())
    }

    fn write(&self, writer: &mut Writer) {
        writer.bracket('{');
        match self {
            Ok(value) => writer.field("Ok", |writer| value.write(writer)),
            Err(error) => writer.field("Err", |writer| error.write(writer)),
        }
        writer.bracket('}');
    }
}
