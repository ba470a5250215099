//! From bytes to a validated value.
//!
//! The quick path decodes with serde and validates. Only when decoding fails, the value is read again as JSON and taken
//! apart field by field, so that every issue is reported and not just the first.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;
use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde::de::value::Error as SerdeError;
use serde_json::{Map, Value};

use super::read::missing_field;
use super::rules::At;
use super::{Issue, Issues, Path, Validate, code};

/// A type that can be parsed and validated: the payload of an event, or a type with `#[payload]`.
pub trait Payload: Validate + Diagnose {
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

impl<T: Validate + Diagnose> Payload for T {}

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
fn diagnose<T: Diagnose>(json: &str, error: &serde_json::Error) -> Issues {
    let value = match serde_json::from_str::<Value>(json) {
        Ok(value) => value,
        Err(error) => return invalid_json(&error),
    };
    let mut issues = Issues::new();
    T::diagnose(&value, &Path::root(), &mut issues);
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

/// Finds everything that is wrong with a JSON value: what does not decode, and what breaks a rule. Implemented by
/// `#[domain_events]` and `#[payload]`.
pub trait Diagnose: DeserializeOwned {
    /// Adds the issues; at least one when the value does not decode.
    fn diagnose(value: &Value, path: &Path<'_>, issues: &mut Issues);
}

impl<T: Diagnose> Diagnose for Option<T> {
    fn diagnose(value: &Value, path: &Path<'_>, issues: &mut Issues) {
        if !value.is_null() {
            T::diagnose(value, path, issues);
        }
    }
}

impl<T: Diagnose> Diagnose for Box<T> {
    fn diagnose(value: &Value, path: &Path<'_>, issues: &mut Issues) {
        T::diagnose(value, path, issues);
    }
}

impl<T: Diagnose> Diagnose for Vec<T> {
    fn diagnose(value: &Value, path: &Path<'_>, issues: &mut Issues) {
        let Value::Array(elements) = value else { return wrong_type("a list", value, path, issues) };
        for (index, element) in elements.iter().enumerate() {
            T::diagnose(element, &path.index(index), issues);
        }
    }
}

fn diagnose_entries<T: Diagnose>(value: &Value, path: &Path<'_>, issues: &mut Issues) {
    for (key, value) in object(value, path, issues).into_iter().flatten() {
        T::diagnose(value, &path.key(key), issues);
    }
}

impl<T: Diagnose> Diagnose for BTreeMap<String, T> {
    fn diagnose(value: &Value, path: &Path<'_>, issues: &mut Issues) {
        diagnose_entries::<T>(value, path, issues);
    }
}

impl<T: Diagnose, S: BuildHasher + Default> Diagnose for HashMap<String, T, S> {
    fn diagnose(value: &Value, path: &Path<'_>, issues: &mut Issues) {
        diagnose_entries::<T>(value, path, issues);
    }
}

/// A field of an object, for its diagnosis: the object, the name of the field, and where the object stands.
#[derive(Debug, Clone, Copy)]
pub struct FieldAt<'a> {
    object: &'a Map<String, Value>,
    name: &'static str,
    parent: &'a Path<'a>,
}

impl<'a> FieldAt<'a> {
    /// A field.
    #[must_use]
    pub const fn new(object: &'a Map<String, Value>, name: &'static str, parent: &'a Path<'a>) -> Self {
        Self { object, name, parent }
    }

    /// Its value, or what stands for a missing one; checked.
    fn check<T: DeserializeOwned>(
        self,
        default: Option<fn() -> T>,
        check: fn(&T, At<'_>, &mut Issues),
        decode: impl FnOnce(&Value, &Path<'_>, &mut Issues) -> Option<T>,
        issues: &mut Issues,
    ) {
        let path = self.parent.field(self.name);
        let decoded = match self.object.get(self.name) {
            Some(value) => decode(value, &path, issues),
            None => match default.map_or_else(|| missing_field::<T, SerdeError>(""), |default| Ok(default()))
            {
                Ok(value) => Some(value),
                Err(_) => {
                    issues.push(Issue::new(&path, code::REQUIRED, "is required"));
                    None
                }
            },
        };
        if let Some(value) = decoded {
            check(&value, At::field(self.parent, self.name), issues);
        }
    }
}

/// The check of a field without rules.
pub fn unchecked<T>(_: &T, _: At<'_>, _: &mut Issues) {}

/// Diagnoses a field whose type serde alone knows: reports the first issue, and where inside the value it is.
pub fn diagnose_plain<T: DeserializeOwned>(
    field: FieldAt<'_>,
    default: Option<fn() -> T>,
    check: fn(&T, At<'_>, &mut Issues),
    issues: &mut Issues,
) {
    field.check(default, check, decode_plain, issues);
}

fn decode_plain<T: DeserializeOwned>(value: &Value, path: &Path<'_>, issues: &mut Issues) -> Option<T> {
    match serde_path_to_error::deserialize(value) {
        Ok(value) => Some(value),
        Err(error) => {
            let inside = error.path().to_string();
            let message = error.into_inner().to_string();
            // A text that is not of the type's format, such as that of an address.
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

/// Finds out how a type is treated, by method resolution: what is implemented for `Probe<T>` is found before what is
/// implemented for `&Probe<T>`.
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

/// For types that know all their issues.
pub trait ViaDiagnose<T> {
    /// Diagnoses a field.
    fn diagnose(
        &self,
        field: FieldAt<'_>,
        default: Option<fn() -> T>,
        check: fn(&T, At<'_>, &mut Issues),
        issues: &mut Issues,
    );
}

impl<T: Diagnose> ViaDiagnose<T> for Probe<T> {
    fn diagnose(
        &self,
        field: FieldAt<'_>,
        default: Option<fn() -> T>,
        check: fn(&T, At<'_>, &mut Issues),
        issues: &mut Issues,
    ) {
        // As when a typed value is validated: the field's own rules first, then what is inside.
        field.check(default, check, |value, _, _| T::deserialize(value).ok(), issues);
        if let Some(value) = field.object.get(field.name) {
            T::diagnose(value, &field.parent.field(field.name), issues);
        }
    }
}

/// For types that serde alone knows.
pub trait ViaSerde<T> {
    /// Diagnoses a field.
    fn diagnose(
        &self,
        field: FieldAt<'_>,
        default: Option<fn() -> T>,
        check: fn(&T, At<'_>, &mut Issues),
        issues: &mut Issues,
    );
}

impl<T: DeserializeOwned> ViaSerde<T> for &Probe<T> {
    fn diagnose(
        &self,
        field: FieldAt<'_>,
        default: Option<fn() -> T>,
        check: fn(&T, At<'_>, &mut Issues),
        issues: &mut Issues,
    ) {
        diagnose_plain(field, default, check, issues);
    }
}

/// The fields of a value that must be an object.
pub fn object<'v>(value: &'v Value, path: &Path<'_>, issues: &mut Issues) -> Option<&'v Map<String, Value>> {
    match value {
        Value::Object(object) => Some(object),
        _ => {
            wrong_type("an object", value, path, issues);
            None
        }
    }
}

fn wrong_type(expected: &str, value: &Value, path: &Path<'_>, issues: &mut Issues) {
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
}
