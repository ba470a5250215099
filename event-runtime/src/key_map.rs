//! Tables by keys that the library or the application itself gives out: of runs, executions and steps.
//!
//! The hash of the standard library withstands keys that an attacker has chosen to collide, and costs more than the rest of a
//! lookup. Numbers are given out by the engine; step ids may hold data of an event, but a run has few of them
//! (`Limits::steps_per_run`), so that collisions cost little.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A table by such keys.
pub(crate) type KeyMap<K, V> = HashMap<K, V, BuildHasherDefault<KeyHasher>>;

/// A set of such keys.
#[cfg(feature = "engine")]
pub(crate) type KeySet<K> = std::collections::HashSet<K, BuildHasherDefault<KeyHasher>>;

/// Multiplies word by word, and folds the product.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct KeyHasher(u64);

/// An odd number without a pattern in its bits: the golden ratio.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

impl Hasher for KeyHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.write_u64(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.write_u64(u64::from_le_bytes(last));
    }

    fn write_u8(&mut self, number: u8) {
        self.write_u64(number.into());
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(number.into());
    }

    fn write_u64(&mut self, number: u64) {
        let (low, high) = (self.0.rotate_left(5) ^ number).carrying_mul(FACTOR, 0);
        self.0 = low ^ high;
    }

    fn write_i64(&mut self, number: i64) {
        self.write_u64(number.cast_unsigned());
    }

    fn write_usize(&mut self, number: usize) {
        self.write(&number.to_le_bytes());
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::hash::{BuildHasher, BuildHasherDefault};

    use super::KeyHasher;

    #[test]
    fn keys_of_a_kind_spread() {
        let hash = BuildHasherDefault::<KeyHasher>::default();
        let numbers = (0..4_096_i64).map(|number| hash.hash_one(number));
        let texts = (0..4_096).map(|number| hash.hash_one(format!("item-{number}")));
        for hashes in [numbers.collect::<Vec<_>>(), texts.collect()] {
            let low: HashSet<_> = hashes.iter().map(|hash| hash % 4_096).collect();
            let high: HashSet<_> = hashes.iter().map(|hash| hash >> 57).collect();
            assert!(low.len() > 2_300 && high.len() == 128, "{} and {}", low.len(), high.len());
        }
    }
}
