//! Values of leaf types that JSON has no form for, or that would not be read back: they are found when a typed value is
//! validated, before it is written.

use super::carried::not_finite;
use super::{Issue, Issues, Path, Validate, code};

/// The years that RFC 3339 (section 5.6) has dates of.
#[cfg(any(feature = "chrono", feature = "time"))]
const YEARS: std::ops::RangeInclusive<i32> = 0..=9999;

/// How deep a value may be nested in a payload: the JSON reader takes 127 levels, and the payload itself is one.
const MAX_DEPTH: usize = 126;

macro_rules! checked {
    ($($(#[$cfg:meta])? [$($parameters:tt)*] $type:ty: |$it:ident, $path:ident, $issues:ident| $check:expr;)*) => {$(
        $(#[$cfg])?
        impl<$($parameters)*> Validate for $type {
            const HAS_RULES: bool = false;
            const IS_CHECKED: bool = true;

            #[inline]
            fn validate_into(&self, $path: &Path<'_>, $issues: &mut Issues) {
                let $it = self;
                $check
            }
        }
    )*};
}

checked! {
    [] f32: |it, path, issues| finite(it.is_finite(), it, path, issues);
    [] f64: |it, path, issues| finite(it.is_finite(), it, path, issues);
    [] serde_json::Value: |it, path, issues| shallow(!is_deeper(it, MAX_DEPTH), path, issues);
    [] serde_json::Map<String, serde_json::Value>: |it, path, issues|
        shallow(!it.values().any(|value| is_deeper(value, MAX_DEPTH - 1)), path, issues);
    #[cfg(feature = "chrono")]
    [Tz: chrono::TimeZone] chrono::DateTime<Tz>: |it, path, issues| {
        // `Datelike` needs an offset that can be displayed; the local time has the same year.
        in_years(chrono::Datelike::year(&it.naive_local()), path, issues);
    };
    #[cfg(feature = "jiff")]
    [] jiff::Timestamp: |it, path, issues| if it.as_second() < YEAR_0 { out_of_years(path, issues) };
    #[cfg(feature = "time")]
    [] time::OffsetDateTime: |it, path, issues| {
        in_years(it.year(), path, issues);
        if it.offset().seconds_past_minute() != 0 {
            let message = "must have an offset of whole minutes, as RFC 3339 writes dates";
            issues.push(Issue::new(path, code::INVALID_FORMAT, message));
        }
    };
}

/// The beginning of the year 0, in seconds since the Unix epoch.
#[cfg(feature = "jiff")]
const YEAR_0: i64 = -62_167_219_200;

#[inline]
fn finite(is_finite: bool, number: &dyn std::fmt::Display, path: &Path<'_>, issues: &mut Issues) {
    // A `range` above the field may have found it already.
    if !is_finite && issues.iter().all(|issue| issue.path != path.to_text()) {
        issues.push(not_finite(path, number));
    }
}

#[inline]
fn shallow(is_shallow: bool, path: &Path<'_>, issues: &mut Issues) {
    if !is_shallow {
        let message = format!("is nested too deep: JSON is read to {MAX_DEPTH} levels here");
        issues.push(Issue::new(path, code::TOO_BIG, message).with("maximum", MAX_DEPTH));
    }
}

/// Tells whether a value has more than `left` levels of lists and objects.
fn is_deeper(value: &serde_json::Value, left: usize) -> bool {
    match value {
        serde_json::Value::Array(_) | serde_json::Value::Object(_) if left == 0 => true,
        serde_json::Value::Array(list) => list.iter().any(|value| is_deeper(value, left - 1)),
        serde_json::Value::Object(object) => object.values().any(|value| is_deeper(value, left - 1)),
        _ => false,
    }
}

#[cfg(any(feature = "chrono", feature = "time"))]
#[inline]
fn in_years(year: i32, path: &Path<'_>, issues: &mut Issues) {
    if !YEARS.contains(&year) {
        out_of_years(path, issues);
    }
}

#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
#[cold]
fn out_of_years(path: &Path<'_>, issues: &mut Issues) {
    let message = "must be in the years 0000 to 9999, the years of RFC 3339";
    issues.push(Issue::new(path, code::INVALID_FORMAT, message));
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::MAX_DEPTH;
    use crate::Validate;

    fn nested(levels: usize) -> Value {
        (0..levels).fold(json!(1), |value, _| json!([value]))
    }

    #[test]
    fn a_value_is_as_deep_as_the_reader_goes() {
        assert!(nested(MAX_DEPTH).validate().is_ok());
        assert!(nested(MAX_DEPTH + 1).validate().is_err());
        // In a payload, which is a level itself.
        let read = |levels| serde_json::from_str::<Value>(&json!({ "value": nested(levels) }).to_string());
        assert!(read(MAX_DEPTH).is_ok() && read(MAX_DEPTH + 1).is_err());
    }

    #[test]
    fn numbers_are_finite() {
        assert_eq!(f64::NAN.validate().unwrap_err().len(), 1);
        assert_eq!(
            vec![Some(1.0), None, Some(f32::INFINITY)].validate().unwrap_err().iter().next().unwrap().path,
            "[2]"
        );
        assert!((f64::MAX, f32::MIN).validate().is_ok());
    }
}
