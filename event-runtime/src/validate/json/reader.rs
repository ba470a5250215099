//! The reader: a position in a text, and the issues found so far.

use super::nesting::Tag;
use super::wrong::WrongMember;
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
    pub(super) levels: usize,
    issues: Issues,
    broken: Option<Broken>,
    /// The issues of the fields of objects that are still being read.
    pub(super) wrong: Vec<WrongMember>,
    /// The tag of the object that is being read, see [`Reader::with_tag`].
    pub(super) tag: Option<Tag>,
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
        Self {
            text,
            at: 0,
            levels: MAX_DEPTH,
            issues: Issues::new(),
            broken: None,
            wrong: Vec::new(),
            tag: None,
        }
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
            (None, None) if self.issues.is_empty() => {
                let message = "was refused without a reason: please report this as a bug of event-runtime";
                Err(Issue::new(&Path::root(), code::INVALID_TYPE, message).into())
            }
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
        match self.byte() {
            Some(0..=b' ') => self.peek_behind_blanks(),
            byte => byte,
        }
    }

    #[inline(never)]
    fn peek_behind_blanks(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.byte() {
            self.at += 1;
        }
        self.byte()
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
            Some(_) if self.is_trailing_comma(b']') => "trailing comma",
            Some(_) if self.text[self.at..].starts_with('\u{FEFF}') => {
                "expected value, found a byte order mark"
            }
            Some(_) => "expected value",
        });
    }

    /// Whether the end of a list or an object comes next, behind a comma.
    #[cold]
    pub(super) fn is_trailing_comma(&self, end: u8) -> bool {
        self.byte() == Some(end) && self.text[..self.at].trim_ascii_end().ends_with(',')
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
