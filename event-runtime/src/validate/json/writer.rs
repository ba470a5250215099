//! The writer: JSON text, and whether it carries the value.

use std::fmt::Write;
use std::io;

use serde::Serialize;
use serde_json::value::RawValue;

use super::Json;
use super::nesting::Name;
use super::strings::plain;
use crate::validate::carried::{carried, not_written, some_is_null};
use crate::validate::{Issue, Issues, Path, code};

/// The JSON text of a value, as far as it is written.
#[derive(Debug, Default)]
pub struct Writer {
    text: String,
    /// Whether there is something that the text does not carry.
    is_lossy: bool,
    /// Where the writer is, and what the text does not carry: known to a writer that looks for it.
    trace: Option<Trace>,
}

/// The way to the value that is written, and the issues found.
#[derive(Debug, Default)]
struct Trace {
    way: Vec<Step>,
    issues: Issues,
}

/// A step on the way to a value.
#[derive(Debug)]
enum Step {
    Field(&'static str),
    Index(usize),
    Key(String),
}

impl Writer {
    /// The room for a text when its writing begins, in bytes: most payloads need no more, and allocators have it at hand.
    const ROOM: usize = 1_000;

    /// Writes a value.
    ///
    /// # Errors
    ///
    /// What the text would not carry, each with its path below `path`.
    pub(crate) fn write<T: Json>(value: &T, path: &Path<'_>) -> Result<String, Issues> {
        let mut writer = Self { text: String::with_capacity(Self::ROOM), ..Self::default() };
        value.write(&mut writer);
        if writer.is_lossy { Err(lost(value, path)) } else { Ok(writer.text) }
    }

    /// Writes what is JSON already.
    #[inline]
    pub(super) fn push(&mut self, json: &str) {
        self.text.push_str(json);
    }

    /// Writes `null`.
    pub fn null(&mut self) {
        self.push("null");
    }

    /// Writes a text, with the escapes that JSON wants.
    #[inline]
    pub fn text(&mut self, text: &str) {
        if plain(text.as_bytes()) == text.len() {
            self.plain_text(text);
        } else {
            self.text_with_escapes(text);
        }
    }

    #[inline(never)]
    fn text_with_escapes(&mut self, text: &str) {
        self.text.push('"');
        let mut rest = text;
        loop {
            let (plain, special) = rest.split_at(plain(rest.as_bytes()));
            self.text.push_str(plain);
            let Some(byte) = special.as_bytes().first() else { break };
            self.escape(*byte);
            rest = &special[1..];
        }
        self.text.push('"');
    }

    /// Writes a text that needs no escapes.
    #[inline]
    pub(super) fn plain_text(&mut self, text: &str) {
        self.text.reserve(text.len() + 3);
        self.text.push('"');
        self.text.push_str(text);
        self.text.push('"');
    }

    fn escape(&mut self, byte: u8) {
        match byte {
            b'"' => self.push("\\\""),
            b'\\' => self.push("\\\\"),
            b'\n' => self.push("\\n"),
            b'\r' => self.push("\\r"),
            b'\t' => self.push("\\t"),
            0x08 => self.push("\\b"),
            0x0C => self.push("\\f"),
            control => {
                // Writing to a text cannot fail.
                let _ = write!(self.text, "\\u{control:04x}");
            }
        }
    }

    /// Writes the elements of a list.
    pub fn list<'v, T: Json>(&mut self, elements: impl IntoIterator<Item = &'v T>) {
        self.text.push('[');
        for (index, element) in elements.into_iter().enumerate() {
            self.element(index, element);
        }
        self.text.push(']');
    }

    /// Writes an element of a list, whose brackets are [`bracket`](Self::bracket)s.
    pub(super) fn element<T: Json>(&mut self, index: usize, element: &T) {
        if index > 0 {
            self.text.push(',');
        }
        self.step(Step::Index(index), |writer| element.write(writer));
    }

    /// Writes a bracket or a brace.
    #[inline]
    pub fn bracket(&mut self, bracket: char) {
        debug_assert!(matches!(bracket, '{' | '}' | '[' | ']'));
        self.text.push(bracket);
    }

    /// Writes a member of an object whose key needs no escapes: the name of a field.
    #[inline]
    pub fn field(&mut self, name: &'static str, write: impl FnOnce(&mut Self)) {
        self.comma();
        self.text(name);
        self.text.push(':');
        self.step(Step::Field(name), write);
    }

    /// Writes the field of an object.
    #[inline]
    pub(super) fn member(&mut self, name: Name, write: impl FnOnce(&mut Self)) {
        self.comma();
        self.push(name.key);
        self.step(Step::Field(name.name), write);
    }

