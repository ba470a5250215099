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
    let mut wrong = Wrong(Vec::new());
    let (mut expected, mut is_first) = (0, true);
    while let Some(place) = reader.next_field(O::NAMES, &mut expected, &mut is_first) {
        O::Values::read(
            &mut slots,
            place,
            0,
            &O::TYPES,
            reader,
            &mut wrong,
            &path.field(O::NAMES[place].name),
        );
    }
    if reader.is_broken() {
        return None;
    }
    let values = O::Values::complete(slots, &O::TYPES, O::NAMES, wrong, path, reader.issues())?;
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

/// The issues of fields, by their places: an object is read in the order of the text, and its issues are told in the order of
/// the fields.
#[derive(Debug)]
pub struct Wrong(Vec<(usize, Issues)>);

impl Wrong {
    /// Whether nothing is wrong with any field.
    #[inline]
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds issues of a field.
    #[cold]
    pub(super) fn add(&mut self, place: usize, issues: Issues) {
        match self.0.iter_mut().find(|(of, _)| *of == place) {
            Some((_, before)) => issues.into_iter().for_each(|issue| before.push(issue)),
            None => self.0.push((place, issues)),
        }
    }

    /// Whether something is wrong with a field.
    pub(super) fn has(&self, place: usize) -> bool {
        self.0.iter().any(|(of, _)| *of == place)
    }

    /// The issues of a field.
    pub(super) fn take(&mut self, place: usize) -> Option<Issues> {
        let index = self.0.iter().position(|(of, _)| *of == place)?;
        Some(self.0.swap_remove(index).1)
    }
}
