//! Where in a value an issue is.

use std::fmt;

/// Where in a value the validator stands: a chain on the stack, written out only when there is an issue.
///
/// Displayed as `steps[3].key`; the keys of a map as `labels["eu west"]`; the value itself as the empty string.
///
/// ```
/// use event_runtime::validate::Path;
///
/// let steps = Path::root();
/// let steps = steps.field("steps");
/// let third = steps.index(3);
/// assert_eq!(third.field("key").to_string(), "steps[3].key");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    segment: Segment<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Segment<'a> {
    Root,
    Field(&'a str),
    Index(usize),
    Key(&'a str),
}

impl<'a> Path<'a> {
    /// The value itself.
    #[must_use]
    pub const fn root() -> Self {
        Self { parent: None, segment: Segment::Root }
    }

    /// A field of the value here.
    #[must_use]
    #[inline]
    pub const fn field(&'a self, name: &'a str) -> Self {
        Self { parent: Some(self), segment: Segment::Field(name) }
    }

    /// An element of the list here, from 0.
    #[must_use]
    #[inline]
    pub const fn index(&'a self, index: usize) -> Self {
        Self { parent: Some(self), segment: Segment::Index(index) }
    }

    /// The entry of the map here.
    #[must_use]
    #[inline]
    pub const fn key(&'a self, key: &'a str) -> Self {
        Self { parent: Some(self), segment: Segment::Key(key) }
    }

    fn is_root(&self) -> bool {
        matches!(self.segment, Segment::Root)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            fmt::Display::fmt(parent, f)?;
        }
        match self.segment {
            Segment::Root => Ok(()),
            Segment::Field(name) if self.parent.is_none_or(Path::is_root) => f.write_str(name),
            Segment::Field(name) => write!(f, ".{name}"),
            Segment::Index(index) => write!(f, "[{index}]"),
            Segment::Key(key) => write!(f, "[{key:?}]"),
        }
    }
}
