//! The ids of functions: each fits its trigger, and no two functions have the same.

use event_conventions::check_function_id;

use crate::const_text::{Message, Table, same};
use crate::event::Trigger;
use crate::function::{Function, FunctionDescriptor, Listed};

/// Fails unless the id is `domain-action-purpose` for the function's trigger, or one of them; of a whole domain the action
/// is empty.
///
/// # Panics
///
/// When it is not: a panic of a constant evaluation is an error of the compiler.
#[track_caller]
pub const fn assert_function_id<F: Function>() {
    let (id, prefixes) = (F::SOURCE.id, <F::Trigger as Trigger>::EVENTS.prefixes);
    let mut at = 0;
    while at < prefixes.len() {
        let (domain, action) = prefixes[at];
        if check_function_id(id, domain, action).is_ok() {
            return;
        }
        at += 1;
    }
    if prefixes.is_empty() && check_function_id(id, "", "").is_ok() {
        return;
    }
    let (domain, action) = if prefixes.is_empty() { ("", "") } else { prefixes[0] };
    wrong_id(id, domain, action);
}

#[track_caller]
const fn wrong_id(id: &str, domain: &str, action: &str) -> ! {
    let message = Message::new().add(&["function id `", id, "`"]);
    let message = if domain.is_empty() {
        message.add(&[" is not kebab-case: write lowercase words joined by hyphens"])
    } else if action.is_empty() {
        message
            .add(&[
                " does not match its trigger, the domain `",
                domain,
                "`: it must be `",
                domain,
                "-<purpose>`",
            ])
            .add(&[", such as `", domain, "-audit`"])
    } else {
        message.add(&[" does not match its trigger `", domain, "/", action, "`: it must be `"]).add(&[
            domain,
            "-",
            action,
            "-<purpose>`, such as `",
            domain,
            "-",
            action,
            "-email-sender`",
        ])
    };
    message.fail();
}

/// The function that has this id, or before `function` in the list was renamed from it.
const fn who_claims(
    listed: &[Listed],
    id: &str,
    function: &'static FunctionDescriptor,
) -> Option<&'static FunctionDescriptor> {
    let mut at = 0;
    while at < listed.len() {
        match listed[at] {
            Listed::One { function: other, .. } => {
                if same(other.id, id) || (holds(other.was, id) && !same(other.id, function.id)) {
                    return Some(other);
                }
            }
            Listed::Many(entries) => {
                if let Some(other) = who_claims(entries, id, function) {
                    return Some(other);
                }
            }
        }
        at += 1;
    }
    None
}

const fn holds(ids: &[&str], id: &str) -> bool {
    let mut at = 0;
    while at < ids.len() {
        if same(ids[at], id) {
            return true;
        }
        at += 1;
    }
    false
}

/// The most duplicates that are told.
const TOLD: usize = 16;

/// The functions whose id another one has, found by constant evaluation.
#[derive(Debug, Clone, Copy)]
pub struct Duplicates {
    /// The entry of the list, the function that has the id first, and the one that has it again.
    found: [Option<(usize, &'static FunctionDescriptor, &'static FunctionDescriptor)>; TOLD],
    told: usize,
}

impl Duplicates {
    /// Finds them in one pass. `SLOTS` is [`slots`](crate::const_text::slots) of the number of functions.
    #[must_use]
    pub const fn find<const SLOTS: usize>(listed: &[Listed]) -> Self {
        let mut duplicates = Self { found: [None; TOLD], told: 0 };
        let mut table: Table<FunctionDescriptor, SLOTS> = Table::new();
        let mut entry = 0;
        while entry < listed.len() {
            duplicates = duplicates.add(listed[entry], entry, &mut table);
            entry += 1;
        }
        entry = 0;
        while entry < listed.len() {
            duplicates = duplicates.add_renamed(listed, listed[entry], entry);
            entry += 1;
        }
        duplicates
    }

    /// Adds functions that were renamed from an id which another one has, or was renamed from too.
    const fn add_renamed(mut self, all: &[Listed], listed: Listed, entry: usize) -> Self {
        match listed {
            Listed::One { function, .. } => {
                let mut at = 0;
                while at < function.was.len() {
                    if let Some(other) = who_claims(all, function.was[at], function)
                        && self.told < TOLD
                    {
                        self.found[self.told] = Some((entry, other, function));
                        self.told += 1;
                    }
                    at += 1;
                }
            }
            Listed::Many(entries) => {
                let mut at = 0;
                while at < entries.len() {
                    self = self.add_renamed(all, entries[at], entry);
                    at += 1;
                }
            }
        }
        self
    }

    const fn add<const SLOTS: usize>(
        mut self,
        listed: Listed,
        entry: usize,
        table: &mut Table<FunctionDescriptor, SLOTS>,
    ) -> Self {
        match listed {
            Listed::One { function, hash } => {
                if let Some(first) = table.insert(hash, function.id, function)
                    && self.told < TOLD
                {
                    self.found[self.told] = Some((entry, first, function));
                    self.told += 1;
                }
            }
            Listed::Many(entries) => {
                let mut at = 0;
                while at < entries.len() {
                    self = self.add(entries[at], entry, table);
                    at += 1;
                }
            }
        }
        self
    }

    /// Fails when a function of this entry of the list has the id of another one.
    ///
    /// # Panics
    ///
    /// When one has: a panic of a constant evaluation is an error of the compiler.
    #[track_caller]
    pub const fn assert_none_of(&self, entry: usize) {
        let mut message = Message::new();
        let (mut clashes, mut at) = (0, 0);
        while at < self.told {
            if let Some((of, first, second)) = self.found[at]
                && of == entry
            {
                let separator = if clashes == 0 { "" } else { "\n" };
                clashes += 1;
                message = message.add(&[separator]);
                message = if same(first.id, second.id) {
                    message.add(&["function id `", second.id, "` is used by two functions:"])
                } else if holds(second.was, first.id) {
                    message.add(&["`", second.id, "` was `", first.id, "`, which is still listed:"])
                } else {
                    message.add(&[
                        "`",
                        first.id,
                        "` and `",
                        second.id,
                        "` were one function before, as `was` says:",
                    ])
                };
                message = message.place(first.path, first.file, first.line).place(
                    second.path,
                    second.file,
                    second.line,
                );
                message = if same(first.id, second.id) {
                    message.add(&["\n    ids are global to the application: give one of them another purpose at the end"])
                } else {
                    message.add(&[
                        "\n    the runs of an id go to one function: remove the id from `was` of the other",
                    ])
                };
            }
            at += 1;
        }
        if clashes > 0 {
            message.fail();
        }
    }
}
