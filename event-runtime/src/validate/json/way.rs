//! The ways in which a type is read and written, so that what the macros expand to need not spell out the same again.

use super::object::{Object, read_object, write_object};
use super::{Json, Reader, Writer};
use crate::validate::{Field, Path};

/// A way in which values of the type `T` are read and written.
pub trait Way<T> {
    /// The members of the object that each value is, if each is one.
    const MEMBERS: Option<&'static [Field]> = None;

    /// Reads the value that comes next, as [`Json::read`] does.
    fn read(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<T>;

    /// Writes the value, as [`Json::write`] does.
    fn write(value: &T, writer: &mut Writer);
}

/// The way of an [`Object`]: field by field.
#[derive(Debug)]
pub enum ByFields {}

impl<O: Object> Way<O> for ByFields {
    const MEMBERS: Option<&'static [Field]> = Some(O::FIELDS);

    #[inline]
    fn read(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<O> {
        read_object(reader, path)
    }

    #[inline]
    fn write(value: &O, writer: &mut Writer) {
        write_object(value, writer);
    }
}

/// The way of a type that has a [`read`](Json::read) and a [`write`](Json::write) of its own.
#[derive(Debug)]
pub enum Own {}

impl<T: Json<Way = Self>> Way<T> for Own {
    fn read(_: &mut Reader<'_>, _: &Path<'_>) -> Option<T> {
        unreachable!("a type with a way of its own has its own `read`")
    }

    fn write(_: &T, _: &mut Writer) {
        unreachable!("a type with a way of its own has its own `write`")
    }
}
