//! A message that is put together by constant evaluation, for panics that become errors of the compiler.

const CAPACITY: usize = 4096;

/// A text of at most 4,096 bytes; what does not fit is cut off at the end of a part.
pub struct Message {
    bytes: [u8; CAPACITY],
    length: usize,
}

impl Message {
    /// The empty text.
    #[must_use]
    pub const fn new() -> Self {
        Self { bytes: [0; CAPACITY], length: 0 }
    }

    /// Appends texts.
    #[must_use]
    pub const fn add(mut self, parts: &[&str]) -> Self {
        let mut part = 0;
        while part < parts.len() {
            let text = parts[part].as_bytes();
            if self.length + text.len() > CAPACITY {
                return self;
            }
            let mut at = 0;
            while at < text.len() {
                self.bytes[self.length] = text[at];
                self.length += 1;
                at += 1;
            }
            part += 1;
        }
        self
    }

    /// Appends another message.
    #[must_use]
    pub const fn append(self, other: &Self) -> Self {
        let (text, _) = other.bytes.split_at(other.length);
        match std::str::from_utf8(text) {
            Ok(text) => self.add(&[text]),
            Err(_) => self,
        }
    }

    /// Appends a number.
    #[must_use]
    pub const fn number(self, number: u32) -> Self {
        let mut digits = [b'0'; 10];
        let mut at = digits.len();
        let mut rest = number;
        while rest > 0 || at == digits.len() {
            at -= 1;
            digits[at] = b"0123456789"[(rest % 10) as usize];
            rest /= 10;
        }
        let (_, digits) = digits.split_at(at);
        match std::str::from_utf8(digits) {
            Ok(digits) => self.add(&[digits]),
            Err(_) => self,
        }
    }

    /// Appends a place in the source.
    #[must_use]
    pub const fn place(self, path: &str, file: &str, line: u32) -> Self {
        self.add(&["\n      `", path, "` (", file, ":"]).number(line).add(&[")"])
    }

    /// Fails the evaluation with this text, at the caller's place.
    ///
    /// # Panics
    ///
    /// Always: a panic of a constant evaluation is an error of the compiler.
    #[track_caller]
    pub const fn fail(&self) -> ! {
        let (text, _) = self.bytes.split_at(self.length);
        match std::str::from_utf8(text) {
            Ok(text) => panic!("{}", text),
            Err(_) => panic!("the declaration is wrong"),
        }
    }
}

impl Default for Message {
    fn default() -> Self {
        Self::new()
    }
}
