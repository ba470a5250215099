//! The keys of maps: JSON knows texts alone, so that a number, a UUID or a value of an enum stands in one.

use std::any::Any;
use std::borrow::Cow;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::spelled;
use super::through_serde::Explained;
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
        if read.is_none() {
            return Err(Issue::new(path, code::INVALID_FORMAT, format!("must be a key that is {expected}")));
        }
    } else {
        // As `serde_json` does: a number or a boolean is read from the text of the key.
        let object = Value::Object(Map::from_iter([(key.to_owned(), Value::Null)]));
        let keys = Alone::<K>::read(object);
        // A payload, such as a struct around a number, is read from the key as it stands.
        let keys = keys.or_else(|error| serde_json::from_str(key).map_err(|_| error));
        read = Some(keys.map_err(|error| Explained::of(&error.to_string()).into_issue_of_key(path))?);
        // What reads numbers passes over the blanks around them.
        if key.trim() != key
            && read.as_ref().and_then(|read| key_text(read).ok()).is_none_or(|text| text != key)
        {
            return Err(Issue::new(path, code::INVALID_FORMAT, "must be a key without blanks around it"));
        }
    }
    read.ok_or_else(|| Issue::new(path, code::INVALID_TYPE, "is no key of this map"))
}

/// An object with one key.
struct Alone<K>(K);

impl<K: DeserializeOwned> Alone<K> {
    fn read(object: Value) -> Result<K, serde_json::Error> {
        struct OneKey<K>(std::marker::PhantomData<K>);

        impl<'de, K: serde::Deserialize<'de>> serde::de::Visitor<'de> for OneKey<K> {
            type Value = K;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a key")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<K, A::Error> {
                let entry = map.next_entry::<K, serde::de::IgnoredAny>()?;
                entry.map(|(key, _)| key).ok_or_else(|| serde::de::Error::custom("is no key of this map"))
            }
        }

        serde::Deserializer::deserialize_map(object, OneKey(std::marker::PhantomData))
    }
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
