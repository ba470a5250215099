//! What is verified about a function while compiling: its id, and that its options fit its trigger.

use event_conventions::{check_function_id, distance, is_near};

use super::Function;
use crate::event::{EventDescriptor, Failed, Trigger, TriggerEvents};
use crate::registry::{Message, same};

/// Fails unless the id is `domain-action-purpose` for the function's trigger, or one of them; of a whole domain the action
/// is empty. And unless the function takes a batch where it has the option, and a time where it has that.
///
/// # Panics
///
/// Then: this is how a constant evaluation tells what is wrong.
#[track_caller]
pub const fn assert_function_id<F: Function>() {
    let TriggerEvents { prefixes, kind, .. } = <F::Trigger as Trigger>::EVENTS;
    let (id, options) = (F::SOURCE.id, F::SOURCE.options);
    if kind.batch != options.batch.is_some() {
        let message = if kind.batch {
            "a function that takes a `Batch` says how it is gathered: write `#[function(.., batch(max_size = 100, timeout = \"5s\"))]`"
        } else {
            "the option `batch` gives several events at once: take them as `ctx: &Context<Batch<..>>`"
        };
        Message::new().add(&[message]).fail();
    }
    if kind.cron == options.crons.is_empty() {
        let message = if kind.cron {
            "a function that takes a `Cron` says when it starts: write `#[function(.., cron = \"0 9 * * *\")]`"
        } else {
            "the option `cron` starts a function without an event: take `ctx: &Context<Cron>`, or `&Context<Either<Cron, ..>>`"
        };
        Message::new().add(&[message]).fail();
    }
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

/// Compiles only when `H` can be told of the failures of `F`.
pub const fn assert_failure_handler<F: Function, H: Function<Trigger = Failed<F::Trigger>>>() {}

/// The fields of an envelope.
const ENVELOPE: [&str; 6] = ["data", "id", "name", "ts", "user", "v"];

/// Fails unless each path, such as `["data", "account_id"]`, leads to a field of an event of the trigger `T`.
///
/// # Panics
///
/// Then: this is how a constant evaluation tells what is wrong.
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
    let (mut nearest, mut least, mut event) = ("", usize::MAX, 0);
    while event < events.len() {
        let mut at = 0;
        while at < events[event].fields.len() {
            let field = events[event].fields[at].name;
            let distance = distance(name, field);
            if distance < least && is_near(name, distance) {
                (nearest, least) = (field, distance);
            }
            at += 1;
        }
        event += 1;
    }
    if !nearest.is_empty() {
        message = message.add(&[": did you mean `", nearest, "`?"]);
    }
    message.place(events[0].payload, events[0].file, events[0].line).fail();
}
