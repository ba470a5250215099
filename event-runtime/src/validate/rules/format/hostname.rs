//! `hostname`, and the hosts of e-mail addresses and URLs.

use std::sync::LazyLock;

use regex::Regex;

/// Whether a text is a host name: that of RFC 1123, section 2.1, of at most 253 bytes, and of RFC 5891 where it is punycode.
pub(super) fn is_hostname(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() <= 253 && is_name(bytes)
}

/// What a byte is in a host name.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Refused,
    Inner,
    Hyphen,
    Dot,
}

static PARTS: [Part; 256] = {
    let mut table = [Part::Refused; 256];
    let inner = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut index = 0;
    while index < inner.len() {
        table[inner[index] as usize] = Part::Inner;
        index += 1;
    }
    table[b'-' as usize] = Part::Hyphen;
    table[b'.' as usize] = Part::Dot;
    table
};

/// A host name that needs no closer look, at the beginning of something.
pub(super) struct Plain {
    pub(super) length: usize,
    /// Where its last label begins.
    pub(super) last_label: usize,
}

/// Finds the host name at the beginning, in one pass: at most 63 bytes, so that each label is short enough, without two hyphens
/// in a row, so that none is punycode.
#[inline]
pub(super) fn plain_host(bytes: &[u8]) -> Option<Plain> {
    let (mut before, mut last_label, mut length) = (Part::Dot, 0, 0);
    for &byte in bytes {
        let part = PARTS[usize::from(byte)];
        // Most bytes need no second look.
        if part != Part::Inner {
            match part {
                Part::Refused => break,
                _ if before != Part::Inner => return None,
                Part::Dot => last_label = length + 1,
                _ => {}
            }
        }
        before = part;
        length += 1;
    }
    (before == Part::Inner && length <= 63).then_some(Plain { length, last_label })
}

/// Labels of letters, digits and hyphens, each of 1 to 63 bytes, between dots; no hyphen at the edge of a label, and none
/// in its third and fourth place (RFC 5891, section 4.2.3.1) unless it is punycode.
pub(super) fn is_host(host: &[u8]) -> bool {
    let is_inside = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    host.split(|byte| *byte == b'.').all(|label| label.iter().all(is_inside) && is_label(label))
}

/// Whether all bytes are a host name, with punycode that is right.
#[inline]
pub(super) fn is_name(host: &[u8]) -> bool {
    plain_host(host).is_some_and(|plain| plain.length == host.len()) || is_unusual_name(host)
}

#[cold]
fn is_unusual_name(host: &[u8]) -> bool {
    is_host(host) && is_punycode_right(host)
}

/// Whether labels that say that they are punycode are it, and stand for letters, marks and digits.
fn is_punycode_right(host: &[u8]) -> bool {
    let has_punycode = host.windows(4).any(|four| four.eq_ignore_ascii_case(b"xn--"));
    !has_punycode || std::str::from_utf8(host).is_ok_and(is_international)
}

/// What IDNA 2008 (RFC 5892) allows in a domain everywhere: the URL Standard allows symbols too, and where mail is sent no
/// registry does. Characters that are allowed beside certain others only are refused.
#[cold]
fn is_international(host: &str) -> bool {
    static LETTERS: LazyLock<Regex> = LazyLock::new(|| super::super::regex(LETTER_DIGITS));
    let is_domain = matches!(::url::Host::parse(host), Ok(::url::Host::Domain(_)));
    is_domain && LETTERS.is_match(&::url::quirks::domain_to_unicode(host))
}

/// `LetterDigits` without the exceptions, the old Hangul, and the digits of Arabic, which must not be mixed.
const LETTER_DIGITS: &str = "^(?:[a-z0-9.-]|[[\\p{Ll}\\p{Lo}\\p{Lm}\\p{Mn}\\p{Mc}\\p{Nd}]\
    --[\\x{640}\\x{660}-\\x{669}\\x{6F0}-\\x{6F9}\\x{7FA}\\x{302E}\\x{302F}\\x{3031}-\\x{3035}\\x{303B}\
    \\x{1100}-\\x{11FF}\\x{A960}-\\x{A97C}\\x{D7B0}-\\x{D7FB}]])*$";

fn is_label(label: &[u8]) -> bool {
    let ([first, .., last] | [first @ last]) = label else { return false };
    let is_reserved = label.get(2..4) == Some(b"--") && !label[..2].eq_ignore_ascii_case(b"xn");
    *first != b'-' && *last != b'-' && label.len() <= 63 && !is_reserved
}

#[cfg(test)]
mod tests {
    use super::{is_host, is_hostname, plain_host};

    #[test]
    fn accepts_host_names() {
        for text in ["a", "localhost", "www.example.org", "1and1.de", "4.3.2.1", "xn--bcher-kva.de"] {
            assert!(is_hostname(text), "{text}");
        }
        assert!(is_hostname(&["a".repeat(63).as_str(); 3].join(".")));
    }

    #[test]
    fn the_quick_way_accepts_nothing_else() {
        for length in 0..=7_u32 {
            for number in 0..4_u32.pow(length) {
                let host: Vec<u8> =
                    (0..length).map(|place| b"a7-."[(number / 4_u32.pow(place) % 4) as usize]).collect();
                let is_plain = plain_host(&host).is_some_and(|plain| plain.length == host.len());
                assert!(!is_plain || is_host(&host), "{}", host.escape_ascii());
            }
        }
        let plain = plain_host(b"a-b.example:80").map(|plain| (plain.length, plain.last_label));
        assert_eq!(plain, Some((11, 4)));
    }

    #[test]
    fn refuses_what_is_no_host_name() {
        let long = ["a".repeat(63).as_str(); 4].join(".");
        for text in
            ["", ".", "a.", ".a", "a..b", "-a", "a-", "a_b", "a b", "bücher.de", "ab--c", "a:80", &long]
        {
            assert!(!is_hostname(text), "{text}");
        }
    }
}
