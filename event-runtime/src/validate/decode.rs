//! From bytes to a validated value.
//!
//! The quick path decodes with serde and validates. Only when decoding fails, the value is read again as JSON and taken
//! apart field by field, so that every issue is reported and not just the first.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::hash::{BuildHasher, Hash};
use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde::de::value::Error as SerdeError;
use serde_json::{Map, Value};

use super::field::Typed;
use super::nested::enter;
use super::read::missing_field;
use super::rules::At;
use super::tagged_value::diagnose_each;
use super::{Field, Issue, Issues, Path, Validate, code};

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
        // With `match`, and not with closures, for the compiler's sake: this is compiled for each payload.
        let value = match serde_json::from_str::<Self>(json) {
            Ok(value) => value,
            Err(error) => return Err(diagnose(json, &error, Self::diagnose)),
        };
        match value.validate() {
            Ok(()) => Ok(value),
            Err(issues) => Err(issues),
        }
    }

    /// Decodes JSON that was valid when it was stored; it is not validated again.
    ///
    /// # Errors
    ///
    /// Every issue found, when it does not decode.
    #[doc(hidden)]
    fn decode_str(json: &str) -> Result<Self, Issues> {
        match serde_json::from_str::<Self>(json) {
            Ok(value) => Ok(value),
            Err(error) => Err(diagnose(json, &error, Self::diagnose)),
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
fn diagnose(json: &str, error: &serde_json::Error, find: fn(&Value, &Path<'_>, &mut Issues)) -> Issues {
    let value = match serde_json::from_str::<Value>(json) {
        Ok(value) => value,
        Err(error) => return invalid_json(&error),
    };
    let mut issues = Issues::new();
    find(&value, &Path::root(), &mut issues);
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
    /// The fields, if it is an object.
    const FIELDS: &'static [Field] = &[];

    /// Adds the issues; at least one when the value does not decode.
    fn diagnose(value: &Value, path: &Path<'_>, issues: &mut Issues) {
        diagnose_fields(Self::FIELDS, value, path, issues);
    }

    /// The value, if it decodes.
    fn decode(value: &Value) -> Option<Self> {
        Self::deserialize(value).ok()
    }
}

/// Adds what is wrong with the fields of an object.
pub fn diagnose_fields(fields: &[Field], value: &Value, path: &Path<'_>, issues: &mut Issues) {
    let Some(object) = object(value, path, issues) else { return };
    for field in fields {
        diagnose_each(field, FieldAt { object, name: field.name, parent: path }, issues);
    }
}

impl<T: Diagnose> Diagnose for Option<T> {
    fn diagnose(value: &Value, path: &Path<'_>, issues: &mut Issues) {
        if !value.is_null() {
            T::diagnose(value, path, issues);
        }
    }

    fn decode(value: &Value) -> Option<Self> {
        if value.is_null() { Some(None) } else { T::decode(value).map(Some) }
    }
}

impl<T: Diagnose> Diagnose for Box<T> {
    fn diagnose(value: &Value, path: &Path<'_>, issues: &mut Issues) {
        T::diagnose(value, path, issues);
    }

    fn decode(value: &Value) -> Option<Self> {
        T::decode(value).map(Self::new)
    }
}

fn diagnose_elements<T: Diagnose>(value: &Value, path: &Path<'_>, issues: &mut Issues) {
    let Value::Array(elements) = value else { return wrong_type("a list", value, path, issues) };
    for (index, element) in elements.iter().enumerate() {
        T::diagnose(element, &path.index(index), issues);
    }
}

macro_rules! diagnose_elements {
    ($([$($generics:tt)*] $list:ty),*) => {$(
        impl<T: Diagnose $($generics)*> Diagnose for $list {
            fn diagnose(value: &Value, path: &Path<'_>, issues: &mut Issues) {
                diagnose_elements::<T>(value, path, issues);
            }

            fn decode(value: &Value) -> Option<Self> {
                value.as_array()?.iter().map(T::decode).collect()
            }
        }
    )*};
}

diagnose_elements!([] Vec<T>, [] VecDeque<T>, [+ Ord] BTreeSet<T>, [+ Eq + Hash, S: BuildHasher + Default] HashSet<T, S>);

fn diagnose_entries<T: Diagnose>(value: &Value, path: &Path<'_>, issues: &mut Issues) {
    for (key, value) in object(value, path, issues).into_iter().flatten() {
        T::diagnose(value, &path.key(key), issues);
    }
}

fn decode_entries<T: Diagnose, M: FromIterator<(String, T)>>(value: &Value) -> Option<M> {
    let entries = value.as_object()?.iter();
    entries.map(|(key, value)| Some((key.clone(), T::decode(value)?))).collect()
}

impl<T: Diagnose> Diagnose for BTreeMap<String, T> {
    fn diagnose(value: &Value, path: &Path<'_>, issues: &mut Issues) {
        diagnose_entries::<T>(value, path, issues);
    }

    fn decode(value: &Value) -> Option<Self> {
        decode_entries(value)
    }
}

impl<T: Diagnose, S: BuildHasher + Default> Diagnose for HashMap<String, T, S> {
    fn diagnose(value: &Value, path: &Path<'_>, issues: &mut Issues) {
        diagnose_entries::<T>(value, path, issues);
    }

    fn decode(value: &Value) -> Option<Self> {
        decode_entries(value)
    }
}

/// What stands for a field that is missing, if something does.
fn missing<T: DeserializeOwned>(of: &Typed<T>, path: &Path<'_>, issues: &mut Issues) -> Option<T> {
    if let Some(default) = of.default {
        return Some(default());
    }
    let value = missing_field::<T, SerdeError>("").ok();
    if value.is_none() {
        issues.push(Issue::new(path, code::REQUIRED, "is required"));
    }
    value
}

/// A field of an object, for its diagnosis: the object, the name of the field, and where the object stands.
#[derive(Debug, Clone, Copy)]
pub struct FieldAt<'a> {
    pub(super) object: &'a Map<String, Value>,
    /// Empty for a value without a name.
    pub(super) name: &'static str,
    pub(super) parent: &'a Path<'a>,
}

impl<'a> FieldAt<'a> {
    fn value(self) -> Option<&'a Value> {
        self.object.get(self.name)
    }

    /// Where the field is.
    pub(super) fn path(self) -> Path<'a> {
        if self.name.is_empty() { *self.parent } else { self.parent.field(self.name) }
    }

    /// Checks the field's own rules.
    fn check<T>(self, of: &Typed<T>, value: &T, issues: &mut Issues) {
        if let Some(check) = of.check {
            check(value, At::value(&self.path()), issues);
        }
    }
}

