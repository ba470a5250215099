//! The registry: the explicit list of the event sets of an application.

mod lookup;
mod verify;

pub(crate) use lookup::find;
pub use lookup::find_event;
pub use verify::{assert_set, total};

use crate::event::{EventDescriptor, IntoEnvelope, SetDescriptor, Trigger};

/// The events of an application, as `registry!` declares them. What is not in it can be neither sent nor handled.
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
    /// The sets, in the order of the list.
    const SETS: &'static [&'static SetDescriptor];

    /// The event of this name, without allocating.
    fn find(name: &str) -> Option<&'static EventDescriptor>;

    /// Every event, in the order of the list and of the variants.
    fn events() -> impl Iterator<Item = &'static EventDescriptor> {
        Self::SETS.iter().flat_map(|set| set.events).copied()
    }
}

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

/// An event that can be sent to a host of the registry `R`: one whose set is registered there, or such an event in its
/// envelope. Implemented for these, and by nothing else.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event",
    label = "not the payload of one event",
    note = "an event is its payload, such as `WorkflowCreated {{ .. }}`, alone or in an envelope: `WorkflowCreated {{ .. }}.with_id(\"..\")`",
    note = "an enum with `#[domain_events]` is a set of events: use one of its payloads, `WorkflowCreated` and not `WorkflowEvent::Created`"
)]
pub trait RegisteredIn<R>: IntoEnvelope {}

impl<R, E: IntoEnvelope> RegisteredIn<R> for E where <E::Event as Trigger>::Set: MemberOf<R> {}
