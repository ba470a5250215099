//! `url` and `uri_reference`.

use super::hostname::plain_host;
use crate::validate::rules::class::Class;

/// Whether a text is an absolute URL: an RFC 3986 URI that the URL Standard parses.
pub(super) fn is_url(text: &str) -> bool {
    is_plain_http(text) || (is_uri(text.as_bytes()) && ::url::Url::parse(text).is_ok())
}

/// What may stand after the authority of a URL besides `#` and what is percent-encoded: `pchar` (RFC 3986, section 3.3), `/`
/// and `?`.
static REST: Class = Class::of(&[
    (b'!', b'!'),
    (b'$', b'$'),
    (b'&', b';'),
    (b'=', b'='),
    (b'?', b'Z'),
    (b'_', b'_'),
    (b'a', b'z'),
    (b'~', b'~'),
]);

/// The quick way for most URLs: a host name that is neither a number nor punycode, and nothing percent-encoded.
fn is_plain_http(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else {
        return false;
    };
    let bytes = rest.as_bytes();
    let Some(host) = plain_host(bytes) else { return false };
    // The URL Standard looks more closely at a host that ends in a number.
    if bytes[host.last_label].is_ascii_digit() {
        return false;
    }
    match &bytes[host.length..] {
        [] => true,
        rest @ [b'/' | b'?' | b'#', ..] => is_plain(rest),
        _ => false,
    }
}

fn is_plain(rest: &[u8]) -> bool {
    let before = REST.prefix(rest);
    match &rest[before..] {
        [] => true,
        [b'#', fragment @ ..] => REST.prefix(fragment) == fragment.len(),
        _ => false,
    }
}

/// Whether the bytes are those of a URI (RFC 3986): what the URL Standard would repair is refused.
#[cold]
fn is_uri(bytes: &[u8]) -> bool {
    scheme(bytes).is_some() && is_reference(bytes)
}

/// Whether a text is a URI or a reference relative to one (RFC 3986, section 4.1).
pub(super) fn is_uri_reference(text: &str) -> bool {
    is_reference(text.as_bytes())
}

fn is_reference(bytes: &[u8]) -> bool {
    let rest = match scheme(bytes) {
        Some(scheme) => &bytes[scheme.len() + 1..],
        // What looks like a scheme must be one.
        None if first_segment(bytes).contains(&b':') => return false,
        None => bytes,
    };
    let (authority, path) = match rest.strip_prefix(b"//") {
        Some(rest) => rest.split_at(rest.iter().position(|byte| b"/?#".contains(byte)).unwrap_or(rest.len())),
        None => (&[][..], rest),
    };
    let fragments = path.split(|byte| *byte == b'#').count() - 1;
    is_authority(authority) && fragments <= 1 && are_allowed(path)
}

/// The scheme of a URI (RFC 3986, section 3.1).
fn scheme(bytes: &[u8]) -> Option<&[u8]> {
    let scheme = &bytes[..bytes.iter().position(|byte| *byte == b':')?];
    let is_inside = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
    (scheme.first()?.is_ascii_alphabetic() && scheme.iter().all(is_inside)).then_some(scheme)
}

fn first_segment(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.iter().position(|byte| b"/?#".contains(byte)).unwrap_or(bytes.len())]
}

/// Whether a URL has one of these schemes, which are in lower case.
pub(super) fn has_scheme(url: &str, schemes: &[&str]) -> bool {
    let has = |scheme: &[u8]| schemes.iter().any(|one| scheme.eq_ignore_ascii_case(one.as_bytes()));
    scheme(url.as_bytes()).is_some_and(has)
}

/// The first character of a text that keeps it from being a URI.
pub(super) struct Wrong {
    pub(super) char: char,
    /// Its place, from 1.
    pub(super) position: usize,
    pub(super) help: String,
}

/// Finds the character that a URI or a reference must not have where it stands; none when something else is wrong.
#[cold]
pub(super) fn wrong_character(text: &str) -> Option<Wrong> {
    let host = host(text);
    let mut hashes = 0;
    for (position, (index, char)) in text.char_indices().enumerate() {
        hashes += usize::from(char == '#');
        let is_bracket = matches!(char, '[' | ']') && host.contains(&index);
        let is_allowed = match char {
            '%' => are_allowed(text.as_bytes()[index..].get(..3).unwrap_or(b"%")),
            '#' => hashes == 1,
            _ => is_bracket || (char.is_ascii() && are_allowed(&[char as u8])),
        };
        if !is_allowed {
            let is_name = !char.is_ascii() && host.contains(&index);
            let help = match char {
                '%' => "is followed by two hexadecimal digits, or written `%25`".to_owned(),
                _ if is_name => "is written in punycode in a host".to_owned(),
                _ => format!("is written `{}`", encoded(char)),
            };
            return Some(Wrong { char, position: position + 1, help });
        }
    }
    None
}

/// Where the host of a URI stands.
fn host(text: &str) -> std::ops::Range<usize> {
    let Some(start) = text.find("//").filter(|start| !text[..*start].contains(['/', '?', '#'])) else {
        return 0..0;
    };
    let start = start + 2;
    let end = text[start..].find(['/', '?', '#']).map_or(text.len(), |end| start + end);
    let user = text[start..end].rfind('@').map_or(0, |at| at + 1);
    start + user..end
}