    /// Writes the members of an object, as `write` writes it whole, beside those that are there.
    pub(super) fn members(&mut self, write: impl FnOnce(&mut Self)) {
        let start = self.text.len();
        write(self);
        if !self.text[start..].starts_with('{') || self.text.pop() != Some('}') {
            return self.lose(|path| Issue::new(path, code::INVALID_TYPE, "was not written as an object"));
        }
        if self.text.len() == start + 1 {
            self.text.truncate(start);
        } else {
            self.text.replace_range(start..=start, ",");
        }
    }

    /// Writes an entry of a map.
    pub(super) fn entry(&mut self, key: &str, write: impl FnOnce(&mut Self)) {
        self.comma();
        self.text(key);
        self.text.push(':');
        if self.trace.is_some() {
            self.step(Step::Key(key.to_owned()), write);
        } else {
            write(self);
        }
    }

    /// Writes the comma before a member that is not the first.
    #[inline]
    fn comma(&mut self) {
        if !self.text.ends_with('{') {
            self.text.push(',');
        }
    }

    /// Writes what stands a step further.
    #[inline]
    fn step(&mut self, step: Step, write: impl FnOnce(&mut Self)) {
        let Some(trace) = &mut self.trace else { return write(self) };
        trace.way.push(step);
        write(self);
        self.trace.as_mut().map(|trace| trace.way.pop());
    }

    /// Writes a value that serde writes, and never as `null`.
    pub(super) fn scalar<T: Serialize + ?Sized>(&mut self, value: &T) {
        if let Err(error) = serde_json::to_writer(Utf8(&mut self.text), value) {
            self.lose(|path| not_written(path, &error));
        }
    }

    /// Writes a value that serde alone knows how to write.
    pub fn through_serde<T: Serialize + ?Sized>(&mut self, value: &T) {
        let before = self.text.len();
        self.scalar(value);
        // Most values have no `null`: they are not looked at a second time.
        if self.text[before..].contains("null") {
            self.note(|path, issues| carried(value, path, issues));
        }
    }

    /// Writes what is inside an `Option` and must not look like `None`.
    pub(super) fn some<T: Json>(&mut self, value: &T) {
        let before = self.text.len();
        value.write(self);
        if &self.text[before..] == "null" && !self.is_lossy {
            self.note(|path, issues| issues.push(some_is_null(path)));
        }
    }

    /// Writes `null` for what JSON has no form for.
    #[cold]
    pub(super) fn lose(&mut self, issue: impl FnOnce(&Path<'_>) -> Issue) {
        self.null();
        self.note(|path, issues| issues.push(issue(path)));
    }

    /// Notes what the text does not carry of the value here.
    #[cold]
    fn note(&mut self, find: impl FnOnce(&Path<'_>, &mut Issues)) {
        let mut untraced = Trace::default();
        let Trace { way, issues } = self.trace.as_mut().unwrap_or(&mut untraced);
        let before = issues.len();
        let mut find = Some(find);
        follow(way, &Path::root(), &mut |path| {
            if let Some(find) = find.take() {
                find(path, issues);
            }
        });
        self.is_lossy |= issues.len() > before;
    }
}

/// Calls `then` with the path that a way leads along.
fn follow(way: &[Step], path: &Path<'_>, then: &mut dyn FnMut(&Path<'_>)) {
    match way.split_first() {
        None => then(path),
        Some((Step::Field(name), rest)) => follow(rest, &path.field(name), then),
        Some((Step::Index(index), rest)) => follow(rest, &path.index(*index), then),
        Some((Step::Key(key), rest)) => follow(rest, &path.key(key), then),
    }
}

/// What the JSON text of a value does not carry: it is written once more, by a writer that knows its way.
#[cold]
fn lost<T: Json>(value: &T, path: &Path<'_>) -> Issues {
    let mut writer = Writer { trace: Some(Trace::default()), ..Writer::default() };
    value.write(&mut writer);
    let found = writer.trace.map(|trace| trace.issues).unwrap_or_default();
    let mut issues = Issues::new();
    for issue in found {
        issues.push(Issue { path: path.join(&issue.path), ..issue });
    }
    issues
}

/// Writes a payload. What JSON would not carry is added to the issues, unless one is there of its path.
pub(crate) fn encode_payload<T: Json>(
    value: &T,
    path: &Path<'_>,
    issues: &mut Issues,
) -> Option<Box<RawValue>> {
    match Writer::write(value, path) {
        Ok(text) => {
            let raw = RawValue::from_string(text).map_err(|error| error.to_string());
            raw.map_err(|error| issues.push(Issue::new(path, code::INVALID_TYPE, error))).ok()
        }
        Err(lost) => {
            for issue in lost {
                // A rule of the field may have found it already.
                if issues.iter().all(|found| found.path != issue.path) {
                    issues.push(issue);
                }
            }
            None
        }
    }
}

/// A text as a place to write to, for whoever writes bytes: they are UTF-8.
struct Utf8<'t>(&'t mut String);

impl io::Write for Utf8<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.push_str(std::str::from_utf8(bytes).map_err(io::Error::other)?);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
