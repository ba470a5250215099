//! Triggers of functions: one event, a whole domain, several of these, a batch, a time, or a failure.

use std::ops::Deref;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

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

/// The events of a batch, which the option `batch` has collected: at least one, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch<T>(Vec<T>);

impl<T> Deref for Batch<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<'a, T> IntoIterator for &'a Batch<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T: Trigger> Trigger for Batch<T> {
    type Sets = T::Sets;
    const DESCRIPTORS: &'static [&'static EventDescriptor] = T::DESCRIPTORS;
    const EVENTS: TriggerEvents =
        TriggerEvents { kind: TriggerKind { batch: true, ..T::EVENTS.kind }, ..T::EVENTS };

    fn decode_event(name: &str, version: u32, json: &str, reading: Reading) -> Result<Self, Issues> {
        T::decode_event(name, version, json, reading).map(|event| Self(vec![event]))
    }

    fn decode(events: &[Arc<RawEnvelope>], reading: Reading) -> Result<Self, Issues> {
        if events.is_empty() {
            return Err(no_event());
        }
        let one = |event: &Arc<RawEnvelope>| T::decode(std::slice::from_ref(event), reading);
        events.iter().map(one).collect::<Result<_, _>>().map(Self)
    }

    fn decode_valid(
        events: &[Arc<RawEnvelope>],
        reading: Reading,
    ) -> Result<(Self, Option<InvalidEvents>), Issues> {
        if events.is_empty() {
            return Err(no_event());
        }
        let (mut valid, mut invalid) = (Vec::with_capacity(events.len()), Vec::new());
        for event in events {
            match T::decode(std::slice::from_ref(event), reading) {
                Ok(event) => valid.push(event),
                Err(issues) => invalid.push((&**event, issues)),
            }
        }
        let waits = |(_, issues): &(_, Issues)| reading == Reading::Stored && are_for_another_build(issues);
        let decisive = invalid.iter().position(waits).or(valid.is_empty().then_some(0));
        if let Some(decisive) = decisive {
            return Err(invalid.swap_remove(decisive).1);
        }
        let left_out = (!invalid.is_empty()).then(|| InvalidEvents::new(events, &invalid));
        Ok((Self(valid), left_out))
    }
}

/// The events of a batch that are not valid, while others are. Their run handles the others, and then fails with this.
#[doc(hidden)]
#[derive(Debug, serde::Serialize)]
pub struct InvalidEvents {
    message: String,
}

impl InvalidEvents {
    /// The name under which it is recorded.
    const NAME: &'static str = "InvalidEvents";

    fn new(events: &[Arc<RawEnvelope>], invalid: &[(&RawEnvelope, Issues)]) -> Self {
        let tell = |(event, issues): &(&RawEnvelope, Issues)| {
            format!("`{}` (id `{}`): {issues}", event.name, event.id)
        };
        let told: Vec<String> = invalid.iter().map(tell).collect();
        let (are, told) = (if invalid.len() == 1 { "is" } else { "are" }, told.join("; "));
        let message = format!(
            "{} of {} events {are} not valid and left out, while the others were handled: {told}",
            invalid.len(),
            events.len(),
        );
        Self { message }
    }
}

impl std::fmt::Display for InvalidEvents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for InvalidEvents {}

/// Whether issues say that another build may be able to decode what this one cannot.
pub(crate) fn are_for_another_build(issues: &Issues) -> bool {
    let of_another = [code::UNKNOWN_EVENT, code::UNKNOWN_VERSION, code::UNEXPECTED_BATCH];
    issues.iter().any(|issue| of_another.contains(&issue.code.as_ref()))
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

/// The failure of a run whose trigger was `T`: the trigger of the function that the option `on_failure` names. It runs once the
/// run has failed for good.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Failed<T> {
    /// What started the run that failed. It dereferences to the payload; see [`Original`] for an event that cannot be decoded.
    pub event: Original<T>,
    /// Why it failed.
    pub error: String,
    /// The id of the function that failed.
    pub function_id: String,
    /// The id of the run that failed.
    pub run_id: String,
}

/// The event that started a failed run; it dereferences to the payload. A run may have failed because this build cannot decode
/// its event: then [`raw`](Self::raw) has what was stored.
#[derive(Debug, Clone)]
pub struct Original<T> {
    decoded: Result<T, Issues>,
    raw: Vec<Arc<RawEnvelope>>,
}

impl<T> Original<T> {
    /// The payload.
    ///
    /// # Errors
    ///
    /// The issues because of which this build cannot decode it.
    pub fn decoded(&self) -> Result<&T, &Issues> {
        self.decoded.as_ref()
    }

    /// The event as it is stored; of a batch, all of them.
    pub fn raw(&self) -> impl Iterator<Item = &RawEnvelope> {
        self.raw.iter().map(|event| &**event)
    }
}

impl<T: PartialEq> PartialEq for Original<T> {
    fn eq(&self, other: &Self) -> bool {
        self.decoded == other.decoded
    }
}

impl<T> Deref for Original<T> {
    type Target = T;

    /// # Panics
    ///
    /// When this build cannot decode the event: then the function fails, and says why.
    /// [`decoded`](Original::decoded) does not panic.
    #[track_caller]
    fn deref(&self) -> &T {
        match &self.decoded {
            Ok(payload) => payload,
            Err(issues) => panic!(
                "the event of the run that failed cannot be decoded, see `Original::decoded`: {issues}"
            ),
        }
    }
}

/// The name that Inngest gives the event of a failure.
pub(crate) const FAILURE_EVENT: &str = "inngest/function.failed";

/// The data of that event.
#[derive(Deserialize, serde::Serialize)]
pub(crate) struct FailureData<'a> {
    pub(crate) function_id: std::borrow::Cow<'a, str>,
    pub(crate) run_id: std::borrow::Cow<'a, str>,
    pub(crate) error: FailureError<'a>,
    pub(crate) event: Box<RawValue>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) events: Vec<Box<RawValue>>,
}

/// The error in it.
#[derive(Deserialize, serde::Serialize)]
pub(crate) struct FailureError<'a> {
    pub(crate) name: std::borrow::Cow<'a, str>,
    pub(crate) message: std::borrow::Cow<'a, str>,
}

impl<T: Trigger> Trigger for Failed<T> {
    type Sets = T::Sets;
    const EVENTS: TriggerEvents =
        TriggerEvents { prefixes: T::EVENTS.prefixes, ..TriggerEvents::none(TriggerKind::EVENTS) };

    fn decode_event(_: &str, _: u32, json: &str, reading: Reading) -> Result<Self, Issues> {
        let data: FailureData<'_> = decode_internal(json)?;
        let raw = if data.events.is_empty() { std::slice::from_ref(&data.event) } else { &data.events };
        let events = raw.iter().map(|json| decode_internal::<RawEnvelope>(json.get()).map(Arc::new));
        let mut raw = events.collect::<Result<Vec<_>, _>>()?;
        let decoded = if data.error.name == InvalidEvents::NAME {
            // The others were handled.
            raw.retain(|event| T::decode(std::slice::from_ref(event), reading).is_err());
            T::decode(&raw, reading)
        } else {
            T::decode_valid(&raw, reading).map(|(trigger, _)| trigger)
        };
        Ok(Self {
            event: Original { decoded, raw },
            error: data.error.message.into_owned(),
            function_id: data.function_id.into_owned(),
            run_id: data.run_id.into_owned(),
        })
    }
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