fn encoded(char: char) -> String {
    let text = char.to_string();
    text.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat()
}

/// Says what the URL Standard finds wrong with a URI.
#[cold]
pub(super) fn refusal(text: &str) -> Option<String> {
    scheme(text.as_bytes())?;
    ::url::Url::parse(text).err().map(|error| error.to_string())
}

/// RFC 3986, section 3.2: `[ userinfo "@" ] host [ ":" port ]`, the host a name or an address in brackets.
fn is_authority(authority: &[u8]) -> bool {
    let at = authority.iter().position(|byte| *byte == b'@');
    let (user, host) = at.map_or((&[][..], authority), |at| (&authority[..at], &authority[at + 1..]));
    let (host, port) = match host.first() {
        Some(b'[') => match host.iter().position(|byte| *byte == b']') {
            Some(end) if is_address(&host[1..end]) => (&[][..], &host[end + 1..]),
            _ => return false,
        },
        _ => host.split_at(host.iter().position(|byte| *byte == b':').unwrap_or(host.len())),
    };
    let is_port = match port {
        [] => true,
        [b':', digits @ ..] => digits.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    is_port && are_allowed(user) && are_allowed(host) && !host.contains(&b'@')
}

/// Whether the bytes are those of an IPv6 address, or of one of a version to come.
fn is_address(bytes: &[u8]) -> bool {
    if let [b'v' | b'V', future @ ..] = bytes {
        let dot = future.iter().position(|byte| *byte == b'.').unwrap_or(0);
        let (version, address) = future.split_at(dot);
        let is_version = !version.is_empty() && version.iter().all(u8::is_ascii_hexdigit);
        let is_inside = |byte: &u8| !b"/?@%".contains(byte) && REST.has(*byte);
        return is_version && address.len() > 1 && address[1..].iter().all(is_inside);
    }
    std::str::from_utf8(bytes).is_ok_and(|text| text.parse::<std::net::Ipv6Addr>().is_ok())
}

/// Whether all bytes may stand in a URI, percent-encoded where they must be.
fn are_allowed(bytes: &[u8]) -> bool {
    bytes.iter().enumerate().all(|(index, &byte)| match byte {
        b'%' => bytes.get(index + 1..index + 3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit)),
        b'#' => true,
        _ => REST.has(byte),
    })
}

#[cfg(test)]
mod tests {
    use super::{is_uri_reference, is_url, wrong_character};

    #[test]
    fn the_wrong_character_is_named() {
        let found = |text| wrong_character(text).map(|wrong| (wrong.char, wrong.position, wrong.help));
        let url = |char, position, help: &str| Some((char, position, help.to_owned()));
        assert_eq!(found("https://example.org/?filter[name]=x"), url('[', 28, "is written `%5B`"));
        assert_eq!(found("https://example.org/ü|"), url('ü', 21, "is written `%C3%BC`"));
        assert_eq!(found("https://bücher.example/"), url('ü', 10, "is written in punycode in a host"));
        assert_eq!(found("https://[::1]/a#b#c"), url('#', 18, "is written `%23`"));
        let percent = "is followed by two hexadecimal digits, or written `%25`";
        assert_eq!(found("/100%"), url('%', 5, percent));
        assert_eq!(found("https://example.org:99999/"), None);
    }

    #[test]
    fn references_are_relative_or_not() {
        for text in [
            "",
            "a",
            "/a?b#c",
            "?",
            "#",
            "//host/a",
            "../a:b",
            "urn:a",
            "a/b:c",
            "http://[v1.a]/",
            "//[::1]:",
        ] {
            assert!(is_uri_reference(text), "{text}");
        }
        for text in ["a b", "\\\\host", "1:a", ":a", "#a#b", "/[", "//[::1", "//a:b:c", "%", "//[v1]/", "ü"]
        {
            assert!(!is_uri_reference(text), "{text}");
        }
    }

    #[test]
    fn accepts_absolute_urls() {
        for text in [
            "https://example.org",
            "http://localhost:8080/a?b=c#d",
            "https://user:secret@example.org/",
            "https://example.org/%C3%BC",
            "https://xn--bcher-kva.example/",
            "http://127.0.0.1/",
            "http://[2001:db8::1]:80/x",
            "mailto:ada@example.org",
            "urn:isbn:0451450523",
            "ftp://example.org/file",
        ] {
            assert!(is_url(text), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_relative_or_would_have_to_be_repaired() {
        for text in [
            "",
            "example.org",
            "/path",
            "//example.org",
            "https://",
            "https://exa mple.org",
            "https://example.org/a b",
            "https://example.org/ü",
            "https://bücher.example/",
            "https:\\\\example.org",
            "https://example.org/[",
            "https://[::3\r7]",
            "https://[::1\t]/",
            "https://[fe80::1%25eth0]/",
            "https://example.org/%zz",
            "https://example.org/#a#b",
            "https://example.org:99999/",
            "http://256.256.256.256/",
        ] {
            assert!(!is_url(text), "{text}");
        }
    }
}
