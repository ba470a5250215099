//! Triggers of functions: one event, a whole domain, several of these, a batch, a time, or a failure.

mod batch;
mod either;
mod failed;

use std::sync::Arc;

use serde::Deserialize;

pub use self::batch::Batch;
pub(crate) use self::batch::InvalidEvents;
pub use self::either::Either;
pub(crate) use self::failed::{FAILURE_EVENT, FailureData, FailureError};
pub use self::failed::{Failed, Original};
use super::{Event, EventDescriptor, EventSet, RawEnvelope};
use crate::middleware::Host;
use crate::validate::{Issue, Issues, Path, code};

/// The trigger of a function, the type in its `Context<..>`: one event, the enum of a whole domain, or one of [`Either`],
/// [`Batch`], [`Cron`] and [`Failed`]. Implemented by `#[domain_events]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot trigger a function: it is not an event",
    label = "neither the payload of one event nor a set of events",
    note = "take the payload of an event, `&Context<WorkflowCreated>`, or the enum of a domain, `&Context<WorkflowEvent>`"
)]
pub trait Trigger: Sized + Send + Sync + 'static {
    /// The set that must be registered: the one that declares it; of several, a tuple of sets.
    type Sets;
    /// The events that start a function with this trigger.
    const EVENTS: TriggerEvents;
    /// Their descriptors.
    #[doc(hidden)]
    const DESCRIPTORS: &'static [&'static EventDescriptor] = &[];

    /// Decodes and validates the payload `json` of the event `name`, sent in this version.
    ///
    /// # Errors
    ///
    /// Every issue of the payload; or that the event is not among [`EVENTS`](Self::EVENTS), or has no such version.
    #[doc(hidden)]
    fn decode_event(name: &str, version: u32, json: &str, reading: Reading) -> Result<Self, Issues>;

    /// Decodes what started a run: one event, unless it is a [`Batch`].
    #[doc(hidden)]
    fn decode(events: &[Arc<RawEnvelope>], reading: Reading) -> Result<Self, Issues> {
        match events {
            [event, others @ ..] if others.is_empty() || reading == Reading::Sent => {
                decode_one(event, reading)
            }
            [] => Err(no_event()),
            several => {
                let message =
                    format!("the run has a batch of {} events, and the function takes one", several.len());
                Err(Issue::new(&Path::root(), code::UNEXPECTED_BATCH, message).into())
            }
        }
    }

    /// Decodes what started a run, without the events of a [`Batch`] that are not valid: they are left out, and told beside it.
    #[doc(hidden)]
    fn decode_valid(
        events: &[Arc<RawEnvelope>],
        reading: Reading,
    ) -> Result<(Self, Option<InvalidEvents>), Issues> {
        Self::decode(events, reading).map(|trigger| (trigger, None))
    }
}

#[diagnostic::do_not_recommend]
impl<E: Event> Trigger for E {
    type Sets = E::Set;
    const EVENTS: TriggerEvents = TriggerEvents::of_event::<E>();
    const DESCRIPTORS: &'static [&'static EventDescriptor] = &[E::DESCRIPTOR];

    fn decode_event(_: &str, version: u32, json: &str, reading: Reading) -> Result<Self, Issues> {
        E::read_version(version, json, reading)
    }
}

/// Whether a payload has been validated before.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "there are two")]
pub enum Reading {
    /// It comes from outside: it is decoded and validated.
    Sent,
    /// It was accepted before: it is decoded.
    Stored,
}

impl Reading {
    /// The host that runs what is read so.
    pub(crate) const fn host(self) -> Host {
        match self {
            Self::Sent => Host::Inngest,
            Self::Stored => Host::Engine,
        }
    }
}

