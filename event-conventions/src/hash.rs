//! The hash by which names are found: computed by the macros, so that no constant evaluation has to, and by the runtime
//! for names that arrive from outside.

/// A hash of 64 bits, taken eight bytes at a time by folded multiplication.
///
/// Part of the agreement between the macros and the runtime, and of nothing else: it may change with any release.
#[doc(hidden)]
#[must_use]
#[inline]
pub fn hash_name(name: &str) -> u64 {
    const PRIME: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut hash = name.len() as u64 ^ 0xCBF2_9CE4_8422_2325;
    let (chunks, rest) = name.as_bytes().as_chunks::<8>();
    for chunk in chunks {
        hash = mix(hash ^ u64::from_le_bytes(*chunk), PRIME);
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    mix(hash ^ u64::from_le_bytes(last), PRIME)
}

/// The two halves of the product, folded.
#[inline]
#[allow(clippy::cast_possible_truncation, reason = "the low half is one of the two")]
const fn mix(value: u64, by: u64) -> u64 {
    let product = (value as u128).wrapping_mul(by as u128);
    (product as u64) ^ ((product >> 64) as u64)
}
