//! A deserializer of serde over the reader: for values of types that serde alone knows.

mod entries;
mod key;
mod variant;

use std::fmt;

use serde::de::value::MapDeserializer;
use serde::de::{DeserializeOwned, Deserializer, Error, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;

use self::entries::{Elements, Entries};
use self::variant::Tag;
use super::number::Whole;
use super::reader::{Kind, MAX_DEPTH};
use super::through_serde::Explained;
use super::{Reader, transcode};
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
        let mut elements = Elements::new(reading, path);
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
        let mut entries = Entries::new(reading, path);
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
