//! `hostname`, and the hosts of e-mail addresses and URLs.

use std::sync::LazyLock;

use regex::Regex;

/// Whether a text is a host name: that of RFC 1123, section 2.1, of at most 253 bytes, and of RFC 5891 where it is punycode.
pub(super) fn is_hostname(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() <= 253 && is_host(bytes) && is_punycode_right(bytes)
}

/// Labels of letters, digits and hyphens, each of 1 to 63 bytes, between dots; no hyphen at the edge of a label, and none
/// in its third and fourth place (RFC 5891, section 4.2.3.1) unless it is punycode.
pub(super) fn is_host(host: &[u8]) -> bool {
    let mut start = 0;
    for (index, &byte) in host.iter().enumerate() {
        if byte == b'.' {
            if !is_label(&host[start..index]) {
                return false;
            }
            start = index + 1;
        } else if !(byte.is_ascii_alphanumeric() || byte == b'-') {
            return false;
        }
    }
    is_label(&host[start..])
}

/// Whether labels that say that they are punycode are it, and stand for letters, marks and digits.
pub(super) fn is_punycode_right(host: &[u8]) -> bool {
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
    use super::is_hostname;

    #[test]
    fn accepts_host_names() {
        for text in ["a", "localhost", "www.example.org", "1and1.de", "4.3.2.1", "xn--bcher-kva.de"] {
            assert!(is_hostname(text), "{text}");
        }
        assert!(is_hostname(&["a".repeat(63).as_str(); 3].join(".")));
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
