//! The values of an object's fields as tuples, so that the compiler meets the code here, and the expansion of the macros only
//! says of which types the fields are.

use super::field_type::{Absent, FieldType};
use super::nesting::Name;
use super::wrong::Wrong;
use super::{Reader, Writer};
use crate::validate::{Issue, Issues, Path, code};

/// How the values of a tuple's types are treated.
pub type Types<V> = <V as Values>::Types;

/// References to the values of a tuple.
pub type Parts<'v, V> = <V as Values>::Parts<'v>;

/// The values of some fields: a tuple.
pub trait Values: Sized + 'static {
    /// What was read of each, or nothing yet.
    type Slots;
    /// How each is treated.
    type Types: 'static;
    /// References to them.
    type Parts<'v>;
    /// How many fields there are.
    const COUNT: usize;
    /// Nothing was read yet.
    const EMPTY: Self::Slots;

    /// Reads the value of the field at a place among those of the object, of which the first here has the place `first`, and
    /// then those that follow as long as they come in order. Returns the place of the field that comes next, if its key was
    /// read and it is not one of these; otherwise `NOWHERE`.
    fn read(
        slots: &mut Self::Slots,
        place: usize,
        first: usize,
        types: &Self::Types,
        names: &[Name],
        reader: &mut Reader<'_>,
        path: &Path<'_>,
    ) -> usize;

    /// The values, once all members were read; `None` when something is wrong, which is added to the issues.
    #[inline]
    fn complete(
        slots: Self::Slots,
        types: &Self::Types,
        names: &[Name],
        path: &Path<'_>,
        reader: &mut Reader<'_>,
    ) -> Option<Self> {
        let mut slots = slots;
        if Self::fill(&mut slots, types) && !reader.is_member_wrong() {
            return Self::take(slots);
        }
        let mut wrong = reader.wrong_members();
        Self::report(&slots, 0, types, names, &mut wrong, path, reader.issues());
        None
    }

    /// Sets what stands for missing fields. Tells whether each field has a value.
    fn fill(slots: &mut Self::Slots, types: &Self::Types) -> bool;

    /// The values, if each is there.
    fn take(slots: Self::Slots) -> Option<Self>;

    /// Adds what is wrong with each field, the first of which has the place `first`.
    fn report(
        slots: &Self::Slots,
        first: usize,
        types: &Self::Types,
        names: &[Name],
        wrong: &mut Wrong,
        path: &Path<'_>,
        issues: &mut Issues,
    );

    /// Writes each field.
    fn write(parts: Self::Parts<'_>, types: &Self::Types, names: &[Name], writer: &mut Writer);

    /// Checks the rules of each field.
    fn validate(
        parts: Self::Parts<'_>,
        types: &Self::Types,
        names: &[Name],
        path: &Path<'_>,
        issues: &mut Issues,
    );
}

/// The place of no field.
pub(super) const NOWHERE: usize = usize::MAX;

/// Reads the value of a field into its slot, and the key of the next field if it comes next; returns the place of that.
#[inline]
fn read<T>(
    slot: &mut Option<T>,
    of: &FieldType<T>,
    place: usize,
    names: &[Name],
    reader: &mut Reader<'_>,
    path: &Path<'_>,
) -> usize {
    let path = path.field(name(names, place).name);
    if slot.is_some() || reader.is_wrong(place) {
        twice(place, reader, &path);
    } else {
        let before = reader.issues().len();
        *slot = of.read(reader, &path);
        if slot.is_none() {
            reader.set_wrong(place, before);
        }
    }
    match names.get(place + 1) {
        Some(next) if reader.key_of(next) => place + 1,
        _ => NOWHERE,
    }
}

/// Notes that a field is there twice, and passes over its value.
#[cold]
fn twice(place: usize, reader: &mut Reader<'_>, path: &Path<'_>) {
    let before = reader.issues().len();
    reader.issues().push(Issue::new(path, code::INVALID_TYPE, "is there twice"));
    reader.set_wrong(place, before);
    reader.skip();
}

