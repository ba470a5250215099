//! Events that are sent together.

use super::{Event, EventSet, IntoEnvelope, Outgoing, Trigger};
use crate::validate::{Issues, Path};

/// Events that are sent together: of one type or of one set, anything that can be iterated over; of several, a tuple of up to
/// twelve. Each may be in its [`Envelope`](crate::Envelope), except where it is a value of its set's enum. `Kind` is one of the
/// three, and inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list of domain events",
    label = "neither events of one type or set, nor a tuple of events",
    note = "send events of one type, `[OrderPlaced {{ .. }}, ..]`, of one set, `vec![OrderEvent::Placed(..), ..]`, or of several: `(UserCreated {{ .. }}, OrderPlaced {{ .. }}.with_id(\"..\"))`"
)]
pub trait EventList<Kind> {
    /// The sets that must be registered.
    type Set;
    /// The events that a function must declare if it has `emits(..)`.
    type Events;

    /// Validates them; the path of each issue begins with the place of its event.
    #[doc(hidden)]
    fn outgoing(self) -> Result<Vec<Outgoing>, Issues>;
}

/// The kind of lists whose events are of one type.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::exhaustive_enums, reason = "it stands in types alone")]
pub enum OneType {}

/// The kind of lists whose events are of one set.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::exhaustive_enums, reason = "it stands in types alone")]
pub enum OneSet {}

/// The kind of lists that are tuples.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::exhaustive_enums, reason = "it stands in types alone")]
pub enum Several {}

impl<L> EventList<OneType> for L
where
    L: IntoIterator<Item: IntoEnvelope>,
{
    type Set = <<L::Item as IntoEnvelope>::Event as Trigger>::Set;
    type Events = <L::Item as IntoEnvelope>::Event;

    fn outgoing(self) -> Result<Vec<Outgoing>, Issues> {
        Outgoing::all(self, |event, path| Outgoing::new(event.into_envelope(), path))
    }
}

impl<L> EventList<OneSet> for L
where
    L: IntoIterator<Item: EventSet>,
{
    type Set = L::Item;
    type Events = L::Item;

    fn outgoing(self) -> Result<Vec<Outgoing>, Issues> {
        Outgoing::all(self, EventSet::outgoing)
    }
}

/// Makes one event of a set ready to send: what `#[domain_events]` calls.
#[doc(hidden)]
pub fn outgoing<E: Event>(event: E, path: &Path<'_>) -> Result<Outgoing, Issues> {
    Outgoing::new(event.into(), path)
}

/// `(A, (B, ()))`
macro_rules! nested {
    () => { () };
    ($first:ty $(, $rest:ty)*) => { ($first, nested!($($rest),*)) };
}

macro_rules! tuples {
    ($($($event:ident $value:ident),+;)+) => {$(
        impl<$($event: IntoEnvelope),+> EventList<Several> for ($($event,)+) {
            type Set = nested!($(<$event::Event as Trigger>::Set),+);
            type Events = nested!($($event::Event),+);

            fn outgoing(self) -> Result<Vec<Outgoing>, Issues> {
                let ($($value,)+) = self;
                let (root, mut place) = (Path::root(), 0..);
                let mut next = || root.index(place.next().unwrap_or_default());
                let outgoing = [$(Outgoing::new($value.into_envelope(), &next())),+];
                Outgoing::all(outgoing, |event, _| event)
            }
        }
    )+};
}

tuples! {
    A a;
    A a, B b;
    A a, B b, C c;
    A a, B b, C c, D d;
    A a, B b, C c, D d, E e;
    A a, B b, C c, D d, E e, F f;
    A a, B b, C c, D d, E e, F f, G g;
    A a, B b, C c, D d, E e, F f, G g, H h;
    A a, B b, C c, D d, E e, F f, G g, H h, I i;
    A a, B b, C c, D d, E e, F f, G g, H h, I i, J j;
    A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, K k;
    A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, K k, L l;
}
