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

impl<'j> Reader<'j> {
    /// Reads the text that must come next; otherwise notes the issue and passes over what comes.
    #[inline]
    pub fn text(&mut self, path: &Path<'_>) -> Option<Cow<'j, str>> {
        match self.plain_text() {
            Some(text) => Some(Cow::Borrowed(text)),
            None => self.other_text(path).map(Cow::Owned),
        }
    }

    /// Reads the text that comes next if it has no escapes, by far the most common text; nothing else is read.
    pub(super) fn plain_text(&mut self) -> Option<&'j str> {
        if self.peek() != Some(b'"') {
            return None;
        }
        let inside = self.text.get(self.at + 1..)?;
        let length = plain(inside.as_bytes());
        if inside.as_bytes().get(length) != Some(&b'"') {
            return None;
        }
        self.at += length + 2;
        inside.get(..length)
    }

    /// Reads a text with escapes, or notes that it is not one.
    #[cold]
    pub(super) fn other_text(&mut self, path: &Path<'_>) -> Option<String> {
        if self.peek() != Some(b'"') {
            self.wrong_type("a text", path);
            return None;
        }
        let text = unescape(self.escaped()?);
        if text.is_none() {
            self.issues().push(unpaired(path));
        }
        text
    }

    /// Reads the key that comes next.
    pub(super) fn key(&mut self) -> Option<Key<'j>> {
        match self.plain_text() {
            Some(text) => Some(Key(Some(Cow::Borrowed(text)))),
            None => Some(Key(unescape(self.escaped()?).map(Cow::Owned))),
        }
    }

    /// Passes over the text that comes next.
    pub(super) fn skip_text(&mut self) {
        if self.plain_text().is_none() {
            self.escaped();
        }
    }

    /// The text that comes next as it stands between its quotes, of which the first is at the position.
    #[cold]
    fn escaped(&mut self) -> Option<&'j str> {
        let (start, bytes) = (self.at + 1, self.text.as_bytes());
        let mut at = start;
        loop {
            at += plain(&bytes[at..]);
            match bytes.get(at) {
                Some(b'"') => {
                    self.at = at + 1;
                    return Some(&self.text[start..at]);
                }
                Some(b'\\') => at = self.escape(at)?,
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
    let mut rest = bytes;
    while let Some((word, after)) = rest.split_first_chunk::<8>() {
        if let Some(place) = special(*word) {
            return bytes.len() - rest.len() + place;
        }
        rest = after;
    }
    plain_at_end(bytes, rest)
}

/// The same where less than eight bytes are left, and those before them are plain.
fn plain_at_end(bytes: &[u8], rest: &[u8]) -> usize {
    match bytes.last_chunk::<8>() {
        Some(last) => bytes.len() - 8 + special(*last).unwrap_or(8),
        None => rest.iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1F)).count(),
    }
}

/// The place of the first quote, backslash or control character of eight bytes.
#[inline]
fn special(bytes: [u8; 8]) -> Option<usize> {
    const ONES: u64 = u64::MAX / 0xFF;
    let word = u64::from_le_bytes(bytes);
    // The high bit of a byte is set where it is less than what is subtracted; the lowest such bit is exact. A quote is among
    // the control characters once its second bit is flipped, and no other byte joins or leaves them.
    let control_or_quote = (word ^ (ONES * 0x02)).wrapping_sub(ONES * 0x21);
    let backslash = (word ^ (ONES * 0x5C)).wrapping_sub(ONES);
    let found = (control_or_quote | backslash) & !word & (ONES << 7);
    (found != 0).then_some((found.trailing_zeros() / 8) as usize)
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
