//! Enums and flattened fields, read from a JSON value and written to one.

use serde::de::{self, Deserialize, Deserializer};
use serde::ser::{self, Serialize, Serializer};
use serde_json::value::to_raw_value;
use serde_json::{Map, Value};

use super::decode::{Diagnose, FieldAt, diagnose_fields, wrong_type};
use super::read::Read;
use super::tagged::{Held, Tagged, Tagging, Variant, invalid_tag};
use super::{Field, Issue, Issues, Path, Unknown, code};

/// What the tag of a value says.
enum Found<'v> {
    /// A variant, and where in the value the content is.
    Variant(usize, &'v Value),
    /// A tag that no variant has.
    Unknown(&'v str),
}

/// Finds the variant; or adds what is wrong with the tag.
fn find<'v, T: Tagged>(value: &'v Value, path: &Path<'_>, issues: &mut Issues) -> Option<Found<'v>> {
    let place = |tag: &str| T::VARIANTS.iter().position(|variant| variant.tag == tag);
    let found = |tag: &'v str, held: &'v Value| place(tag).map_or(Found::Unknown(tag), |place| Found::Variant(place, held));
    match (T::TAGGING, value) {
        (Tagging::External, Value::String(tag)) => Some(found(tag, &Value::Null)),
        (Tagging::External, Value::Object(object)) if object.len() == 1 => {
            object.iter().next().map(|(tag, held)| found(tag, held))
        }
        (Tagging::External, Value::Object(_)) => {
            let message = "must be an object with the name of a variant as its only key";
            issues.push(Issue::new(path, code::INVALID_TYPE, message).with("options", tags::<T>()));
            None
        }
        (Tagging::External, other) => {
            wrong_type("a text or an object", other, path, issues);
            None
        }
        (Tagging::Internal { tag: key } | Tagging::Adjacent { tag: key, .. }, Value::Object(object)) => {
            match object.get(key) {
                Some(Value::String(tag)) => {
                    let held = match T::TAGGING {
                        Tagging::Adjacent { content, .. } => object.get(content).unwrap_or(&Value::Null),
                        _ => value,
                    };
                    Some(found(tag, held))
                }
                Some(other) => {
                    wrong_type("a text", other, &path.field(key), issues);
                    None
                }
                None => {
                    let issue = Issue::new(&path.field(key), code::REQUIRED, "is required");
                    issues.push(issue.with("options", tags::<T>()));
                    None
                }
            }
        }
        (Tagging::Internal { .. } | Tagging::Adjacent { .. }, other) => {
            wrong_type("an object", other, path, issues);
            None
        }
    }
}

fn tags<T: Tagged>() -> Value {
    T::VARIANTS.iter().map(|variant| variant.tag).collect()
}

/// Adds everything that is wrong with an enum.
pub fn diagnose_tagged<T: Tagged>(value: &Value, path: &Path<'_>, issues: &mut Issues) {
    match find::<T>(value, path, issues) {
        Some(Found::Variant(place, held)) => diagnose_held(T::TAGGING, &T::VARIANTS[place], (value, held), path, issues),
        Some(Found::Unknown(_)) if T::OPEN => {}
        Some(Found::Unknown(tag)) => {
            let below = match T::TAGGING {
                Tagging::External => *path,
                Tagging::Internal { tag } | Tagging::Adjacent { tag, .. } => path.field(tag),
            };
            issues.push(invalid_tag(&below, tag, T::VARIANTS));
        }
        None => {}
    }
}

fn diagnose_held(tagging: Tagging, variant: &Variant, (value, held): (&Value, &Value), path: &Path<'_>, issues: &mut Issues) {
    let key = match tagging {
        Tagging::External => Some(variant.tag),
        Tagging::Internal { .. } => None,
        Tagging::Adjacent { content, .. } => Some(content),
    };
    let below = key.map_or(*path, |key| path.field(key));
    match (&variant.held, value) {
        (Held::Nothing, Value::Object(_)) if matches!(tagging, Tagging::External) => {
            wrong_type(&format!("the text `{}`", variant.tag), value, path, issues);
        }
        (Held::Nothing, _) => {}
        (_, Value::String(_)) => wrong_type(&format!("an object with the key `{}`", variant.tag), value, path, issues),
        (_, Value::Object(object)) if variant.held.is_required() && key.is_some_and(|key| !object.contains_key(key)) => {
            issues.push(Issue::new(&below, code::REQUIRED, "is required"));
        }
        (Held::Fields { fields, .. }, _) => diagnose_fields(fields, held, &below, issues),
        (Held::Value(field), _) => diagnose_value(field, held, &below, issues),
    }
}

/// Adds what is wrong with the value of a struct or a variant that holds no other.
pub fn diagnose_value(field: &Field, value: &Value, path: &Path<'_>, issues: &mut Issues) {
    let object = Map::from_iter([(String::new(), value.clone())]);
    let named = Field { name: "", ..*field };
    diagnose_each(&named, FieldAt { object: &object, name: "", parent: path }, issues);
}

/// Adds what is wrong with a field; of one that is shown nowhere, nothing about its value.
pub(super) fn diagnose_each(field: &Field, at: FieldAt<'_>, issues: &mut Issues) {
    let found = issues.len();
    field.code.diagnose(at, issues);
    if field.sensitive {
        super::sensitive::redact(&at.path(), found, issues);
    }
}

/// The value, if it decodes.
#[must_use]
pub fn decode_tagged<T: Tagged>(value: &Value) -> Option<T> {
    match find::<T>(value, &Path::root(), &mut Issues::new())? {
        Found::Variant(place, held) => {
            let is_text = matches!(T::TAGGING, Tagging::External) && value.is_string();
            let is_unit = matches!(T::VARIANTS[place].held, Held::Nothing);
            if matches!(T::TAGGING, Tagging::External) && is_text != is_unit {
                return None;
            }
            let lacks_content = matches!(T::TAGGING, Tagging::Adjacent { content, .. } if value.get(content).is_none());
            if lacks_content && T::VARIANTS[place].held.is_required() {
                return None;
            }
            T::decode_held(place, held)
        }
        Found::Unknown(tag) => T::keep(Unknown::new(tag, to_raw_value(value).ok()?)),
    }
}

/// The value of a reader, if it decodes.
pub fn decode_value<R: Read>(value: &Value, _: R) -> Option<R::Value> {
    R::Wire::deserialize(value).ok().map(R::meant)
}

/// The error of a deserializer from that of a JSON value.
pub fn de_error<E: de::Error>(error: serde_json::Error) -> E {
    E::custom(error)
}

/// Reads a value by its reader.
///
/// # Errors
///
/// When it does not decode.
pub fn read_value<'de, D: Deserializer<'de>, R: Read>(deserializer: D, _: R) -> Result<R::Value, D::Error> {
    R::Wire::deserialize(deserializer).map(R::meant)
}

/// Reads what is decoded from a JSON value.
///
/// # Errors
///
/// Its issues.
pub fn through_value<'de, T: Diagnose, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    T::decode(&value).ok_or_else(|| {
        let mut issues = Issues::new();
        T::diagnose(&value, &Path::root(), &mut issues);
        de::Error::custom(issues)
    })
}

