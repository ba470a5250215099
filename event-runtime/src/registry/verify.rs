//! The checks of `registry!` while compiling: no domain and no event name is declared twice.

use super::Registry;
use crate::const_text::{Message, Table, same};
use crate::event::{EventDescriptor, SetDescriptor, SetSource};

/// Counts the events of all sets.
#[must_use]
pub const fn total(sets: &[SetSource]) -> usize {
    let (mut events, mut at) = (0, 0);
    while at < sets.len() {
        events += sets[at].events.len();
        at += 1;
    }
    events
}

impl<const SLOTS: usize> Table<EventDescriptor, SLOTS> {
    /// The table of every event of the sets; of events with one name the first.
    #[must_use]
    const fn of(sets: &[&'static SetDescriptor]) -> Self {
        let mut table = Self::new();
        let mut set = 0;
        while set < sets.len() {
            let mut at = 0;
            while at < sets[set].events.len() {
                let event = sets[set].events[at];
                table.insert(event.hash, event.name, event);
                at += 1;
            }
            set += 1;
        }
        table
    }
}

/// The event of this name in the registry `R`. `SLOTS` is what [`slots`](crate::const_text::slots) gives for all of its events.
///
/// The table is a constant of a generic function, which the compiler evaluates where code is generated: `cargo check` does not.
#[inline]
#[must_use]
pub fn find<R: Registry, const SLOTS: usize>(name: &str) -> Option<&'static EventDescriptor> {
    const { &Table::<EventDescriptor, SLOTS>::of(R::SETS) }.find(name)
}

/// Fails when set number `index` declares a domain or an event name that a set before it declares.
#[track_caller]
pub const fn assert_set(sets: &[SetSource], index: usize) {
    let set = &sets[index];
    let mut clashes = 0;
    let mut message = Message::new().add(&["`", set.path, "` clashes with a set registered before it"]);
    let mut before = 0;
    while before < index {
        let other = &sets[before];
        before += 1;
        if same(other.path, set.path) && other.line == set.line {
            // The same set twice: the compiler says so, since it is a member twice.
            continue;
        }
        if other.hash == set.hash && same(other.domain, set.domain) {
            clashes += 1;
            message = message
                .add(&["\n  domain `", set.domain, "` is declared by two event sets:"])
                .place(other.path, other.file, other.line)
                .place(set.path, set.file, set.line)
                .add(&["\n    a domain belongs to one enum: rename one with `#[domain_events(domain = \"..\")]`, or merge the enums"]);
        }
        let (more, with_events) = same_events(other, set, message);
        clashes += more;
        message = with_events;
    }
    if clashes > 0 {
        message.fail();
    }
}

/// Adds every event name that both sets declare.
const fn same_events(one: &SetSource, other: &SetSource, mut message: Message) -> (usize, Message) {
    // Names begin with their domain: sets of different domains share none.
    if one.hash != other.hash && !one.foreign && !other.foreign {
        return (0, message);
    }
    let mut clashes = 0;
    let mut i = 0;
    while i < one.events.len() {
        let mut j = 0;
        while j < other.events.len() {
            let (a, b) = (&one.events[i], &other.events[j]);
            if a.hash == b.hash && same(a.name, b.name) {
                clashes += 1;
                message = message
                    .add(&["\n  event name `", a.name, "` is declared twice:"])
                    .place(a.payload, a.file, a.line)
                    .place(b.payload, b.file, b.line);
            }
            j += 1;
        }
        i += 1;
    }
    (clashes, message)
}
