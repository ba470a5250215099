//! Signatures, written once more and independently of the host (SDK specification, section 4.1.3).

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The signature of `body` at `t`, in seconds, with the text of a key behind its prefix.
///
/// # Panics
///
/// Never: HMAC takes keys of any length.
pub fn signature(key: &str, body: &[u8], t: i64) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("any key");
    mac.update(body);
    mac.update(t.to_string().as_bytes());
    let code = mac.finalize().into_bytes();
    code.iter().fold(format!("t={t}&s="), |text, byte| format!("{text}{byte:02x}"))
}

/// Whether a header signs `body` with this key.
pub fn is_signed(key: &str, header: &str, body: &[u8]) -> bool {
    let t = header.strip_prefix("t=").and_then(|rest| rest.split('&').next()?.parse().ok());
    t.is_some_and(|t| signature(key, body, t) == header)
}
