//! How the fields of an object are read: tuples of readers, one for each field, so that the compiler meets the code here and
//! the expansion only says of which types the fields are.

use std::marker::PhantomData;

use serde::de::{DeserializeOwned, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::Field;

/// The value of a field that is not there: `None` for an `Option`, an error for what is required.
pub(super) fn missing_field<'de, T: serde::Deserialize<'de>, E: Error>(name: &'static str) -> Result<T, E> {
    struct Missing<E>(&'static str, PhantomData<E>);

    impl<'de, E: Error> Deserializer<'de> for Missing<E> {
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

/// How the value of a field is read.
pub trait Read: Sized {
    /// The value.
    type Value;
    /// What is read in its place.
    type Wire: DeserializeOwned;

    /// The value that was meant.
    fn meant(wire: Self::Wire) -> Self::Value;

    /// What stands for a missing field.
    ///
    /// # Errors
    ///
    /// When the field is required.
    #[inline]
    fn missing<E: Error>(self, name: &'static str) -> Result<Self::Value, E> {
        missing_field::<Self::Wire, E>(name).map(Self::meant)
    }
}

/// Reads a value as serde reads it.
#[derive(Debug)]
pub struct Plain<T>(pub PhantomData<T>);

impl<T> Plain<T> {
    /// Reads a `T`.
    pub const READ: Self = Self(PhantomData);
}

impl<T: DeserializeOwned> Read for Plain<T> {
    type Value = T;
    type Wire = T;

    #[inline]
    fn meant(wire: T) -> T {
        wire
    }
}

/// Reads a value, or makes one where it is missing.
#[derive(Debug)]
pub struct OrElse<R, D>(pub R, pub D);

impl<R: Read, D: FnOnce() -> R::Value> Read for OrElse<R, D> {
    type Value = R::Value;
    type Wire = R::Wire;

    #[inline]
    fn meant(wire: R::Wire) -> R::Value {
        R::meant(wire)
    }

    #[inline]
    fn missing<E: Error>(self, _: &'static str) -> Result<R::Value, E> {
        Ok((self.1)())
    }
}

/// How some fields of an object are read.
pub trait ReadAll: Sized {
    /// What was read of each, or nothing yet.
    type Slots: Default;
    /// The values.
    type Values;
    /// How many fields there are.
    const COUNT: usize;

    /// Reads the value of the field at a place, or skips that of an unknown one.
    ///
    /// # Errors
    ///
    /// When it does not decode, or the field was there before.
    fn read<'de, A: MapAccess<'de>>(
        slots: &mut Self::Slots,
        place: usize,
        fields: Fields,
        map: &mut A,
    ) -> Result<(), A::Error>;

    /// The values, once all keys were read.
    ///
    /// # Errors
    ///
    /// When a required field is missing.
    fn complete<E: Error>(self, slots: Self::Slots, fields: Fields) -> Result<Self::Values, E>;
}

macro_rules! read_all {
    ($($reader:ident $slot:ident $place:tt),*; $count:literal) => {
        impl<$($reader: Read),*> ReadAll for ($($reader,)*) {
            type Slots = ($(Option<$reader::Value>,)*);
            type Values = ($($reader::Value,)*);
            const COUNT: usize = $count;

            #[inline]
            fn read<'de, Map: MapAccess<'de>>(
                ($($slot,)*): &mut Self::Slots,
                place: usize,
                fields: Fields,
                map: &mut Map,
            ) -> Result<(), Map::Error> {
                match place {
                    $($place => set_once::<$reader, Map>($slot, map, (fields, $place)),)*
                    _ => map.next_value::<IgnoredAny>().map(drop),
                }
            }

            #[inline]
            fn complete<Failure: Error>(
                self,
                slots: Self::Slots,
                fields: Fields,
            ) -> Result<Self::Values, Failure> {
                Ok(($(match slots.$place {
                    Some(value) => value,
                    None => self.$place.missing(name(fields, $place))?,
                },)*))
            }
        }
    };
}

impl ReadAll for () {
    type Slots = ();
    type Values = ();
    const COUNT: usize = 0;

    #[inline]
    fn read<'de, A: MapAccess<'de>>((): &mut (), _: usize, _: Fields, map: &mut A) -> Result<(), A::Error> {
        map.next_value::<IgnoredAny>().map(drop)
    }

    #[inline]
    fn complete<E: Error>(self, (): (), _: Fields) -> Result<(), E> {
        Ok(())
    }
}

read_all!(A a 0; 1);
read_all!(A a 0, B b 1; 2);
read_all!(A a 0, B b 1, C c 2; 3);
read_all!(A a 0, B b 1, C c 2, D d 3; 4);
read_all!(A a 0, B b 1, C c 2, D d 3, E e 4; 5);
read_all!(A a 0, B b 1, C c 2, D d 3, E e 4, F f 5; 6);
read_all!(A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6; 7);
read_all!(A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6, H h 7; 8);

/// Some fields, and then some more.
#[derive(Debug)]
pub struct Then<R, S>(pub R, pub S);

impl<R: ReadAll, S: ReadAll> ReadAll for Then<R, S> {
    type Slots = (R::Slots, S::Slots);
    type Values = (R::Values, S::Values);
    const COUNT: usize = R::COUNT + S::COUNT;

    #[inline]
    fn read<'de, A: MapAccess<'de>>(
        (slots, more): &mut Self::Slots,
        place: usize,
        fields: Fields,
        map: &mut A,
    ) -> Result<(), A::Error> {
        match place.checked_sub(R::COUNT) {
            None => R::read(slots, place, fields, map),
            Some(place) => S::read(more, place, after::<R>(fields), map),
        }
    }

    #[inline]
    fn complete<E: Error>(self, (slots, more): Self::Slots, fields: Fields) -> Result<Self::Values, E> {
        Ok((self.0.complete(slots, fields)?, self.1.complete(more, after::<R>(fields))?))
    }
}

/// Reads the value of a field into its place; an error when the field was there before.
#[inline]
fn set_once<'de, R: Read, A: MapAccess<'de>>(
    slot: &mut Option<R::Value>,
    map: &mut A,
    (fields, place): (Fields, usize),
) -> Result<(), A::Error> {
    if slot.is_some() {
        return Err(A::Error::duplicate_field(name(fields, place)));
    }
    *slot = Some(R::meant(map.next_value()?));
    Ok(())
}

type Fields = &'static [Field];

#[cold]
fn name(fields: Fields, place: usize) -> &'static str {
    fields.get(place).map_or("", |field| field.name)
}

/// The fields after those that `R` reads.
#[inline]
fn after<R: ReadAll>(fields: Fields) -> Fields {
    fields.get(R::COUNT..).unwrap_or_default()
}
