//! The variants of enums: `{ "tag": content }`.

use std::cell::Cell;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, VariantAccess, Visitor};

use super::key::Key;
use super::{Next, Reading, Stop};
use crate::validate::Path;

/// The one key of an object that is a variant, and what it holds.
pub(super) struct Tag<'a, 'r, 'j, 'l, 'p> {
    pub(super) reading: &'a mut Reading<'r, 'j, 'l>,
    pub(super) path: &'a Path<'p>,
}

/// The content of a variant.
pub(super) struct Content<'a, 'r, 'j, 'l, 'p> {
    tag: String,
    of: Tag<'a, 'r, 'j, 'l, 'p>,
}

impl<'de, 'a, 'r, 'j, 'l, 'p> EnumAccess<'de> for Tag<'a, 'r, 'j, 'l, 'p> {
    type Error = Stop;
    type Variant = Content<'a, 'r, 'j, 'l, 'p>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self::Variant), Stop> {
        let key = self.reading.reader.next_key(true);
        let Some(tag) = key.as_ref().map(|key| key.text().unwrap_or_default().to_owned()) else {
            let is_broken = self.reading.reader.is_broken();
            let empty = "must be an object with the name of a variant as its only key";
            return Err(if is_broken { Stop::Noted } else { Stop::custom(empty) });
        };
        let value = seed.deserialize(Key { text: &tag, is_field: &Cell::new(false) })?;
        Ok((value, Content { tag, of: self }))
    }
}

impl Content<'_, '_, '_, '_, '_> {
    fn read<T>(self, read: impl FnOnce(Next<'_, '_, '_, '_, '_>) -> Result<T, Stop>) -> Result<T, Stop> {
        let path = self.of.path.field(&self.tag);
        read(Next { reading: self.of.reading, path: &path })
    }
}

impl<'de> VariantAccess<'de> for Content<'_, '_, '_, '_, '_> {
    type Error = Stop;

    fn unit_variant(self) -> Result<(), Stop> {
        self.read(|next| serde::Deserialize::deserialize(next))
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Stop> {
        self.read(|next| seed.deserialize(next))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Stop> {
        self.read(|next| next.deserialize_seq(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        self.read(|next| next.deserialize_map(visitor))
    }
}
