//! The type of a field as data: how its values are read, written, described and checked.

use std::fmt::{self, Debug};
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::nesting::Name;
use super::{Json, Reader, Writer, deserializer, through_serde};
use crate::validate::field::JsonKind;
use crate::validate::nested::{Inside, Probe};
use crate::validate::rules::At;
use crate::validate::sensitive::redact;
use crate::validate::{Field, Issue, Issues, Path, code};

/// The type of a field: how its values are read, written, described and checked.
pub struct FieldType<T: 'static> {
    pub(super) read: fn(&mut Reader<'_>, &Path<'_>) -> Option<T>,
    pub(super) write: fn(&T, &mut Writer),
    missing: fn() -> Option<T>,
    shown: Shown,
    /// The field's own rules.
    check: Option<fn(&T, At<'_>, &mut Issues)>,
    /// The rules inside.
    enter: Inside<T>,
    default: Option<fn() -> T>,
    skip_if: Option<fn(&T) -> bool>,
    /// Makes a text uniform, once it is read.
    normalize: Option<fn(&mut T)>,
    /// Nothing of the value is told.
    is_sensitive: bool,
}

/// What a JSON Schema says of the type of a field.
#[derive(Clone, Copy)]
pub struct Shown {
    pub(crate) schema: fn(&mut SchemaGenerator) -> Schema,
    pub(crate) kind: JsonKind,
    /// Whether something stands for a missing field.
    pub(crate) is_optional: fn() -> bool,
    /// Whether a value may be left out when it is written.
    pub(crate) is_skipped: bool,
}

impl Shown {
    /// What the values are in JSON, as far as the type tells.
    #[must_use]
    pub const fn kind(self) -> JsonKind {
        self.kind
    }
}

impl<T> FieldType<T> {
    /// A type that is read, written and described so, without rules and options.
    const fn new(
        read: fn(&mut Reader<'_>, &Path<'_>) -> Option<T>,
        write: fn(&T, &mut Writer),
        missing: fn() -> Option<T>,
        shown: Shown,
    ) -> Self {
        Self {
            read,
            write,
            missing,
            shown,
            check: None,
            enter: None,
            default: None,
            skip_if: None,
            normalize: None,
            is_sensitive: false,
        }
    }

    /// Itself: a type that is read in one pass needs nothing else.
    #[must_use]
    pub const fn of_field(self) -> Self {
        self
    }

    /// With the field's own rules.
    #[must_use]
    pub const fn checked(self, check: fn(&T, At<'_>, &mut Issues)) -> Self {
        Self { check: Some(check), ..self }
    }

    /// With another way to the rules inside.
    #[must_use]
    pub const fn entered(self, enter: Inside<T>) -> Self {
        Self { enter, ..self }
    }

    /// With a value that stands for a missing field.
    #[must_use]
    pub const fn or_default(self, default: fn() -> T) -> Self {
        let shown = Shown { is_optional: || true, ..self.shown };
        Self { default: Some(default), shown, ..self }
    }

    /// With a function that tells which values are not written.
    #[must_use]
    pub const fn skipped_if(self, skip: fn(&T) -> bool) -> Self {
        let shown = Shown { is_skipped: true, ..self.shown };
        Self { skip_if: Some(skip), shown, ..self }
    }

    /// With a function that makes a text uniform, once it is read.
    #[must_use]
    pub const fn normalized(self, normalize: fn(&mut T)) -> Self {
        Self { normalize: Some(normalize), ..self }
    }

    /// With a value of which nothing is told.
    #[must_use]
    pub const fn sensitive(self) -> Self {
        Self { is_sensitive: true, ..self }
    }

    /// Reads a value.
    #[inline]
    pub fn read(&self, reader: &mut Reader<'_>, path: &Path<'_>) -> Option<T> {
        if self.normalize.is_some() || self.is_sensitive {
            return self.read_specially(reader, path);
        }
        (self.read)(reader, path)
    }

    /// Reads a value that is made uniform, or of which nothing is told.
    #[inline(never)]
    fn read_specially(&self, reader: &mut Reader<'_>, path: &Path<'_>) -> Option<T> {
        let found = reader.issues().len();
        let mut value = (self.read)(reader, path);
        if let Some(normalize) = self.normalize
            && let Some(value) = &mut value
        {
            normalize(value);
        }
        if self.is_sensitive {
            redact(path, found, reader.issues());
        }
        value
    }

    /// Writes a value.
    #[inline]
    pub fn write(&self, value: &T, writer: &mut Writer) {
        (self.write)(value, writer);
    }

    /// Checks a value without a name: its own rules, then those inside.
    #[inline]
    pub fn validate_value(&self, value: &T, path: &Path<'_>, issues: &mut Issues) {
        self.validate_at(value, At::value(path), issues);
    }

    #[inline]
    fn validate_at(&self, value: &T, at: At<'_>, issues: &mut Issues) {
        let found = issues.len();
        if let Some(check) = self.check {
            check(value, at, issues);
        }
        if let Some(enter) = self.enter {
            enter(value, &at.path(), issues);
        }
        if self.is_sensitive {
            redact(&at.path(), found, issues);
        }
    }

    /// What a JSON Schema says of it.
    #[must_use]
    pub const fn shown(&self) -> Shown {
        self.shown
    }

    /// The value that stands for a missing field, if there is one.
    #[inline]
    pub fn stand_in(&self) -> Option<T> {
        match self.default {
            Some(default) => Some(default()),
            None => (self.missing)(),
        }
    }

    /// Writes the field, unless its value is not to be written.
    #[inline]
    pub(super) fn write_field(&self, name: Name, value: &T, writer: &mut Writer) {
        if !self.skip_if.is_some_and(|skip| skip(value)) {
            writer.member(name, |writer| (self.write)(value, writer));
        }
    }

    /// Checks the field: its own rules, then those inside.
    #[inline]
    pub(super) fn validate(&self, name: &'static str, value: &T, path: &Path<'_>, issues: &mut Issues) {
        self.validate_at(value, At::field(path, name), issues);
    }

    /// Adds what is wrong with a field of an object that cannot be built: what was found when it was read, that it is
    /// missing, or the rules that its value breaks.
    #[cold]
    pub(super) fn report(
        &self,
        name: &'static str,
        value: Option<&T>,
        found: Option<Issues>,
        path: &Path<'_>,
        issues: &mut Issues,
    ) {
        match (found, value) {
            (Some(found), _) => found.into_iter().for_each(|issue| issues.push(issue)),
            (None, Some(value)) => self.validate(name, value, path, issues),
            (None, None) => issues.push(Issue::new(&path.field(name), code::REQUIRED, "is required")),
        }
    }
}

impl<T> Clone for FieldType<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for FieldType<T> {}

impl<T> Debug for FieldType<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FieldType").finish_non_exhaustive()
    }
}

