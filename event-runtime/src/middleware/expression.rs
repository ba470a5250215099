//! Expressions that a host evaluates over events.

use crate::event::EventDescriptor;
use crate::function::FunctionDescriptor;

/// An expression of CEL that the host evaluates over events, as they are when they have passed every middleware.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Expression<'a> {
    /// The id of the function that it belongs to.
    pub function_id: &'a str,
    /// The option that it stands in, such as `concurrency`; `matching` for that of a step.
    pub option: &'a str,
    /// The expression.
    pub text: &'a str,
    /// What `event` may be in it: the events of the trigger.
    pub events: &'a [&'static EventDescriptor],
    /// What `async` is in it, where an event is waited for.
    pub awaited: Option<&'static EventDescriptor>,
}

impl<'a> Expression<'a> {
    pub(super) const fn new(
        (function_id, option): (&'a str, &'a str),
        text: &'a str,
        events: &'a [&'static EventDescriptor],
        awaited: Option<&'static EventDescriptor>,
    ) -> Self {
        Self { function_id, option, text, events, awaited }
    }
}

/// The expressions in the options of a function: the option, the text, and the event that `async` is.
pub(crate) fn of_options(
    function: &FunctionDescriptor,
) -> impl Iterator<Item = (&'static str, &'static str, Option<&'static str>)> {
    let options = function.options;
    let single = [
        ("if", options.condition),
        ("throttle", options.throttle.and_then(|option| option.key)),
        ("rate_limit", options.rate_limit.and_then(|option| option.key)),
        ("debounce", options.debounce.and_then(|option| option.key)),
        ("batch", options.batch.and_then(|option| option.key)),
        ("batch", options.batch.and_then(|option| option.condition)),
        ("priority", options.priority),
        ("singleton", options.singleton.and_then(|option| option.key)),
        ("idempotency", options.idempotency),
    ];
    let single = single.into_iter().map(|(option, text)| (option, text, None));
    let concurrency = options.concurrency.iter().map(|limit| ("concurrency", limit.key, None));
    let cancel = options.cancel_on.iter().map(|cancel| ("cancel_on", cancel.condition, Some(cancel.event)));
    single
        .chain(concurrency)
        .chain(cancel)
        .filter_map(|(option, text, awaited)| Some((option, text?, awaited)))
}
