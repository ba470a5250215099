//! `email`.

use super::hostname::is_name;

/// What a byte may be in the local part of an address.
#[derive(Clone, Copy, PartialEq)]
enum Local {
    Refused,
    /// RFC 5322, section 3.2.3: `atext`.
    Atext,
    Dot,
    At,
}

static LOCAL: [Local; 256] = {
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
        // Most bytes need no second look.
        if kind != Local::Atext {
            match kind {
                Local::Dot if before == Local::Atext => {}
                Local::At if before == Local::Atext => {
                    return index <= 64 && bytes.len() <= 254 && is_name(&bytes[index + 1..]);
                }
                _ => return false,
            }
        }
        before = kind;
    }
    false
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
