//! Types that are read from a text in one spelling: the one that JSON Schema's `format` accepts, and not every one that their serde
//! implementation would take.

use std::any::Any;
#[cfg(feature = "time")]
use std::borrow::Cow;

#[cfg(feature = "time")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{Json, Own, Reader, Writer};
use crate::validate::{Issue, Path, code, dates, rules};

/// A type that is written as a text in one spelling.
trait Spelled: Sized {
    const FORMAT: &'static str;
    const EXPECTED: &'static str;

    /// The value, if the text is well spelled.
    fn of_text(text: &str) -> Option<Self>;
}

#[inline]
fn read<T: Spelled>(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<T> {
    let text = reader.text(path)?;
    let value = T::of_text(&text);
    if value.is_none() {
        let issue = not_read::<T>(&text, path);
        reader.issues().push(issue);
    }
    value
}

#[cold]
fn not_read<T: Spelled>(text: &str, path: &Path<'_>) -> Issue {
    if T::FORMAT == "datetime" && rules::is_datetime(text) {
        return dates::out_of_range(path);
    }
    let issue = Issue::new(path, code::INVALID_FORMAT, format!("must be {}", T::EXPECTED));
    issue.with("format", T::FORMAT)
}

macro_rules! spelled {
    ($type:ty, $format:literal, $expected:expr, $read:expr) => {
        spelled!($type, $format, $expected, $read, Self, Writer::scalar::<$type>);
    };
    ($type:ty, $format:literal, $expected:expr, $read:expr, $shown:ty, $write:expr) => {
        impl Spelled for $type {
            const FORMAT: &'static str = $format;
            const EXPECTED: &'static str = $expected;

            #[inline]
            fn of_text(text: &str) -> Option<Self> {
                $read(text)
            }
        }

        impl Json for $type {
            type Shown = $shown;
            type Way = Own;

            #[inline]
            fn read(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<Self> {
                read(reader, path)
            }

            fn write(&self, writer: &mut Writer) {
                $write(writer, self);
            }
        }
    };
}

spelled!(uuid::Uuid, "uuid", rules::UUID, rules::read_uuid, Self, |writer: &mut Writer, id: &uuid::Uuid| {
    // Digits and hyphens need no escapes.
    writer.plain_text(id.hyphenated().encode_lower(&mut uuid::Uuid::encode_buffer()));
});
#[cfg(feature = "jiff")]
spelled!(jiff::Timestamp, "datetime", rules::DATETIME, dates::timestamp);
#[cfg(feature = "chrono")]
spelled!(chrono::DateTime<chrono::Utc>, "datetime", rules::DATETIME, dates::datetime);
#[cfg(feature = "chrono")]
spelled!(chrono::DateTime<chrono::FixedOffset>, "datetime", rules::DATETIME, dates::datetime);
// To serde it is a list of numbers, and schemars does not know it.
#[cfg(feature = "time")]
spelled!(
    time::OffsetDateTime,
    "datetime",
    rules::DATETIME,
    offset_date_time,
    DateTimeText,
    |writer: &mut Writer, at: &time::OffsetDateTime| writer.scalar(&Rfc3339Text(at))
);
spelled!(std::net::IpAddr, "ip", "an IP address", parsed);
spelled!(std::net::Ipv4Addr, "ipv4", "an IPv4 address", parsed);
spelled!(std::net::Ipv6Addr, "ipv6", "an IPv6 address", parsed);

fn parsed<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

/// Reads a key of a map, if its type is one of those that have one spelling; tells what is expected then.
pub(super) fn read_key<K: 'static>(key: &str, read: &mut Option<K>) -> Option<&'static str> {
    fn as_type<T: Spelled + 'static>(key: &str, read: &mut dyn Any) -> Option<&'static str> {
        let read = read.downcast_mut::<Option<T>>()?;
        *read = T::of_text(key);
        Some(T::EXPECTED)
    }

    let found = as_type::<uuid::Uuid>(key, read);
    #[cfg(feature = "jiff")]
    let found = found.or_else(|| as_type::<jiff::Timestamp>(key, read));
    #[cfg(feature = "chrono")]
    let found = found
        .or_else(|| as_type::<chrono::DateTime<chrono::Utc>>(key, read))
        .or_else(|| as_type::<chrono::DateTime<chrono::FixedOffset>>(key, read));
    found
}

#[cfg(feature = "time")]
fn offset_date_time(text: &str) -> Option<time::OffsetDateTime> {
    use time::format_description::well_known::Rfc3339;

    if rules::is_datetime(text) { time::OffsetDateTime::parse(text, &Rfc3339).ok() } else { None }
}

#[cfg(feature = "time")]
struct Rfc3339Text<'t>(&'t time::OffsetDateTime);

#[cfg(feature = "time")]
impl serde::Serialize for Rfc3339Text<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        time::serde::rfc3339::serialize(self.0, serializer)
    }
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
