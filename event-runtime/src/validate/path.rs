//! Where in a value an issue is.

use std::fmt::{self, Debug, Write};

use serde::Serialize;

/// Where in a value the validator stands: a chain on the stack, written out only when there is an issue.
///
/// Displayed as `steps[3].key`; the keys of a map as `labels["eu west"]`, and so is a field whose name could be taken for more than
/// a name; the value itself as the empty string.
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
    Entry(&'a dyn Key),
}

/// The key of a map, whatever its type: written out only when there is an issue.
trait Key {
    /// The key as it stands in JSON.
    fn text(&self) -> String;
}

impl<K: Serialize> Key for K {
    #[cold]
    fn text(&self) -> String {
        // What is not a key cannot be written at all.
        key_text(self).unwrap_or_default()
    }
}

/// The key of a map as it stands in JSON.
///
/// # Errors
///
/// When it is nothing that a key can be.
pub(super) fn key_text<K: Serialize + ?Sized>(key: &K) -> Result<String, serde_json::Error> {
    // An object with this key alone: `{"7":null}`.
    let object = serde_json::to_value(Alone(key))?;
    let key = object.as_object().and_then(|object| object.keys().next().cloned());
    key.ok_or_else(|| serde::ser::Error::custom("a key of a map must be a text, a number or a boolean"))
}

struct Alone<'a, K: ?Sized>(&'a K);

impl<K: Serialize + ?Sized> Serialize for Alone<'_, K> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([(self.0, ())])
    }
}

impl Debug for dyn Key + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Debug::fmt(&self.text(), f)
    }
}

impl<'a> Path<'a> {
    /// Returns the path of the value itself.
    #[must_use]
    pub const fn root() -> Self {
        Self { parent: None, segment: Segment::Root }
    }

    /// Returns the path of a field of the value here.
    #[must_use]
    #[inline]
    pub const fn field(&'a self, name: &'a str) -> Self {
        Self { parent: Some(self), segment: Segment::Field(name) }
    }

    /// Returns the path of an element of the list here, counted from 0.
    #[must_use]
    #[inline]
    pub const fn index(&'a self, index: usize) -> Self {
        Self { parent: Some(self), segment: Segment::Index(index) }
    }

    /// Returns the path of an entry of the map here.
    #[must_use]
    #[inline]
    pub const fn key(&'a self, key: &'a str) -> Self {
        Self { parent: Some(self), segment: Segment::Key(key) }
    }

    /// The entry of the map here whose key may be of any type that JSON has keys of.
    #[must_use]
    #[inline]
    pub(crate) const fn entry<K: Serialize>(&'a self, key: &'a K) -> Self {
        Self { parent: Some(self), segment: Segment::Entry(key) }
    }
}

impl Path<'_> {
    /// As it is displayed; made without the machinery of formatting, since most issues need it.
    pub(crate) fn to_text(self) -> String {
        let mut text = String::with_capacity(24);
        self.write(&mut text);
        text
    }

    /// A path that was written out, below this one.
    pub(crate) fn join(self, below: &str) -> String {
        let mut text = self.to_text();
        if !text.is_empty() && !below.is_empty() && !below.starts_with('[') {
            text.push('.');
        }
        text.push_str(below);
        text
    }

    fn write(&self, text: &mut String) {
        if let Some(parent) = self.parent {
            parent.write(text);
        }
        match self.segment {
            Segment::Root => {}
            Segment::Field(name) if is_plain(name) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(name);
            }
            Segment::Field(name) => {
                let _ = write!(text, "[{name:?}]");
            }
            Segment::Index(index) => {
                text.push('[');
                text.push_str(itoa::Buffer::new().format(index));
                text.push(']');
            }
            Segment::Key(key) => {
                // Writing to a text cannot fail.
                let _ = write!(text, "[{key:?}]");
            }
            Segment::Entry(key) => {
                let _ = write!(text, "[{key:?}]");
            }
        }
    }
}

/// Whether the name of a field can be told from what surrounds it.
fn is_plain(name: &str) -> bool {
    let is_sign = |byte: u8| matches!(byte, b'_' | b'-' | b'$' | b'@' | b':');
    let is_letter = |char: char| !char.is_ascii() && char.is_alphanumeric();
    // Most names are ASCII, and quickly looked through as bytes.
    let is_inside = |byte: u8| byte.is_ascii_alphanumeric() || is_sign(byte) || !byte.is_ascii();
    !name.is_empty()
        && name.bytes().all(is_inside)
        && (name.is_ascii() || name.chars().all(|char| char.is_ascii() || is_letter(char)))
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}
