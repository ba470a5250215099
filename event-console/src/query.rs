//! Query strings and forms: pairs of a name and a value, many of them empty.

use axum::extract::Query;
use serde::de::DeserializeOwned;

use crate::error::Refusal;

/// Reads pairs of a query string or of a form.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    let Ok(uri) = format!("/?{text}").parse() else { return Vec::new() };
    Query::<Vec<(String, String)>>::try_from_uri(&uri).map(|Query(pairs)| pairs).unwrap_or_default()
}

/// Reads a filter. What a form leaves empty is no condition, and what stands there several times is several values.
pub(crate) fn filter<T: DeserializeOwned>(text: &str, without: &[&str]) -> Result<T, Refusal> {
    let text = cleaned(text, without);
    let uri =
        format!("/?{text}").parse().map_err(|_| Refusal::new(400, "the filter is not a query string"))?;
    let filter = Query::<T>::try_from_uri(&uri);
    filter.map(|Query(filter)| filter).map_err(|error| Refusal::new(400, error.body_text()))
}

/// The same query without what is empty or named here, and with each name once.
pub(crate) fn cleaned(text: &str, without: &[&str]) -> String {
    let mut cleaned: Vec<(String, String)> = Vec::new();
    for (name, mut value) in pairs(text) {
        if value.trim().is_empty() || without.contains(&name.as_str()) {
            continue;
        }
        // As an input of the type `datetime-local` says it.
        if name.ends_with("_after") || name.ends_with("_before") {
            value = complete(value);
        }
        match cleaned.iter_mut().find(|(before, _)| *before == name) {
            Some((_, before)) => *before = format!("{before},{value}"),
            None => cleaned.push((name, value)),
        }
    }
    let pairs = cleaned.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// A time with seconds and a zone: UTC unless it says another.
fn complete(time: String) -> String {
    match time.len() {
        16 if time.as_bytes()[10] == b'T' => format!("{time}:00Z"),
        19 => format!("{time}Z"),
        _ => time,
    }
}

/// A text in a path or a query.
pub(crate) fn encoded(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte));
            }
            // Writing to a text does not fail.
            _ => drop(write!(encoded, "%{byte:02X}")),
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use event_runtime::inspect::{RunFilter, RunStatus};

    use super::{cleaned, encoded, filter};

    #[test]
    fn what_a_form_leaves_empty_is_no_condition() {
        let text = "status=failed&status=cancelled&text=&created_after=2026-01-31T09:00&bulk=1";
        assert_eq!(
            cleaned(text, &["bulk"]),
            "status=failed%2Ccancelled&created_after=2026-01-31T09%3A00%3A00Z"
        );
        let read: RunFilter = filter("status=failed&status=open&function=", &[]).unwrap();
        assert_eq!(read, RunFilter::new().status(RunStatus::Failed).status(RunStatus::Open));
        let error = filter::<RunFilter>("status=faild", &[]).unwrap_err();
        assert!(error.detail.contains("did you mean `failed`?"), "{error:?}");
        assert!(filter::<RunFilter>("unknown=1", &[]).is_err());
    }

    #[test]
    fn a_text_keeps_to_its_segment() {
        assert_eq!(encoded("a/b?c=<ü>"), "a%2Fb%3Fc%3D%3C%C3%BC%3E");
    }
}
