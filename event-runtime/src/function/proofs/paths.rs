//! The fields of events that the expressions of options name.

use crate::const_text::{Message, Nearest, same};
use crate::event::{EventDescriptor, Trigger};

/// The fields of an envelope.
const ENVELOPE: [&str; 6] = ["data", "id", "name", "ts", "user", "v"];

/// Fails unless each path, such as `["data", "account_id"]`, leads to a field of an event of the trigger `T`.
///
/// # Panics
///
/// When one does not: a panic of a constant evaluation is an error of the compiler.
#[track_caller]
pub const fn assert_paths<T: Trigger>(paths: &[&[&str]]) {
    let events = T::EVENTS.events;
    let mut at = 0;
    while at < paths.len() {
        let path = paths[at];
        at += 1;
        if !path.is_empty() && !holds(&ENVELOPE, path[0]) {
            Message::new()
                .add(&["an event has no `", path[0], "`: it has `data`, `id`, `name`, `ts`, `user` and `v`"])
                .fail();
        }
        if path.len() > 1 && same(path[0], "data") && !events.is_empty() && !has_field(events, path[1]) {
            no_field(events, path[1]);
        }
    }
}

const fn holds(names: &[&str], name: &str) -> bool {
    let mut at = 0;
    while at < names.len() {
        if same(names[at], name) {
            return true;
        }
        at += 1;
    }
    false
}

const fn has_field(events: &[&EventDescriptor], name: &str) -> bool {
    let mut event = 0;
    while event < events.len() {
        let mut at = 0;
        while at < events[event].fields.len() {
            if same(events[event].fields[at].name, name) {
                return true;
            }
            at += 1;
        }
        event += 1;
    }
    false
}

/// Says that no event has this field, and which one may be meant.
#[track_caller]
const fn no_field(events: &[&EventDescriptor], name: &str) -> ! {
    let mut message = Message::new().add(&["`event.data` has no field `", name, "`"]);
    let (mut nearest, mut event) = (Nearest::to(name), 0);
    while event < events.len() {
        let mut at = 0;
        while at < events[event].fields.len() {
            let field = events[event].fields[at].name;
            nearest = nearest.or(field, field);
            at += 1;
        }
        event += 1;
    }
    if let Some(nearest) = nearest.found() {
        message = message.add(&[": did you mean `", nearest, "`?"]);
    }
    message.place(events[0].payload, events[0].file, events[0].line).fail();
}
