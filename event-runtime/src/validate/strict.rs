//! Types that are read strictly, alone or in an `Option`, a list or a map: as something else that stands for them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasher, Hash};
use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde::ser::{Serialize, Serializer};

use super::decode::Probe;
use super::field::By;
use super::read::{Plain, Read};

/// A type that is read strictly, alone or in an `Option`, a list or a map.
pub trait Strict: Sized {
    /// What is read.
    type Wire: DeserializeOwned;

    /// What the JSON Schema is of.
    type Shown;

    /// What was meant.
    fn from_wire(wire: Self::Wire) -> Self;

    /// Writes it as it is read.
    ///
    /// # Errors
    ///
    /// When it cannot be written so.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// A value that is written as it is read.
#[derive(Debug)]
pub struct Written<'a, T>(pub(super) &'a T);

impl<T: Strict> Serialize for Written<'_, T> {
    #[inline]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

impl<T: Strict> Strict for Option<T> {
    type Wire = Option<T::Wire>;
    type Shown = Option<T::Shown>;

    #[inline]
    fn from_wire(wire: Self::Wire) -> Self {
        wire.map(T::from_wire)
    }

    #[inline]
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_ref().map(Written).serialize(serializer)
    }
}

impl<T: Strict> Strict for Vec<T> {
    type Wire = Vec<T::Wire>;
    type Shown = Vec<T::Shown>;

    #[inline]
    fn from_wire(wire: Self::Wire) -> Self {
        wire.into_iter().map(T::from_wire).collect()
    }

    fn write<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        serializer.collect_seq(self.iter().map(Written))
    }
}

impl<K: Serialize + DeserializeOwned + Ord, T: Strict> Strict for BTreeMap<K, T> {
    type Wire = BTreeMap<K, T::Wire>;
    type Shown = BTreeMap<K, T::Shown>;

    fn from_wire(wire: Self::Wire) -> Self {
        wire.into_iter().map(|(key, value)| (key, T::from_wire(value))).collect()
    }

    fn write<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        serializer.collect_map(self.iter().map(|(key, value)| (key, Written(value))))
    }
}

impl<K: Serialize + DeserializeOwned + Eq + Hash, T: Strict, S: BuildHasher + Default> Strict
    for HashMap<K, T, S>
{
    type Wire = HashMap<K, T::Wire>;
    type Shown = HashMap<K, T::Shown>;

    fn from_wire(wire: Self::Wire) -> Self {
        wire.into_iter().map(|(key, value)| (key, T::from_wire(value))).collect()
    }

    fn write<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        serializer.collect_map(self.iter().map(|(key, value)| (key, Written(value))))
    }
}

impl<T: Strict + Ord> Strict for BTreeSet<T> {
    type Wire = Vec<T::Wire>;
    type Shown = Vec<T::Shown>;

    fn from_wire(wire: Self::Wire) -> Self {
        wire.into_iter().map(T::from_wire).collect()
    }

    fn write<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        serializer.collect_seq(self.iter().map(Written))
    }
}

impl<T: Strict + Eq + Hash, S: BuildHasher + Default> Strict for HashSet<T, S> {
    type Wire = Vec<T::Wire>;
    type Shown = Vec<T::Shown>;

    fn from_wire(wire: Self::Wire) -> Self {
        wire.into_iter().map(T::from_wire).collect()
    }

    fn write<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        serializer.collect_seq(self.iter().map(Written))
    }
}

impl<T: Strict> Probe<T> {
    /// For types that are read strictly.
    pub const READ: Strictly<T> = Strictly(PhantomData);
    /// What describes them.
    pub const SCHEMA: By<T::Shown> = By(PhantomData);

    /// What is written.
    #[inline]
    pub const fn written(value: &T) -> Written<'_, T> {
        Written(value)
    }
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
    /// The type describes itself.
    const SCHEMA: By<T> = By(PhantomData);

    /// What is written: the value, as serde writes it.
    #[inline]
    fn written(value: &T) -> &T {
        value
    }
}

impl<T> ReadPlain<T> for Probe<T> {}
