//! The ids of the functions of an application: what is stored under an id belongs to one function, also after it was renamed.

use crate::const_text::{Message, Table, same};
use crate::function::{FunctionDescriptor, Listed};

/// The most duplicates that are told.
const TOLD: usize = 16;

/// The functions that claim an id of another one, found by constant evaluation.
#[derive(Debug, Clone, Copy)]
pub struct Duplicates {
    found: [Option<Duplicate>; TOLD],
    told: usize,
}

/// Two functions that claim one id: both have it, or the second was renamed from it and the first has it, or both were.
#[derive(Debug, Clone, Copy)]
struct Duplicate {
    /// The entry of the list in which the second stands.
    entry: usize,
    first: &'static FunctionDescriptor,
    second: &'static FunctionDescriptor,
}

impl Duplicates {
    /// Finds them in two passes. `SLOTS` is [`slots`](crate::const_text::slots) of the number of functions.
    #[must_use]
    pub const fn find<const SLOTS: usize>(listed: &[Listed]) -> Self {
        let mut duplicates = Self { found: [None; TOLD], told: 0 };
        let mut table: Table<FunctionDescriptor, SLOTS> = Table::new();
        let mut entry = 0;
        while entry < listed.len() {
            duplicates = duplicates.add_same(listed[entry], entry, &mut table);
            entry += 1;
        }
        entry = 0;
        while entry < listed.len() {
            duplicates = duplicates.add_renamed(listed, listed[entry], entry);
            entry += 1;
        }
        duplicates
    }

    const fn tell(mut self, duplicate: Duplicate) -> Self {
        if self.told < TOLD {
            self.found[self.told] = Some(duplicate);
            self.told += 1;
        }
        self
    }

    /// Adds functions that have the id of one before them.
    const fn add_same<const SLOTS: usize>(
        mut self,
        listed: Listed,
        entry: usize,
        table: &mut Table<FunctionDescriptor, SLOTS>,
    ) -> Self {
        match listed {
            Listed::One { function, hash } => match table.insert(hash, function.id, function) {
                Some(first) => self.tell(Duplicate { entry, first, second: function }),
                None => self,
            },
            Listed::Many(entries) => {
                let mut at = 0;
                while at < entries.len() {
                    self = self.add_same(entries[at], entry, table);
                    at += 1;
                }
                self
            }
        }
    }

    /// Adds functions that were renamed from an id which another one has, or from which one before them was renamed too.
    const fn add_renamed(mut self, all: &[Listed], listed: Listed, entry: usize) -> Self {
        match listed {
            Listed::One { function, .. } => {
                let mut at = 0;
                while at < function.was.len() {
                    let id = function.was[at];
                    if let Some(first) = who_has(all, id) {
                        self = self.tell(Duplicate { entry, first, second: function });
                    } else if let Search::Found(first) = who_had(all, id, function) {
                        self = self.tell(Duplicate { entry, first, second: function });
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

    /// Fails when a function of this entry of the list claims an id of another one.
    ///
    /// # Panics
    ///
    /// When one does: a panic of a constant evaluation is an error of the compiler.
    #[track_caller]
    pub const fn assert_none_of(&self, entry: usize) {
        let mut message = Message::new();
        let (mut told, mut at) = (0, 0);
        while at < self.told {
            if let Some(duplicate) = self.found[at]
                && duplicate.entry == entry
            {
                if told > 0 {
                    message = message.add(&["\n"]);
                }
                message = duplicate.tell(message);
                told += 1;
            }
            at += 1;
        }
        if told > 0 {
            message.fail();
        }
    }
}

impl Duplicate {
    const fn tell(&self, message: Message) -> Message {
        let Self { first, second, .. } = self;
        if same(first.path, second.path) && first.line == second.line {
            return message
                .add(&["function `", second.id, "` is listed twice:"])
                .place(second.path, second.file, second.line)
                .add(&["\n    remove it here, or where it is listed before: on its own, by a controller or by another list"]);
        }
        if same(first.id, second.id) {
            let message = message.add(&["function id `", second.id, "` is used by two functions:"]);
            return Self::places(message, first, second).add(&[
                "\n    ids are global to the application: give one of them another purpose at the end",
            ]);
        }
        if holds(second.was, first.id) {
            let message = message
                .add(&["`was` of function `", second.id, "` claims `", first.id])
                .add(&["`, the id of a function that is still listed:"]);
            return Self::places(message, second, first).add(&[
                "\n    the runs of an id continue in one function: remove it from `was`, or the other function from the list",
            ]);
        }
        let message =
            message.add(&["`was` of two functions claims the id `", shared(first.was, second.was), "`:"]);
        Self::places(message, first, second)
            .add(&["\n    the runs of an id continue in one function: remove it from one of the two"])
    }

    const fn places(message: Message, one: &FunctionDescriptor, other: &FunctionDescriptor) -> Message {
        message.place(one.path, one.file, one.line).place(other.path, other.file, other.line)
    }
}

/// The function that has this id.
const fn who_has(listed: &[Listed], id: &str) -> Option<&'static FunctionDescriptor> {
    let mut at = 0;
    while at < listed.len() {
        match listed[at] {
            Listed::One { function, .. } if same(function.id, id) => return Some(function),
            Listed::One { .. } => {}
            Listed::Many(entries) => {
                if let Some(function) = who_has(entries, id) {
                    return Some(function);
                }
            }
        }
        at += 1;
    }
    None
}

/// The end of a search that goes as far as a certain function.
#[derive(Clone, Copy)]
enum Search {
    Found(&'static FunctionDescriptor),
    /// The function was reached.
    Over,
    /// It was not: it stands further on.
    Open,
}

/// Finds a function in the list before `function` that was renamed from this id.
const fn who_had(listed: &[Listed], id: &str, function: &FunctionDescriptor) -> Search {
    let mut at = 0;
    while at < listed.len() {
        let search = match listed[at] {
            Listed::One { function: other, .. } if same(other.id, function.id) => Search::Over,
            Listed::One { function: other, .. } if holds(other.was, id) => Search::Found(other),
            Listed::One { .. } => Search::Open,
            Listed::Many(entries) => who_had(entries, id, function),
        };
        if !matches!(search, Search::Open) {
            return search;
        }
        at += 1;
    }
    Search::Open
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

/// The first id that both have.
const fn shared<'a>(ids: &[&'a str], others: &[&str]) -> &'a str {
    let mut at = 0;
    while at < ids.len() {
        if holds(others, ids[at]) {
            return ids[at];
        }
        at += 1;
    }
    ""
}
