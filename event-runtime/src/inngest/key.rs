//! The keys: what of them is a secret, and what may be shown.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::hex;

/// A signing key, `signkey-<environment>-<hex>`, or the hex alone.
#[derive(Clone)]
pub(super) struct SigningKey {
    /// `signkey-<environment>-`, or nothing.
    prefix: String,
    /// The text behind the prefix. It, not what the hex stands for, is the key of signatures.
    secret: String,
    /// Signatures with nothing signed yet.
    keyed: Hmac<Sha256>,
}

impl SigningKey {
    pub(super) fn new(key: &str) -> Self {
        let (prefix, secret) = key.split_at(prefix_len(key));
        let keyed = Hmac::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
        Self { prefix: prefix.to_owned(), secret: secret.to_owned(), keyed }
    }

    /// The code that authenticates `body` at the time `t`: HMAC-SHA256 over the raw bytes of the body, then `t` as it is
    /// written in the signature (section 4.1.3, rule 5).
    pub(super) fn code(&self, body: &[u8], t: &str) -> Hmac<Sha256> {
        let mut code = self.keyed.clone();
        code.update(body);
        code.update(t.as_bytes());
        code
    }

    /// The secret bytes of the key.
    pub(super) fn secret(&self) -> &[u8] {
        self.secret.as_bytes()
    }

    /// The hash by which the application names its key to the server: of what the hex stands for (section 4.1.4; that the
    /// hex is decoded first, the recordings show).
    pub(super) fn hash(&self) -> String {
        let decoded = hex::decode(&self.secret).unwrap_or_else(|| self.secret.clone().into_bytes());
        hex::encode(&Sha256::digest(decoded))
    }

    /// The token that follows `Bearer` (section 4.1.4).
    pub(super) fn bearer(&self) -> String {
        format!("{}{}", self.prefix, self.hash())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(..)")
    }
}

/// The length of `signkey-*-`.
fn prefix_len(key: &str) -> usize {
    let Some(rest) = key.strip_prefix("signkey-") else { return 0 };
    let environment = rest.find('-').filter(|&end| {
        end > 0 && rest.as_bytes()[..end].iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    });
    environment.map_or(0, |end| "signkey-".len() + end + 1)
}

/// A key with which events are sent.
#[derive(Clone)]
pub(super) struct EventKey(pub(super) String);

impl EventKey {
    pub(super) fn hash(&self) -> String {
        hex::encode(&Sha256::digest(self.0.as_bytes()))
    }
}

impl fmt::Debug for EventKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bearer_is_the_hash_of_the_decoded_key_behind_its_prefix() {
        // From the recording of a real app.
        let key = SigningKey::new("signkey-test-0123456789abcdef0123456789abcdef");
        let expected = "signkey-test-223e0a160af9da0a03e6dd2c4719c56f5d66a633cbe84e78aaa9f3735865522a";
        assert_eq!(key.bearer(), expected);
        // The example of the specification, section 4.1.4.
        let key = SigningKey::new("signkey-prod-12345678");
        assert_eq!(
            key.bearer(),
            "signkey-prod-b2ed992186a5cb19f6668aade821f502c1d00970dfd0e35128d51bac4649916c"
        );
    }

    #[test]
    fn only_the_prefix_is_cut_off() {
        for (key, prefix) in
            [("signkey-test-ab", "signkey-test-"), ("abcd", ""), ("signkey-ab", ""), ("signkey--ab", "")]
        {
            assert_eq!(SigningKey::new(key).prefix, prefix, "{key}");
        }
    }

    #[test]
    fn keys_are_not_shown() {
        assert_eq!(format!("{:?}", SigningKey::new("secret")), "SigningKey(..)");
        assert_eq!(format!("{:?}", EventKey("secret".to_owned())), "EventKey(..)");
    }
}
