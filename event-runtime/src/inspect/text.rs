//! How values are written in JSON, and read in filters.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// Writes a time in RFC 3339, in UTC with milliseconds.
pub(super) fn time<S: Serializer>(time: &SystemTime, serializer: S) -> Result<S::Ok, S::Error> {
    // Times beyond the calendar are clamped to its end.
    let time = Timestamp::try_from(*time).unwrap_or(Timestamp::MAX);
    serializer.collect_str(&format_args!("{time:.3}"))
}

/// Writes a time that may be missing.
#[allow(clippy::ref_option, reason = "serde calls it")]
pub(super) fn maybe_time<S: Serializer>(at: &Option<SystemTime>, serializer: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => time(at, serializer),
        None => serializer.serialize_none(),
    }
}

/// Writes a text that is shared.
pub(super) fn shared<S: Serializer>(text: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

/// Writes a duration in milliseconds.
pub(super) fn duration<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
}

/// Writes a duration that may be missing.
#[allow(clippy::ref_option, reason = "serde calls it")]
pub(super) fn maybe_duration<S: Serializer>(
    time: &Option<Duration>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => duration(time, serializer),
        None => serializer.serialize_none(),
    }
}

/// Writes JSON as what it is, and not as a text.
#[allow(clippy::ref_option, reason = "serde calls it")]
pub(super) fn maybe_json<S: Serializer>(json: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    let raw = json.as_deref().map(serde_json::from_str::<&RawValue>).transpose();
    raw.map_err(serde::ser::Error::custom)?.serialize(serializer)
}

/// Reads a time in RFC 3339.
pub(super) fn read_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SystemTime>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let time: Timestamp = text.parse().map_err(|_| {
        let shown: String = text.chars().take(80).collect();
        D::Error::custom(format!(
            "`{shown}` is no time in RFC 3339: write one such as `2026-01-31T09:00:00Z`"
        ))
    })?;
    Ok(Some(time.into()))
}
