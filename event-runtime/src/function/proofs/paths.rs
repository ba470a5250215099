//! The fields of events that the expressions of options name.

use std::marker::PhantomData;

use crate::const_text::{Message, Nearest, same};
use crate::event::{EventDescriptor, Trigger};
use crate::validate::field::JsonKind;

/// The fields of an envelope.
const ENVELOPE: [&str; 6] = ["data", "id", "name", "ts", "user", "v"];

/// The events of the trigger `T`; none where it is no trigger, which is told elsewhere.
pub struct EventsOf<T>(PhantomData<T>);

impl<T: Trigger> EventsOf<T> {
    /// The events, which take precedence over [`NoEvents`].
    pub const EVENTS: &'static [&'static EventDescriptor] = T::DESCRIPTORS;
}

/// The fallback for a type that is not a trigger.
pub trait NoEvents {
    /// None.
    const EVENTS: &'static [&'static EventDescriptor] = &[];
}

impl<T> NoEvents for EventsOf<T> {}

/// Fails unless each path, such as `["data", "account_id"]`, leads to a field of one of the events. `variable` is what the event
/// is called in the expression.
///
/// # Panics
///
/// When one does not: a panic of a constant evaluation is an error of the compiler.
#[track_caller]
pub const fn assert_paths(events: &[&EventDescriptor], variable: &str, paths: &[&[&str]]) {
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
            no_field(events, variable, path[1]);
        }
    }
}

/// Fails if a path, such as `["data", "account_id"]`, leads to a text or a boolean, whichever event of the trigger `T` it is: these
/// are the values that a number is expected of.
///
/// # Panics
///
/// When one does: a panic of a constant evaluation is an error of the compiler.
#[track_caller]
pub const fn assert_numbers<T: Trigger>(paths: &[&[&str]]) {
    let mut at = 0;
    while at < paths.len() {
        let path = paths[at];
        at += 1;
        if path.len() == 1 && (same(path[0], "id") || same(path[0], "name")) {
            not_a_number(&["event.", path[0]], JsonKind::Text);
        }
        if path.len() == 2 && same(path[0], "data") {
            let kind = kind_of(T::DESCRIPTORS, path[1]);
            not_a_number(&["event.data.", path[1]], kind);
        }
    }
}

/// What a field is in JSON, if it is that in every event that has it.
const fn kind_of(events: &[&EventDescriptor], name: &str) -> JsonKind {
    let (mut kind, mut event) = (None, 0);
    while event < events.len() {
        let mut at = 0;
        while at < events[event].fields.len() {
            let field = events[event].fields[at];
            at += 1;
            if same(field.name, name) {
                kind = match (kind, field.shown.kind) {
                    (None | Some(JsonKind::Text), JsonKind::Text) => Some(JsonKind::Text),
                    (None | Some(JsonKind::Boolean), JsonKind::Boolean) => Some(JsonKind::Boolean),
                    _ => return JsonKind::Unknown,
                };
            }
        }
        event += 1;
    }
    match kind {
        Some(kind) => kind,
        None => JsonKind::Unknown,
    }
}

/// Says that what is read is no number, and what to write instead.
#[track_caller]
const fn not_a_number(path: &[&str], kind: JsonKind) {
    let message = Message::new().add(&["`priority` is a number of seconds, and `"]).add(path);
    match kind {
        JsonKind::Text => {
            message.add(&["` is a text: write `"]).add(path).add(&[" == 'express' ? 120 : 0`"]).fail()
        }
        JsonKind::Boolean => {
            message.add(&["` is true or false: write `"]).add(path).add(&[" ? 120 : 0`"]).fail()
        }
        JsonKind::Unknown => {}
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
const fn no_field(events: &[&EventDescriptor], variable: &str, name: &str) -> ! {
    let mut message = Message::new().add(&["`", variable, ".data` has no field `", name, "`"]);
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
