//! `pattern`: regular expressions; simple ones are scanned by code that the macro writes.

use regex::Regex;

use super::At;
use super::class::Class;
use super::fit::Textual;
use super::text::none_or;
use crate::validate::{Issue, Issues, code};

/// Compiles the expression of a `pattern` rule, once.
///
/// # Panics
///
/// Never: the macro has parsed the same expression with the parser of the same crate, and bounded its size.
#[cold]
#[must_use]
pub fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the macro has checked the pattern")
}

/// Checks that the expression is found in the text.
#[inline]
pub fn pattern<T: Textual + ?Sized>(
    value: &T,
    regex: &Regex,
    pattern: &'static str,
    at: At<'_>,
    issues: &mut Issues,
) {
    if !none_or(value, |text| regex.is_match(text)) {
        report(pattern, at, issues);
    }
}

/// Checks a text by the scanner that the macro has made of the expression.
#[inline]
pub fn scanned<T: Textual + ?Sized>(
    value: &T,
    scan: impl FnOnce(Scan<'_>) -> bool,
    pattern: &'static str,
    at: At<'_>,
    issues: &mut Issues,
) {
    if !none_or(value, |text| scan(Scan(Some(text.as_bytes())))) {
        report(pattern, at, issues);
    }
}

#[cold]
fn report(pattern: &'static str, at: At<'_>, issues: &mut Issues) {
    let message = ["must match the pattern `", pattern, "`"].concat();
    let issue = Issue::new(&at.path(), code::INVALID_FORMAT, message);
    issues.push(issue.with("format", "pattern").with("pattern", pattern));
}

/// What is left of a text while it is scanned; `None` once it does not match.
#[derive(Debug, Clone, Copy)]
pub struct Scan<'t>(Option<&'t [u8]>);

impl Scan<'_> {
    /// Takes as many bytes of a class as there are, at least `min` and at most `max`.
    #[must_use]
    pub fn take(self, min: usize, max: usize, class: &Class) -> Self {
        let Some(rest) = self.0 else { return self };
        let taken = class.prefix(&rest[..rest.len().min(max)]);
        Self(if taken < min { None } else { Some(&rest[taken..]) })
    }

    /// Takes this byte.
    #[must_use]
    #[inline]
    pub fn byte(self, byte: u8) -> Self {
        match self.0 {
            Some([first, rest @ ..]) if *first == byte => Self(Some(rest)),
            _ => Self(None),
        }
    }

    /// Whether the text is over.
    #[must_use]
    #[inline]
    pub fn end(self) -> bool {
        self.0.is_some_and(<[u8]>::is_empty)
    }
}

#[cfg(test)]
mod tests {
    use super::regex;

    #[test]
    fn the_largest_expressions_that_the_macro_lets_pass_compile() {
        // 10,000 by the macro's count: 5 for a class that excludes a character, 1 for a character.
        for pattern in ["^([^a]{1998})$", "^(a{9990})$", "^(([^é]{100}){19})$"] {
            assert!(!regex(pattern).is_match("b"), "{pattern}");
        }
    }
}
