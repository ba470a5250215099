//! Scalars: booleans, numbers, characters, texts.

use std::borrow::Cow;
use std::fmt::Display;
use std::rc::Rc;
use std::sync::Arc;

use serde_json::Value;

use super::number::Whole;
use super::{Json, Own, Reader, Writer};
use crate::validate::carried::not_finite;
use crate::validate::field::JsonKind;
use crate::validate::{Issue, Path, code};

impl Json for bool {
    type Shown = Self;
    type Way = Own;
    const KIND: JsonKind = JsonKind::Boolean;

    #[inline]
    fn read(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<Self> {
        match reader.peek() {
            Some(b't') => reader.literal("true").then_some(true),
            Some(b'f') => reader.literal("false").then_some(false),
            _ => {
                reader.wrong_type("a boolean", path);
                None
            }
        }
    }

    fn write(&self, writer: &mut Writer) {
        writer.push(if *self { "true" } else { "false" });
    }
}

/// Nothing: `null`.
impl Json for () {
    type Shown = Self;
    type Way = Own;

    fn read(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<Self> {
        if reader.peek() == Some(b'n') {
            return reader.null().then_some(());
        }
        reader.wrong_type("null", path);
        None
    }

    fn write(&self, writer: &mut Writer) {
        writer.null();
    }
}

/// An integer type.
trait Integer: TryFrom<i128> + TryFrom<u128> + Copy + Display {
    const LEAST: Self;
    const GREATEST: Self;

    /// The number as a parameter of an issue.
    fn to_value(self) -> Value;
}

macro_rules! integers {
    ($($type:ident),*) => {$(
        impl Integer for $type {
            const LEAST: Self = $type::MIN;
            const GREATEST: Self = $type::MAX;

            fn to_value(self) -> Value {
                // What a `Value` does not hold is told as a text.
                u64::try_from(self)
                    .map(Value::from)
                    .or_else(|_| i64::try_from(self).map(Value::from))
                    .unwrap_or_else(|_| Value::from(self.to_string()))
            }
        }

        impl Json for $type {
            type Shown = Self;
            type Way = Own;

            #[inline]
            fn read(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<Self> {
                reader.peek();
                if let Some(number) = reader.short_integer() {
                    return match $type::try_from(number) {
                        Ok(number) => Some(number),
                        Err(_) => out_of_range::<$type>(reader, false, path),
                    };
                }
                long_integer(reader, path)
            }

            #[inline]
            fn write(&self, writer: &mut Writer) {
                writer.push(itoa::Buffer::new().format(*self));
            }
        }

        impl Json for std::num::NonZero<$type> {
            type Shown = Self;
            type Way = Own;

            fn read(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<Self> {
                let number = Self::new($type::read(reader, path)?);
                if number.is_none() {
                    reader.issues().push(zero($type::MIN == 0, path));
                }
                number
            }

            fn write(&self, writer: &mut Writer) {
                self.get().write(writer);
            }
        }
    )*};
}

integers!(u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize);

/// Reads an integer of any length, and in any of the ways to write it.
#[inline(never)]
fn long_integer<T: Integer>(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<T> {
    if !matches!(reader.peek(), Some(b'-' | b'0'..=b'9')) {
        reader.wrong_type("an integer", path);
        return None;
    }
    let number = reader.number()?;
    match number.whole() {
        Whole::Exactly { is_negative: false, magnitude } => match T::try_from(magnitude) {
            Ok(number) => Some(number),
            Err(_) => out_of_range::<T>(reader, false, path),
        },
        Whole::Exactly { magnitude, .. } => {
            let number = 0_i128.checked_sub_unsigned(magnitude).and_then(|number| T::try_from(number).ok());
            if number.is_none() { out_of_range::<T>(reader, true, path) } else { number }
        }
        Whole::Beyond { is_negative } => out_of_range::<T>(reader, is_negative, path),
        Whole::Fraction => {
            let issue = Issue::new(path, code::INVALID_TYPE, "must be an integer, has a fraction");
            reader.issues().push(issue.with("expected", "an integer").with("actual", "a number"));
            None
        }
    }
}

/// Notes that an integer is not one of its type.
#[cold]
fn out_of_range<T: Integer>(reader: &mut Reader<'_>, is_low: bool, path: &Path<'_>) -> Option<T> {
    let (code, words, parameter, bound) = if is_low {
        (code::TOO_SMALL, "at least", "minimum", T::LEAST)
    } else {
        (code::TOO_BIG, "at most", "maximum", T::GREATEST)
    };
    let issue = Issue::new(path, code, format!("must be {words} {bound}"));
    reader.issues().push(issue.with(parameter, bound.to_value()));
    None
}

fn zero(is_unsigned: bool, path: &Path<'_>) -> Issue {
    if is_unsigned {
        Issue::new(path, code::TOO_SMALL, "must be at least 1").with("minimum", 1)
    } else {
        Issue::new(path, code::INVALID_VALUE, "must not be 0")
    }
}

macro_rules! floats {
    ($($type:ident),*) => {$(
        impl Json for $type {
            type Shown = Self;
            type Way = Own;

            fn read(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<Self> {
                if !matches!(reader.peek(), Some(b'-' | b'0'..=b'9')) {
                    reader.wrong_type("a number", path);
                    return None;
                }
                // The grammar of JSON is a part of that of the type.
                let number: $type = reader.number()?.text.parse().unwrap_or($type::NAN);
                if number.is_finite() {
                    return Some(number);
                }
                let (code, words, parameter, bound) = if number < 0.0 {
                    (code::TOO_SMALL, "at least", "minimum", $type::MIN)
                } else {
                    (code::TOO_BIG, "at most", "maximum", $type::MAX)
                };
                let issue = Issue::new(path, code, format!("must be {words} {bound:e}"));
                reader.issues().push(issue.with(parameter, bound));
                None
            }

            fn write(&self, writer: &mut Writer) {
                if self.is_finite() {
                    writer.scalar(self);
                } else {
                    writer.lose(|path| not_finite(path, self));
                }
            }
        }
    )*};
}

floats!(f32, f64);

impl Json for char {
    type Shown = Self;
    type Way = Own;
    const KIND: JsonKind = JsonKind::Text;

    fn read(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<Self> {
        let text = reader.text(path)?;
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(char), None) => Some(char),
            _ => {
                let issue = Issue::new(path, code::INVALID_FORMAT, "must be one character");
                reader.issues().push(issue.with("format", "char"));
                None
            }
        }
    }

    fn write(&self, writer: &mut Writer) {
        writer.text(self.encode_utf8(&mut [0; 4]));
    }
}

macro_rules! texts {
    ($($type:ty),*) => {$(
        impl Json for $type {
            type Shown = Self;
            type Way = Own;
            const KIND: JsonKind = JsonKind::Text;

            #[inline]
            fn read(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<Self> {
                match reader.plain_text() {
                    Some(text) => Some(text.into()),
                    None => reader.other_text(path).map(Into::into),
                }
            }

            #[inline]
            fn write(&self, writer: &mut Writer) {
                writer.text(self);
            }
        }
    )*};
}

texts!(String, Box<str>, Arc<str>, Rc<str>);

impl Json for Cow<'static, str> {
    type Shown = Self;
    type Way = Own;
    const KIND: JsonKind = JsonKind::Text;

    fn read(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<Self> {
        String::read(reader, path).map(Cow::Owned)
    }

    fn write(&self, writer: &mut Writer) {
        writer.text(self);
    }
}
