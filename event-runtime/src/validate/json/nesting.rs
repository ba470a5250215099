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
        self.next(is_first, b']', "expected `,` or `]`", "EOF while parsing a list")
    }

    /// Whether there is one more of what stands between commas.
    #[inline]
    fn next(&mut self, is_first: bool, end: u8, expected: &'static str, eof: &'static str) -> bool {
        match self.peek() {
            Some(byte) if byte == end => {
                self.at += 1;
                self.levels += 1;
                return false;
            }
            Some(b',') if !is_first => {
                self.at += 1;
                return true;
            }
            Some(_) if is_first => return true,
            Some(_) => self.fail(expected),
            None => self.fail(eof),
        }
        false
    }

    /// The next key of an object, behind which its value comes; `None` at the end of the object.
    #[inline]
    pub fn next_key(&mut self, is_first: bool) -> Option<Key<'j>> {
        if !self.next(is_first, b'}', "expected `,` or `}`", "EOF while parsing an object") {
            return None;
        }
        if self.peek() != Some(b'"') {
            self.fail(if self.is_trailing_comma(b'}') { "trailing comma" } else { "key must be a string" });
            return None;
        }
        let key = self.key()?;
        self.punctuation(b':', "expected `:`").then_some(key)
    }

    /// The place of the first field of an object, whose value comes next; `None` at the end of the object.
    #[inline]
    pub(super) fn first_field(&mut self, names: &[Name]) -> Option<usize> {
        // Most texts have no blanks, and the fields in order.
        if let Some(name) = names.first()
            && self.reads(name.key)
        {
            return Some(0);
        }
        self.any_field(names, true)
    }

    /// The place of the next field of an object, which is not the first member; values of unknown keys are passed over.
    #[inline]
    pub(super) fn next_field(&mut self, names: &[Name]) -> Option<usize> {
        if self.byte() == Some(b'}') {
            self.at += 1;
            self.levels += 1;
            return None;
        }
        self.any_field(names, false)
    }

    /// Reads a comma and the key of a field, if they are what comes next.
    #[inline]
    pub(super) fn key_of(&mut self, name: &Name) -> bool {
        let at = self.at;
        if self.byte() == Some(b',') {
            self.at += 1;
            if self.reads(name.key) {
                return true;
            }
            self.at = at;
        }
        false
    }

    /// Reads these bytes, if they are what comes next.
    #[inline]
    fn reads(&mut self, bytes: &'static str) -> bool {
        let is_there = self.text.as_bytes()[self.at..].starts_with(bytes.as_bytes());
        self.at += if is_there { bytes.len() } else { 0 };
        is_there
    }

    /// The place of the next field, in any order and with any blanks.
    #[inline(never)]
    fn any_field(&mut self, names: &[Name], mut is_first: bool) -> Option<usize> {
        while let Some(key) = self.next_key(std::mem::replace(&mut is_first, false)) {
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
