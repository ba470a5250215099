//! Sequences other than `Vec`: their elements are read strictly and diagnosed one by one, as those of a `Vec`.

use std::collections::VecDeque;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error};
use serde::ser::Serializer;
use serde_json::Value;

use super::decode::Diagnose;
use super::strict::{Strict, Written};
use super::{Issue, Issues, Path, code};

impl<T: Strict> Strict for VecDeque<T> {
    type Wire = Vec<T::Wire>;
    type Shown = Vec<T::Shown>;

    fn from_wire(wire: Self::Wire) -> Self {
        wire.into_iter().map(T::from_wire).collect()
    }

    fn write<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        serializer.collect_seq(self.iter().map(Written))
    }
}

impl<T: Strict, const N: usize> Strict for [T; N] {
    type Wire = Elements<T, N>;
    type Shown = [T::Shown; N];

    fn from_wire(wire: Self::Wire) -> Self {
        wire.0
    }

    fn write<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        serializer.collect_seq(self.iter().map(Written))
    }
}

/// The elements of an array, read strictly.
#[derive(Debug)]
pub struct Elements<T, const N: usize>([T; N]);

impl<'de, T: Strict, const N: usize> Deserialize<'de> for Elements<T, N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let elements: Vec<T> =
            Vec::<T::Wire>::deserialize(deserializer)?.into_iter().map(T::from_wire).collect();
        let wrong = |elements: Vec<T>| D::Error::custom(wrong_length(elements.len(), N));
        elements.try_into().map(Self).map_err(wrong)
    }
}

fn wrong_length(length: usize, of: usize) -> String {
    format!("invalid length {length}, expected an array of {of} elements")
}

impl<T: Diagnose, const N: usize> Diagnose for [T; N]
where
    Self: DeserializeOwned,
{
    fn diagnose(value: &Value, path: &Path<'_>, issues: &mut Issues) {
        Vec::<T>::diagnose(value, path, issues);
        if let Some(length) = value.as_array().map(Vec::len).filter(|length| *length != N) {
            issues.push(Issue::new(path, code::INVALID_TYPE, wrong_length(length, N)));
        }
    }

    fn decode(value: &Value) -> Option<Self> {
        Vec::<T>::decode(value)?.try_into().ok()
    }
}
