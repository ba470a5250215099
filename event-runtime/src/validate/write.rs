//! What the generated `Serialize` implementations share.

use serde::ser::{Serialize, SerializeStruct, Serializer};

/// Writes the fields of an object one after the other; the first error is kept, and ends it.
#[derive(Debug)]
pub struct SerializeFields<S: SerializeStruct>(Result<S, S::Error>);

impl<S: SerializeStruct> SerializeFields<S> {
    /// Begins an object with so many fields.
    #[inline]
    pub fn begin<Z: Serializer<SerializeStruct = S, Ok = S::Ok, Error = S::Error>>(
        serializer: Z,
        name: &'static str,
        fields: usize,
    ) -> Self {
        Self(serializer.serialize_struct(name, fields))
    }

    /// Writes a field.
    #[must_use]
    #[inline]
    pub fn field<T: Serialize>(mut self, name: &'static str, value: &T) -> Self {
        if let Ok(object) = &mut self.0
            && let Err(error) = object.serialize_field(name, value)
        {
            self.0 = Err(error);
        }
        self
    }

    /// Leaves a field out if it is to be.
    #[must_use]
    #[inline]
    pub fn field_unless<T: Serialize>(self, skip: bool, name: &'static str, value: &T) -> Self {
        if skip { self } else { self.field(name, value) }
    }

    /// Ends the object.
    ///
    /// # Errors
    ///
    /// The first one.
    #[inline]
    pub fn end(self) -> Result<S::Ok, S::Error> {
        self.0?.end()
    }
}
