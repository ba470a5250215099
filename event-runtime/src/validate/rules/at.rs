//! Where the value under a rule stands.

use crate::validate::Path;

/// Where the value under a rule stands. Its path is made only when there is an issue.
#[derive(Debug, Clone, Copy)]
pub struct At<'p> {
    parent: &'p Path<'p>,
    field: Option<&'static str>,
}

impl<'p> At<'p> {
    /// The field of the value at `parent`.
    #[must_use]
    #[inline]
    pub const fn field(parent: &'p Path<'p>, field: &'static str) -> Self {
        Self { parent, field: Some(field) }
    }

    /// The value at `path`.
    #[must_use]
    #[inline]
    pub const fn value(path: &'p Path<'p>) -> Self {
        Self { parent: path, field: None }
    }

    /// The path.
    #[must_use]
    #[inline]
    pub const fn path(self) -> Path<'p> {
        match self.field {
            Some(field) => self.parent.field(field),
            None => *self.parent,
        }
    }
}
