//! A sealed value, as it stands in JSON in the place of the value.
//!
//! The members are those of `@inngest/middleware-encryption`, which opens what has its strategy, and leaves the other one alone.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use crypto_secretbox::XSalsa20Poly1305;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use super::keys::{Key, KeyRing};
use crate::clock::Random;
use crate::function::{Error, Result};

/// The member that marks a sealed value.
const MARKER: &str = "__ENCRYPTED__";

/// XChaCha20-Poly1305, with the place of the value as additional data.
const OWN: &str = "event-runtime/xchacha20poly1305";

/// The secret box of libsodium: XSalsa20-Poly1305.
const LIBSODIUM: &str = "inngest/libsodium";

/// The length of the nonces of both, in bytes.
const NONCE_BYTES: usize = 24;

/// A sealed value.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Sealed {
    #[serde(rename = "__ENCRYPTED__")]
    is_encrypted: bool,
    #[serde(rename = "__STRATEGY__")]
    strategy: Option<String>,
    /// The id of the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    /// The nonce and the encrypted JSON, in base64.
    data: String,
}

/// Whether JSON may hold something sealed: a search that is cheaper than reading it.
pub(super) fn may_hold(json: &str) -> bool {
    json.contains(MARKER)
}

impl Sealed {
    /// Seals a value that stands in this place.
    pub(super) fn new(key: &Key, random: &dyn Random, place: &str, json: &str) -> Result<Self> {
        let nonce = nonce(random);
        let payload = Payload { msg: json.as_bytes(), aad: place.as_bytes() };
        let encrypted = XChaCha20Poly1305::new(key.own().into()).encrypt(&XNonce::from(nonce), payload);
        let encrypted = encrypted.map_err(|_| too_long())?;
        Ok(Self::of(OWN, Some(key.id().to_owned()), nonce, &encrypted))
    }

    /// Seals a value in the format of the TypeScript SDK's middleware.
    pub(super) fn for_inngest(key: &Key, random: &dyn Random, json: &str) -> Result<Self> {
        use crypto_secretbox::aead::{Aead, KeyInit};

        let nonce = nonce(random);
        let encrypted = XSalsa20Poly1305::new(key.libsodium().into()).encrypt(&nonce.into(), json.as_bytes());
        Ok(Self::of(LIBSODIUM, None, nonce, &encrypted.map_err(|_| too_long())?))
    }

    fn of(strategy: &str, key: Option<String>, nonce: [u8; NONCE_BYTES], encrypted: &[u8]) -> Self {
        let data = STANDARD.encode([&nonce, encrypted].concat());
        Self { is_encrypted: true, strategy: Some(strategy.to_owned()), key, data }
    }

    /// Reads a sealed value; `None` for any other.
    pub(super) fn read(json: &str) -> Option<Self> {
        if !may_hold(json) {
            return None;
        }
        serde_json::from_str::<Self>(json).ok().filter(|sealed| sealed.is_encrypted)
    }

    pub(super) fn into_json(self) -> Result<Box<RawValue>> {
        Ok(to_raw_value(&self)?)
    }

    /// Opens it in this place.
    pub(super) fn open(&self, ring: &KeyRing, place: &str) -> Result<Box<RawValue>, Problem> {
        let combined = STANDARD.decode(&self.data).map_err(|_| Problem::Damaged)?;
        let (nonce, encrypted) = combined.split_first_chunk().ok_or(Problem::Damaged)?;
        let opened = match self.strategy.as_deref() {
            Some(OWN) => {
                let id = self.key.as_deref().unwrap_or_default();
                let key = ring.find(id).ok_or_else(|| Problem::missing(id, ring))?;
                open_own(key, *nonce, encrypted, place).ok_or_else(|| Problem::Wrong { id: id.to_owned() })?
            }
            Some(LIBSODIUM) => ring
                .iter()
                .find_map(|key| open_libsodium(key, *nonce, encrypted))
                .ok_or_else(|| Problem::None { ring: ring.ids() })?,
            strategy => return Err(Problem::Foreign { strategy: strategy.map(str::to_owned) }),
        };
        String::from_utf8(opened)
            .ok()
            .and_then(|json| RawValue::from_string(json).ok())
            .ok_or(Problem::Damaged)
    }
}

fn open_own(key: &Key, nonce: [u8; NONCE_BYTES], encrypted: &[u8], place: &str) -> Option<Vec<u8>> {
    let payload = Payload { msg: encrypted, aad: place.as_bytes() };
    XChaCha20Poly1305::new(key.own().into()).decrypt(&XNonce::from(nonce), payload).ok()
}

fn open_libsodium(key: &Key, nonce: [u8; NONCE_BYTES], encrypted: &[u8]) -> Option<Vec<u8>> {
    use crypto_secretbox::aead::{Aead, KeyInit};

    XSalsa20Poly1305::new(key.libsodium().into()).decrypt(&nonce.into(), encrypted).ok()
}

/// 192 random bits: so many that none is ever drawn twice.
fn nonce(random: &dyn Random) -> [u8; NONCE_BYTES] {
    let mut nonce = [0; NONCE_BYTES];
    let (first, rest) = nonce.split_at_mut(16);
    first.copy_from_slice(&random.next_u128().to_be_bytes());
    rest.copy_from_slice(&random.next_u128().to_be_bytes()[..8]);
    nonce
}

/// 256 GiB.
fn too_long() -> Error {
    Error::non_retriable(Error::msg("what is to be encrypted is longer than the cipher allows"))
}

/// Why a sealed value cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Problem {
    /// The ring lacks its key.
    Missing { id: String, ring: String },
    /// Its key does not open it.
    Wrong { id: String },
    /// No key of the ring opens it, and it does not say which one it was sealed with.
    None { ring: String },
    /// It was sealed by something else.
    Foreign { strategy: Option<String> },
    /// It is not what was sealed.
    Damaged,
}

impl Problem {
    fn missing(id: &str, ring: &KeyRing) -> Self {
        Self::Missing { id: id.to_owned(), ring: ring.ids() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { id, ring } => write!(
                f,
                "it was sealed with the key `{id}`, which is not in the key ring (it holds {ring}): add it by \
                 `.and_opens(..)`, and retry the run"
            ),
            Self::Wrong { id } => write!(
                f,
                "the key `{id}` does not open it: the secret under this id is another than the one it was sealed with, or the \
                 sealed value was changed or moved"
            ),
            Self::None { ring } => {
                write!(f, "no key of the key ring opens it (it holds {ring}): add the one that it was sealed with")
            }
            Self::Foreign { strategy: Some(strategy) } => {
                write!(f, "it was sealed in the format `{strategy}`, which is not known here")
            }
            Self::Foreign { strategy: None } => f.write_str(
                "it was sealed in the format that `@inngest/middleware-encryption` had before version 1, which is not read",
            ),
            Self::Damaged => f.write_str("it is damaged"),
        }
    }
}