/// The fields of an object, written one after the other; the first error is kept.
#[derive(Debug)]
pub struct Written(serde_json::Result<Map<String, Value>>);

impl Written {
    /// No fields yet.
    #[must_use]
    pub fn new() -> Self {
        Self(Ok(Map::new()))
    }

    /// Writes a field.
    #[must_use]
    pub fn field<T: Serialize + ?Sized>(mut self, name: &str, value: &T) -> Self {
        if let Ok(object) = &mut self.0 {
            match serde_json::to_value(value) {
                Ok(value) => drop(object.insert(name.to_owned(), value)),
                Err(error) => self.0 = Err(error),
            }
        }
        self
    }

    /// Leaves a field out if it is to be.
    #[must_use]
    pub fn field_unless<T: Serialize + ?Sized>(self, skip: bool, name: &str, value: &T) -> Self {
        if skip { self } else { self.field(name, value) }
    }

    /// Writes the fields of a value beside the others.
    #[must_use]
    pub fn flatten<T: Serialize + ?Sized>(mut self, value: &T) -> Self {
        if let Ok(object) = &mut self.0 {
            match serde_json::to_value(value) {
                Ok(Value::Object(fields)) => object.extend(fields),
                Ok(_) => self.0 = Err(ser::Error::custom("what is flattened was not written as an object")),
                Err(error) => self.0 = Err(error),
            }
        }
        self
    }

    /// Writes all of it.
    ///
    /// # Errors
    ///
    /// The first one.
    pub fn end<S: Serializer>(self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.map_err(ser::Error::custom)?.serialize(serializer)
    }
}

impl Default for Written {
    fn default() -> Self {
        Self::new()
    }
}

impl Serialize for Written {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Ok(object) => object.serialize(serializer),
            Err(error) => Err(ser::Error::custom(error)),
        }
    }
}
