//! The nearest of several names, for "did you mean" in errors of the compiler.

use event_conventions::{distance, is_near};

/// The greatest edit distance at which one name is still taken for another.
const FARTHEST: usize = 3;

/// A search for the name that was meant by another one. Each name stands for a value.
#[derive(Clone, Copy)]
pub(crate) struct Nearest<'n, T> {
    written: &'n str,
    distance: usize,
    found: Option<T>,
}

impl<'n, T: Copy> Nearest<'n, T> {
    /// Begins a search for what was meant by the name that was written.
    pub(crate) const fn to(written: &'n str) -> Self {
        Self { written, distance: usize::MAX, found: None }
    }

    /// Keeps this name if it is nearer than those before it.
    pub(crate) const fn or(self, name: &str, value: T) -> Self {
        // The distance is at least the difference in length, which is cheaper to tell.
        if name.len().abs_diff(self.written.len()) > FARTHEST {
            return self;
        }
        let distance = distance(self.written, name);
        if distance < self.distance && is_near(self.written, distance) {
            Self { distance, found: Some(value), ..self }
        } else {
            self
        }
    }

    /// The value of the nearest name, if any is near enough to be meant.
    pub(crate) const fn found(self) -> Option<T> {
        self.found
    }
}
