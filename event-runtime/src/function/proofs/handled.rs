//! Which events of a registry some function handles, found by constant evaluation: `functions!` warns of those that should be and
//! are not, and of those that should not be and are.

use crate::const_text::Table;
use crate::function::{FunctionDescriptor, FunctionList, Listed};
use crate::registry::{Registry, is_registered};

/// Whether each of these events, by hash and name, starts a function of the list `F` exactly if it is to. What the registry lacks
/// is as it should be: it was declared under a `#[cfg(..)]` that does not hold. `SLOTS` is a power of two above the number of
/// [`pairs`].
///
/// [`pairs`]: super::pairs
#[must_use]
pub const fn handled_as_declared<F: FunctionList, const N: usize, const SLOTS: usize>(
    events: [(u64, &str, bool); N],
) -> [bool; N] {
    let triggers = add(F::FUNCTIONS, Table::<FunctionDescriptor, SLOTS>::new());
    let (mut as_declared, mut at) = ([true; N], 0);
    while at < N {
        let (hash, name, is_to_be_handled) = events[at];
        as_declared[at] = triggers.contains(hash, name) == is_to_be_handled
            || !is_registered(F::Registry::SOURCES, hash, name);
        at += 1;
    }
    as_declared
}

/// Adds the triggers of what is listed.
const fn add<const SLOTS: usize>(
    listed: &[Listed],
    mut triggers: Table<FunctionDescriptor, SLOTS>,
) -> Table<FunctionDescriptor, SLOTS> {
    let mut entry = 0;
    while entry < listed.len() {
        match listed[entry] {
            Listed::One { function, .. } => {
                let mut at = 0;
                while at < function.triggers.len() {
                    triggers.insert(function.trigger_hashes[at], function.triggers[at], function);
                    at += 1;
                }
            }
            Listed::Many(entries) => triggers = add(entries, triggers),
        }
        entry += 1;
    }
    triggers
}
