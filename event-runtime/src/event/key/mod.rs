//! The key of an event: the field, or the fields, that identify what it is about, such as the id of an order.
//!
//! It is declared once, on the field, and replaces expressions that would repeat it:
//!
//! ```
//! use event_runtime::prelude::*;
//!
//! /// The life of an order.
//! #[domain_events]
//! pub enum OrderEvent {
//!     /// An order was placed.
//!     Placed {
//!         #[event(key)]
//!         id: Uuid,
//!         cents: u64,
//!     },
//!     /// An order was paid.
//!     Paid {
//!         #[event(key)]
//!         order_id: Uuid,
//!     },
//!     /// An order was cancelled.
//!     #[event(unhandled)]
//!     Cancelled {
//!         #[event(key)]
//!         order_id: Uuid,
//!     },
//! }
//!
//! /// Waits for the payment of an order: one run for each order, which its cancellation ends.
//! #[function(id = "order-placed-payment-watch", singleton(key), cancel_on(event = OrderCancelled, key))]
//! async fn watch(ctx: &Context<OrderPlaced>) -> Result<bool> {
//!     let paid = ctx.step.wait_for_event::<OrderPaid>("paid").by_key(ctx.event.key());
//!     Ok(paid.timeout(Duration::from_hours(72)).await?.is_some())
//! }
//!
//! let id = Uuid::nil();
//! assert_eq!(OrderPlaced { id, cents: 1 }.key(), OrderPaid { order_id: id }.key());
//! assert_eq!(OrderPaid::schema().to_value()["x-key"], serde_json::json!(["order_id"]));
//! ```
//!
//! A key is a text, a whole number of at most 64 bits or a [`Uuid`](uuid::Uuid); several fields make one key, in the order of
//! their declaration. Where the key of one event is compared with that of another, the names of the fields may differ, and the
//! kinds may not: a text is never equal to a number, and comparing the two is a compile error.
//!
//! Hosts read the key from the JSON of the event as it was sent, and compare texts exactly. A UUID that another system writes in upper
//! case is a different key than the same UUID in lower case, as typed events write it.

mod matching;
mod part;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

pub(crate) use self::matching::is_plain;
#[cfg(feature = "engine")]
pub(crate) use self::matching::read as read_condition;
pub(crate) use self::part::KeyKind;
use self::part::Part;
pub use self::part::{Integer, KeyPart, KeyParts, Kind, Text};
use super::Event;

/// An event with a key: one that has `#[event(key)]` on a field. Implemented by `#[domain_events]`.
///
/// The key itself is [`Event::key`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no key",
    label = "none of its fields is its key",
    note = "put `#[event(key)]` on the field of `{Self}` that says which thing it is about, such as `order_id`"
)]
pub trait Keyed: Event {
    #[doc(hidden)]
    type Parts<'a>: KeyParts;

    #[doc(hidden)]
    fn key_parts(&self) -> Self::Parts<'_>;
}

/// The key of the event `E`.
pub type KeyOf<E> = Key<<<E as Keyed>::Parts<'static> as KeyParts>::Kinds>;

/// The key of an event, or one to look for. `K` is the kind of its parts: [`Text`], [`Integer`], or a tuple of these.
///
/// As a text it is the field; several fields are joined with their lengths, so that no two keys have one text. That is also
/// what the options of a function count by where they say `key` alone.
///
/// ```
/// use event_runtime::Key;
///
/// assert_eq!(Key::of("order-7").to_string(), "order-7");
/// assert_eq!(Key::of(&7).to_string(), "7");
/// assert_eq!(Key::of(("acme", &7)).to_string(), "4:acme:7");
/// assert_ne!(Key::of(("a:b", "c")).to_string(), Key::of(("a", "b:c")).to_string());
/// ```
pub struct Key<K> {
    parts: Box<[Part]>,
    kinds: PhantomData<fn() -> K>,
}

impl<K> Key<K> {
    /// A key of one value, `Key::of(&id)`, or of several, `Key::of((&tenant, &id))`.
    #[must_use]
    pub fn of(parts: impl KeyParts<Kinds = K>) -> Self {
        Self { parts: parts.into_parts(), kinds: PhantomData }
    }
}

impl<K> Key<K> {
    /// Each part as a text, and what it is in JSON.
    pub(crate) fn texts_and_kinds(&self) -> impl Iterator<Item = (String, KeyKind)> {
        self.parts.iter().map(|part| (part.text().into_owned(), part.kind()))
    }
}

/// The key of an event.
pub(super) fn key_of<E: Keyed>(event: &E) -> KeyOf<E> {
    Key { parts: event.key_parts().into_parts(), kinds: PhantomData }
}

impl<K> fmt::Display for Key<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((last, others)) = self.parts.split_last() else { return Ok(()) };
        for part in others {
            let text = part.text();
            write!(f, "{}:{text}:", text.chars().count())?;
        }
        f.write_str(&last.text())
    }
}

impl<K> fmt::Debug for Key<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({self})")
    }
}

// What it is made of says nothing about the type `K` itself: the derives would demand it of that too.
impl<K> Clone for Key<K> {
    fn clone(&self) -> Self {
        Self { parts: self.parts.clone(), kinds: PhantomData }
    }
}

impl<K> PartialEq for Key<K> {
    fn eq(&self, other: &Self) -> bool {
        self.parts == other.parts
    }
}

impl<K> Eq for Key<K> {}

impl<K> PartialOrd for Key<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> Ord for Key<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.parts.cmp(&other.parts)
    }
}

impl<K> Hash for Key<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.parts.hash(state);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::Key;

    #[test]
    fn no_two_keys_have_one_text() {
        let texts = ["", ":", "1", "1:", ":1", "a", "1:a", "a:1:", "\u{e4}", "\u{e4}:1"];
        let mut seen = HashSet::new();
        for a in texts {
            for b in texts {
                for c in texts {
                    assert!(seen.insert(Key::of((a, b, c)).to_string()), "{a:?} {b:?} {c:?}");
                }
            }
        }
    }

    #[test]
    fn keys_are_equal_whatever_the_types_of_their_values() {
        assert_eq!(Key::of(&7_u8), Key::of(&7_i64));
        assert_eq!(Key::of("a"), Key::of(&"a".to_owned()));
        assert_eq!(Key::of(&u64::MAX).to_string(), "18446744073709551615");
        assert_eq!(format!("{:?}", Key::of(("a", &1_u8))), "Key(1:a:1)");
    }
}
