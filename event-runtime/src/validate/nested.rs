//! Entering nested values: lists, options and maps of types with rules.

use std::collections::{BTreeMap, HashMap};

use super::{Issues, Path, Validate};

impl<T: Validate> Validate for Option<T> {
    fn validate_into(&self, path: &Path<'_>, issues: &mut Issues) {
        if let Some(value) = self {
            value.validate_into(path, issues);
        }
    }
}

impl<T: Validate> Validate for Box<T> {
    fn validate_into(&self, path: &Path<'_>, issues: &mut Issues) {
        (**self).validate_into(path, issues);
    }
}

impl<T: Validate> Validate for Vec<T> {
    fn validate_into(&self, path: &Path<'_>, issues: &mut Issues) {
        for (index, value) in self.iter().enumerate() {
            value.validate_into(&path.index(index), issues);
        }
    }
}

impl<K: AsRef<str>, T: Validate> Validate for BTreeMap<K, T> {
    fn validate_into(&self, path: &Path<'_>, issues: &mut Issues) {
        for (key, value) in self {
            value.validate_into(&path.key(key.as_ref()), issues);
        }
    }
}

impl<K: AsRef<str>, T: Validate, S> Validate for HashMap<K, T, S> {
    fn validate_into(&self, path: &Path<'_>, issues: &mut Issues) {
        for (key, value) in self {
            value.validate_into(&path.key(key.as_ref()), issues);
        }
    }
}

/// `(&Enter(&value)).enter(..)` validates `value` if its type has rules and does nothing otherwise: method resolution
/// finds [`ViaValidate`] on `Enter` first, and only one reference further [`ViaNothing`].
#[derive(Debug)]
pub struct Enter<'a, T>(pub &'a T);

/// For types with rules.
pub trait ViaValidate {
    /// Checks the rules.
    fn enter(&self, path: &Path<'_>, issues: &mut Issues);
}

impl<T: Validate> ViaValidate for Enter<'_, T> {
    #[inline]
    fn enter(&self, path: &Path<'_>, issues: &mut Issues) {
        self.0.validate_into(path, issues);
    }
}

/// For types without.
pub trait ViaNothing {
    /// Does nothing.
    fn enter(&self, path: &Path<'_>, issues: &mut Issues);
}

impl<T> ViaNothing for &Enter<'_, T> {
    #[inline]
    fn enter(&self, _: &Path<'_>, _: &mut Issues) {}
}