fn decode_one<T: Trigger>(event: &RawEnvelope, reading: Reading) -> Result<T, Issues> {
    let TriggerEvents { names, kind, .. } = T::EVENTS;
    let is_known = names.contains(&event.name.as_str()) || (kind.cron && event.name == Cron::EVENT);
    // A server calls functions by events of its own; the names of those that a failure has are in it.
    if reading == Reading::Stored && !names.is_empty() && !is_known {
        let message = format!("the function does not react to `{}`", event.name);
        return Err(Issue::new(&Path::root().field("name"), code::UNKNOWN_EVENT, message).into());
    }
    T::decode_event(&event.name, event.v.unwrap_or(1), event.data.get(), reading)
}

/// The events that start a function.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct TriggerEvents {
    /// Their names.
    pub names: &'static [&'static str],
    /// Hashes of the names.
    pub(crate) hashes: &'static [u64],
    /// Domain and action by which the function's id may begin; for a whole domain the action is empty. Without any the id
    /// follows no rule but its case.
    pub(crate) prefixes: &'static [(&'static str, &'static str)],
    /// The other things that start it.
    pub(crate) kind: TriggerKind,
}

/// The kind of a trigger: what starts a function besides its events, and whether they come in batches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TriggerKind {
    /// Several events at once: the option `batch`.
    pub(crate) batch: bool,
    /// A time: the option `cron`.
    pub(crate) cron: bool,
}

impl TriggerKind {
    const EVENTS: Self = Self { batch: false, cron: false };
}

impl TriggerEvents {
    const fn of_event<E: Event>() -> Self {
        struct Of<E>(E);

        impl<E: Event> Of<E> {
            const NAMES: &'static [&'static str] = &[E::NAME];
            const HASHES: &'static [u64] = &[E::SOURCE.hash];
            const PREFIXES: &'static [(&'static str, &'static str)] = &[E::SOURCE.prefix()];
        }

        let prefixes: &[_] = if <E::Set as EventSet>::SOURCE.named_well { Of::<E>::PREFIXES } else { &[] };
        Self { names: Of::<E>::NAMES, hashes: Of::<E>::HASHES, prefixes, kind: TriggerKind::EVENTS }
    }

    /// Every event of a set.
    #[doc(hidden)]
    #[must_use]
    pub const fn of_set(
        names: &'static [&'static str],
        hashes: &'static [u64],
        prefixes: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self { names, hashes, prefixes, kind: TriggerKind::EVENTS }
    }

    const fn none(kind: TriggerKind) -> Self {
        Self { names: &[], hashes: &[], prefixes: &[], kind }
    }
}

/// The trigger of a function with the option `cron`: a time, without an event.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Cron {
    /// The cron expression that fired.
    pub cron: String,
}

impl Cron {
    /// The name that Inngest gives the event of a time.
    pub(crate) const EVENT: &'static str = "inngest/scheduled.timer";
}

impl Trigger for Cron {
    type Sets = ();
    const EVENTS: TriggerEvents = TriggerEvents::none(TriggerKind { batch: false, cron: true });

    fn decode_event(_: &str, _: u32, json: &str, _: Reading) -> Result<Self, Issues> {
        decode_internal(json)
    }
}

/// Whether issues say that another build may be able to decode what this one cannot.
pub(crate) fn are_for_another_build(issues: &Issues) -> bool {
    let of_another = [code::UNKNOWN_EVENT, code::UNKNOWN_VERSION, code::UNEXPECTED_BATCH];
    issues.iter().any(|issue| of_another.contains(&issue.code.as_ref()))
}

/// The issue of a run without events, which no host makes.
#[cold]
fn no_event() -> Issues {
    Issue::new(&Path::root(), code::INVALID_TYPE, "a run starts with an event: this one has none").into()
}

/// Decodes what a host wrote.
fn decode_internal<'de, T: Deserialize<'de>>(json: &'de str) -> Result<T, Issues> {
    serde_json::from_str(json)
        .map_err(|error| Issue::new(&Path::root(), code::INVALID_TYPE, error.to_string()).into())
}
