//! Dates and times of RFC 3339 as their libraries read them.

#[cfg(any(feature = "jiff", feature = "chrono"))]
use super::rules::is_datetime;
use super::{Issue, Path, code};

/// The last moment of a `jiff::Timestamp`, which has room for every offset in the year 9999.
const LATEST: &str = "9999-12-30T22:00:00.999999999Z";

/// A date and time, as its library reads it.
#[cfg(any(feature = "jiff", feature = "chrono"))]
pub(super) fn datetime<T: std::str::FromStr>(text: &str) -> Option<T> {
    if is_datetime(text) { text.parse().ok() } else { None }
}

/// A date and time; digits of a second beyond the ninth are cut off, as chrono and time do.
#[cfg(feature = "jiff")]
pub(super) fn timestamp(text: &str) -> Option<jiff::Timestamp> {
    let read = datetime(text);
    if read.is_some() || !is_datetime(text) { read } else { datetime(&with_nanoseconds(text)) }
}

#[cfg(feature = "jiff")]
#[cold]
fn with_nanoseconds(text: &str) -> String {
    let Some((before, rest)) = text.split_once('.') else { return text.to_owned() };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    [before, ".", &rest[..digits.min(9)], &rest[digits..]].concat()
}

/// The issue of a date and time that its type has no room for.
#[cold]
pub(super) fn out_of_range(path: &Path<'_>) -> Issue {
    let message = format!("must be at most {LATEST}, the last moment that its type holds");
    Issue::new(path, code::TOO_BIG, message).with("maximum", LATEST)
}
