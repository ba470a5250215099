//! Types that are read in the one spelling that JSON Schema's `format` accepts, and not in all that their serde
//! implementation would take.

#[cfg(feature = "time")]
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

#[cfg(feature = "time")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use super::decode::Diagnose;
use super::strict::Strict;
use super::{Issue, Issues, Path, code, dates, rules};

/// A type that is written as a text in one spelling.
trait Spelled: DeserializeOwned {
    const FORMAT: &'static str;
    const EXPECTED: &'static str;

    /// The value, if the text is well spelled.
    fn read(text: &str) -> Option<Self>;
}

/// A text in the one spelling of `T`.
#[derive(Debug)]
pub struct Spelling<T>(T);

impl<'de, T: Spelled> Deserialize<'de> for Spelling<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(SpellingReader(PhantomData))
    }
}

struct SpellingReader<T>(PhantomData<T>);

impl<T: Spelled> Visitor<'_> for SpellingReader<T> {
    type Value = Spelling<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Spelling<T>, E> {
        match T::read(text) {
            Some(value) => Ok(Spelling(value)),
            None => Err(E::custom(format_args!("must be {}", T::EXPECTED))),
        }
    }
}

macro_rules! spelled {
    ($type:ty, $format:literal, $expected:expr, $read:expr, $shown:ty, $write:path) => {
        impl Spelled for $type {
            const FORMAT: &'static str = $format;
            const EXPECTED: &'static str = $expected;

            #[inline]
            fn read(text: &str) -> Option<Self> {
                $read(text)
            }
        }

        impl Strict for $type {
            type Wire = Spelling<$type>;
            type Shown = $shown;

            #[inline]
            fn from_wire(wire: Spelling<$type>) -> Self {
                wire.0
            }

            #[inline]
            fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $write(self, serializer)
            }
        }

        impl Diagnose for $type {
            fn diagnose(value: &Value, path: &Path<'_>, issues: &mut Issues) {
                diagnose::<$type>(value, path, issues);
            }

            fn decode(value: &Value) -> Option<Self> {
                Spelling::deserialize(value).ok().map(|spelling| spelling.0)
            }
        }
    };
}

/// Says what is wrong with a text that is not in its one spelling.
fn diagnose<T: Spelled>(value: &Value, path: &Path<'_>, issues: &mut Issues) {
    match Spelling::<T>::deserialize(value) {
        Ok(_) => {}
        Err(_) if T::FORMAT == "datetime" && value.as_str().is_some_and(rules::is_datetime) => {
            issues.push(dates::out_of_range(path));
        }
        Err(_) if value.is_string() => {
            let message = format!("must be {}", T::EXPECTED);
            issues.push(Issue::new(path, code::INVALID_FORMAT, message).with("format", T::FORMAT));
        }
        Err(error) => {
            issues.push(Issue::new(path, code::INVALID_TYPE, error.to_string()).with("expected", "a text"));
        }
    }
}

spelled!(uuid::Uuid, "uuid", rules::UUID, rules::read_uuid, Self, Self::serialize);
#[cfg(feature = "jiff")]
spelled!(jiff::Timestamp, "datetime", rules::DATETIME, dates::timestamp, Self, Self::serialize);
#[cfg(feature = "chrono")]
spelled!(chrono::DateTime<chrono::Utc>, "datetime", rules::DATETIME, dates::datetime, Self, Self::serialize);
#[cfg(feature = "chrono")]
spelled!(
    chrono::DateTime<chrono::FixedOffset>,
    "datetime",
    rules::DATETIME,
    dates::datetime,
    Self,
    Self::serialize
);
// To serde it is a list of numbers, and schemars does not know it.
#[cfg(feature = "time")]
spelled!(
    time::OffsetDateTime,
    "datetime",
    rules::DATETIME,
    offset_date_time,
    DateTimeText,
    time::serde::rfc3339::serialize
);

#[cfg(feature = "time")]
fn offset_date_time(text: &str) -> Option<time::OffsetDateTime> {
    use time::format_description::well_known::Rfc3339;

    if rules::is_datetime(text) { time::OffsetDateTime::parse(text, &Rfc3339).ok() } else { None }
}

/// A date and time to the JSON Schema.
#[cfg(feature = "time")]
#[derive(Debug)]
pub struct DateTimeText;

#[cfg(feature = "time")]
impl JsonSchema for DateTimeText {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "DateTime".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time" })
    }
}
