//! What is verified about the id of a function while compiling.

use event_conventions::check_function_id;

use super::{Function, Trigger, TriggerEvents};
use crate::registry::Message;

/// Fails unless the id is `domain-action-purpose` for the function's trigger; of a whole domain the action is empty.
///
/// # Panics
///
/// Then: this is how a constant evaluation tells what is wrong.
#[track_caller]
pub const fn assert_function_id<F: Function>() {
    let TriggerEvents { domain, action, .. } = <F::Trigger as Trigger>::EVENTS;
    let id = F::SOURCE.id;
    if check_function_id(id, domain, action).is_ok() {
        return;
    }
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
