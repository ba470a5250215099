//! `email`.

use std::sync::LazyLock;

use regex::Regex;

/// What a byte may be in the local part of an address.
#[derive(Clone, Copy, PartialEq)]
enum Local {
    Refused,
    /// RFC 5322, section 3.2.3: `atext`.
    Atext,
    Dot,
    At,
}

const LOCAL: [Local; 256] = {
    let mut table = [Local::Refused; 256];
    let atext = b"!#$%&'*+-/=?^_`{|}~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut index = 0;
    while index < atext.len() {
        table[atext[index] as usize] = Local::Atext;
        index += 1;
    }
    table[b'.' as usize] = Local::Dot;
    table[b'@' as usize] = Local::At;
    table
};

/// A dot-atom of at most 64 bytes (RFC 5321, sections 4.1.2 and 4.5.3.1.1), `@`, and a host name (RFC 1123, section 2.1),
/// at most 254 bytes together. Quoted local parts, comments and address literals are refused.
pub(super) fn is_email(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut before = Local::Dot;
    for (index, &byte) in bytes.iter().enumerate() {
        let kind = LOCAL[usize::from(byte)];
        match kind {
            Local::Atext => {}
            Local::Dot if before == Local::Atext => {}
            Local::At if before == Local::Atext => {
                let host = &bytes[index + 1..];
                return index <= 64 && bytes.len() <= 254 && is_host(host) && is_punycode_right(host);
            }
            _ => return false,
        }
        before = kind;
    }
    false
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
    use super::is_email;

    #[test]
    fn accepts_addresses_that_mail_servers_take() {
        for text in [
            "a@b.co",
            "ada.lovelace+news@mail.example.org",
            "o'hara@localhost",
            "x@1.2.example",
            "a_b@x-y.de",
            "a@xn--bcher-kva.de",
            "a@xn--11b5bs3a9aj6g.xn--p1ai",
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
            "a@ab--c.de",
            "a@xn--9a.de",
            "a@xn--i-7iq.ws",
            "a@b.co\n",
        ] {
            assert!(!is_email(text), "{text:?}");
        }
        assert!(!is_email(&format!("{}@b.co", "a".repeat(65))), "a local part of 65 bytes");
        assert!(!is_email(&format!("a@{}.co", "b".repeat(64))), "a label of 64 bytes");
        assert!(!is_email(&format!("a@{}", "b.".repeat(130) + "co")), "more than 254 bytes");
    }
}
