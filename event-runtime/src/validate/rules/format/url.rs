//! `url`.

use super::email::is_host;

/// Whether a text is an absolute URL: an RFC 3986 URI that the URL Standard parses.
pub(super) fn is_url(text: &str) -> bool {
    is_plain_http(text) || (is_uri(text.as_bytes()) && ::url::Url::parse(text).is_ok())
}

/// What a byte may be after the authority of a URL.
#[derive(Clone, Copy, PartialEq)]
enum Rest {
    Refused,
    Plain,
    Hash,
}

/// RFC 3986, section 3.3: `pchar` without percent-encoding, and `/`, `?`.
const REST: [Rest; 256] = {
    let mut table = [Rest::Refused; 256];
    let plain = b"-._~!$&'()*+,;=:@/?0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut index = 0;
    while index < plain.len() {
        table[plain[index] as usize] = Rest::Plain;
        index += 1;
    }
    table[b'#' as usize] = Rest::Hash;
    table
};

/// The quick way for most URLs: a host name that is neither a number nor punycode, and nothing percent-encoded.
fn is_plain_http(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else {
        return false;
    };
    let bytes = rest.as_bytes();
    let is_end = |byte: &u8| matches!(byte, b'/' | b'?' | b'#' | b':');
    let end = bytes.iter().position(is_end).unwrap_or(bytes.len());
    let (host, rest) = bytes.split_at(end);
    if !is_host(host) || is_special(host) {
        return false;
    }
    match rest {
        [b':', ..] => false,
        _ => is_plain(rest),
    }
}

/// What the URL Standard looks at more closely: hosts that end in a number, and punycode.
fn is_special(host: &[u8]) -> bool {
    let after_dot = host.iter().rposition(|byte| *byte == b'.').map_or(0, |dot| dot + 1);
    host[after_dot].is_ascii_digit() || host.len() > 253 || host.windows(2).any(|pair| pair == b"--")
}

fn is_plain(rest: &[u8]) -> bool {
    let mut hashes = 0;
    for &byte in rest {
        match REST[usize::from(byte)] {
            Rest::Plain => {}
            Rest::Hash => hashes += 1,
            Rest::Refused => return false,
        }
    }
    hashes <= 1
}

/// Whether the bytes are those of a URI (RFC 3986): what the URL Standard would repair is refused.
#[cold]
fn is_uri(bytes: &[u8]) -> bool {
    let Some(colon) = bytes.iter().position(|byte| *byte == b':') else { return false };
    let (scheme, rest) = (&bytes[..colon], &bytes[colon + 1..]);
    let (authority, path) = match rest.strip_prefix(b"//") {
        Some(rest) => rest.split_at(rest.iter().position(|byte| b"/?#".contains(byte)).unwrap_or(rest.len())),
        None => (&[][..], rest),
    };
    let fragments = path.split(|byte| *byte == b'#').count() - 1;
    scheme.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte))
        && is_authority(authority)
        && fragments <= 1
        && are_allowed(path)
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

/// Whether the bytes are those of an IPv6 address. Its form is left to the URL Standard, which however skips tabs and
/// line breaks.
fn is_address(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| byte.is_ascii_hexdigit() || b":.".contains(byte))
}

/// Whether all bytes may stand in a URI, percent-encoded where they must be.
fn are_allowed(bytes: &[u8]) -> bool {
    bytes.iter().enumerate().all(|(index, &byte)| match byte {
        b'%' => bytes.get(index + 1..index + 3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit)),
        _ => REST[usize::from(byte)] != Rest::Refused,
    })
}

#[cfg(test)]
mod tests {
    use super::is_url;

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
