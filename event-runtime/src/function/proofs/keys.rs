//! The keys of events in the options of functions: `key` alone stands for an expression that is made here.

use crate::const_text::{Message, Text, same};
use crate::event::key::{KeyKind, is_plain};
use crate::event::{Event, EventDescriptor, Trigger};

/// The longest expression of a key.
type Expression = Text<1024>;

/// The expression for the key of the events that start a function with the trigger `T`: `event.data.order_id`. Of several
/// fields it is the text of [`Key`](crate::Key). Where there is none [`assert_key`] fails.
#[must_use]
pub const fn key_of<T: Trigger>() -> &'static str {
    struct Of<T>(T);

    impl<T: Trigger> Of<T> {
        const EXPRESSION: &'static Expression = &of_event(key(T::DESCRIPTORS));
    }

    Of::<T>::EXPRESSION.as_str()
}

/// The condition that the event `E` has the key of the event that started a function with the trigger `T`. Where there is none
/// [`assert_same_key`] fails.
#[must_use]
pub const fn same_key<T: Trigger, E: Event>() -> &'static str {
    struct Of<T, E>(T, E);

    impl<T: Trigger, E: Event> Of<T, E> {
        const EXPRESSION: &'static Expression = &of_both(key(T::DESCRIPTORS), E::DESCRIPTOR.key);
    }

    Of::<T, E>::EXPRESSION.as_str()
}

/// Fails unless the events of the trigger `T` have one key. `option` is what an expression would be written to.
///
/// # Panics
///
/// When they do not: a panic of a constant evaluation is an error of the compiler.
#[track_caller]
pub const fn assert_key<T: Trigger>(option: &str) {
    let events = T::DESCRIPTORS;
    if events.is_empty() {
        Message::new()
            .add(&["what starts this function is no event with a key: remove `", option, "`"])
            .fail();
    }
    let mut at = 0;
    while at < events.len() {
        if events[at].key.is_empty() {
            no_key(events[at], &[option, " = \"event.data.id\""]);
        }
        if !is_same(events[0].key, events[at].key) {
            Message::new()
                .add(&["the events that start this function have different keys: "])
                .append(&of(events[0]))
                .add(&[", and "])
                .append(&of(events[at]))
                .add(&[": give the fields one name in JSON, `#[serde(rename = \"..\")]`, or write an expression, "])
                .add(&["such as `", option, " = \"event.name == '", events[0].name, "' ? .. : ..\"`"])
                .fail();
        }
        at += 1;
    }
    if of_event(events[0].key).is_cut() {
        too_long(events[0]);
    }
}

/// Fails unless the event `E` and those of the trigger `T` have keys of the same kinds.
///
/// # Panics
///
/// When they do not: a panic of a constant evaluation is an error of the compiler.
#[track_caller]
pub const fn assert_same_key<T: Trigger, E: Event>() {
    assert_key::<T>("if");
    let (own, other) = (T::DESCRIPTORS[0], E::DESCRIPTOR);
    if other.key.is_empty() {
        no_key(other, &["if = \"async.data.id == event.data.id\""]);
    }
    if !are_alike(own.key_kinds, other.key_kinds) {
        Message::new()
            .add(&["two keys that are never equal: "])
            .append(&kinds(own))
            .add(&[", and "])
            .append(&kinds(other))
            .add(&[": make them alike, or write an expression with `if`"])
            .fail();
    }
    if of_both(own.key, other.key).is_cut() {
        too_long(own);
    }
}

/// Fails unless the payload of an older version of the event `E`, which has these fields, has those of the key.
///
/// # Panics
///
/// When it has not: a panic of a constant evaluation is an error of the compiler.
#[track_caller]
pub const fn assert_key_of_version<E: Event>(version: u32, fields: &[crate::validate::Field]) {
    let event = E::DESCRIPTOR;
    let mut at = 0;
    while at < event.key.len() {
        let (name, mut is_there, mut field) = (event.key[at], false, 0);
        while field < fields.len() {
            is_there |= same(fields[field].name, name);
            field += 1;
        }
        if !is_there {
            Message::new()
                .add(&["version "])
                .number(version)
                .add(&[" of `", event.name, "` has no field `", name, "`, the key of the event. Hosts read the key in the "])
                .add(&["payload as it was sent: make a field the key that every version has, under one name in JSON"])
                .fail();
        }
        at += 1;
    }
}

