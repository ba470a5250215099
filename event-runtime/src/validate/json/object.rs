//! Objects: structs whose fields are the members of a JSON object.

use super::nesting::Name;
use super::tuples::{Parts, Types, Values};
use super::{Reader, Writer};
use crate::validate::{Field, Issues, Path};

/// A struct whose fields are the members of a JSON object. The macros say what they are; what is done with them stands here.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be flattened: it is not a struct with `#[payload]`",
    label = "no fields to stand among the others",
    note = "put `#[payload]` on the struct, or remove `flatten`: the field stands in the JSON by its name then"
)]
pub trait Object: Sized {
    /// The types of its fields, in order.
    type Values: Values;

    /// How each field is treated.
    const TYPES: Types<Self::Values>;

    /// The name of each.
    const NAMES: &'static [Name];

    /// The fields as data, for the JSON Schema and the catalogue of events.
    const FIELDS: &'static [Field];

    /// The struct of these values.
    fn build(values: Self::Values) -> Self;

    /// References to its values.
    fn parts(&self) -> Parts<'_, Self::Values>;

    /// Checks the fields against each other, unless there are more issues than `before`.
    fn refine(&self, before: usize, path: &Path<'_>, issues: &mut Issues) {
        let _ = (before, path, issues);
    }
}

/// Reads an object. Unknown members are passed over.
#[inline]
pub fn read_object<O: Object>(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<O> {
    if !reader.begin_object(path) {
        return None;
    }
    let mut slots = O::Values::EMPTY;
    let mut next = reader.first_field(O::NAMES);
    while let Some(place) = next {
        O::Values::read(&mut slots, place, 0, &O::TYPES, O::NAMES, reader, path);
        next = reader.next_field(O::NAMES);
    }
    if reader.is_broken() {
        return None;
    }
    let values = O::Values::complete(slots, &O::TYPES, O::NAMES, path, reader)?;
    Some(O::build(values))
}

/// Writes an object.
#[inline]
pub(super) fn write_object<O: Object>(object: &O, writer: &mut Writer) {
    write_members::<O>(object.parts(), writer);
}

/// Writes an object of these values.
#[inline]
pub fn write_members<O: Object>(parts: Parts<'_, O::Values>, writer: &mut Writer) {
    writer.bracket('{');
    O::Values::write(parts, &O::TYPES, O::NAMES, writer);
    writer.bracket('}');
}

/// Checks the rules of each field.
#[inline]
pub fn validate_object<O: Object>(object: &O, path: &Path<'_>, issues: &mut Issues) {
    validate_members::<O>(object.parts(), path, issues);
}

/// Checks the rules of each field of an object of these values.
#[inline]
pub fn validate_members<O: Object>(parts: Parts<'_, O::Values>, path: &Path<'_>, issues: &mut Issues) {
    O::Values::validate(parts, &O::TYPES, O::NAMES, path, issues);
}
