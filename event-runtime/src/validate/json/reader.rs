//! The reader: a position in a text, and the issues found so far.

use crate::validate::{Issue, Issues, Path, code};

/// The most levels of lists and objects in one another that are read into values, as with `serde_json`.
pub(super) const MAX_DEPTH: usize = 127;

/// A position in a JSON text, and the issues found up to there.
///
/// Where the text is not JSON, the position jumps to its end: whatever reads then finds nothing more.
#[derive(Debug)]
pub struct Reader<'j> {
    pub(super) text: &'j str,
    pub(super) at: usize,
    /// How many more levels of lists and objects may be entered.
    levels: usize,
    issues: Issues,
    broken: Option<Broken>,
    /// The tag of the object that is being read, see [`Reader::with_tag`].
    tag: Option<Tag>,
}

/// The tag of an object: no field of it has its name.
#[derive(Debug, Clone, Copy)]
struct Tag {
    key: &'static str,
    /// How many more levels may be entered inside of the object.
    levels: usize,
    count: usize,
}

/// Where and why a text is not JSON.
#[derive(Debug)]
struct Broken {
    what: &'static str,
    at: usize,
}

/// What a JSON value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number.
    Number,
    /// A text in quotes.
    Text,
    /// `[..]`
    List,
    /// `{..}`
    Object,
}

impl Kind {
    /// The kind in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::List => "a list",
            Self::Object => "an object",
        }
    }
}

/// The name of a field, and how its key is written: `"name":`.
#[derive(Debug, Clone, Copy)]
pub struct Name {
    /// The name.
    pub name: &'static str,
    /// The key, with its quotes, its escapes and the colon.
    pub key: &'static str,
}

/// The place in a text to which a reader can go back, see [`Reader::mark`].
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    at: usize,
    levels: usize,
}

impl<'j> Reader<'j> {
    /// A reader at the beginning of a text.
    #[must_use]
    pub const fn new(text: &'j str) -> Self {
        Self { text, at: 0, levels: MAX_DEPTH, issues: Issues::new(), broken: None, tag: None }
    }

    /// Ends the reading of a whole text.
    ///
    /// # Errors
    ///
    /// That the text is not JSON, or each issue of the value.
    pub(crate) fn finish<T>(mut self, value: Option<T>) -> Result<T, Issues> {
        if self.broken.is_none() && self.peek().is_some() {
            self.fail("trailing characters");
        }
        match (self.broken, value) {
            (Some(broken), _) => Err(broken.into_issues(self.text)),
            (None, Some(value)) if self.issues.is_empty() => Ok(value),
            (None, _) => Err(self.issues),
        }
    }

    /// Whether the text turned out not to be JSON.
    #[must_use]
    pub(super) const fn is_broken(&self) -> bool {
        self.broken.is_some()
    }

    /// The issues found so far, in the order of the text.
    pub const fn issues(&mut self) -> &mut Issues {
        &mut self.issues
    }

    /// The place of the next token.
    #[must_use]
    pub const fn mark(&self) -> Mark {
        Mark { at: self.at, levels: self.levels }
    }

    /// Goes back, to read something again.
    pub const fn rewind(&mut self, mark: Mark) {
        // Nothing is there to be read again where the text is not JSON.
        if self.broken.is_none() {
            (self.at, self.levels) = (mark.at, mark.levels);
        }
    }

    /// Says that the text is not JSON, here.
    #[cold]
    pub(super) fn fail(&mut self, what: &'static str) {
        if self.broken.is_none() {
            self.broken = Some(Broken { what, at: self.at });
            self.at = self.text.len();
        }
    }

    /// The byte at the position.
    #[inline]
    pub(super) fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The first byte of the next token.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u8> {
        loop {
            match self.byte() {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                byte => return byte,
            }
        }
    }

    /// The kind of the value that comes next, by its first byte; `None` where there is no value, and the text no JSON.
    #[inline]
    pub fn kind(&mut self) -> Option<Kind> {
        Some(match self.peek() {
            Some(b'"') => Kind::Text,
            Some(b'-' | b'0'..=b'9') => Kind::Number,
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::List,
            Some(b't' | b'f') => Kind::Boolean,
            Some(b'n') => Kind::Null,
            found => {
                self.no_value(found);
                return None;
            }
        })
    }

    #[cold]
    pub(super) fn no_value(&mut self, found: Option<u8>) {
        self.fail(match found {
            None => "EOF while parsing a value",
            Some(_) if self.text[self.at..].starts_with('\u{FEFF}') => {
                "expected value, found a byte order mark"
            }
            Some(_) => "expected value",
        });
    }

    /// Reads `null`, if it is what comes next.
    #[inline]
    pub fn null(&mut self) -> bool {
        self.peek() == Some(b'n') && self.literal("null")
    }

    /// Reads a word of JSON.
    #[inline]
    pub(super) fn literal(&mut self, word: &'static str) -> bool {
        let is_there = self.text.as_bytes()[self.at..].starts_with(word.as_bytes());
        if is_there {
            self.at += word.len();
        } else {
            self.fail("expected ident");
        }
        is_there
    }

    /// Reads a punctuation mark that must come next.
    #[inline]
    pub(super) fn punctuation(&mut self, mark: u8, what: &'static str) -> bool {
        let is_there = self.peek() == Some(mark);
        if is_there {
            self.at += 1;
        } else {
            self.fail(what);
        }
        is_there
    }

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
    pub fn next_key(&mut self, is_first: bool) -> Option<super::strings::Key<'j>> {
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
            self.issues.push(Issue::new(&path.field(key), code::INVALID_TYPE, "is there twice"));
            return None;
        }
        value
    }

    /// Notes an issue of the value that comes next, and passes over it.
    #[cold]
    pub fn refuse(&mut self, issue: Issue) {
        self.issues.push(issue);
        self.skip();
    }

    /// Notes that the value that comes next is of the wrong type, and passes over it.
    #[cold]
    pub fn wrong_type(&mut self, expected: &'static str, path: &Path<'_>) {
        if let Some(kind) = self.kind() {
            self.refuse(wrong_type(expected, kind.words(), path));
        }
    }

    #[cold]
    fn too_deep(&mut self, path: &Path<'_>) {
        let message = format!("is nested too deep: JSON is read to {MAX_DEPTH} levels");
        self.refuse(Issue::new(path, code::TOO_BIG, message).with("maximum", MAX_DEPTH));
    }
}

/// The issue of a value of another type.
pub(super) fn wrong_type(expected: &'static str, found: &'static str, path: &Path<'_>) -> Issue {
    let message = format!("must be {expected}, is {found}");
    Issue::new(path, code::INVALID_TYPE, message).with("expected", expected).with("actual", found)
}

impl Broken {
    fn into_issues(self, text: &str) -> Issues {
        let before = &text.as_bytes()[..self.at];
        let line = before.split(|byte| *byte == b'\n').count();
        let begin = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        // A text that ends too early is wrong behind its last byte.
        let column = self.at - begin + usize::from(self.at < text.len());
        let message = format!("not JSON: {} at line {line} column {column}", self.what);
        let issue = Issue::new(&Path::root(), code::INVALID_JSON, message);
        issue.with("line", line).with("column", column).with("byte", self.at).into()
    }
}
