//! What the generated `Deserialize` implementations share: an object is read key by key.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

use super::decode::Diagnose;
use super::read::ReadAll;

/// Reads the fields of an object of type `T`.
///
/// # Errors
///
/// When one is missing, is there twice, or does not decode.
#[inline]
pub fn read_object<'de, T: Diagnose, D: Deserializer<'de>, R: ReadAll>(
    deserializer: D,
    readers: R,
) -> Result<R::Values, D::Error> {
    deserializer.deserialize_map(ObjectVisitor::<T, R>(readers, PhantomData))
}

struct ObjectVisitor<T, R>(R, PhantomData<T>);

impl<'de, T: Diagnose, R: ReadAll> Visitor<'de> for ObjectVisitor<T, R> {
    type Value = R::Values;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        expect(std::any::type_name::<T>(), f)
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<R::Values, A::Error> {
        let mut slots = R::Slots::default();
        while let Some(place) = map.next_key_seed(Key::<T>(PhantomData))? {
            R::read(&mut slots, place, T::FIELDS, &mut map)?;
        }
        self.0.complete(slots, T::FIELDS)
    }
}

fn expect(path: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "an object, `{}`", path.rsplit("::").next().unwrap_or(path))
}

/// Reads a key as the place of its field; that of an unknown one is none that a field has.
struct Key<T>(PhantomData<T>);

impl<'de, T: Diagnose> DeserializeSeed<'de> for Key<T> {
    type Value = usize;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<T: Diagnose> Visitor<'_> for Key<T> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    #[inline]
    fn visit_str<E: Error>(self, key: &str) -> Result<usize, E> {
        let mut place = 0;
        while place < T::FIELDS.len() {
            if T::FIELDS[place].name == key {
                return Ok(place);
            }
            place += 1;
        }
        Ok(usize::MAX)
    }
}
