//! Formats of texts: `email`, `url`, `uuid`, `pattern`.

use std::borrow::Cow;

use regex::Regex;

use crate::validate::{Issue, Issues, Path, code};

/// What the rules about text fit. Implement it for a newtype to allow them on it.
#[diagnostic::on_unimplemented(
    message = "this rule does not fit `{Self}`: it needs a text",
    label = "this rule",
    note = "for a type of your own implement `event_runtime::validate::Text`"
)]
pub trait Text {
    /// The text; `None` when there is none.
    fn text(&self) -> Option<&str>;
}

macro_rules! text {
    ($($type:ty),*) => {$(
        impl Text for $type {
            #[inline]
            fn text(&self) -> Option<&str> {
                Some(self)
            }
        }
    )*};
}

text!(str, String, &str, Box<str>, std::rc::Rc<str>, std::sync::Arc<str>, Cow<'_, str>);

impl<T: Text> Text for Option<T> {
    #[inline]
    fn text(&self) -> Option<&str> {
        self.as_ref()?.text()
    }
}

/// Checks a text against `valid`; an issue names `format` and tells what was expected.
#[inline]
fn check<T: Text + ?Sized>(
    value: &T,
    valid: impl FnOnce(&str) -> bool,
    path: &Path<'_>,
    issues: &mut Issues,
    (format, expected): (&str, &str),
) {
    if let Some(text) = value.text()
        && !valid(text)
    {
        report(format, expected, path, issues);
    }
}

#[cold]
fn report(format: &str, expected: &str, path: &Path<'_>, issues: &mut Issues) {
    issues.push(Issue::new(path, code::INVALID_FORMAT, format!("must be {expected}")).with("format", format));
}

/// Checks that the text is an e-mail address.
#[inline]
pub fn email<T: Text + ?Sized>(value: &T, path: &Path<'_>, issues: &mut Issues) {
    check(value, is_email, path, issues, ("email", "an e-mail address, such as `ada@example.org`"));
}

/// Checks that the text is an absolute URL.
#[inline]
pub fn url<T: Text + ?Sized>(value: &T, path: &Path<'_>, issues: &mut Issues) {
    let expected = ("url", "an absolute URL, such as `https://example.org/`");
    check(value, |text| ::url::Url::parse(text).is_ok(), path, issues, expected);
}

/// Checks that the text is a UUID in its hyphenated form, the one that JSON Schema accepts.
#[inline]
pub fn uuid<T: Text + ?Sized>(value: &T, path: &Path<'_>, issues: &mut Issues) {
    let expected = ("uuid", "a UUID, such as `0195d4a5-0f5c-7c3e-8f0a-5b6a4c3d2e1f`");
    check(value, |text| text.len() == 36 && ::uuid::Uuid::try_parse(text).is_ok(), path, issues, expected);
}

/// Compiles the expression of a `pattern` rule, once.
///
/// # Panics
///
/// Never: the macro has compiled the same expression with the same crate.
#[cold]
pub fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the macro has checked the pattern")
}

/// Checks that the expression is found in the text.
#[inline]
pub fn pattern<T: Text + ?Sized>(value: &T, regex: &Regex, path: &Path<'_>, issues: &mut Issues) {
    if let Some(text) = value.text()
        && !regex.is_match(text)
    {
        report_pattern(regex.as_str(), path, issues);
    }
}

#[cold]
fn report_pattern(pattern: &str, path: &Path<'_>, issues: &mut Issues) {
    issues.push(
        Issue::new(path, code::INVALID_FORMAT, format!("must match the pattern `{pattern}`"))
            .with("format", "pattern")
            .with("pattern", pattern),
    );
}

/// A dot-atom of at most 64 bytes (RFC 5321, sections 4.1.2 and 4.5.3.1.1), `@`, and a host name (RFC 1123, section 2.1),
/// at most 254 bytes together. Quoted local parts, comments and address literals are refused.
fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    text.len() <= 254 && local.len() <= 64 && is_dot_atom(local.as_bytes()) && is_host(host.as_bytes())
}

fn is_dot_atom(local: &[u8]) -> bool {
    let mut after_dot = true;
    for &byte in local {
        match byte {
            b'.' if after_dot => return false,
            b'.' => after_dot = true,
            _ if is_atext(byte) => after_dot = false,
            _ => return false,
        }
    }
    !after_dot
}

/// RFC 5322, section 3.2.3.
const fn is_atext(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'/'
                | b'='
                | b'?'
                | b'^'
                | b'_'
                | b'`'
                | b'{'
                | b'|'
                | b'}'
                | b'~'
        )
}

fn is_host(host: &[u8]) -> bool {
    let mut label = 0;
    let mut last = b'-';
    for &byte in host {
        match byte {
            b'.' if label == 0 || last == b'-' => return false,
            b'.' => label = 0,
            b'-' if label == 0 => return false,
            b'-' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' if label < 63 => label += 1,
            _ => return false,
        }
        last = byte;
    }
    label > 0 && last != b'-'
}

#[cfg(test)]
mod tests {
    use super::is_email;

    #[test]
    fn accepts_addresses_that_mail_servers_take() {
        for text in [
            "a@b.co",
            "ada.lovelace+news@mail.example.org",
            "o'hara@localhost",
            "x@1.2.example",
            "a_b@x-y.de",
        ] {
            assert!(is_email(text), "{text}");
        }
        let longest = format!("{}@{}.org", "a".repeat(64), "b".repeat(63));
        assert!(is_email(&longest), "{longest}");
    }

    #[test]
    fn refuses_what_is_no_address() {
        for text in [
            "",
            "@",
            "a@",
            "@b.co",
            "a b@c.de",
            ".a@b.co",
            "a.@b.co",
            "a..b@c.de",
            "a@-b.co",
            "a@b-.co",
            "a@b..co",
            "a@b.co.",
            "a@b_c.de",
            "\"a b\"@c.de",
            "a@[127.0.0.1]",
            "a@b@c.de",
            "ä@b.co",
            "a@bücher.de",
            "a@b.co\n",
        ] {
            assert!(!is_email(text), "{text:?}");
        }
        assert!(!is_email(&format!("{}@b.co", "a".repeat(65))), "a local part of 65 bytes");
        assert!(!is_email(&format!("a@{}.co", "b".repeat(64))), "a label of 64 bytes");
        assert!(!is_email(&format!("a@{}", "b.".repeat(130) + "co")), "more than 254 bytes");
    }
}
