//! The registry: the explicit list of the event sets of an application.

mod lookup;
mod verify;

pub use lookup::find_event;
pub(crate) use lookup::is_registered;
pub use verify::{assert_set, find, total};

use schemars::Schema;

use crate::event::{
    Descriptors, Envelope, Event, EventDescriptor, IntoEnvelope, Metadata, SetDescriptor, SetSource, Trigger,
};
use crate::validate::json::Object;

/// The events of an application, as `registry!` declares them. Other events can be neither sent nor handled.
///
/// ```
/// use event_runtime::prelude::*;
///
/// /// The life of a user.
/// #[domain_events]
/// pub enum UserEvent {
///     /// A user was created.
///     Created { id: u64 },
/// }
///
/// registry! {
///     /// Every event of this application.
///     pub AppEvents = [UserEvent];
/// }
///
/// let event = AppEvents::find("user/created").unwrap();
/// assert_eq!(event.description, "A user was created.");
/// assert!(AppEvents::find("user/deleted").is_none());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a registry",
    label = "not declared by `registry!`",
    note = "declare it: `registry! {{ pub {Self} = [WorkflowEvent]; }}`"
)]
pub trait Registry: Sized + Send + Sync + 'static {
    /// The metadata that comes with every event, as `with` names it; `()` without. See [`Metadata`].
    type Meta: Metadata;

    /// The list of the sets.
    #[doc(hidden)]
    type Sets: Descriptors<Self, Of = SetDescriptor>;

    /// The sets, in the order of the list.
    const SETS: &'static [&'static SetDescriptor] = <Self::Sets as Descriptors<Self>>::ALL;

    /// What the macro says of them, for the proofs.
    #[doc(hidden)]
    const SOURCES: &'static [SetSource];

    /// Finds an event by its name, without allocating.
    fn find(name: &str) -> Option<&'static EventDescriptor>;

    /// Every event, in the order of the list and of the variants.
    fn events() -> impl Iterator<Item = &'static EventDescriptor> {
        Self::SETS.iter().flat_map(|set| set.events).copied()
    }

    /// The JSON Schema of the metadata that comes with every event; `None` without.
    #[must_use]
    fn meta_schema() -> Option<Schema> {
        Self::Meta::schema()
    }
}

/// The metadata of the events of `R`, or `()`. Implemented by `registry!`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not come with the events of `{R}`",
    label = "this metadata is not that of the registry `{R}`",
    note = "what comes with every event is named by the registry: `registry! {{ pub {R} with {Self} = [..]; }}`"
)]
pub trait MetaOf<R> {}

#[diagnostic::do_not_recommend]
impl<R> MetaOf<R> for () {}

/// Metadata that a client of `R` can give to the events that it sends: the one that the registry names. Implemented for it, and by
/// nothing else.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not come with the events of `{R}`",
    label = "this metadata is not that of the registry `{R}`",
    note = "what comes with every event is named by the registry: `registry! {{ pub {R} with {Self} = [..]; }}`"
)]
pub trait Stamps<R>: Metadata {}

#[diagnostic::do_not_recommend]
impl<R, M: Metadata + Object + MetaOf<R>> Stamps<R> for M {}

/// A set that is registered in `R`. Implemented by `registry!`.
#[diagnostic::on_unimplemented(
    message = "the event set `{Self}` is not registered in `{R}`",
    label = "this event is not in the registry `{R}`",
    note = "only events of a registered set can be sent or handled: add `{Self}` to the list in `registry! {{ pub {R} = [..]; }}`",
    note = "in code generic over the registry, add `where {Self}: MemberOf<{R}>`"
)]
pub trait MemberOf<R> {}

// What several triggers need is all of their sets; a time needs none.
#[diagnostic::do_not_recommend]
impl<R> MemberOf<R> for () {}
#[diagnostic::do_not_recommend]
impl<R, A: MemberOf<R>, B: MemberOf<R>> MemberOf<R> for (A, B) {}

/// A registry all of whose event sets are in the registry `R` as well: see [`Client::narrow`](crate::Client::narrow). Implemented
/// by `registry!`.
pub trait PartOf<R>: Registry {}

/// An event that can be sent to a host of the registry `R`: one whose set is registered there, or such an event in its
/// envelope. Implemented for these, and by nothing else.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event",
    label = "not the payload of one event",
    note = "an event is its payload, such as `WorkflowCreated {{ .. }}`, alone or in an envelope: `WorkflowCreated {{ .. }}.with_id(\"..\")`",
    note = "an enum with `#[domain_events]` is a set of events: use one of its payloads, `WorkflowCreated` and not `WorkflowEvent::Created`"
)]
pub trait RegisteredIn<R>: IntoEnvelope {}

impl<R, E: IntoEnvelope> RegisteredIn<R> for E
where
    <E::Event as Trigger>::Sets: MemberOf<R>,
    E::Meta: MetaOf<R>,
{
}

/// An event that can be sent where `M` is still missing: one that brings metadata in its envelope. Where nothing is missing every
/// event can.
#[diagnostic::on_unimplemented(
    message = "`{M}` must come with every event of this registry",
    label = "sent without `{M}`",
    note = "give it to whatever a client sends, `client.with_meta({M} {{ .. }}).send(..)`, or to one event, `event.with_meta({M} {{ .. }})`"
)]
pub trait Carries<M> {}

#[diagnostic::do_not_recommend]
impl<E> Carries<()> for E {}
#[diagnostic::do_not_recommend]
impl<E: Event, M: Object, N: Object> Carries<M> for Envelope<E, N> {}
