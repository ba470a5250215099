//! A table from names to values, built by constant evaluation: open addressing with linear probing.

use super::same;

/// The number of slots of a table for `names` names: a power of two, at most half full.
#[must_use]
pub const fn slots(names: usize) -> usize {
    if names == 0 { 1 } else { (2 * names).next_power_of_two() }
}

struct Slot<T: 'static> {
    hash: u64,
    name: &'static str,
    value: &'static T,
}

impl<T> Clone for Slot<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Slot<T> {}

/// A table from names to values. `SLOTS` is a power of two, see [`slots`].
pub struct Table<T: 'static, const SLOTS: usize> {
    slots: [Option<Slot<T>>; SLOTS],
}

impl<T, const SLOTS: usize> Table<T, SLOTS> {
    /// Without names yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { slots: [None; SLOTS] }
    }

    /// Adds a name with its hash. Returns the value that has this name already; it stays.
    pub const fn insert(&mut self, hash: u64, name: &'static str, value: &'static T) -> Option<&'static T> {
        let mut at = start(hash, SLOTS);
        let mut probed = 0;
        while probed < SLOTS {
            match self.slots[at] {
                None => {
                    self.slots[at] = Some(Slot { hash, name, value });
                    return None;
                }
                Some(slot) if slot.hash == hash && same(slot.name, name) => return Some(slot.value),
                Some(_) => at = (at + 1) & (SLOTS - 1),
            }
            probed += 1;
        }
        None
    }

    /// Whether the name is in the table, in constants.
    #[must_use]
    pub const fn contains(&self, hash: u64, name: &str) -> bool {
        let mut at = start(hash, SLOTS);
        while let Some(slot) = &self.slots[at] {
            if slot.hash == hash && same(slot.name, name) {
                return true;
            }
            at = (at + 1) & (SLOTS - 1);
        }
        false
    }

    /// The value of a name.
    #[inline]
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&'static T> {
        let hash = event_conventions::hash_name(name);
        let mut at = start(hash, SLOTS);
        // At most half of the slots are taken, so that an empty one ends the search.
        while let Some(slot) = &self.slots[at] {
            if slot.hash == hash && slot.name == name {
                return Some(slot.value);
            }
            at = (at + 1) & (SLOTS - 1);
        }
        None
    }
}

impl<T, const SLOTS: usize> Default for Table<T, SLOTS> {
    fn default() -> Self {
        Self::new()
    }
}

#[allow(clippy::cast_possible_truncation, reason = "the low bits are what is wanted")]
const fn start(hash: u64, slots: usize) -> usize {
    hash as usize & (slots - 1)
}
