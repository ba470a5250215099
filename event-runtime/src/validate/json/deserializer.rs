//! A deserializer of serde over the reader: for values of types that serde alone knows.

use std::cell::Cell;
use std::fmt;

use serde::de::value::MapDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer, MapAccess,
    SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::number::Whole;
use super::reader::{Kind, MAX_DEPTH};
use super::through_serde::Explained;
use super::{Reader, strings, transcode};
use crate::validate::Path;

/// How often a value is read again to find what else is wrong with it: time grows with the text alone.
const MOST_READINGS: usize = 32;

/// Reads a value as serde does.
///
/// A type that serde reads stops at the first error. It is read once more then, without the element or entry in which that is,
/// so that the next one is found.
pub(super) fn read<T: DeserializeOwned>(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<T> {
    let (start, levels) = (reader.mark(), reader.levels);
    let mut left_out = Vec::new();
    for _ in 0..MOST_READINGS {
        reader.levels = MAX_DEPTH;
        let mut reading = Reading { reader, left_out: &left_out, wrong: None };
        let read = T::deserialize(Next { reading: &mut reading, path });
        let wrong = reading.wrong;
        reader.levels = levels;
        match (read, wrong) {
            _ if reader.is_broken() => return None,
            (Ok(value), _) if left_out.is_empty() => return Some(value),
            (Err(_), Some(wrong)) => left_out.push(wrong),
            _ => break,
        }
        reader.rewind(start);
    }
    reader.rewind(start);
    reader.skip();
    None
}

/// One reading of a value.
struct Reading<'r, 'j, 'l> {
    reader: &'r mut Reader<'j>,
    /// Where the elements and entries stand that are passed over.
    left_out: &'l [usize],
    /// Where the innermost element or entry stands that is wrong.
    wrong: Option<usize>,
}

/// Why serde stops.
#[derive(Debug)]
pub(super) enum Stop {
    /// For an issue that the reader holds.
    Noted,
    /// For a reason whose place is not known yet.
    Said(String),
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Noted => "has issues",
            Self::Said(message) => message,
        })
    }
}

impl std::error::Error for Stop {}

impl Error for Stop {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Said(message.to_string())
    }
}

/// The value that comes next.
struct Next<'a, 'r, 'j, 'l, 'p> {
    reading: &'a mut Reading<'r, 'j, 'l>,
    path: &'a Path<'p>,
}

impl Next<'_, '_, '_, '_, '_> {
    fn kind(&mut self) -> Result<Kind, Stop> {
        self.reading.reader.kind().ok_or(Stop::Noted)
    }

    /// Notes what is said of the value here.
    fn note<T>(self, read: Result<T, Stop>) -> Result<T, Stop> {
        if let Err(Stop::Said(message)) = &read {
            let issue = Explained::of(message).into_issue(self.path);
            self.reading.reader.issues().push(issue);
        }
        read.map_err(|_| Stop::Noted)
    }

    fn list<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        let Self { reading, path } = self;
        if !reading.reader.begin_list(path) {
            return Err(Stop::Noted);
        }
        let mut elements = Elements { reading, path, count: 0, is_over: false, lacks: false };
        let read = visitor.visit_seq(&mut elements).and_then(|value| {
            let is_whole = elements.is_over || elements.next_place().is_none();
            if is_whole { Ok(value) } else { Err(Stop::Said("has too many elements".to_owned())) }
        });
        // What a list lacks whose elements are left out, is not known.
        let read = read.map_err(|stop| if elements.lacks { Stop::Noted } else { stop });
        Next { reading: elements.reading, path }.note(read)
    }

    fn object<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        let Self { reading, path } = self;
        if !reading.reader.begin_object(path) {
            return Err(Stop::Noted);
        }
        let mut entries =
            Entries { reading, path, key: None, place: 0, is_first: true, is_over: false, lacks: false };
        let read = visitor.visit_map(&mut entries).and_then(|value| {
            let is_whole = entries.is_over || entries.next().is_none();
            if is_whole { Ok(value) } else { Err(Stop::Said("has too many entries".to_owned())) }
        });
        let read = read.map_err(|stop| if entries.lacks { Stop::Noted } else { stop });
        Next { reading: entries.reading, path }.note(read)
    }

    /// A number with this type in mind.
    fn number<'de, V: Visitor<'de>>(self, visitor: V, wide: bool, single: bool) -> Result<V::Value, Stop> {
        let number = self.reading.reader.number().ok_or(Stop::Noted)?;
        let whole = if number.is_plain && number.text != "-0" { number.whole() } else { Whole::Fraction };
        let read = match whole {
            Whole::Exactly { is_negative: false, magnitude } => match u64::try_from(magnitude) {
                Ok(number) => visitor.visit_u64(number),
                Err(_) if wide => visitor.visit_u128(magnitude),
                Err(_) => visitor.visit_f64(number.to_f64()),
            },
            Whole::Exactly { magnitude, .. } => {
                let exactly = 0_i128.checked_sub_unsigned(magnitude);
                match exactly.map(|exactly| (i64::try_from(exactly), exactly)) {
                    Some((Ok(number), _)) => visitor.visit_i64(number),
                    Some((Err(_), number)) if wide => visitor.visit_i128(number),
                    _ => visitor.visit_f64(number.to_f64()),
                }
            }
            _ => {
                let single = number.text.parse::<f32>().ok().filter(|_| single).map(f64::from);
                let float = single.unwrap_or_else(|| number.to_f64());
                if float.is_finite() {
                    visitor.visit_f64(float)
                } else {
                    Err(Stop::Said("number out of range".to_owned()))
                }
            }
        };
        self.note(read)
    }
}

