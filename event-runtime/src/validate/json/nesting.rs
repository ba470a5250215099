//! Lists and objects: entering them, their elements and their members.

use super::Reader;
use super::reader::MAX_DEPTH;
use super::strings::Key;
use crate::validate::{Issue, Path, code};

/// The name of a field, and how its key is written: `"name":`.
#[derive(Debug, Clone, Copy)]
pub struct Name {
    /// The name.
    pub name: &'static str,
    /// The key, with its quotes, its escapes and the colon.
    pub key: &'static str,
}

/// The tag of an object: no field of it has its name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tag {
    key: &'static str,
    /// How many more levels may be entered inside of the object.
    levels: usize,
    count: usize,
}

impl<'j> Reader<'j> {
    /// Begins the list that must come next; otherwise notes the issue and passes over what comes.
    #[inline]
    pub fn begin_list(&mut self, path: &Path<'_>) -> bool {
        self.begin(b'[', "a list", path)
    }

    /// Begins the object that must come next; otherwise notes the issue and passes over what comes.
    #[inline]
    pub fn begin_object(&mut self, path: &Path<'_>) -> bool {
        self.begin(b'{', "an object", path)
    }

    #[inline]
    fn begin(&mut self, bracket: u8, expected: &'static str, path: &Path<'_>) -> bool {
        if self.peek() != Some(bracket) {
            self.wrong_type(expected, path);
            return false;
        }
        if self.levels == 0 {
            self.too_deep(path);
            return false;
        }
        self.levels -= 1;
        self.at += 1;
        true
    }

    /// Whether the list has one more element, which comes next then.
    #[inline]
    pub fn next_element(&mut self, is_first: bool) -> bool {
        match self.peek() {
            Some(b']') => {
                self.at += 1;
                self.levels += 1;
                return false;
            }
            Some(b',') if !is_first => {
                self.at += 1;
                if self.peek() == Some(b']') {
                    self.fail("trailing comma");
                    return false;
                }
            }
            Some(_) if is_first => {}
            found => {
                self.fail(if found.is_some() { "expected `,` or `]`" } else { "EOF while parsing a list" });
            }
        }
        !self.is_broken()
    }

    /// Whether the object has one more member, whose key comes next then.
    #[inline]
    fn next_member(&mut self, is_first: bool) -> bool {
        match self.peek() {
            Some(b'}') => {
                self.at += 1;
                self.levels += 1;
                return false;
            }
            Some(b',') if !is_first => {
                self.at += 1;
                if self.peek() == Some(b'}') {
                    self.fail("trailing comma");
                    return false;
                }
            }
            Some(_) if is_first => {}
            found => {
                self.fail(if found.is_some() {
                    "expected `,` or `}`"
                } else {
                    "EOF while parsing an object"
                });
            }
        }
        if !self.is_broken() && self.peek() != Some(b'"') {
            self.fail("key must be a string");
        }
        !self.is_broken()
    }

    /// The next key of an object, behind which its value comes; `None` at the end of the object.
    #[inline]
    pub fn next_key(&mut self, is_first: bool) -> Option<Key<'j>> {
        if !self.next_member(is_first) {
            return None;
        }
        let key = self.key()?;
        self.punctuation(b':', "expected `:`").then_some(key)
    }

    /// The place of the next key of an object among those of its fields; values of unknown keys are passed over. `None` at the
    /// end of the object.
    ///
    /// `expected` is the place of the field that comes next, if they come in order.
    #[inline]
    pub(super) fn next_field(
        &mut self,
        names: &'static [Name],
        expected: &mut usize,
        is_first: &mut bool,
    ) -> Option<usize> {
        // Most texts have no blanks, and the fields in order.
        let rest = &self.text.as_bytes()[self.at..];
        let comma = usize::from(!*is_first);
        if let Some(Name { key, .. }) = names.get(*expected)
            && (*is_first || rest.first() == Some(&b','))
            && rest[comma..].starts_with(key.as_bytes())
        {
            self.at += comma + key.len();
            *is_first = false;
            *expected += 1;
            return Some(*expected - 1);
        }
        if rest.first() == Some(&b'}') {
            self.at += 1;
            self.levels += 1;
            return None;
        }
        let place = self.any_field(names, is_first)?;
        *expected = place + 1;
        Some(place)
    }

    /// The same, in any order and with any blanks.
    #[inline(never)]
    fn any_field(&mut self, names: &[Name], is_first: &mut bool) -> Option<usize> {
        while let Some(key) = self.next_key(std::mem::replace(is_first, false)) {
            let place = key.text().and_then(|key| names.iter().position(|name| name.name == key));
            if place.is_some() {
                return place;
            }
            if let Some(tag) = &mut self.tag {
                tag.count += usize::from(tag.levels == self.levels && key.text() == Some(tag.key));
            }
            self.skip();
        }
        None
    }

    /// Reads the object that comes next, which has a tag beside its fields: once.
    pub(super) fn with_tag<T>(
        &mut self,
        key: &'static str,
        path: &Path<'_>,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let tag = Tag { key, levels: self.levels.saturating_sub(1), count: 0 };
        let outer = self.tag.replace(tag);
        let value = read(self);
        let tag = std::mem::replace(&mut self.tag, outer);
        if tag.is_some_and(|tag| tag.count > 1) && !self.is_broken() {
            self.issues().push(Issue::new(&path.field(key), code::INVALID_TYPE, "is there twice"));
            return None;
        }
        value
    }

    #[cold]
    fn too_deep(&mut self, path: &Path<'_>) {
        let message = format!("is nested too deep: JSON is read to {MAX_DEPTH} levels");
        self.refuse(Issue::new(path, code::TOO_BIG, message).with("maximum", MAX_DEPTH));
    }
}
