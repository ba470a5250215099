//! Passing over values, however deep, without recursion.

use super::Reader;

impl<'j> Reader<'j> {
    /// Passes over the value that comes next.
    pub fn skip(&mut self) {
        let mut open = Open::default();
        loop {
            let is_opened = match self.peek() {
                Some(b'[') => self.open(b']', &mut open, false),
                Some(b'{') => self.open(b'}', &mut open, true),
                _ => {
                    self.skip_scalar();
                    false
                }
            };
            if !is_opened && !self.next_of(&mut open) {
                return;
            }
        }
    }

    /// The text of the value that comes next.
    pub(super) fn raw(&mut self) -> Option<&'j str> {
        self.peek();
        let start = self.at;
        self.skip();
        (!self.is_broken()).then(|| &self.text[start..self.at])
    }

    fn skip_scalar(&mut self) {
        match self.peek() {
            Some(b'"') => self.skip_text(),
            Some(b't') => drop(self.literal("true")),
            Some(b'f') => drop(self.literal("false")),
            Some(b'n') => drop(self.literal("null")),
            Some(b'-' | b'0'..=b'9') => drop(self.number()),
            found => self.no_value(found),
        }
    }

    /// Opens a list or an object; not one that is empty, which ends here.
    fn open(&mut self, end: u8, open: &mut Open, is_object: bool) -> bool {
        self.at += 1;
        if self.peek() == Some(end) {
            self.at += 1;
            return false;
        }
        open.push(is_object);
        if is_object {
            self.skip_key();
        }
        true
    }

    /// Whether another value comes next, after the end of one.
    fn next_of(&mut self, open: &mut Open) -> bool {
        while let Some(is_object) = open.last() {
            let (end, what, eof) = if is_object {
                (b'}', "expected `,` or `}`", "EOF while parsing an object")
            } else {
                (b']', "expected `,` or `]`", "EOF while parsing a list")
            };
            match self.peek() {
                Some(b',') => {
                    self.at += 1;
                    if self.peek() == Some(end) {
                        self.fail("trailing comma");
                    } else if is_object {
                        self.skip_key();
                    }
                    return !self.is_broken();
                }
                Some(byte) if byte == end => {
                    self.at += 1;
                    open.pop();
                }
                found => {
                    self.fail(if found.is_some() { what } else { eof });
                    return false;
                }
            }
        }
        false
    }

    fn skip_key(&mut self) {
        if self.peek() == Some(b'"') {
            self.skip_text();
            self.punctuation(b':', "expected `:`");
        } else {
            self.fail("key must be a string");
        }
    }
}

/// The lists and objects that are open, a bit each: 64 of them without an allocation.
#[derive(Default)]
struct Open {
    depth: usize,
    bits: u64,
    outer: Vec<u64>,
}

impl Open {
    fn push(&mut self, is_object: bool) {
        if self.depth > 0 && self.depth.is_multiple_of(64) {
            self.outer.push(self.bits);
        }
        self.bits = self.bits << 1 | u64::from(is_object);
        self.depth += 1;
    }

    fn last(&self) -> Option<bool> {
        (self.depth > 0).then_some(self.bits & 1 == 1)
    }

    fn pop(&mut self) {
        self.depth -= 1;
        self.bits = if self.depth > 0 && self.depth.is_multiple_of(64) {
            self.outer.pop().unwrap_or_default()
        } else {
            self.bits >> 1
        };
    }
}
