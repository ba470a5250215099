//! The ways in which others find a name.

use std::collections::HashMap;

/// What is found: that of which a name is the name.
pub type Found = &'static &'static str;

/// A map of the standard library.
pub fn hash_map(names: &'static [&str]) -> HashMap<&'static str, Found> {
    names.iter().map(|name| (*name, name)).collect()
}

/// A list in the order of the names, for a binary search.
pub fn sorted(names: &'static [&str]) -> Vec<(&'static str, Found)> {
    let mut sorted: Vec<_> = names.iter().map(|name| (*name, name)).collect();
    sorted.sort_unstable();
    sorted
}

/// Open addressing as plainly as it can be written: slots with a tag of 32 bits and an index into the list of names.
pub struct Open {
    slots: Vec<(u32, u32)>,
    names: &'static [&'static str],
}

impl Open {
    /// At most half full.
    pub fn new(names: &'static [&str]) -> Self {
        let mut slots = vec![(0, u32::MAX); (2 * names.len()).next_power_of_two()];
        for (index, name) in (0..).zip(names) {
            let (mut at, tag) = split(hash(name));
            while slots[at & (slots.len() - 1)].1 != u32::MAX {
                at += 1;
            }
            let mask = slots.len() - 1;
            slots[at & mask] = (tag, index);
        }
        Self { slots, names }
    }

    /// What has a name.
    pub fn find(&self, name: &str) -> Option<Found> {
        let (mut at, tag) = split(hash(name));
        loop {
            let (there, index) = self.slots[at & (self.slots.len() - 1)];
            if index == u32::MAX {
                return None;
            }
            let found = &self.names[index as usize];
            if there == tag && *found == name {
                return Some(found);
            }
            at += 1;
        }
    }
}

/// Where to look first, and the tag.
#[allow(clippy::cast_possible_truncation, reason = "these are parts of the hash")]
const fn split(hash: u64) -> (usize, u32) {
    ((hash >> 32) as usize, hash as u32)
}

/// Eight bytes at a time, by multiplication.
fn hash(name: &str) -> u64 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let (chunks, rest) = name.as_bytes().as_chunks::<8>();
    let mut hash = name.len() as u64;
    for chunk in chunks {
        hash = (hash.rotate_left(5) ^ u64::from_le_bytes(*chunk)).wrapping_mul(FACTOR);
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    (hash.rotate_left(5) ^ u64::from_le_bytes(last)).wrapping_mul(FACTOR)
}