macro_rules! values {
    ($($value:ident $place:tt),*; $count:literal) => {
        #[allow(unused_mut, unused_variables, reason = "an object may have no fields")]
        impl<$($value: 'static),*> Values for ($($value,)*) {
            type Slots = ($(Option<$value>,)*);
            type Types = ($(FieldType<$value>,)*);
            type Parts<'v> = ($(&'v $value,)*);
            const COUNT: usize = $count;
            const EMPTY: Self::Slots = ($(None::<$value>,)*);

            #[inline]
            fn read(
                slots: &mut Self::Slots,
                place: usize,
                first: usize,
                types: &Self::Types,
                names: &[Name],
                reader: &mut Reader<'_>,
                path: &Path<'_>,
            ) -> usize {
                let mut place = place;
                $(if place == first + $place {
                    place = read(&mut slots.$place, &types.$place, place, names, reader, path);
                })*
                place
            }

            #[inline]
            fn fill(slots: &mut Self::Slots, types: &Self::Types) -> bool {
                $(if slots.$place.is_none() {
                    slots.$place = types.$place.stand_in();
                })*
                true $(&& slots.$place.is_some())*
            }

            #[inline]
            fn take(slots: Self::Slots) -> Option<Self> {
                Some(($(slots.$place?,)*))
            }

            fn report(
                slots: &Self::Slots,
                first: usize,
                types: &Self::Types,
                names: &[Name],
                wrong: &mut Wrong,
                path: &Path<'_>,
                issues: &mut Issues,
            ) {
                $({
                    let (value, found) = (slots.$place.as_ref(), wrong.take(first + $place));
                    types.$place.report(name(names, $place).name, value, found, path, issues);
                })*
            }

            #[inline]
            fn write(parts: Self::Parts<'_>, types: &Self::Types, names: &[Name], writer: &mut Writer) {
                $(types.$place.write_field(name(names, $place), parts.$place, writer);)*
            }

            #[inline]
            fn validate(
                parts: Self::Parts<'_>,
                types: &Self::Types,
                names: &[Name],
                path: &Path<'_>,
                issues: &mut Issues,
            ) {
                $(types.$place.validate(name(names, $place).name, parts.$place, path, issues);)*
            }
        }
    };
}

/// The name of a field. Each place has one.
#[inline]
fn name(names: &[Name], place: usize) -> Name {
    names.get(place).copied().unwrap_or(Absent::NAME)
}

values!(; 0);
values!(A 0; 1);
values!(A 0, B 1; 2);
values!(A 0, B 1, C 2; 3);
values!(A 0, B 1, C 2, D 3; 4);
values!(A 0, B 1, C 2, D 3, E 4; 5);
values!(A 0, B 1, C 2, D 3, E 4, F 5; 6);
values!(A 0, B 1, C 2, D 3, E 4, F 5, G 6; 7);
values!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7; 8);

/// Some fields, and then some more.
#[derive(Debug)]
pub struct Then<V, W>(pub V, pub W);

impl<V: Values, W: Values> Values for Then<V, W> {
    type Slots = Then<V::Slots, W::Slots>;
    type Types = Then<V::Types, W::Types>;
    type Parts<'v> = Then<V::Parts<'v>, W::Parts<'v>>;
    const COUNT: usize = V::COUNT + W::COUNT;
    const EMPTY: Self::Slots = Then(V::EMPTY, W::EMPTY);

    #[inline]
    fn read(
        slots: &mut Self::Slots,
        place: usize,
        first: usize,
        types: &Self::Types,
        names: &[Name],
        reader: &mut Reader<'_>,
        path: &Path<'_>,
    ) -> usize {
        let place = V::read(&mut slots.0, place, first, &types.0, names, reader, path);
        W::read(&mut slots.1, place, first + V::COUNT, &types.1, names, reader, path)
    }

    #[inline]
    fn fill(slots: &mut Self::Slots, types: &Self::Types) -> bool {
        // Both are filled, even if something lacks in the first.
        V::fill(&mut slots.0, &types.0) & W::fill(&mut slots.1, &types.1)
    }

    #[inline]
    fn take(slots: Self::Slots) -> Option<Self> {
        Some(Self(V::take(slots.0)?, W::take(slots.1)?))
    }

    fn report(
        slots: &Self::Slots,
        first: usize,
        types: &Self::Types,
        names: &[Name],
        wrong: &mut Wrong,
        path: &Path<'_>,
        issues: &mut Issues,
    ) {
        V::report(&slots.0, first, &types.0, names, wrong, path, issues);
        W::report(&slots.1, first + V::COUNT, &types.1, after::<V>(names), wrong, path, issues);
    }

    #[inline]
    fn write(parts: Self::Parts<'_>, types: &Self::Types, names: &[Name], writer: &mut Writer) {
        V::write(parts.0, &types.0, names, writer);
        W::write(parts.1, &types.1, after::<V>(names), writer);
    }

    #[inline]
    fn validate(
        parts: Self::Parts<'_>,
        types: &Self::Types,
        names: &[Name],
        path: &Path<'_>,
        issues: &mut Issues,
    ) {
        V::validate(parts.0, &types.0, names, path, issues);
        W::validate(parts.1, &types.1, after::<V>(names), path, issues);
    }
}

/// The names of the fields after those of `V`.
#[inline]
fn after<V: Values>(names: &[Name]) -> &[Name] {
    names.get(V::COUNT..).unwrap_or_default()
}
