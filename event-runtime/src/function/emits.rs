//! The events that a function may send: every one, or those that it declares with `emits(..)`.

use crate::event::{Event, IntoEnvelope};

/// A function that declares to send the event `E`, or the scope `()` of functions that declare nothing. Implemented by
/// `#[function]`. It is a trait of the function, and not of the event, so that a function which nothing else uses is unused.
#[doc(hidden)]
pub trait Emits<E> {}

impl<E: Event> Emits<E> for () {}

/// An event that the function `F` declares with `emits(..)`; for functions without `emits`, whose scope is `()`, every event.
#[diagnostic::on_unimplemented(
    message = "function `{F}` sends `{Self}`, which it does not declare",
    label = "not among what `{F}` emits",
    note = "declare it: `#[function(.., emits(.., {Self}))]`, or leave `emits` out to send anything"
)]
pub trait EmittedBy<F> {}

#[diagnostic::do_not_recommend]
impl<F: Emits<E>, E: Event> EmittedBy<F> for E {}

/// An event that a function of the scope `F` may send: one that is [`EmittedBy`] it, or such an event in its envelope.
/// Implemented for these, and by nothing else.
#[diagnostic::on_unimplemented(
    message = "this function cannot send `{Self}`",
    label = "not an event, or not among what the function `emits`",
    note = "a function with `emits(..)` sends nothing else: declare the event there, or leave `emits` out",
    note = "an event is its payload, such as `WorkflowCreated {{ .. }}`, alone or in an envelope: `WorkflowCreated {{ .. }}.with_id(\"..\")`",
    note = "an enum with `#[domain_events]` is a set of events: use one of its payloads, `WorkflowCreated` and not `WorkflowEvent::Created`"
)]
pub trait SentBy<F>: IntoEnvelope {}

impl<F, E: IntoEnvelope> SentBy<F> for E where E::Event: EmittedBy<F> {}
