//! Kebab-case: the check, and the ways into and out of it.

use alloc::string::String;
use core::ops::Range;

/// The bytes of the first part of `name` that is not kebab-case, or `None`.
///
/// Kebab-case means words of `a-z` and `0-9` with single hyphens between them.
pub(crate) const fn kebab_fault(name: &str) -> Option<Range<usize>> {
    let bytes = name.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'a'..=b'z' | b'0'..=b'9' => {}
            b'-' if at > 0 && at + 1 < bytes.len() && bytes[at - 1] != b'-' => {}
            _ => return Some(at..end_of_char(bytes, at)),
        }
        at += 1;
    }
    None
}

const fn end_of_char(bytes: &[u8], start: usize) -> usize {
    let mut end = start + 1;
    while end < bytes.len() && bytes[end] & 0b1100_0000 == 0b1000_0000 {
        end += 1;
    }
    end
}

/// Turns an identifier into kebab-case.
///
/// A word begins at a capital letter, and at the last capital of a run of capitals. Digits stay with the word
/// before them. Every character other than a letter or a digit separates words.
///
/// ```
/// use event_conventions::to_kebab_case;
///
/// assert_eq!(to_kebab_case("PaymentFailed"), "payment-failed");
/// assert_eq!(to_kebab_case("HTTPServer"), "http-server");
/// assert_eq!(to_kebab_case("S3Bucket"), "s3-bucket");
/// assert_eq!(to_kebab_case("signed_up"), "signed-up");
/// ```
pub fn to_kebab_case(ident: &str) -> String {
    let ident = ident.strip_prefix("r#").unwrap_or(ident);
    let mut kebab = String::with_capacity(ident.len() + 4);
    let mut previous = '-';
    let mut chars = ident.chars().peekable();
    while let Some(char) = chars.next() {
        if char.is_alphanumeric() {
            let ends_acronym =
                previous.is_uppercase() && chars.peek().is_some_and(|next| next.is_lowercase());
            let begins_word = char.is_uppercase() && (!previous.is_uppercase() || ends_acronym);
            if (begins_word || !previous.is_alphanumeric()) && !kebab.is_empty() {
                kebab.push('-');
            }
            kebab.extend(char.to_lowercase());
        }
        previous = char;
    }
    kebab
}

/// Turns kebab-case into `PascalCase`.
///
/// ```
/// use event_conventions::to_pascal_case;
///
/// assert_eq!(to_pascal_case("payment-failed"), "PaymentFailed");
/// assert_eq!(to_pascal_case("s3-bucket"), "S3Bucket");
/// ```
pub fn to_pascal_case(kebab: &str) -> String {
    let mut pascal = String::with_capacity(kebab.len());
    for word in kebab.split('-') {
        let mut chars = word.chars();
        pascal.extend(chars.next().into_iter().flat_map(char::to_uppercase));
        pascal.push_str(chars.as_str());
    }
    pascal
}

/// Turns kebab-case into `SCREAMING_SNAKE_CASE`.
///
/// ```
/// use event_conventions::to_screaming_snake_case;
///
/// assert_eq!(to_screaming_snake_case("payment-failed"), "PAYMENT_FAILED");
/// ```
pub fn to_screaming_snake_case(kebab: &str) -> String {
    kebab.replace('-', "_").to_uppercase()
}
