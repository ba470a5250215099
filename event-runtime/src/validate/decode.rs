//! From bytes to a validated value.
//!
//! The quick path decodes with serde and validates. Only when decoding fails, the value is read again as JSON and taken
//! apart field by field, so that every issue is reported and not just the first.

use std::collections::{BTreeMap, HashMap};
use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde::de::value::Error as SerdeError;
use serde_json::{Map, Value};

use super::read::missing_field;
use super::rules::At;
use super::{Issue, Issues, Path, Validate, code};

/// A type that can be parsed and validated: the payload of an event, or a type with `#[payload]`.
pub trait Payload: DeserializeOwned + Validate + Decode {
    /// Decodes JSON and validates it. Unknown fields are ignored.
    ///
    /// # Errors
    ///
    /// Every issue found, in the order of the fields: of decoding and of the rules.
    ///
    /// ```
    /// use event_runtime::prelude::*;
    ///
    /// /// One line of an order.
    /// #[payload]
    /// pub struct Line {
    ///     #[validate(range(min = 1, max = 99))]
    ///     quantity: u8,
    ///     product: Uuid,
    /// }
    ///
    /// let issues = Line::parse(br#"{ "quantity": 0, "product": 7 }"#).unwrap_err();
    /// assert_eq!(issues.len(), 2);
    /// ```
    fn parse(json: &[u8]) -> Result<Self, Issues> {
        match std::str::from_utf8(json) {
            Ok(text) => Self::parse_str(text),
            Err(error) => Err(invalid_utf8(error)),
        }
    }

    /// [`parse`](Payload::parse) for what is known to be UTF-8.
    ///
    /// # Errors
    ///
    /// Every issue found, in the order of the fields.
    fn parse_str(json: &str) -> Result<Self, Issues> {
        match serde_json::from_str::<Self>(json) {
            Ok(value) => value.validate().map(|()| value),
            Err(error) => Err(diagnose::<Self>(json, &error)),
        }
    }
}

impl<T: DeserializeOwned + Validate + Decode> Payload for T {}

/// The issue of bytes that are not UTF-8.
#[cold]
pub(crate) fn invalid_utf8(error: std::str::Utf8Error) -> Issues {
    let at = error.valid_up_to();
    Issue::new(&Path::root(), code::INVALID_UTF8, format!("not UTF-8: byte {at} starts no character"))
        .with("byte", at)
        .into()
}

/// The issue of a text that is not JSON.
#[cold]
pub(crate) fn invalid_json(error: &serde_json::Error) -> Issues {
    Issue::new(&Path::root(), code::INVALID_JSON, format!("not JSON: {error}"))
        .with("line", error.line())
        .with("column", error.column())
        .into()
}

#[cold]
fn diagnose<T: Decode>(json: &str, error: &serde_json::Error) -> Issues {
    let value = match serde_json::from_str::<Value>(json) {
        Ok(value) => value,
        Err(error) => return invalid_json(&error),
    };
    let mut issues = Issues::new();
    T::decode(&value, &Path::root(), &mut issues);
    if issues.is_empty() {
        // What only the text shows, such as a field that is there twice.
        issues.push(Issue::new(&Path::root(), code::INVALID_TYPE, error.to_string()));
    }
    issues
}

/// The issue of an event that a set does not declare.
#[cold]
pub fn not_of_domain(name: &str, domain: &str) -> Issues {
    let message = format!("the domain `{domain}` has no event `{name}`");
    Issue::new(&Path::root().field("name"), code::UNKNOWN_EVENT, message).with("name", name).into()
}

