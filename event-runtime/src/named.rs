//! Enums whose values have names: as text, from text, and in JSON.

use std::fmt;

/// A text that names no value of an enum, such as `faild` for a status.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct UnknownName {
    /// What it should have named: `status of a run`.
    pub kind: &'static str,
    /// The text, cut after 80 characters.
    pub name: String,
    /// The names that there are.
    pub names: &'static [&'static str],
}

impl UnknownName {
    #[cold]
    pub(crate) fn new(kind: &'static str, name: &str, names: &'static [&'static str]) -> Self {
        // It may come from outside: what is shown of it is bounded.
        Self { kind, name: name.chars().take(80).collect(), names }
    }
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, name, names } = self;
        write!(f, "`{name}` is no {kind}: ")?;
        if let Some(nearest) = event_conventions::nearest(name, names.iter().copied()) {
            write!(f, "did you mean `{nearest}`? ")?;
        }
        write!(f, "write one of `{}`", names.join("`, `"))
    }
}

impl std::error::Error for UnknownName {}

/// Gives the values of an enum their names: `Display`, `FromStr` and serde.
macro_rules! named {
    ($enum:ident, $kind:literal, { $($variant:ident => $name:literal,)+ }) => {
        impl $enum {
            /// The values, in the order of their declaration.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its name, as it is written in JSON.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }

        impl std::fmt::Display for $enum {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }

        impl std::str::FromStr for $enum {
            type Err = $crate::UnknownName;

            fn from_str(name: &str) -> Result<Self, Self::Err> {
                match name {
                    $($name => Ok(Self::$variant),)+
                    _ => Err($crate::UnknownName::new($kind, name, &[$($name),+])),
                }
            }
        }

        impl serde::Serialize for $enum {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }

        impl<'de> serde::Deserialize<'de> for $enum {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let name = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                name.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
