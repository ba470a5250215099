//! The hash by which names are found: computed by the macros, so that no constant evaluation has to, and by the runtime
//! for names that arrive from outside.

/// A hash of 64 bits, taken eight bytes at a time by folded multiplication.
///
/// Part of the agreement between the macros and the runtime, and of nothing else: it may change with any release.
#[doc(hidden)]
#[must_use]
#[inline]
pub fn hash_name(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let mut hash = name.len() as u64 ^ 0xCBF2_9CE4_8422_2325;
    // The last eight may overlap those before them: so there is no rest to be copied.
    let Some(last) = bytes.last_chunk::<8>() else { return mix(hash ^ short(bytes)) };
    let (chunks, _) = bytes.as_chunks::<8>();
    for chunk in chunks {
        hash = mix(hash ^ u64::from_le_bytes(*chunk));
    }
    mix(hash ^ u64::from_le_bytes(*last))
}

/// Fewer than eight bytes as a number.
fn short(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// The two halves of a product, folded.
#[inline]
#[allow(clippy::cast_possible_truncation, reason = "the low half is one of the two")]
const fn mix(value: u64) -> u64 {
    let product = (value as u128).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (product as u64) ^ ((product >> 64) as u64)
}
