//! Types whose text is read strictly: in the one spelling that JSON Schema's `format` accepts, and not in all that their
//! serde implementation would take.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;
use std::hash::{BuildHasher, Hash};
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error, Visitor};
use serde_json::Value;

use super::decode::{Diagnose, Probe};
use super::read::{Plain, Read};
use super::{Issue, Issues, Path, code, rules};

/// A type that is written as a text in one spelling.
trait Spelled: DeserializeOwned {
    const FORMAT: &'static str;
    const EXPECTED: &'static str;

    /// The value, if the text is well spelled.
    fn read(text: &str) -> Option<Self>;
}

/// A text in the one spelling of `T`.
#[derive(Debug)]
pub struct Spelling<T>(T);

impl<'de, T: Spelled> Deserialize<'de> for Spelling<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(SpellingReader(PhantomData))
    }
}

struct SpellingReader<T>(PhantomData<T>);

impl<T: Spelled> Visitor<'_> for SpellingReader<T> {
    type Value = Spelling<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Spelling<T>, E> {
        match T::read(text) {
            Some(value) => Ok(Spelling(value)),
            None => Err(E::custom(format_args!("must be {}", T::EXPECTED))),
        }
    }
}

/// A type that is read strictly, alone or in an `Option`, a list or a map.
pub trait Strict: Sized {
    /// What is read.
    type Wire: DeserializeOwned;

    /// What was meant.
    fn from_wire(wire: Self::Wire) -> Self;
}

impl<T: Strict> Strict for Option<T> {
    type Wire = Option<T::Wire>;

    #[inline]
    fn from_wire(wire: Self::Wire) -> Self {
        wire.map(T::from_wire)
    }
}

impl<T: Strict> Strict for Vec<T> {
    type Wire = Vec<T::Wire>;

    #[inline]
    fn from_wire(wire: Self::Wire) -> Self {
        wire.into_iter().map(T::from_wire).collect()
    }
}

impl<K: DeserializeOwned + Ord, T: Strict> Strict for BTreeMap<K, T> {
    type Wire = BTreeMap<K, T::Wire>;

    fn from_wire(wire: Self::Wire) -> Self {
        wire.into_iter().map(|(key, value)| (key, T::from_wire(value))).collect()
    }
}

impl<K: DeserializeOwned + Eq + Hash, T: Strict, S: BuildHasher + Default> Strict for HashMap<K, T, S> {
    type Wire = HashMap<K, T::Wire>;

    fn from_wire(wire: Self::Wire) -> Self {
        wire.into_iter().map(|(key, value)| (key, T::from_wire(value))).collect()
    }
}

impl<T: Strict + Ord> Strict for BTreeSet<T> {
    type Wire = Vec<T::Wire>;

    fn from_wire(wire: Self::Wire) -> Self {
        wire.into_iter().map(T::from_wire).collect()
    }
}

impl<T: Strict + Eq + Hash, S: BuildHasher + Default> Strict for HashSet<T, S> {
    type Wire = Vec<T::Wire>;

    fn from_wire(wire: Self::Wire) -> Self {
        wire.into_iter().map(T::from_wire).collect()
    }
}

impl<T: Strict> Probe<T> {
    /// For types that are read strictly.
    pub const READ: Strictly<T> = Strictly(PhantomData);
}

/// Reads what stands for a value.
#[derive(Debug)]
pub struct Strictly<T>(PhantomData<T>);

impl<T: Strict> Read for Strictly<T> {
    type Value = T;
    type Wire = T::Wire;

    #[inline]
    fn meant(wire: T::Wire) -> T {
        T::from_wire(wire)
    }
}

/// For all other types.
pub trait ReadPlain<T> {
    /// Reads a value as serde reads it.
    const READ: Plain<T> = Plain(PhantomData);
}

impl<T> ReadPlain<T> for Probe<T> {}

macro_rules! spelled {
    ($type:ty, $format:literal, $expected:expr, $read:expr) => {
        impl Spelled for $type {
            const FORMAT: &'static str = $format;
            const EXPECTED: &'static str = $expected;

            #[inline]
            fn read(text: &str) -> Option<Self> {
                $read(text)
            }
        }

        impl Strict for $type {
            type Wire = Spelling<$type>;

            #[inline]
            fn from_wire(wire: Spelling<$type>) -> Self {
                wire.0
            }
        }

        impl Diagnose for $type {
            fn diagnose(value: &Value, path: &Path<'_>, issues: &mut Issues) {
                diagnose::<$type>(value, path, issues);
            }
        }
    };
}

/// Says what is wrong with a text that is not in its one spelling.
fn diagnose<T: Spelled>(value: &Value, path: &Path<'_>, issues: &mut Issues) {
    match Spelling::<T>::deserialize(value) {
        Ok(_) => {}
        Err(_) if value.is_string() => {
            let message = format!("must be {}", T::EXPECTED);
            issues.push(Issue::new(path, code::INVALID_FORMAT, message).with("format", T::FORMAT));
        }
        Err(error) => {
            issues.push(Issue::new(path, code::INVALID_TYPE, error.to_string()).with("expected", "a text"));
        }
    }
}

/// A date and time in the one spelling, as its library reads it.
#[cfg(any(feature = "jiff", feature = "chrono"))]
fn datetime<T: std::str::FromStr>(text: &str) -> Option<T> {
    if rules::is_datetime(text) { text.parse().ok() } else { None }
}

spelled!(uuid::Uuid, "uuid", rules::UUID, rules::read_uuid);
#[cfg(feature = "jiff")]
spelled!(jiff::Timestamp, "datetime", rules::DATETIME, datetime);
#[cfg(feature = "chrono")]
spelled!(chrono::DateTime<chrono::Utc>, "datetime", rules::DATETIME, datetime);
#[cfg(feature = "chrono")]
spelled!(chrono::DateTime<chrono::FixedOffset>, "datetime", rules::DATETIME, datetime);
