//! Texts that are put together by constant evaluation.

/// A text of at most so many bytes; what does not fit is cut off at the end of a part.
pub struct Text<const CAPACITY: usize> {
    bytes: [u8; CAPACITY],
    length: usize,
    is_cut: bool,
}

/// A text for a panic, which becomes an error of the compiler.
pub type Message = Text<4096>;

impl<const CAPACITY: usize> Text<CAPACITY> {
    /// The empty text.
    #[must_use]
    pub const fn new() -> Self {
        Self { bytes: [0; CAPACITY], length: 0, is_cut: false }
    }

    /// Appends texts.
    #[must_use]
    pub const fn add(mut self, parts: &[&str]) -> Self {
        let mut part = 0;
        while part < parts.len() {
            let text = parts[part].as_bytes();
            if self.length + text.len() > CAPACITY {
                self.is_cut = true;
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
        self.add(&[other.as_str()])
    }

    /// The text.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        let (text, _) = self.bytes.split_at(self.length);
        match std::str::from_utf8(text) {
            Ok(text) => text,
            // It is made of texts.
            Err(_) => "",
        }
    }

    /// Whether something did not fit.
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        self.is_cut
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
        panic!("{}", self.as_str())
    }
}

impl<const CAPACITY: usize> Default for Text<CAPACITY> {
    fn default() -> Self {
        Self::new()
    }
}
