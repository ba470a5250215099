//! A field that is copied or shown, whatever its type is: one that is neither `Clone` nor `Debug` cannot be a field, and that is told
//! once, where the field is read.

use std::fmt::Debug;

/// A field.
pub struct Part<'a, T>(pub &'a T);

impl<'a, T: Debug> Part<'a, T> {
    /// The field, to be shown.
    pub const fn shown(&self) -> &'a dyn Debug {
        self.0
    }
}

impl<T: Clone> Part<'_, T> {
    /// A copy of the field.
    #[inline]
    pub fn duplicate(&self) -> T {
        self.0.clone()
    }
}

/// Stands for what the type of a field lacks. [`Part`]'s own methods take precedence; these are compiled beside an error, and never
/// run.
pub trait Unfit<T> {
    /// Nothing to show.
    fn shown(&self) -> &dyn Debug {
        &()
    }

    /// No copy.
    fn duplicate(&self) -> T {
        std::process::abort()
    }
}

impl<T> Unfit<T> for Part<'_, T> {}
