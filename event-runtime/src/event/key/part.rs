//! What a key is made of: the types of fields that can be one.

use std::borrow::Cow;
use std::num::{
    NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64,
};
use std::sync::Arc;

/// The value of one field of a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(clippy::exhaustive_enums)]
pub enum Part {
    Text(Box<str>),
    Integer(i128),
}

/// What it is in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums)]
pub enum KeyKind {
    Text,
    Integer,
}

pub trait Sealed {}

impl Sealed for Text {}
impl Sealed for Integer {}

impl Part {
    pub(super) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Integer(number) => Cow::Owned(number.to_string()),
        }
    }

    pub(super) const fn kind(&self) -> KeyKind {
        match self {
            Self::Text(_) => KeyKind::Text,
            Self::Integer(_) => KeyKind::Integer,
        }
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

/// What makes a key: a reference to a [`KeyPart`], or a tuple of two to four. See [`Key::of`](super::Key::of).
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
