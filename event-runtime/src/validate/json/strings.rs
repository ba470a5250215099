//! Texts: found eight bytes at a time, and unescaped where they have escapes.

use std::borrow::Cow;

use super::Reader;
use crate::validate::{Issue, Path, code};

/// The key of an object.
#[derive(Debug)]
pub struct Key<'j>(Option<Cow<'j, str>>);

impl Key<'_> {
    /// The key; `None` for one with a surrogate alone, which no text of Rust is.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

/// A text as it stands between its quotes.
#[derive(Debug, Clone, Copy)]
struct Quoted<'j> {
    inside: &'j str,
    has_escapes: bool,
}

impl<'j> Reader<'j> {
    /// Reads the text that must come next; otherwise notes the issue and passes over what comes.
    #[inline]
    pub fn text(&mut self, path: &Path<'_>) -> Option<Cow<'j, str>> {
        if self.peek() != Some(b'"') {
            self.wrong_type("a text", path);
            return None;
        }
        let quoted = self.quoted()?;
        if !quoted.has_escapes {
            return Some(Cow::Borrowed(quoted.inside));
        }
        let text = unescape(quoted.inside);
        if text.is_none() {
            self.issues().push(unpaired(path));
        }
        text.map(Cow::Owned)
    }

    /// Reads the key that comes next.
    pub(super) fn key(&mut self) -> Option<Key<'j>> {
        let Quoted { inside, has_escapes } = self.quoted()?;
        Some(Key(if has_escapes { unescape(inside).map(Cow::Owned) } else { Some(Cow::Borrowed(inside)) }))
    }

    /// Passes over the text that comes next.
    pub(super) fn skip_text(&mut self) {
        self.quoted();
    }

    /// The text that comes next, whose quote is at the position.
    #[inline]
    fn quoted(&mut self) -> Option<Quoted<'j>> {
        let start = self.at + 1;
        let bytes = self.text.as_bytes();
        let (mut at, mut has_escapes) = (start, false);
        loop {
            at += plain(&bytes[at..]);
            match bytes.get(at) {
                Some(b'"') => {
                    self.at = at + 1;
                    return Some(Quoted { inside: &self.text[start..at], has_escapes });
                }
                Some(b'\\') => {
                    has_escapes = true;
                    at = self.escape(at)?;
                }
                found => {
                    self.at = at;
                    self.fail(if found.is_some() {
                        "control character (\\u0000-\\u001F) found while parsing a string"
                    } else {
                        "EOF while parsing a string"
                    });
                    return None;
                }
            }
        }
    }

    /// Where an escape at `at` ends.
    fn escape(&mut self, at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        match bytes.get(at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => return Some(at + 2),
            Some(b'u') => {
                let digits = bytes.get(at + 2..at + 6);
                if digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
                    return Some(at + 6);
                }
            }
            _ => {}
        }
        self.at = at;
        self.fail(if at + 2 > bytes.len() { "EOF while parsing a string" } else { "invalid escape" });
        None
    }
}

/// How many bytes at the beginning are no quote, no backslash and no control character.
#[inline]
pub(super) fn plain(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 0xFF;
    const HIGH: u64 = ONES << 7;
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, eight) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*eight);
        // A byte of a word is zero where `(word - ONES) & !word` has its high bit set; the lowest such bit is exact.
        let zero = |word: u64| word.wrapping_sub(ONES) & !word;
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        let found = (zero(word ^ (ONES * 0x22)) | zero(word ^ (ONES * 0x5C)) | control) & HIGH;
        if found != 0 {
            return index * 8 + (found.trailing_zeros() / 8) as usize;
        }
    }
    bytes.len() - rest.len() + rest.iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1F)).count()
}

/// The text that is meant, `None` when a surrogate is alone. The escapes are well formed.
fn unescape(inside: &str) -> Option<String> {
    let mut text = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        let escape = rest.as_bytes()[at + 1];
        rest = &rest[at + 2..];
        text.push(match escape {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => unicode(&mut rest)?,
            other => char::from(other),
        });
    }
    text.push_str(rest);
    Some(text)
}

/// The character of a `\u` escape, whose digits come next, or of two that are a pair.
fn unicode(rest: &mut &str) -> Option<char> {
    let high = unit(rest)?;
    let code = match high {
        0xD800..=0xDBFF => {
            *rest = rest.strip_prefix("\\u")?;
            match unit(rest)? {
                low @ 0xDC00..=0xDFFF => 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00),
                _ => return None,
            }
        }
        _ => high,
    };
    char::from_u32(code)
}

fn unit(rest: &mut &str) -> Option<u32> {
    let (digits, after) = rest.split_at_checked(4)?;
    *rest = after;
    u32::from_str_radix(digits, 16).ok()
}

/// The issue of a text that no text of Rust can be.
#[cold]
pub(super) fn unpaired(path: &Path<'_>) -> Issue {
    let message =
        "must be Unicode: an escape such as `\\ud800` is half of a pair, and the other half is missing";
    Issue::new(path, code::INVALID_FORMAT, message).with("format", "unicode")
}
