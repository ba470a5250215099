//! Values of types that serde alone knows: what stands for a missing one, and the errors of serde told as issues.

use serde::de::value::Error as SerdeError;
use serde::de::{DeserializeOwned, Deserializer, Error, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Value;

use crate::validate::{Issue, Path, code};

/// What stands for a missing field.
pub(super) fn missing<T: DeserializeOwned>() -> Option<T> {
    struct Missing;

    impl<'de> Deserializer<'de> for Missing {
        type Error = SerdeError;

        fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, SerdeError> {
            Err(SerdeError::missing_field(""))
        }

        fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, SerdeError> {
            visitor.visit_none()
        }

        forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
            newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
        }
    }

    T::deserialize(Missing).ok()
}

/// An error of serde, told as an issue. It has a text alone, whose words are those of serde's own errors.
pub(super) enum Explained {
    Missing { field: String },
    UnknownVariant { options: Vec<String> },
    WrongType { expected: String, found: &'static str },
    OutOfRange { is_low: bool, bound: String },
    Other(String),
}

impl Explained {
    pub(super) fn of(message: &str) -> Self {
        // `serde_json` adds the place in the part that it has read.
        let message = message.rfind(" at line ").map_or(message, |place| &message[..place]);
        let quoted = |text: &str| text.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
        if let Some(field) = message.strip_prefix("missing field ").map(quoted) {
            return Self::Missing { field: field.concat() };
        }
        if let Some((_, options)) =
            message.strip_prefix("unknown variant ").and_then(|rest| rest.rsplit_once("expected "))
        {
            return Self::UnknownVariant { options: quoted(options) };
        }
        if let Some((found, expected)) =
            message.strip_prefix("invalid type: ").and_then(|rest| rest.rsplit_once(", expected "))
            && let Some(found) = kind_of(found)
        {
            return Self::WrongType { expected: expected.to_owned(), found };
        }
        if let Some((number, of)) =
            message.strip_prefix("invalid value: integer `").and_then(|rest| rest.split_once("`, expected "))
            && let Some((least, greatest)) = bounds(of)
        {
            let is_low = number.starts_with('-');
            return Self::OutOfRange { is_low, bound: if is_low { least } else { greatest } };
        }
        Self::Other(bounded(message))
    }

    pub(super) fn into_issue(self, path: &Path<'_>) -> Issue {
        match self {
            Self::Missing { field } => Issue::new(&path.field(&field), code::REQUIRED, "is required"),
            Self::UnknownVariant { options } => {
                let quoted: Vec<String> = options.iter().map(|option| format!("`{option}`")).collect();
                let message = format!("must be one of {}", quoted.join(", "));
                Issue::new(path, code::INVALID_VALUE, message).with("options", options)
            }
            Self::WrongType { expected, found } => {
                Issue::new(path, code::INVALID_TYPE, format!("must be {expected}, is {found}"))
                    .with("expected", expected)
                    .with("actual", found)
            }
            Self::OutOfRange { is_low, bound } => {
                let (code, words, parameter) = if is_low {
                    (code::TOO_SMALL, "at least", "minimum")
                } else {
                    (code::TOO_BIG, "at most", "maximum")
                };
                let number = serde_json::from_str(&bound).unwrap_or(Value::String(bound.clone()));
                Issue::new(path, code, format!("must be {words} {bound}")).with(parameter, number)
            }
            Self::Other(message) => Issue::new(path, code::INVALID_FORMAT, message),
        }
    }

    /// The issue of a key of a map.
    pub(super) fn into_issue_of_key(self, path: &Path<'_>) -> Issue {
        match self {
            Self::WrongType { expected, .. } => wrong_key(&expected, path),
            // `serde_json` says so of every kind of number.
            Self::Other(message) if message.contains("key to be a number in quotes") => {
                wrong_key("a number", path)
            }
            other => other.into_issue(path),
        }
    }
}

/// The issue of a key that is not of the type of the map's keys.
#[cold]
pub(super) fn wrong_key(expected: &str, path: &Path<'_>) -> Issue {
    let issue = Issue::new(path, code::INVALID_FORMAT, format!("must be a key that is {expected}"));
    issue.with("expected", expected)
}

/// What was found, without its value.
fn kind_of(found: &str) -> Option<&'static str> {
    let first = found.split([' ', '`']).next()?;
    Some(match first {
        "null" | "unit" | "Option" => "null",
        "boolean" => "a boolean",
        "integer" | "floating" | "number" => "a number",
        "string" | "character" => "a text",
        "sequence" => "a list",
        "map" => "an object",
        _ => return None,
    })
}

/// The least and the greatest number of a type, which serde names.
fn bounds(of: &str) -> Option<(String, String)> {
    macro_rules! bounds {
        ($($type:ident),*) => {
            match of {
                $(stringify!($type) => Some(($type::MIN.to_string(), $type::MAX.to_string())),)*
                _ => None,
            }
        };
    }
    bounds!(u8, u16, u32, u64, usize, i8, i16, i32, i64, isize)
}

/// The most characters of a message that somebody else has written: it may have the value in it.
const MAX_MESSAGE: usize = 100;

fn bounded(message: &str) -> String {
    match message.char_indices().nth(MAX_MESSAGE) {
        Some((end, _)) => format!("{}..", &message[..end]),
        None => message.to_owned(),
    }
}
