//! The key of an event: the field, or the fields, that say which thing of the domain it is about.
//!
//! It is declared once, above the field, and then used where otherwise an expression would say it again:
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
//! kinds may not: a text is never equal to a number, and comparing the two is an error of the compiler.
//!
//! Hosts read the key in the JSON of the event as it was sent, and compare texts letter by letter. A UUID that another system
//! writes in capitals is another key than the same in small letters, which is how typed events have it.

mod matching;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::num::{
    NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64,
};
use std::sync::Arc;

pub(crate) use self::matching::is_plain;
#[cfg(feature = "engine")]
pub(crate) use self::matching::read as read_condition;
pub(crate) use self::part::KeyKind;
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

/// The key of an event, or one to look for. `K` says what it is made of: [`Text`], [`Integer`], or a tuple of these.
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

use part::{Part, Sealed};

/// Not to be named from outside.
mod part {
    /// The value of one field of a key.
    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
    #[allow(clippy::exhaustive_enums)]
    pub enum Part {
        Text(Box<str>),
        Integer(i128),
    }

    /// What it is in JSON.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    #[allow(clippy::exhaustive_enums)]
    pub enum KeyKind {
        Text,
        Integer,
    }

    pub trait Sealed {}

    impl Sealed for super::Text {}
    impl Sealed for super::Integer {}
}

impl<K> Key<K> {
    /// A key of one value, `Key::of(&id)`, or of several, `Key::of((&tenant, &id))`.
    #[must_use]
    pub fn of(parts: impl KeyParts<Kinds = K>) -> Self {
        Self { parts: parts.into_parts(), kinds: PhantomData }
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

impl Part {
    fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Integer(number) => Cow::Owned(number.to_string()),
        }
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

/// A type whose values can be a key, or a part of one: a text or a whole number, in Rust and in JSON.
///
/// A type of your own that is one of these in JSON implements it:
///
/// ```
/// use std::borrow::Cow;
///
/// use event_runtime::key::{Key, KeyPart, Text};
///
/// /// The number of an account, as the bank writes it.
/// #[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
/// #[serde(transparent)]
/// pub struct Iban(String);
///
/// impl KeyPart for Iban {
///     type Kind = Text;
///
///     fn part(&self) -> Cow<'_, str> {
///         Cow::Borrowed(&self.0)
///     }
/// }
///
/// let iban = Iban("DE02120300000000202051".into());
/// assert_eq!(Key::of(&iban), Key::of("DE02120300000000202051"));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the key of an event",
    label = "neither a text nor a whole number of at most 64 bits",
    note = "put `#[event(key)]` on a field that is a `String`, an integer or a `Uuid`; several such fields make one key",
    note = "a type of your own that is one of these in JSON can be made a key: `impl KeyPart for {Self}`"
)]
pub trait KeyPart {
    /// What it is in JSON.
    type Kind: Kind;

    /// Its value, just as it is in JSON.
    fn part(&self) -> <Self::Kind as Kind>::Value<'_>;
}

/// What a part of a key is in JSON: [`Text`] or [`Integer`].
pub trait Kind: Sealed {
    /// The value of such a part: `Cow<str>`, or `i128`.
    type Value<'a>;

    #[doc(hidden)]
    const KIND: KeyKind;

    #[doc(hidden)]
    fn into_part(value: Self::Value<'_>) -> Part;
}

/// The kind of a part that is a text.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::exhaustive_enums, reason = "it stands in types alone")]
pub enum Text {}

/// The kind of a part that is a whole number.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::exhaustive_enums, reason = "it stands in types alone")]
pub enum Integer {}

impl Kind for Text {
    type Value<'a> = Cow<'a, str>;

    const KIND: KeyKind = KeyKind::Text;

    fn into_part(value: Cow<'_, str>) -> Part {
        Part::Text(value.into())
    }
}

impl Kind for Integer {
    type Value<'a> = i128;

    const KIND: KeyKind = KeyKind::Integer;

    fn into_part(value: i128) -> Part {
        Part::Integer(value)
    }
}

macro_rules! text_parts {
    ($($text:ty),*) => {$(
        impl KeyPart for $text {
            type Kind = Text;

            fn part(&self) -> Cow<'_, str> {
                Cow::Borrowed(self)
            }
        }
    )*};
}

text_parts!(str, String, Box<str>, Arc<str>, Cow<'static, str>);

impl KeyPart for uuid::Uuid {
    type Kind = Text;

    fn part(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }
}

macro_rules! integer_parts {
    ($($integer:ty),*; $($nonzero:ty),*) => {
        $(
            impl KeyPart for $integer {
                type Kind = Integer;

                fn part(&self) -> i128 {
                    i128::from(*self)
                }
            }
        )*
        $(
            impl KeyPart for $nonzero {
                type Kind = Integer;

                fn part(&self) -> i128 {
                    i128::from(self.get())
                }
            }
        )*
    };
}

integer_parts!(
    u8, u16, u32, u64, i8, i16, i32, i64;
    NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64, NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64
);

/// What makes a key: a reference to a [`KeyPart`], or a tuple of two to four. See [`Key::of`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a key",
    label = "neither a reference to a value nor a tuple of such references",
    note = "write `Key::of(&id)`, or `Key::of((&tenant, &id))` for a key of several fields"
)]
pub trait KeyParts {
    /// Their kinds: [`Text`] or [`Integer`], or a tuple of these.
    type Kinds;

    #[doc(hidden)]
    const KINDS: &'static [KeyKind];

    #[doc(hidden)]
    fn into_parts(self) -> Box<[Part]>;
}

impl<T: KeyPart + ?Sized> KeyParts for &T {
    type Kinds = T::Kind;

    const KINDS: &'static [KeyKind] = &[T::Kind::KIND];

    fn into_parts(self) -> Box<[Part]> {
        Box::new([T::Kind::into_part(self.part())])
    }
}

macro_rules! several_parts {
    ($($($type:ident $value:ident),*;)*) => {$(
        impl<$($type: KeyPart + ?Sized),*> KeyParts for ($(&$type,)*) {
            type Kinds = ($($type::Kind,)*);

            const KINDS: &'static [KeyKind] = &[$($type::Kind::KIND),*];

            fn into_parts(self) -> Box<[Part]> {
                let ($($value,)*) = self;
                Box::new([$($type::Kind::into_part($value.part())),*])
            }
        }
    )*};
}

several_parts! {
    A a, B b;
    A a, B b, C c;
    A a, B b, C c, D d;
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
