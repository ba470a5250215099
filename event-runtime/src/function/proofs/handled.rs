//! The events of a registry that some function handles, found by constant evaluation: `functions!` warns of the others.

use crate::const_text::Table;
use crate::function::{FunctionDescriptor, FunctionList, Listed};
use crate::registry::{Registry, is_registered};

/// Whether each of these events, by hash and name, starts a function of the list `F`. What the registry lacks need not: it
/// was declared under a `#[cfg(..)]` that does not hold. `SLOTS` is a power of two above the number of [`pairs`].
///
/// [`pairs`]: super::pairs
#[must_use]
pub const fn handled<F: FunctionList, const N: usize, const SLOTS: usize>(
    events: [(u64, &str); N],
) -> [bool; N] {
    let triggers = add(F::FUNCTIONS, Table::<FunctionDescriptor, SLOTS>::new());
    let (mut handled, mut at) = ([false; N], 0);
    while at < N {
        let (hash, name) = events[at];
        handled[at] = triggers.contains(hash, name) || !is_registered(F::Registry::SOURCES, hash, name);
        at += 1;
    }
    handled
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
