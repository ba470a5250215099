//! Tokens: the name of a signal, and a code that nobody can make who does not have the secret.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{Address, Sign, SignalError};
use crate::hex;

/// The prefix of the signed text, so that no other use of the secret gives the same code.
const PURPOSE: &[u8] = b"event-runtime signal\n";

/// How much of HMAC-SHA-256 a token has, in bytes: 128 bits cannot be guessed, and the token fits into a line.
const CODE_BYTES: usize = 16;

/// Makes and knows the tokens of a host.
#[derive(Clone)]
pub(crate) struct Tokens {
    /// The first makes tokens; all are known, so that a token outlives that the secret is changed.
    keys: Vec<Hmac<Sha256>>,
}

impl Tokens {
    /// Tokens by these secrets, the newest first.
    pub(crate) fn new<'s>(secrets: impl IntoIterator<Item = &'s [u8]>) -> Self {
        let keyed = |secret| {
            let mut key = Hmac::new_from_slice(secret).expect("HMAC takes keys of any length");
            key.update(PURPOSE);
            key
        };
        Self { keys: secrets.into_iter().map(keyed).collect() }
    }

    /// The address of a token that was made here.
    pub(crate) fn verify(&self, token: &str) -> Result<Address, SignalError> {
        let (name, code) = token.rsplit_once('-').ok_or(SignalError::Unknown)?;
        let code = hex::decode(code).filter(|code| code.len() == CODE_BYTES).ok_or(SignalError::Unknown)?;
        let is_of = |key: &Hmac<Sha256>| {
            let mut key = key.clone();
            key.update(name.as_bytes());
            key.verify_truncated_left(&code).is_ok()
        };
        if !self.keys.iter().any(is_of) {
            return Err(SignalError::Unknown);
        }
        Address::of_name(name).ok_or(SignalError::Unknown)
    }
}

impl Sign for Tokens {
    fn sign(&self, address: &Address) -> String {
        let name = address.name();
        let code = self.keys.first().map_or_else(String::new, |key| {
            let mut key = key.clone();
            key.update(name.as_bytes());
            hex::encode(&key.finalize().into_bytes()[..CODE_BYTES])
        });
        format!("{name}-{code}")
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address() -> Address {
        Address::new("01M83ASHYMYM9NEQGTMWBEQ71K".into(), "approval:1", "approval")
    }

    #[test]
    fn a_token_is_known_again_also_by_an_older_secret() {
        let old = Tokens::new([&b"old"[..]]);
        let token = old.sign(&address());
        assert_eq!(token, old.sign(&address()), "the same each time");
        let rotated = Tokens::new([&b"new"[..], b"old"]);
        assert_eq!(rotated.verify(&token).unwrap(), address());
        assert_ne!(rotated.sign(&address()), token);
        assert!(matches!(Tokens::new([&b"new"[..]]).verify(&token), Err(SignalError::Unknown)));
    }

    #[test]
    fn whatever_is_changed_the_token_is_unknown() {
        let tokens = Tokens::new([&b"secret"[..]]);
        let token = tokens.sign(&address());
        assert!(token.is_ascii() && token.len() < 100, "{token}");
        for place in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[place] = if bytes[place] == b'0' { b'1' } else { b'0' };
            let changed = String::from_utf8(bytes).unwrap();
            assert!(tokens.verify(&changed).is_err(), "{changed}");
            assert!(tokens.verify(&token[..place]).is_err(), "{place}");
        }
        for guess in [
            "",
            "-",
            "a-b",
            "é-é",
            &token.to_uppercase(),
            &format!("{token}00"),
            &format!("{}-", address().name()),
        ] {
            assert!(tokens.verify(guess).is_err(), "{guess}");
        }
        assert_eq!(format!("{tokens:?}"), "Tokens(..)");
    }
}
