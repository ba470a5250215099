//! Values of any shape: `serde_json::Value` and its parts.

use serde_json::value::RawValue;
use serde_json::{Map, Number, Value};

use super::number::Whole;
use super::reader::Kind;
use super::{Json, Own, Reader, Writer};
use crate::validate::{Issue, Path, code};

impl Json for Value {
    type Shown = Self;
    type Way = Own;

    fn read(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<Self> {
        match reader.kind()? {
            Kind::Null => reader.null().then_some(Self::Null),
            Kind::Boolean => bool::read(reader, path).map(Self::Bool),
            Kind::Number => Number::read(reader, path).map(Self::Number),
            Kind::Text => String::read(reader, path).map(Self::String),
            Kind::List => Vec::read(reader, path).map(Self::Array),
            Kind::Object => Map::read(reader, path).map(Self::Object),
        }
    }

    fn write(&self, writer: &mut Writer) {
        writer.scalar(self);
    }
}

impl Json for Number {
    type Shown = Self;
    type Way = Own;

    fn read(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<Self> {
        if reader.kind()? != Kind::Number {
            reader.wrong_type("a number", path);
            return None;
        }
        let written = reader.number()?;
        let integer = if written.is_plain { written.whole() } else { Whole::Fraction };
        let integer = match integer {
            Whole::Exactly { is_negative: false, magnitude } => u64::try_from(magnitude).ok().map(Self::from),
            Whole::Exactly { magnitude, .. } => {
                0_i64.checked_sub_unsigned(u64::try_from(magnitude).unwrap_or(u64::MAX)).map(Self::from)
            }
            _ => None,
        };
        // Other numbers are the nearest that a `Number` holds, as with `serde_json`.
        let number = integer.filter(|_| written.text != "-0").or_else(|| Self::from_f64(written.to_f64()));
        if number.is_none() {
            let message = format!("must be between {:e} and {:e}", f64::MIN, f64::MAX);
            reader.issues().push(Issue::new(path, code::TOO_BIG, message).with("maximum", f64::MAX));
        }
        number
    }

    fn write(&self, writer: &mut Writer) {
        writer.scalar(self);
    }
}

impl Json for Map<String, Value> {
    type Shown = Self;
    type Way = Own;

    fn read(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<Self> {
        super::containers::read_entries(reader, path, |map: &mut Self, key: String, value| {
            map.insert(key, value);
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer.scalar(self);
    }
}

impl Json for Box<RawValue> {
    type Shown = Value;
    type Way = Own;

    fn read(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<Self> {
        let raw = RawValue::from_string(reader.raw()?.to_owned());
        if let Err(error) = &raw {
            reader.issues().push(Issue::new(path, code::INVALID_TYPE, error.to_string()));
        }
        raw.ok()
    }

    fn write(&self, writer: &mut Writer) {
        writer.push(self.get());
    }
}
