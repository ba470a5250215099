//! A trigger that is one or another.

use super::{Cron, Reading, Trigger, TriggerEvents, TriggerKind};
use crate::event::EventDescriptor;
use crate::validate::Issues;

/// One trigger or the other; for more, nest them: `Either<A, Either<B, C>>`. The function's id begins with the first event. The function's id begins with the first event. The function's id begins with the first event.
///
/// ```
/// use event_runtime::{Either, prelude::*};
///
/// # #[domain_events]
/// # pub enum OrderEvent {
/// #     /// An order was placed.
/// #     Placed { id: u64 },
/// #     /// An order was cancelled.
/// #     Cancelled { id: u64 },
/// # }
/// /// Keeps the books.
/// #[function(id = "order-placed-bookkeeping")]
/// async fn keep_books(ctx: &Context<Either<OrderPlaced, OrderCancelled>>) -> Result<u64> {
///     match &ctx.event {
///         Either::Left(placed) => Ok(placed.id),
///         Either::Right(cancelled) => Ok(cancelled.id),
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "there are two")]
pub enum Either<A, B> {
    /// The first.
    Left(A),
    /// The second.
    Right(B),
}

/// The most events of an [`Either`], all together.
const MAX_EVENTS: usize = 512;

/// The most triggers of an [`Either`], all together: Inngest's limit.
const MAX_TRIGGERS: usize = 10;

/// Two lists one after the other, in a constant of a generic type.
macro_rules! joined {
    ($name:ident, $ty:ty, $max:expr, $empty:expr, $field:ident) => {
        const $name: [$ty; $max] = {
            let (a, b) = (A::EVENTS.$field, B::EVENTS.$field);
            assert!(a.len() + b.len() <= $max, "these are too many triggers for one function");
            let mut all = [$empty; $max];
            let mut at = 0;
            while at < a.len() + b.len() {
                all[at] = if at < a.len() { a[at] } else { b[at - a.len()] };
                at += 1;
            }
            all
        };
    };
}

/// The lists of both.
struct Both<A, B>(A, B);

impl<A: Trigger, B: Trigger> Both<A, B> {
    joined!(NAMES, &'static str, MAX_EVENTS, "", names);
    joined!(HASHES, u64, MAX_EVENTS, 0, hashes);
    joined!(PREFIXES, (&'static str, &'static str), MAX_TRIGGERS, ("", ""), prefixes);
    const DESCRIPTORS: [&'static EventDescriptor; MAX_EVENTS] = {
        let (a, b) = (A::DESCRIPTORS, B::DESCRIPTORS);
        let mut all = [&EventDescriptor::NONE; MAX_EVENTS];
        let mut at = 0;
        while at < a.len() + b.len() {
            all[at] = if at < a.len() { a[at] } else { b[at - a.len()] };
            at += 1;
        }
        all
    };
}

impl<A: Trigger, B: Trigger> Trigger for Either<A, B> {
    type Sets = (A::Sets, B::Sets);
    const EVENTS: TriggerEvents = {
        let (a, b) = (A::EVENTS, B::EVENTS);
        let events = a.names.len() + b.names.len();
        TriggerEvents {
            names: Both::<A, B>::NAMES.split_at(events).0,
            hashes: Both::<A, B>::HASHES.split_at(events).0,
            prefixes: Both::<A, B>::PREFIXES.split_at(a.prefixes.len() + b.prefixes.len()).0,
            kind: TriggerKind { batch: a.kind.batch || b.kind.batch, cron: a.kind.cron || b.kind.cron },
        }
    };
    const DESCRIPTORS: &'static [&'static EventDescriptor] =
        Both::<A, B>::DESCRIPTORS.split_at(A::DESCRIPTORS.len() + B::DESCRIPTORS.len()).0;

    fn decode_event(name: &str, version: u32, json: &str, reading: Reading) -> Result<Self, Issues> {
        let is_first = A::EVENTS.names.contains(&name) || (A::EVENTS.kind.cron && name == Cron::EVENT);
        if is_first {
            A::decode_event(name, version, json, reading).map(Self::Left)
        } else {
            B::decode_event(name, version, json, reading).map(Self::Right)
        }
    }
}
