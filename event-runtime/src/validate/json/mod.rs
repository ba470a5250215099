//! JSON text to values and back in one pass: what a payload is read and written with.
//!
//! A [`Reader`] goes over the text once. It builds the values of their types directly, notes each issue with its path, and
//! goes on behind it. It is concrete: no visitor stands between the text and the value, so that there is less to execute and
//! less to compile than with serde, through which only the types go that are not known here.

mod containers;
mod deserializer;
mod field_type;
mod keys;
mod members;
mod nesting;
mod newtype;
mod number;
mod object;
mod reader;
mod scalars;
mod skip;
mod spelled;
mod strings;
mod tagged;
mod through_serde;
mod transcode;
mod tuples;
mod value;
mod way;
mod writer;
mod wrong;

use schemars::JsonSchema;

pub use self::field_type::{Absent, FieldType, Shown, ThroughSerde};
pub use self::members::{
    concat_fields, concat_names, count_fields, count_names, distinct, fields_beside_tag, fields_of,
    members_of, members_or_none, tag_field,
};
pub use self::nesting::Name;
pub use self::newtype::{Newtype, missing_newtype, read_newtype, validate_newtype, write_newtype};
pub use self::object::{Object, read_object, validate_members, validate_object, write_members};
pub use self::reader::{Kind, Reader};
pub use self::tagged::{
    Held, Tagged, Tagging, Variant, pass_over, read_tagged, write_held, write_unit, write_unknown,
};
pub use self::transcode::{deserialize, serialize};
pub use self::tuples::{Parts, Then, Types, Values};
use self::way::Way;
pub use self::way::{ByFields, Own};
pub use self::writer::Writer;
pub(crate) use self::writer::encode_payload;
use super::field::JsonKind;
use super::{Field, Path, Validate};

/// A type that is read from JSON text and written to it in one pass: a payload, a scalar, or a container of such.
pub trait Json: Validate + Sized + 'static {
    /// The type whose JSON Schema describes it; in most cases itself.
    type Shown: JsonSchema;

    /// The way in which it is read and written, unless it has its own.
    type Way: Way<Self>;

    /// What its values are in JSON, as far as the type tells.
    const KIND: JsonKind = JsonKind::Unknown;

    /// The members of the object that each value is, if each is one.
    const MEMBERS: Option<&'static [Field]> = Self::Way::MEMBERS;

    /// Reads the value that comes next and stands at `path`.
    ///
    /// `None` means that there is an issue, which the reader holds. The value was passed over: reading goes on behind it.
    #[inline]
    fn read(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<Self> {
        Self::Way::read(reader, path)
    }

    /// Writes the value.
    #[inline]
    fn write(&self, writer: &mut Writer) {
        Self::Way::write(self, writer);
    }

    /// The value that stands for a missing field, such as `None`; a field without one is required.
    #[must_use]
    fn missing() -> Option<Self> {
        None
    }
}
