//! Structs around one value, which are the value alone in JSON.

use super::{FieldType, Reader, Writer};
use crate::validate::{Issues, Path};

/// A struct around one value. Implemented by `#[payload]`; rules fit it as they fit the value.
pub trait Newtype: Sized {
    /// The type of the value.
    type Inner: 'static;

    /// How the value is treated.
    const TYPE: FieldType<Self::Inner>;

    /// A struct around the value.
    fn new(value: Self::Inner) -> Self;

    /// The value.
    fn inner(&self) -> &Self::Inner;
}

/// Reads the value.
#[inline]
pub fn read_newtype<N: Newtype>(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<N> {
    N::TYPE.read(reader, path).map(N::new)
}

/// The struct that stands for a missing one, if something stands for a missing value.
pub fn missing_newtype<N: Newtype>() -> Option<N> {
    N::TYPE.stand_in().map(N::new)
}

/// Writes the value.
#[inline]
pub fn write_newtype<N: Newtype>(newtype: &N, writer: &mut Writer) {
    N::TYPE.write(newtype.inner(), writer);
}

/// Checks the rules of the value.
#[inline]
pub fn validate_newtype<N: Newtype>(newtype: &N, path: &Path<'_>, issues: &mut Issues) {
    N::TYPE.validate_value(newtype.inner(), path, issues);
}