impl<'de> Deserializer<'de> for Next<'_, '_, '_, '_, '_> {
    type Error = Stop;

    fn deserialize_any<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Stop> {
        match self.kind()? {
            Kind::Null => {
                let read = if self.reading.reader.null() { visitor.visit_unit() } else { Err(Stop::Noted) };
                self.note(read)
            }
            Kind::Boolean => {
                let word = if self.reading.reader.byte() == Some(b't') { "true" } else { "false" };
                let is_there = self.reading.reader.literal(word);
                let read = if is_there { visitor.visit_bool(word == "true") } else { Err(Stop::Noted) };
                self.note(read)
            }
            Kind::Number => self.number(visitor, false, false),
            Kind::Text => {
                let text = self.reading.reader.text(self.path).ok_or(Stop::Noted)?;
                self.note(visitor.visit_str(&text))
            }
            Kind::List => self.list(visitor),
            Kind::Object => self.object(visitor),
        }
    }

    fn deserialize_i128<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Stop> {
        match self.kind()? {
            Kind::Number => self.number(visitor, true, false),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_u128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        self.deserialize_i128(visitor)
    }

    fn deserialize_f32<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Stop> {
        match self.kind()? {
            Kind::Number => self.number(visitor, false, true),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_bytes<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Stop> {
        match self.kind()? {
            Kind::Text => {
                let text = self.reading.reader.text(self.path).ok_or(Stop::Noted)?;
                self.note(visitor.visit_bytes(text.as_bytes()))
            }
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Stop> {
        match self.kind()? {
            Kind::Null => {
                let read = if self.reading.reader.null() { visitor.visit_none() } else { Err(Stop::Noted) };
                self.note(read)
            }
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Stop> {
        let Self { reading, path } = self;
        if name == transcode::RAW_VALUE {
            let raw = reading.reader.raw().ok_or(Stop::Noted)?;
            let read = visitor.visit_map(MapDeserializer::new(std::iter::once((name, raw))));
            return Next { reading, path }.note(read);
        }
        let read = visitor.visit_newtype_struct(Next { reading: &mut *reading, path });
        Next { reading, path }.note(read)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        mut self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        match self.kind()? {
            Kind::Text => {
                let text = self.reading.reader.text(self.path).ok_or(Stop::Noted)?;
                self.note(visitor.visit_enum((&*text).into_deserializer()))
            }
            Kind::Object => {
                let Self { reading, path } = self;
                let read = if reading.reader.begin_object(path) {
                    visitor.visit_enum(Tag { reading: &mut *reading, path })
                } else {
                    Err(Stop::Noted)
                };
                let read = read.and_then(|value| match reading.reader.next_key(false) {
                    Some(_) => Err(Stop::Said(
                        "must be an object with the name of a variant as its only key".to_owned(),
                    )),
                    None => Ok(value),
                });
                Next { reading, path }.note(read)
            }
            kind => {
                let found = Unexpected::Other(match kind {
                    Kind::Null => "null",
                    Kind::Boolean => "boolean",
                    Kind::Number => "number",
                    _ => "sequence",
                });
                self.note(Err(Stop::invalid_type(found, &"the name of a variant, or an object with it")))
            }
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        self.reading.reader.skip();
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f64 char str string unit unit_struct seq tuple tuple_struct map struct
        identifier
    }
}

/// The elements of a list.
struct Elements<'a, 'r, 'j, 'l, 'p> {
    reading: &'a mut Reading<'r, 'j, 'l>,
    path: &'a Path<'p>,
    count: usize,
    is_over: bool,
    /// Whether an element was left out.
    lacks: bool,
}

impl Elements<'_, '_, '_, '_, '_> {
    /// Where the next element stands that is not left out.
    fn next_place(&mut self) -> Option<usize> {
        while self.reading.reader.next_element(self.count == 0) {
            self.count += 1;
            self.reading.reader.peek();
            let place = self.reading.reader.at;
            if !self.reading.left_out.contains(&place) {
                return Some(place);
            }
            self.lacks = true;
            self.reading.reader.skip();
        }
        self.is_over = true;
        None
    }
}

impl<'de> SeqAccess<'de> for &mut Elements<'_, '_, '_, '_, '_> {
    type Error = Stop;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Stop> {
        if self.is_over {
            return Ok(None);
        }
        let Some(place) = self.next_place() else {
            return if self.reading.reader.is_broken() { Err(Stop::Noted) } else { Ok(None) };
        };
        let path = self.path.index(self.count - 1);
        let read = seed.deserialize(Next { reading: &mut *self.reading, path: &path });
        if read.is_err() {
            self.reading.wrong.get_or_insert(place);
        }
        read.map(Some)
    }
}

/// The entries of an object.
struct Entries<'a, 'r, 'j, 'l, 'p> {
    reading: &'a mut Reading<'r, 'j, 'l>,
    path: &'a Path<'p>,
    /// The key of the entry whose value comes next, and whether it is the name of a field.
    key: Option<(String, bool)>,
    /// Where that key stands.
    place: usize,
    is_first: bool,
    is_over: bool,
    /// Whether an entry was left out.
    lacks: bool,
}

impl<'j> Entries<'_, '_, 'j, '_, '_> {
    /// The next key that is not left out.
    fn next(&mut self) -> Option<strings::Key<'j>> {
        while let Some(key) = self.reading.reader.next_key(std::mem::replace(&mut self.is_first, false)) {
            self.reading.reader.peek();
            self.place = self.reading.reader.at;
            if !self.reading.left_out.contains(&self.place) {
                return Some(key);
            }
            self.lacks = true;
            self.reading.reader.skip();
        }
        self.is_over = true;
        None
    }

    /// Reads a key as a type, and notes what is said of it.
    fn read_key<'de, S: DeserializeSeed<'de>>(
        &mut self,
        key: &strings::Key<'_>,
        seed: S,
    ) -> Result<S::Value, Stop> {
        let issues = self.reading.reader.issues();
        let Some(text) = key.text() else {
            issues.push(strings::unpaired(self.path));
            return Err(Stop::Noted);
        };
        let is_field = Cell::new(false);
        let read = seed.deserialize(Key { text, is_field: &is_field });
        if let Err(Stop::Said(message)) = &read {
            issues.push(Explained::of(message).into_issue_of_key(&self.path.key(text)));
        }
        self.key = Some((text.to_owned(), is_field.get()));
        read.map_err(|_| Stop::Noted)
    }

    fn fail<T>(&mut self, read: Result<T, Stop>) -> Result<T, Stop> {
        if read.is_err() {
            self.reading.wrong.get_or_insert(self.place);
        }
        read
    }
}

impl<'de> MapAccess<'de> for &mut Entries<'_, '_, '_, '_, '_> {
    type Error = Stop;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Stop> {
        if self.is_over {
            return Ok(None);
        }
        let Some(key) = self.next() else {
            return if self.reading.reader.is_broken() { Err(Stop::Noted) } else { Ok(None) };
        };
        let read = self.read_key(&key, seed);
        self.fail(read).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Stop> {
        let (key, is_field) = self.key.take().unwrap_or_default();
        let path = if is_field { self.path.field(&key) } else { self.path.key(&key) };
        let read = seed.deserialize(Next { reading: &mut *self.reading, path: &path });
        self.fail(read)
    }
}

/// The key of an entry.
struct Key<'a> {
    text: &'a str,
    /// Set when it is read as the name of a field.
    is_field: &'a Cell<bool>,
}

macro_rules! in_quotes {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
            let mut inside = serde_json::Deserializer::from_reader(self.text.as_bytes());
            let read = inside.$method(visitor).and_then(|value| inside.end().map(|()| value));
            let has_blanks = self.text.trim_ascii() != self.text;
            match read {
                Ok(_) if has_blanks => Err(Stop::custom("must be a key without blanks around it")),
                Ok(value) => Ok(value),
                Err(error) => Err(Stop::custom(error)),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Key<'_> {
    type Error = Stop;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        visitor.visit_str(self.text)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        self.is_field.set(true);
        visitor.visit_str(self.text)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Stop> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        visitor.visit_enum(self.text.into_deserializer())
    }

    in_quotes! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 deserialize_f32
        deserialize_f64
    }

    forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct ignored_any
    }
}

/// The one key of an object that is a variant, and what it holds.
struct Tag<'a, 'r, 'j, 'l, 'p> {
    reading: &'a mut Reading<'r, 'j, 'l>,
    path: &'a Path<'p>,
}

/// What a variant holds.
struct Content<'a, 'r, 'j, 'l, 'p> {
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
