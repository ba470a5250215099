//! Keys, and the ring that they are found in.

use std::fmt;

use blake2::digest::Digest;
use blake2::digest::consts::U32;
use zeroize::Zeroizing;

type Blake2b256 = blake2::Blake2b<U32>;

/// The fewest bytes of a secret.
const MIN_SECRET_BYTES: usize = 16;

/// The longest id of a key, in bytes: it stands beside everything that is sealed with the key.
const MAX_ID_BYTES: usize = 64;

/// A key: an id, by which what it has sealed is recognised, and a secret. Its memory is overwritten when it is dropped, and
/// `Debug` shows the id alone.
#[derive(Clone)]
pub struct Key {
    id: String,
    /// For XChaCha20-Poly1305.
    own: Zeroizing<[u8; 32]>,
    /// For the secret box of libsodium.
    libsodium: Zeroizing<[u8; 32]>,
}

impl Key {
    /// A key. The secret is a random text of at least 16 bytes, such as `openssl rand -base64 32` prints, and not a password: who
    /// has the file may try as many as they like. For the TypeScript SDK it is the `key` of its middleware. White space around
    /// it is ignored, as there.
    ///
    /// # Errors
    ///
    /// When the id is empty, longer than 64 bytes, or not made of letters, digits, `.`, `_` and `-`; when the secret is too short.
    ///
    /// ```
    /// use event_runtime::encryption::Key;
    ///
    /// let key = Key::new("2026-07", "kq3V0sYp1mJ7n2eXz5cRt8wBu4hLd6gA").unwrap();
    /// assert_eq!(format!("{key:?}"), r#"Key { id: "2026-07", .. }"#);
    /// assert!(Key::new("2026-07", "sesame").is_err());
    /// ```
    pub fn new(id: impl Into<String>, secret: &str) -> Result<Self, KeyError> {
        let (id, secret) = (id.into(), secret.trim());
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        if id.is_empty() || id.len() > MAX_ID_BYTES || !id.bytes().all(is_plain) {
            return Err(KeyError::UnreadableId { id: id.chars().take(MAX_ID_BYTES).collect() });
        }
        if secret.len() < MIN_SECRET_BYTES {
            return Err(KeyError::ShortSecret { id, bytes: secret.len() });
        }
        let derive = |context: &[u8]| {
            let hash = Blake2b256::new().chain_update(context).chain_update(secret);
            Zeroizing::new(<[u8; 32]>::from(hash.finalize()))
        };
        Ok(Self { own: derive(b"event-runtime xchacha20poly1305\0"), libsodium: derive(b""), id })
    }

    /// The id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn own(&self) -> &[u8; 32] {
        &self.own
    }

    pub(super) fn libsodium(&self) -> &[u8; 32] {
        &self.libsodium
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The keys of an application: one that seals, and those before it, which still open what they have sealed.
#[derive(Debug, Clone)]
pub struct KeyRing {
    /// The current key first.
    keys: Vec<Key>,
}

impl KeyRing {
    /// A ring of one key.
    #[must_use]
    pub fn new(current: Key) -> Self {
        Self { keys: vec![current] }
    }

    /// Adds a key that opens, and does not seal: one that was current before, or, while a new one is being rolled out, the one
    /// that will be.
    ///
    /// # Errors
    ///
    /// When the ring has a key with this id.
    ///
    /// ```
    /// use event_runtime::encryption::{Encryption, Key, KeyRing};
    ///
    /// let current = Key::new("2026", "kq3V0sYp1mJ7n2eXz5cRt8wBu4hLd6gA")?;
    /// let former = Key::new("2025", "Zb7Qm2xWc9Lk4Tn6Vr1Jh8Fd3Gs5Py0E")?;
    /// let encryption = Encryption::new(KeyRing::new(current).and_opens(former)?);
    /// # Ok::<(), event_runtime::encryption::KeyError>(())
    /// ```
    pub fn and_opens(mut self, key: Key) -> Result<Self, KeyError> {
        if self.find(&key.id).is_some() {
            return Err(KeyError::RepeatedId { id: key.id });
        }
        self.keys.push(key);
        Ok(self)
    }

    pub(super) fn current(&self) -> &Key {
        &self.keys[0]
    }

    pub(super) fn find(&self, id: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.id == id)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Key> {
        self.keys.iter()
    }

    /// The ids, for errors.
    pub(super) fn ids(&self) -> String {
        let ids: Vec<String> = self.keys.iter().map(|key| format!("`{}`", key.id)).collect();
        ids.join(", ")
    }
}

/// Why a key is not taken. It never holds the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// The id is empty, too long, or has other characters than letters, digits, `.`, `_` and `-`.
    UnreadableId {
        /// The id, or its beginning.
        id: String,
    },
    /// The secret is too short to be a random one.
    ShortSecret {
        /// The id of the key.
        id: String,
        /// The length of the secret.
        bytes: usize,
    },
    /// Two keys of a ring have one id.
    RepeatedId {
        /// The id.
        id: String,
    },
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnreadableId { id } => write!(
                f,
                "the id `{id}` of a key must be 1 to {MAX_ID_BYTES} letters, digits, `.`, `_` and `-`, such as `2026-07`"
            ),
            Self::ShortSecret { id, bytes } => write!(
                f,
                "the secret of the key `{id}` has {bytes} bytes, and must have at least {MIN_SECRET_BYTES}: take a random text, as \
                 `openssl rand -base64 32` prints"
            ),
            Self::RepeatedId { id } => {
                write!(
                    f,
                    "the ring has two keys with the id `{id}`: give each its own, by which it is found again"
                )
            }
        }
    }
}

impl std::error::Error for KeyError {}
