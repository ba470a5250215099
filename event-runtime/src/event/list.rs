//! Events that are sent together.

use super::{Event, EventSet, IntoEnvelope, Outgoing};
use crate::function::{EmittedBy, SentBy};
use crate::registry::{Carries, MemberOf, RegisteredIn};
use crate::validate::{Issues, Path};

/// Events that are sent together: an iterator of events of one type or of one set, or a tuple of up to twelve events of any sets.
/// Each may be in its [`Envelope`](crate::Envelope), except where it is a value of its set's enum. `Kind` is one of the three, and
/// inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list of domain events",
    label = "neither events of one type or set, nor a tuple of events",
    note = "send events of one type, `[OrderPlaced {{ .. }}, ..]`, of one set, `vec![OrderEvent::Placed(..), ..]`, or of several: `(UserCreated {{ .. }}, OrderPlaced {{ .. }}.with_id(\"..\"))`"
)]
pub trait EventList<Kind> {
    /// Validates them; the path of each issue begins with the place of its event.
    #[doc(hidden)]
    fn outgoing(self) -> Result<Vec<Outgoing>, Issues>;
}

/// A list of events that a client of the registry `R` can send, which misses the metadata `M`: each is registered, and carries
/// what is missing. Implemented for these, and by nothing else.
pub trait ListFor<R, M, Kind> {}

/// A list of events that a function of the scope `F` may send: each is [`EmittedBy`] it. Implemented for these, and by nothing
/// else.
pub trait ListSentBy<F, Kind> {}

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

impl<L: IntoIterator<Item: IntoEnvelope>> EventList<OneType> for L {
    fn outgoing(self) -> Result<Vec<Outgoing>, Issues> {
        Outgoing::all(self, |event, path| Outgoing::new(event.into_envelope(), path))
    }
}

impl<R, M, L: IntoIterator<Item: RegisteredIn<R> + Carries<M>>> ListFor<R, M, OneType> for L {}

impl<F, L: IntoIterator<Item: SentBy<F>>> ListSentBy<F, OneType> for L {}

impl<L: IntoIterator<Item: EventSet>> EventList<OneSet> for L {
    fn outgoing(self) -> Result<Vec<Outgoing>, Issues> {
        Outgoing::all(self, EventSet::outgoing)
    }
}

impl<R, M, L: IntoIterator<Item: MemberOf<R> + Carries<M>>> ListFor<R, M, OneSet> for L {}

impl<F, L: IntoIterator<Item: EmittedBy<F>>> ListSentBy<F, OneSet> for L {}

/// Makes one event of a set ready to send: what `#[domain_events]` calls.
#[doc(hidden)]
pub fn outgoing<E: Event>(event: E, path: &Path<'_>) -> Result<Outgoing, Issues> {
    Outgoing::new(event.into(), path)
}

macro_rules! tuples {
    ($($($event:ident $value:ident),+;)+) => {$(
        impl<$($event: IntoEnvelope),+> EventList<Several> for ($($event,)+) {
            fn outgoing(self) -> Result<Vec<Outgoing>, Issues> {
                let ($($value,)+) = self;
                let (root, mut place) = (Path::root(), 0..);
                let mut next = || root.index(place.next().unwrap_or_default());
                let outgoing = [$(Outgoing::new($value.into_envelope(), &next())),+];
                Outgoing::all(outgoing, |event, _| event)
            }
        }

        impl<R, M, $($event: RegisteredIn<R> + Carries<M>),+> ListFor<R, M, Several> for ($($event,)+) {}

        impl<F, $($event: SentBy<F>),+> ListSentBy<F, Several> for ($($event,)+) {}
    )+};
}

tuples! {
    A a;
    A a, B b;
    A a, B b, C c;
    A a, B b, C c, D d;
    A a, B b, C c, D d, E e;
    A a, B b, C c, D d, E e, G g;
    A a, B b, C c, D d, E e, G g, H h;
    A a, B b, C c, D d, E e, G g, H h, I i;
    A a, B b, C c, D d, E e, G g, H h, I i, J j;
    A a, B b, C c, D d, E e, G g, H h, I i, J j, K k;
    A a, B b, C c, D d, E e, G g, H h, I i, J j, K k, L l;
    A a, B b, C c, D d, E e, G g, H h, I i, J j, K k, L l, N n;
}
