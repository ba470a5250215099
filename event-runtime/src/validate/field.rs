//! The fields of a payload as a table: for the JSON Schema, for the catalogue of events, and for finding every issue.

use std::borrow::Cow;
use std::fmt::{self, Debug};
use std::marker::PhantomData;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde::de::value::Error as SerdeError;

use super::decode::{FieldAt, Probe};
use super::nested::Inside;
use super::read::missing_field;
use super::rules::At;
use super::{Issues, Rule};

/// One field of a payload: its name, documentation and rules.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Field {
    /// The name in JSON.
    pub name: &'static str,
    /// The documentation comment.
    pub description: &'static str,
    /// The rules, as written.
    pub rules: &'static [Rule],
    /// Whether it carries `#[deprecated]`.
    pub deprecated: bool,
    /// Whether its value is shown nowhere: `#[event(sensitive)]`.
    pub sensitive: bool,
    /// How its text is made uniform when it is read, in the order in which that is done: `#[normalize(..)]`.
    pub normalize: &'static [&'static str],
    pub(crate) kind: JsonKind,
    pub(super) code: &'static dyn FieldCode,
}

/// What a value is in JSON, as far as its type tells.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonKind {
    Text,
    Boolean,
    Unknown,
}

/// Types whose values are of one kind.
macro_rules! kinds {
    ($($ty:ty => $kind:ident),* $(,)?) => {$(
        impl Probe<$ty> {
            #[doc(hidden)]
            pub const KIND: JsonKind = JsonKind::$kind;
        }

        impl Probe<Option<$ty>> {
            #[doc(hidden)]
            pub const KIND: JsonKind = JsonKind::$kind;
        }
    )*};
}

kinds! {
    bool => Boolean,
    char => Text,
    String => Text,
    Box<str> => Text,
    Arc<str> => Text,
    Cow<'static, str> => Text,
}

/// For all other types.
#[doc(hidden)]
pub trait UnknownKind {
    const KIND: JsonKind = JsonKind::Unknown;
}

impl<T: ?Sized> UnknownKind for Probe<T> {}

impl Field {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        name: &'static str,
        description: &'static str,
        rules: &'static [Rule],
        code: &'static dyn FieldCode,
    ) -> Self {
        let kind = JsonKind::Unknown;
        Self { name, description, rules, deprecated: false, sensitive: false, normalize: &[], kind, code }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn sensitive(self) -> Self {
        Self { sensitive: true, ..self }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn normalized(self, normalize: &'static [&'static str]) -> Self {
        Self { normalize, ..self }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn deprecated(self) -> Self {
        Self { deprecated: true, ..self }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn of_kind(self, kind: JsonKind) -> Self {
        Self { kind, ..self }
    }
}

impl Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Field")
            .field("name", &self.name)
            .field("description", &self.description)
            .field("rules", &self.rules)
            .field("deprecated", &self.deprecated)
            .field("sensitive", &self.sensitive)
            .field("normalize", &self.normalize)
            .finish_non_exhaustive()
    }
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        let shown = |field: &Self| {
            (field.name, field.description, field.rules, field.deprecated, field.sensitive, field.normalize)
        };
        shown(self) == shown(other)
    }
}

/// What is done with a field apart from the quick path, whatever its type: data of the payload, so that the compiler meets
/// the code once for each type and not once for each field.
#[doc(hidden)]
pub trait FieldCode: Sync {
    /// The schema of the type.
    fn schema(&self, generator: &mut SchemaGenerator) -> Schema;

    /// Whether a missing field is an error.
    fn is_required(&self) -> bool;

    /// Adds what is wrong with the field.
    fn diagnose(&self, field: FieldAt<'_>, issues: &mut Issues);
}

/// A field of type `T`.
#[doc(hidden)]
#[derive(Debug)]
pub struct Typed<T: 'static> {
    /// Decodes the field and checks it.
    pub diagnose: fn(&Typed<T>, FieldAt<'_>, &mut Issues),
    /// Its own rules.
    pub check: Option<fn(&T, At<'_>, &mut Issues)>,
    /// The rules inside.
    pub enter: Inside<T>,
    /// What stands for a missing one.
    pub default: Option<fn() -> T>,
}

impl<T: DeserializeOwned> Typed<T> {
    fn is_required(&self) -> bool {
        self.default.is_none() && missing_field::<T, SerdeError>("").is_err()
    }
}

impl<T: JsonSchema + DeserializeOwned> FieldCode for Typed<T> {
    fn schema(&self, generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<T>()
    }

    fn is_required(&self) -> bool {
        self.is_required()
    }

    fn diagnose(&self, field: FieldAt<'_>, issues: &mut Issues) {
        (self.diagnose)(self, field, issues);
    }
}

/// A field of type `T` that is described by `D`.
#[doc(hidden)]
#[derive(Debug)]
pub struct Described<T: 'static, D> {
    pub typed: Typed<T>,
    pub schema: D,
}

impl<T: DeserializeOwned, D: Describe> FieldCode for Described<T, D> {
    fn schema(&self, generator: &mut SchemaGenerator) -> Schema {
        D::schema(generator)
    }

    fn is_required(&self) -> bool {
        self.typed.is_required()
    }

    fn diagnose(&self, field: FieldAt<'_>, issues: &mut Issues) {
        (self.typed.diagnose)(&self.typed, field, issues);
    }
}

/// Where the schema of a field is from.
#[doc(hidden)]
pub trait Describe: Sync {
    /// The schema.
    fn schema(generator: &mut SchemaGenerator) -> Schema;
}

/// That of the type itself.
#[doc(hidden)]
#[derive(Debug)]
pub struct By<T>(pub(super) PhantomData<fn() -> T>);

impl<T: JsonSchema> Describe for By<T> {
    fn schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<T>()
    }
}
