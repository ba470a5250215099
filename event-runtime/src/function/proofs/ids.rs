//! The ids of functions: each fits its trigger.

use event_conventions::check_function_id;

use crate::const_text::Message;
use crate::event::Trigger;
use crate::function::Function;

/// Fails unless the id is `domain-action-purpose` for the function's trigger, or one of them; of a whole domain the action
/// is empty.
///
/// # Panics
///
/// When it is not: a panic of a constant evaluation is an error of the compiler.
#[track_caller]
pub const fn assert_function_id<F: Function>() {
    assert_id(F::SOURCE.id, <F::Trigger as Trigger>::EVENTS.prefixes);
}

/// Fails unless the id of a function of another application is `domain-action-purpose` for its trigger.
///
/// # Panics
///
/// When it is not: a panic of a constant evaluation is an error of the compiler.
#[track_caller]
pub const fn assert_foreign_id<T: Trigger>(id: &str) {
    assert_id(id, T::EVENTS.prefixes);
}

#[track_caller]
const fn assert_id(id: &str, prefixes: &[(&str, &str)]) {
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