/// Decodes a JSON value, reporting every issue and not just the first. Implemented by `#[domain_events]` and `#[payload]`.
pub trait Decode: Sized {
    /// The value, or `None` after adding at least one issue. Also adds the issues of its rules.
    fn decode(value: &Value, path: &Path<'_>, issues: &mut Issues) -> Option<Self>;
}

impl<T: Decode> Decode for Option<T> {
    fn decode(value: &Value, path: &Path<'_>, issues: &mut Issues) -> Option<Self> {
        if value.is_null() { Some(None) } else { T::decode(value, path, issues).map(Some) }
    }
}

impl<T: Decode> Decode for Box<T> {
    fn decode(value: &Value, path: &Path<'_>, issues: &mut Issues) -> Option<Self> {
        T::decode(value, path, issues).map(Box::new)
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(value: &Value, path: &Path<'_>, issues: &mut Issues) -> Option<Self> {
        let Value::Array(elements) = value else { return wrong_type("a list", value, path, issues) };
        let decoded: Vec<_> = elements
            .iter()
            .enumerate()
            .map(|(index, element)| T::decode(element, &path.index(index), issues))
            .collect();
        decoded.into_iter().collect()
    }
}

fn entries<T: Decode, M: FromIterator<(String, T)>>(
    value: &Value,
    path: &Path<'_>,
    issues: &mut Issues,
) -> Option<M> {
    let object = decode_object(value, path, issues)?;
    let decoded: Vec<_> = object
        .iter()
        .map(|(key, value)| T::decode(value, &path.key(key), issues).map(|value| (key.clone(), value)))
        .collect();
    decoded.into_iter().collect()
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    fn decode(value: &Value, path: &Path<'_>, issues: &mut Issues) -> Option<Self> {
        entries(value, path, issues)
    }
}

impl<T: Decode, S: std::hash::BuildHasher + Default> Decode for HashMap<String, T, S> {
    fn decode(value: &Value, path: &Path<'_>, issues: &mut Issues) -> Option<Self> {
        entries(value, path, issues)
    }
}

/// Decodes a field's value by [`Decode`] if its type has it ([`ViaDecode`]), and by serde otherwise ([`ViaSerde`]):
/// method resolution finds the first on `&Probe`, and only one reference further the second.
#[derive(Debug)]
pub struct Probe<T>(PhantomData<T>);

impl<T> Probe<T> {
    /// For the type `T`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T> Default for Probe<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// For types that report all their issues.
pub trait ViaDecode<T> {
    /// Decodes a value.
    fn decode(&self, value: &Value, path: &Path<'_>, issues: &mut Issues) -> Option<T>;
}

impl<T: Decode> ViaDecode<T> for Probe<T> {
    fn decode(&self, value: &Value, path: &Path<'_>, issues: &mut Issues) -> Option<T> {
        T::decode(value, path, issues)
    }
}

/// For types that serde alone knows: reports the first issue, and where inside the value it is.
pub trait ViaSerde<T> {
    /// Decodes a value.
    fn decode(&self, value: &Value, path: &Path<'_>, issues: &mut Issues) -> Option<T>;
}

impl<T: DeserializeOwned> ViaSerde<T> for &Probe<T> {
    fn decode(&self, value: &Value, path: &Path<'_>, issues: &mut Issues) -> Option<T> {
        match serde_path_to_error::deserialize(value) {
            Ok(value) => Some(value),
            Err(error) => {
                let inside = error.path().to_string();
                let message = error.into_inner().to_string();
                // A text that is not of the type's format, such as that of a UUID.
                let is_format = value.is_string() && !message.starts_with("invalid type");
                let code = if is_format { code::INVALID_FORMAT } else { code::INVALID_TYPE };
                let mut issue = Issue::new(path, code, message);
                if inside != "." {
                    let dot = if inside.starts_with('[') || issue.path.is_empty() { "" } else { "." };
                    issue.path = format!("{}{dot}{inside}", issue.path);
                }
                issues.push(issue);
                None
            }
        }
    }
}

/// Decodes and checks one field of an object: its name, what makes it when it is missing, how to decode and to check it.
pub fn decode_field<T: DeserializeOwned>(
    object: &Map<String, Value>,
    (name, default): (&'static str, Option<fn() -> T>),
    parent: &Path<'_>,
    issues: &mut Issues,
    decode: impl FnOnce(&Value, &Path<'_>, &mut Issues) -> Option<T>,
    check: impl FnOnce(&T, At<'_>, &mut Issues),
) -> Option<T> {
    let path = parent.field(name);
    let decoded = match object.get(name) {
        Some(value) => decode(value, &path, issues)?,
        None => match default.map_or_else(|| missing_field::<T, SerdeError>(""), |default| Ok(default())) {
            Ok(value) => value,
            Err(_) => {
                issues.push(Issue::new(&path, code::REQUIRED, "is required"));
                return None;
            }
        },
    };
    check(&decoded, At::field(parent, name), issues);
    Some(decoded)
}

/// The fields of a value that must be an object.
pub fn decode_object<'v>(
    value: &'v Value,
    path: &Path<'_>,
    issues: &mut Issues,
) -> Option<&'v Map<String, Value>> {
    match value {
        Value::Object(object) => Some(object),
        _ => wrong_type("an object", value, path, issues),
    }
}

fn wrong_type<T>(expected: &str, value: &Value, path: &Path<'_>, issues: &mut Issues) -> Option<T> {
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    let message = format!("must be {expected}, is {found}");
    issues
        .push(Issue::new(path, code::INVALID_TYPE, message).with("expected", expected).with("actual", found));
    None
}
