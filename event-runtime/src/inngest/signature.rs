//! Signatures of requests (section 4.1.3): the signature over its raw body and the time when it was made.

use std::fmt;

use hmac::Mac;

use super::key::SigningKey;
use crate::hex;

/// The greatest distance of the time of a signature from ours, in either direction, in seconds. The specification bounds the past;
/// a signature from the future could be kept and used until its time has come and gone.
const WINDOW_SECS: i64 = 5 * 60;

/// The longest signature header that is read.
const MAX_HEADER_BYTES: usize = 256;

/// The keys of an application.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keys<'k> {
    pub(super) primary: &'k SigningKey,
    pub(super) fallback: Option<&'k SigningKey>,
}

/// Why a request is not believed. It says nothing about keys or signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    NoKey,
    Unsigned,
    Malformed,
    Expired,
    FromTheFuture,
    Wrong,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoKey => {
                "the application has no signing key: set INNGEST_SIGNING_KEY, or INNGEST_DEV for a dev server"
            }
            Self::Unsigned => "the request is not signed",
            Self::Malformed => "the signature is not of the form `t=..&s=..`",
            Self::Expired => "the signature is older than five minutes",
            Self::FromTheFuture => "the signature is of a time that is more than five minutes ahead",
            Self::Wrong => "the signature does not fit the request",
        })
    }
}

/// Checks the signature of a request, and says which key it was made with.
pub(super) fn verify<'k>(
    keys: Keys<'k>,
    header: &str,
    body: &[u8],
    now_ms: i64,
) -> Result<&'k SigningKey, Refusal> {
    let (t, s) = parse(header).ok_or(Refusal::Malformed)?;
    let time: i64 = t.parse().map_err(|_| Refusal::Malformed)?;
    let signature = hex::decode(s).ok_or(Refusal::Malformed)?;
    let now = now_ms.div_euclid(1_000);
    if time < now.saturating_sub(WINDOW_SECS) {
        return Err(Refusal::Expired);
    }
    if time > now.saturating_add(WINDOW_SECS) {
        return Err(Refusal::FromTheFuture);
    }
    // In constant time; and the bytes are compared, so that upper case hex is the same signature.
    let fits = |key: &&SigningKey| key.code(body, t).verify_slice(&signature).is_ok();
    [Some(keys.primary), keys.fallback].into_iter().flatten().find(fits).ok_or(Refusal::Wrong)
}

/// The signature of a response.
pub(super) fn sign(key: &SigningKey, body: &[u8], now_ms: i64) -> String {
    let t = now_ms.div_euclid(1_000).to_string();
    let code = key.code(body, &t).finalize().into_bytes();
    format!("t={t}&s={}", hex::encode(&code))
}

/// The two values, each given once.
fn parse(header: &str) -> Option<(&str, &str)> {
    if header.len() > MAX_HEADER_BYTES {
        return None;
    }
    let (mut t, mut s) = (None, None);
    for pair in header.split('&') {
        let (name, value) = pair.split_once('=')?;
        let replaced = match name {
            "t" => t.replace(value),
            "s" => s.replace(value),
            _ => return None,
        };
        if replaced.is_some() {
            return None;
        }
    }
    // A number that is written in another way would be another text under the signature.
    let t = t.filter(|t| !t.is_empty() && t.bytes().all(|byte| byte.is_ascii_digit()))?;
    Some((t, s?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_795_408_545_000;

    fn key(text: &str) -> SigningKey {
        SigningKey::new(text)
    }

    fn check(header: &str, body: &[u8], now_ms: i64) -> Result<(), Refusal> {
        let (primary, fallback) = (key("signkey-test-aa"), key("signkey-test-bb"));
        verify(Keys { primary: &primary, fallback: Some(&fallback) }, header, body, now_ms).map(drop)
    }

    #[test]
    fn what_was_signed_is_believed() {
        for signer in ["signkey-test-aa", "signkey-prod-bb", "aa"] {
            assert_eq!(check(&sign(&key(signer), b"{}", NOW_MS), b"{}", NOW_MS), Ok(()), "{signer}");
        }
    }

    #[test]
    fn what_was_changed_is_not() {
        let header = sign(&key("aa"), b"{\"a\":1}", NOW_MS);
        assert_eq!(check(&header, b"{\"a\":2}", NOW_MS), Err(Refusal::Wrong));
        assert_eq!(check(&header, b"{\"a\":1", NOW_MS), Err(Refusal::Wrong));
        assert_eq!(check(&header, b"", NOW_MS), Err(Refusal::Wrong));
        assert_eq!(check(&sign(&key("cc"), b"{}", NOW_MS), b"{}", NOW_MS), Err(Refusal::Wrong));
        // The time is signed too.
        let moved = header.replace("t=1795408545", "t=1795408546");
        assert_eq!(check(&moved, b"{\"a\":1}", NOW_MS), Err(Refusal::Wrong));
        // The first half of a signature is not a signature.
        assert_eq!(check(&header[..header.len() - 32], b"{\"a\":1}", NOW_MS), Err(Refusal::Wrong));
    }

    #[test]
    fn the_window_is_five_minutes_both_ways() {
        let header = sign(&key("aa"), b"", NOW_MS);
        for (later, expected) in [
            (300_000, Ok(())),
            (-300_000, Ok(())),
            (301_000, Err(Refusal::Expired)),
            (-301_000, Err(Refusal::FromTheFuture)),
            (i64::MAX - NOW_MS, Err(Refusal::Expired)),
        ] {
            assert_eq!(check(&header, b"", NOW_MS + later), expected, "{later}");
        }
        assert_eq!(check(&format!("t={}&s=00", i64::MAX), b"", NOW_MS), Err(Refusal::FromTheFuture));
    }

    #[test]
    fn what_is_no_signature_is_refused() {
        for header in [
            "",
            "t=1",
            "s=00",
            "t=&s=00",
            "t=x&s=00",
            "t=-1&s=00",
            "t=+1795408545&s=00",
            "t=1795408545&s=0",
            "t=1795408545&s=zz",
            "t=1&t=1795408545&s=00",
            "t=1795408545&s=00&x=1",
            "t=99999999999999999999&s=00",
        ] {
            assert_eq!(check(header, b"", NOW_MS), Err(Refusal::Malformed), "{header}");
        }
        assert_eq!(check(&format!("t=1&s={}", "0".repeat(300)), b"", NOW_MS), Err(Refusal::Malformed));
    }
}