/// Diagnoses a field whose type serde alone knows: reports the first issue, and where inside the value it is; or all rules
/// that it breaks.
pub fn diagnose_plain<T: DeserializeOwned>(of: &Typed<T>, field: FieldAt<'_>, issues: &mut Issues) {
    let path = field.path();
    let value = match field.value() {
        Some(value) => decode_plain(value, &path, issues),
        None => missing(of, &path, issues),
    };
    if let Some(value) = value {
        field.check(of, &value, issues);
        enter(of.enter, &value, &path, issues);
    }
}

/// Diagnoses a field whose type knows all its issues.
fn diagnose_inside<T: Diagnose>(of: &Typed<T>, field: FieldAt<'_>, issues: &mut Issues) {
    let Some(written) = field.value() else { return diagnose_plain(of, field, issues) };
    // As when a typed value is validated: the field's own rules first, then what is inside.
    if let Some(value) = T::decode(written) {
        field.check(of, &value, issues);
    }
    T::diagnose(written, &field.path(), issues);
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

/// Finds out how a type is treated: a constant that `Probe<T>` itself has for some types is found before that of a trait,
/// which it has for all.
#[derive(Debug)]
pub struct Probe<T: ?Sized>(PhantomData<T>);

impl<T: Diagnose + 'static> Probe<T> {
    /// For types that know all their issues.
    pub const DIAGNOSE: fn(&Typed<T>, FieldAt<'_>, &mut Issues) = diagnose_inside::<T>;
}

/// For types that serde alone knows.
pub trait ViaSerde<T: 'static> {
    /// Diagnoses a field.
    const DIAGNOSE: fn(&Typed<T>, FieldAt<'_>, &mut Issues);
}

impl<T: DeserializeOwned + 'static> ViaSerde<T> for Probe<T> {
    const DIAGNOSE: fn(&Typed<T>, FieldAt<'_>, &mut Issues) = diagnose_plain::<T>;
}

/// The fields of a value that must be an object.
fn object<'v>(value: &'v Value, path: &Path<'_>, issues: &mut Issues) -> Option<&'v Map<String, Value>> {
    match value {
        Value::Object(object) => Some(object),
        _ => {
            wrong_type("an object", value, path, issues);
            None
        }
    }
}

pub(super) fn wrong_type(expected: &str, value: &Value, path: &Path<'_>, issues: &mut Issues) {
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
