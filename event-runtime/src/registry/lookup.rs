//! Finding an event by a literal name while compiling: `event!`.

use super::Registry;
use crate::const_text::{Message, Nearest, same};
use crate::event::{EventDescriptor, SetDescriptor, SetSource};

/// The event of this name in the registry `R`.
///
/// # Panics
///
/// When there is no such event: a panic of a constant evaluation is an error of the compiler.
#[must_use]
#[track_caller]
pub const fn find_event<R: Registry>(hash: u64, name: &str) -> &'static EventDescriptor {
    match find(R::SETS, hash, name) {
        Some(event) => event,
        None => fail(R::SETS, name),
    }
}

/// Whether an event of this name is in the sets.
pub(crate) const fn is_registered(sets: &[SetSource], hash: u64, name: &str) -> bool {
    let mut set = 0;
    while set < sets.len() {
        let mut at = 0;
        while at < sets[set].events.len() {
            let event = &sets[set].events[at];
            if event.hash == hash && same(event.name, name) {
                return true;
            }
            at += 1;
        }
        set += 1;
    }
    false
}

/// The event of this name in the sets.
const fn find(sets: &[&'static SetDescriptor], hash: u64, name: &str) -> Option<&'static EventDescriptor> {
    let mut set = 0;
    while set < sets.len() {
        let mut at = 0;
        while at < sets[set].events.len() {
            let event = sets[set].events[at];
            if event.hash == hash && same(event.name, name) {
                return Some(event);
            }
            at += 1;
        }
        set += 1;
    }
    None
}

/// Says that no event has this name, and what may be meant: the nearest name, else the events of the domain, else the
/// domains.
#[track_caller]
const fn fail(sets: &[&SetDescriptor], name: &str) -> ! {
    let message = Message::new().add(&["no event of the registry is named `", name, "`"]);
    if let Some(event) = nearest(sets, name) {
        message
            .add(&[": did you mean `", event.name, "`?"])
            .place(event.payload, event.file, event.line)
            .fail();
    }
    let mut set = 0;
    while set < sets.len() {
        if begins_with(name, sets[set].domain) {
            events(sets[set], message.add(&["; the events of `", sets[set].domain, "` are:"])).fail();
        }
        set += 1;
    }
    domains(sets, message.add(&["; its domains are:"])).fail();
}

const fn events(set: &SetDescriptor, mut message: Message) -> Message {
    let mut at = 0;
    while at < set.events.len() {
        message = message.add(&["\n    `", set.events[at].name, "`"]);
        at += 1;
    }
    message
}

const fn domains(sets: &[&SetDescriptor], mut message: Message) -> Message {
    let mut at = 0;
    while at < sets.len() {
        message = message.add(&["\n    `", sets[at].domain, "`"]);
        at += 1;
    }
    message
}

const fn nearest(sets: &[&SetDescriptor], name: &str) -> Option<&'static EventDescriptor> {
    let (mut nearest, mut set) = (Nearest::to(name), 0);
    while set < sets.len() {
        let mut at = 0;
        while at < sets[set].events.len() {
            let event = sets[set].events[at];
            nearest = nearest.or(event.name, event);
            at += 1;
        }
        set += 1;
    }
    nearest.found()
}

/// Whether a name is `domain/..`.
const fn begins_with(name: &str, domain: &str) -> bool {
    match name.as_bytes().split_at_checked(domain.len()) {
        Some((start, [b'/', ..])) => match std::str::from_utf8(start) {
            Ok(start) => same(start, domain),
            Err(_) => false,
        },
        _ => false,
    }
}
