//! The keys of maps: JSON knows texts alone, so that a number, a UUID or a value of an enum stands in one.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Serialize;
use serde::de::{
    Deserialize, DeserializeOwned, Deserializer as _, Error as _, IgnoredAny, MapAccess, Visitor,
};
use serde_json::{Map, Value};

use super::spelled;
use super::through_serde::{Explained, wrong_key};
use crate::validate::{Issue, Path, code};

/// Reads a key.
///
/// # Errors
///
/// The issue of a text that is no key of the type.
pub(super) fn read_key<K: Serialize + DeserializeOwned + 'static>(
    key: &str,
    path: &Path<'_>,
) -> Result<K, Issue> {
    let mut read = None::<K>;
    if let Some(text) = (&mut read as &mut dyn Any).downcast_mut::<Option<String>>() {
        *text = Some(key.to_owned());
    } else if let Some(expected) = spelled::read_key(key, &mut read) {
        return read.ok_or_else(|| wrong_key(expected, path));
    }
    read.map_or_else(|| read_through_serde(key, path), Ok)
}

/// Reads a key as `serde_json` does: a number or a boolean from the text of the key.
fn read_through_serde<K: Serialize + DeserializeOwned + 'static>(
    key: &str,
    path: &Path<'_>,
) -> Result<K, Issue> {
    let read = only_key::<K>(Value::Object(Map::from_iter([(key.to_owned(), Value::Null)])));
    // A payload, such as a struct around a number, is read from the key as it stands.
    let read = read.or_else(|error| serde_json::from_str(key).map_err(|_| error));
    let read = read.map_err(|error| Explained::of(&error.to_string()).into_issue_of_key(path))?;
    // What reads numbers passes over the blanks around them.
    if key.trim() != key && !key_text(&read).is_ok_and(|text| text == key) {
        return Err(Issue::new(path, code::INVALID_FORMAT, "must be a key without blanks around it"));
    }
    Ok(read)
}

/// Reads the one key of an object.
fn only_key<K: DeserializeOwned>(object: Value) -> Result<K, serde_json::Error> {
    struct OnlyKey<K>(PhantomData<K>);

    impl<'de, K: Deserialize<'de>> Visitor<'de> for OnlyKey<K> {
        type Value = K;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object with one key")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<K, A::Error> {
            let entry = map.next_entry::<K, IgnoredAny>()?;
            entry.map(|(key, _)| key).ok_or_else(|| A::Error::invalid_length(0, &self))
        }
    }

    object.deserialize_map(OnlyKey(PhantomData))
}

/// The text of a key.
///
/// # Errors
///
/// When JSON has no form for it.
pub(super) fn key_text<K: Serialize + 'static>(key: &K) -> Result<Cow<'_, str>, serde_json::Error> {
    if let Some(text) = (key as &dyn Any).downcast_ref::<String>() {
        return Ok(Cow::Borrowed(text));
    }
    crate::validate::path::key_text(key).map(Cow::Owned)
}
