//! What the generated `Deserialize` implementations share.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

/// The value of a field that is not there: `None` for an `Option`, an error for what is required.
pub fn missing_field<'de, T: serde::Deserialize<'de>, E: serde::de::Error>(
    name: &'static str,
) -> Result<T, E> {
    struct Missing<E>(&'static str, PhantomData<E>);

    impl<'de, E: serde::de::Error> Deserializer<'de> for Missing<E> {
        type Error = E;

        fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, E> {
            Err(E::missing_field(self.0))
        }

        fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
            visitor.visit_none()
        }

        forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
            newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
        }
    }

    T::deserialize(Missing(name, PhantomData))
}

/// Reads the value of a field into its place; an error when the field was there before.
#[inline]
pub fn set_once<'de, T: serde::Deserialize<'de>, A: MapAccess<'de>>(
    place: &mut Option<T>,
    map: &mut A,
    name: &'static str,
) -> Result<(), A::Error> {
    set_once_as(place, map, name, |value: T| value)
}

/// Reads the value of a field as something else that stands for it.
#[inline]
pub(super) fn set_once_as<'de, T, W: serde::Deserialize<'de>, A: MapAccess<'de>>(
    place: &mut Option<T>,
    map: &mut A,
    name: &'static str,
    meant: impl FnOnce(W) -> T,
) -> Result<(), A::Error> {
    if place.is_some() {
        return Err(A::Error::duplicate_field(name));
    }
    *place = Some(meant(map.next_value()?));
    Ok(())
}

/// Reads the key of a field as the number that the function gives it.
#[derive(Debug, Clone, Copy)]
pub struct FieldIndex(pub fn(&str) -> usize);

impl<'de> DeserializeSeed<'de> for FieldIndex {
    type Value = usize;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for FieldIndex {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    #[inline]
    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<usize, E> {
        Ok((self.0)(key))
    }
}