impl Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shown").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl<T: Json> Probe<T> {
    /// The members of the object that each value is, if each is one.
    pub const MEMBERS: Option<&'static [Field]> = T::MEMBERS;

    /// For types that are read in one pass.
    pub const TYPE: FieldType<T> = {
        let shown = Shown {
            schema: |generator| generator.subschema_for::<T::Shown>(),
            kind: T::KIND,
            is_optional: || T::missing().is_some(),
            is_skipped: false,
        };
        FieldType::new(T::read, T::write, T::missing, shown).entered(Self::ENTER)
    };
}

/// A type that serde and schemars know.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a payload: it has no `#[payload]`, and lacks something that a field needs",
    label = "neither `#[payload]` nor all that is to be derived",
    note = "put `#[payload]` on the type, or on what it holds; or derive `Debug`, `Clone`, `serde::Serialize`, `serde::Deserialize` and `schemars::JsonSchema`",
    note = "a type of another crate may need a feature: `Arc` and `Rc` need `rc` of `serde`, dates `jiff`, `chrono` or `time` of `event-runtime`"
)]
pub trait Known: Serialize + DeserializeOwned + JsonSchema + Clone + Debug + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned + JsonSchema + Clone + Debug + 'static> Known for T {}

/// For types that serde alone knows.
pub trait ThroughSerde<T> {
    /// How a field of the type is treated, once it is known that serde knows the type.
    const TYPE: OfSerde<T>;

    /// Whether each value is an object, is not known.
    const MEMBERS: Option<&'static [Field]> = None;
}

impl<T> ThroughSerde<T> for Probe<T> {
    const TYPE: OfSerde<T> = OfSerde(PhantomData);
}

/// The type of a field that is read and written by serde.
#[derive(Debug, Clone, Copy)]
pub struct OfSerde<T>(PhantomData<fn() -> T>);

impl<T> OfSerde<T> {
    /// How it is treated. What is inside is entered where the macro finds that there is something.
    #[must_use]
    #[expect(
        clippy::unused_self,
        reason = "as of a type that is read in one pass: the macro knows neither from the other"
    )]
    pub const fn of_field(self) -> FieldType<T>
    where
        T: Known,
    {
        let shown = Shown {
            schema: |generator| generator.subschema_for::<T>(),
            kind: JsonKind::Unknown,
            is_optional: || through_serde::missing::<T>().is_some(),
            is_skipped: false,
        };
        let write = |value: &T, writer: &mut Writer| writer.through_serde(value);
        FieldType::new(deserializer::read, write, through_serde::missing, shown)
    }
}

/// Stands for a field that `#[cfg(..)]` has removed.
#[derive(Debug)]
pub struct Absent;

impl Absent {
    /// Its name, which no field has.
    pub const NAME: Name = Name { name: "\0", key: "\"\\u0000\":" };

    /// It is neither read nor written.
    pub const TYPE: FieldType<Self> = {
        let read = |reader: &mut Reader<'_>, _: &Path<'_>| {
            reader.skip();
            Some(Self)
        };
        let shown = Shown {
            schema: |_| Schema::default(),
            kind: JsonKind::Unknown,
            is_optional: || true,
            is_skipped: true,
        };
        FieldType::new(read, |_, _| (), || Some(Self), shown).skipped_if(|_| true)
    };
}
