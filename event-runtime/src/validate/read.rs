//! What the generated `Deserialize` implementations share.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

/// The value of a field that is not there: `None` for an `Option`, an error for what is required.
pub(super) fn missing_field<'de, T: serde::Deserialize<'de>, E: serde::de::Error>(
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

/// The places of some fields: what was read, or nothing yet.
pub trait Slots {
    /// The values.
    type Values;

    /// The values, once all keys were read. A field that is missing is an error, unless its type allows it. `names` are
    /// those of all fields, `first` the place of the first one here.
    ///
    /// # Errors
    ///
    /// When a field is missing.
    fn complete<E: serde::de::Error>(
        self,
        names: &'static [&'static str],
        first: usize,
    ) -> Result<Self::Values, E>;
}

macro_rules! slots {
    ($($type:ident $slot:ident $place:literal),*) => {
        impl<'de, $($type: serde::Deserialize<'de>),*> Slots for ($(Option<$type>,)*) {
            type Values = ($($type,)*);

            #[inline]
            fn complete<Error: serde::de::Error>(
                self,
                names: &'static [&'static str],
                first: usize,
            ) -> Result<Self::Values, Error> {
                let ($($slot,)*) = self;
                Ok(($(match $slot {
                    Some(value) => value,
                    None => missing_field(names.get(first + $place).copied().unwrap_or_default())?,
                },)*))
            }
        }
    };
}

slots!(A a 0);
slots!(A a 0, B b 1);
slots!(A a 0, B b 1, C c 2);
slots!(A a 0, B b 1, C c 2, D d 3);
slots!(A a 0, B b 1, C c 2, D d 3, E e 4);
slots!(A a 0, B b 1, C c 2, D d 3, E e 4, F f 5);
slots!(A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6);
slots!(A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6, H h 7);

/// An object that is read field by field. Implemented by `#[domain_events]` and `#[payload]`.
pub trait ReadObject: Sized {
    /// The names of the fields.
    const FIELDS: &'static [&'static str];

    /// The place of the field of this name; of an unknown one any other number.
    #[inline]
    fn place(name: &str) -> usize {
        let mut place = 0;
        while place < Self::FIELDS.len() {
            if Self::FIELDS[place] == name {
                return place;
            }
            place += 1;
        }
        usize::MAX
    }

    /// Reads it.
    ///
    /// # Errors
    ///
    /// When a field is missing, is there twice, or does not decode.
    fn read<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error>;
}

/// What `Deserialize` does for an object.
///
/// # Errors
///
/// When it does not decode.
#[inline]
pub fn deserialize_object<'de, T: ReadObject, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(ObjectVisitor(PhantomData))
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: ReadObject> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = std::any::type_name::<T>();
        write!(f, "an object, `{}`", path.rsplit("::").next().unwrap_or(path))
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::read(map)
    }
}

/// Reads the next key of an object as the place of its field; that of an unknown one is none that a field has.
///
/// # Errors
///
/// When what follows is no key.
#[inline]
pub fn next_field<'de, T: ReadObject, A: MapAccess<'de>>(map: &mut A) -> Result<Option<usize>, A::Error> {
    map.next_key_seed(Key::<T>(PhantomData))
}

struct Key<T>(PhantomData<T>);

impl<'de, T: ReadObject> DeserializeSeed<'de> for Key<T> {
    type Value = usize;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<T: ReadObject> Visitor<'_> for Key<T> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    #[inline]
    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<usize, E> {
        Ok(T::place(key))
    }
}

/// Skips the value of an unknown field.
///
/// # Errors
///
/// When it is not well formed.
#[inline]
pub fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>().map(drop)
}
