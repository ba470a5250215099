//! Pages of lists, and the places between them.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::Deref;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{EventInfo, RunInfo};

/// One page of a list. It dereferences to its items.
///
/// In JSON: `{ "items": [..], "next": ".." }`, and `"next": null` on the last page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// The cursor of the next page; `None` on the last one.
    pub next: Option<Cursor<T>>,
}

impl<T> Page<T> {
    /// Makes a page of at most `limit` items, of which one more was looked up, to see whether there are more. `looked_up_to` is the
    /// last item that was looked at, unless all were.
    pub(crate) fn new(mut found: Vec<(i64, T)>, limit: usize, looked_up_to: Option<i64>) -> Self {
        let has_more = found.len() > limit;
        found.truncate(limit);
        let last = found.last().filter(|_| has_more).map(|(key, _)| *key);
        let next = last.or(looked_up_to).map(Cursor::new);
        Self { items: found.into_iter().map(|(_, item)| item).collect(), next }
    }
}

impl<T> Deref for Page<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<T> IntoIterator for Page<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Page<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<T: Serialize + Listed> Serialize for Page<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;
        let mut page = serializer.serialize_struct("Page", 2)?;
        page.serialize_field("items", &self.items)?;
        page.serialize_field("next", &self.next)?;
        page.end()
    }
}

/// A position in a list of `T`, between two items. It is stable: neither new items nor removed ones move the pages behind it.
///
/// Its text is opaque: return it unchanged.
///
/// ```
/// use event_runtime::inspect::{Cursor, RunInfo};
///
/// let cursor: Cursor<RunInfo> = "r1f".parse()?;
/// assert_eq!(cursor.to_string(), "r1f");
/// let error = "1f".parse::<Cursor<RunInfo>>().unwrap_err();
/// assert_eq!(error.to_string(), "`1f` is no place in a list of runs: give the `next` of a page as it was");
/// # Ok::<(), event_runtime::inspect::ParseCursorError>(())
/// ```
pub struct Cursor<T> {
    key: i64,
    items: PhantomData<fn() -> T>,
}

impl<T> Cursor<T> {
    pub(crate) const fn new(key: i64) -> Self {
        Self { key, items: PhantomData }
    }

    /// The number of the last item before it.
    pub(crate) const fn key(self) -> i64 {
        self.key
    }
}

// Written out, since derives would demand the same traits of the items.
impl<T> Clone for Cursor<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Cursor<T> {}

impl<T> PartialEq for Cursor<T> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl<T> Eq for Cursor<T> {}

impl<T> Hash for Cursor<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

impl<T> fmt::Debug for Cursor<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Cursor").field(&self.key).finish()
    }
}

/// The items of lists: [`RunInfo`] and [`EventInfo`]. Sealed.
pub trait Listed: sealed::Sealed {
    /// Begins each place in such a list.
    #[doc(hidden)]
    const MARK: char;
    /// What the list is of, in words.
    #[doc(hidden)]
    const ITEMS: &'static str;
}

mod sealed {
    pub trait Sealed {}
}

impl sealed::Sealed for RunInfo {}
impl Listed for RunInfo {
    const MARK: char = 'r';
    const ITEMS: &'static str = "runs";
}

impl sealed::Sealed for EventInfo {}
impl Listed for EventInfo {
    const MARK: char = 'e';
    const ITEMS: &'static str = "events";
}

impl<T: Listed> fmt::Display for Cursor<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:x}", T::MARK, self.key)
    }
}

impl<T: Listed> FromStr for Cursor<T> {
    type Err = ParseCursorError;

    fn from_str(text: &str) -> Result<Self, ParseCursorError> {
        let digits = text.strip_prefix(T::MARK).filter(|digits| !digits.starts_with('+'));
        match digits.and_then(|digits| i64::from_str_radix(digits, 16).ok()).filter(|key| *key >= 0) {
            Some(key) => Ok(Self::new(key)),
            None => Err(ParseCursorError { text: text.chars().take(80).collect(), items: T::ITEMS }),
        }
    }
}

impl<T: Listed> Serialize for Cursor<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, T: Listed> Deserialize<'de> for Cursor<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The error of a text that is not a [`Cursor`] of this list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ParseCursorError {
    text: String,
    items: &'static str,
}

impl fmt::Display for ParseCursorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text, items } = self;
        write!(f, "`{text}` is no place in a list of {items}: give the `next` of a page as it was")
    }
}

impl std::error::Error for ParseCursorError {}