/// The key of the first of these events; of none, none.
const fn key(events: &[&EventDescriptor]) -> &'static [&'static str] {
    if events.is_empty() { &[] } else { events[0].key }
}

/// `event.data.order_id`; of several fields `string(size(string(a))) + ':' + string(a) + ':' + string(b)`.
const fn of_event(key: &[&'static str]) -> Expression {
    if key.len() == 1 {
        return field(Expression::new(), "event", key[0]);
    }
    let (mut expression, mut at) = (Expression::new(), 0);
    while at < key.len() {
        if at + 1 < key.len() {
            expression =
                field(expression.add(&["string(size(string("]), "event", key[at]).add(&["))) + ':' + "]);
        }
        expression = field(expression.add(&["string("]), "event", key[at]).add(&[")"]);
        at += 1;
        if at < key.len() {
            expression = expression.add(&[" + ':' + "]);
        }
    }
    expression
}

/// `async.data.order_id == event.data.id`, the last field first: see [`Key`](crate::Key).
const fn of_both(own: &[&'static str], other: &[&'static str]) -> Expression {
    let mut expression = Expression::new();
    if own.len() != other.len() {
        return expression;
    }
    let mut left = own.len();
    while left > 0 {
        left -= 1;
        expression = field(expression, "async", other[left]).add(&[" == "]);
        expression = field(expression, "event", own[left]);
        if left > 0 {
            expression = expression.add(&[" && "]);
        }
    }
    expression
}

/// Appends `event.data.order_id`, or `event.data["order-id"]`.
const fn field(expression: Expression, variable: &str, name: &str) -> Expression {
    let expression = expression.add(&[variable, ".data"]);
    if is_plain(name) { expression.add(&[".", name]) } else { expression.add(&["[\"", name, "\"]"]) }
}

/// Whether two keys have the same fields, by their names in JSON.
const fn is_same(one: &[&'static str], other: &[&'static str]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && same(one[at], other[at]) {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// Whether two keys may be equal.
const fn are_alike(one: &[KeyKind], other: &[KeyKind]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] as u8 == other[at] as u8 {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// Says that an event has no key, how it gets one, and what to write instead.
#[track_caller]
const fn no_key(event: &EventDescriptor, instead: &[&str]) -> ! {
    Message::new()
        .add(&[
            "`",
            event.name,
            "` has no key: put `#[event(key)]` on the field that says which thing it is about, or write ",
        ])
        .add(&["an expression, such as `"])
        .add(instead)
        .add(&["`"])
        .place(event.payload, event.file, event.line)
        .fail()
}

/// `order/placed` has `id`
const fn of(event: &EventDescriptor) -> Message {
    let mut message = Message::new().add(&["`", event.name, "` has "]);
    let mut at = 0;
    while at < event.key.len() {
        let joint = if at == 0 { "`" } else { ", `" };
        message = message.add(&[joint, event.key[at], "`"]);
        at += 1;
    }
    message
}

/// the key of `order/placed` is a text
const fn kinds(event: &EventDescriptor) -> Message {
    let mut message = Message::new().add(&["that of `", event.name, "` is "]);
    let mut at = 0;
    while at < event.key_kinds.len() {
        let kind = match event.key_kinds[at] {
            KeyKind::Text => "a text",
            KeyKind::Integer => "a whole number",
        };
        message = message.add(&[if at == 0 { "" } else { " and " }, kind]);
        at += 1;
    }
    message
}

#[track_caller]
const fn too_long(event: &EventDescriptor) -> ! {
    Message::new()
        .add(&["the names of the fields in the key of `", event.name, "` are too long for an expression"])
        .fail()
}
