//! Texts and numbers that keep the keywords of a schema.

use regex::Regex;
use serde_json::{Number, Value};

/// An integer within the bounds: 1, if it may be.
pub(super) fn integer(schema: &Value) -> Option<Value> {
    let bound = |keyword: &str| schema.get(keyword).and_then(Value::as_number).and_then(Number::as_i128);
    let least = bound("minimum").into_iter().chain(bound("exclusiveMinimum").map(|above| above + 1)).max();
    let most = bound("maximum").into_iter().chain(bound("exclusiveMaximum").map(|below| below - 1)).min();
    let (least, most) = (least.unwrap_or(i128::MIN), most.unwrap_or(i128::MAX));
    let multiple = bound("multipleOf").filter(|multiple| *multiple > 0).unwrap_or(1);
    let start = 1.clamp(least, most.max(least));
    let value = start.checked_add((multiple - start.rem_euclid(multiple)) % multiple)?;
    if value > most {
        return None;
    }
    Number::from_i128(value).map(Value::Number)
}

/// A number within the bounds: 1.5, if it may be.
pub(super) fn number(schema: &Value) -> Option<Value> {
    let bound = |keyword: &str| schema.get(keyword).and_then(Value::as_f64);
    let (least, above) = (bound("minimum"), bound("exclusiveMinimum"));
    let (most, below) = (bound("maximum"), bound("exclusiveMaximum"));
    let is_valid = |number: &f64| {
        least.is_none_or(|least| *number >= least)
            && most.is_none_or(|most| *number <= most)
            && above.is_none_or(|above| *number > above)
            && below.is_none_or(|below| *number < below)
    };
    let between = above.or(least).zip(below.or(most)).map(|(lower, upper)| f64::midpoint(lower, upper));
    let candidates =
        [Some(1.5), least, most, between, above.map(|above| above + 1.0), below.map(|below| below - 1.0)];
    candidates.into_iter().flatten().find(is_valid).map(Value::from)
}

/// A text of a format, or one of those that are tried.
pub(super) fn text(schema: &Value) -> Option<String> {
    let format = |schema: &Value| schema.get("format").and_then(Value::as_str).map(str::to_owned);
    let alternatives = || schema.get("anyOf")?.as_array()?.iter().find_map(format);
    if let Some(one) = schema.get("enum").and_then(|one_of| one_of.get(0)?.as_str()) {
        return Some(one.to_owned());
    }
    let candidates = match format(schema).or_else(alternatives) {
        Some(format) => of_format(&format)?,
        None => CANDIDATES,
    };
    let count = |keyword: &str| {
        schema.get(keyword).and_then(Value::as_u64).and_then(|count| usize::try_from(count).ok())
    };
    let (least, most) = (count("minLength").unwrap_or(0), count("maxLength").unwrap_or(usize::MAX));
    let pattern = schema.get("pattern").and_then(Value::as_str).map(Regex::new).transpose().ok()?;
    let is_valid = |text: &String| {
        (least..=most).contains(&text.chars().count())
            && pattern.as_ref().is_none_or(|pattern| pattern.is_match(text))
    };
    let long: String = "example".chars().cycle().take(least.clamp(7, 1_000).min(most)).collect();
    let found = candidates.iter().map(|text| (*text).to_owned()).find(is_valid);
    // What is in an `allOf` is not looked at.
    if schema.get("allOf").is_some() {
        return None;
    }
    found.or_else(|| format(schema).is_none().then_some(long).filter(is_valid))
}

/// Texts that often match a pattern.
const CANDIDATES: &[&str] =
    &["example", "a", "1", "192.0.2.1:443", "[2001:db8::1]:443", "AB", "12", "2026-11", "ABC-123", "a-b"];

fn of_format(format: &str) -> Option<&'static [&'static str]> {
    Some(match format {
        "uuid" => &["0195d4a5-0f5c-7c3e-8f0a-5b6a4c3d2e1f", "67e55044-10b1-426f-9247-bb680e5fe0c8"],
        "date-time" => &["2026-11-23T08:30:00Z"],
        "date" => &["2026-11-23"],
        "time" => &["08:30:00Z"],
        "uri" => &["https://example.org/", "mailto:ada@example.org"],
        "uri-reference" => &["/orders?page=2"],
        "hostname" => &["example.org"],
        "email" => &["ada@example.org"],
        "ipv4" => &["192.0.2.1"],
        "ipv6" => &["2001:db8::1"],
        "duration" => &["PT1H"],
        "partial-date-time" => &["2026-11-23T08:30:00"],
        "partial-time" => &["08:30:00"],
        "zoned-date-time" => &["2026-11-23T08:30:00+00:00[UTC]"],
        _ => return None,
    })
}
