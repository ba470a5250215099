//! Descriptors of events and of their sets.

use schemars::Schema;

use super::Event;
use super::key::{KeyKind, KeyParts, Keyed};
use crate::validate::{Field, Issues};

/// The descriptor of an event: written by `#[domain_events]`, found by name in a [`Registry`].
///
/// [`Registry`]: crate::Registry
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct EventDescriptor {
    /// `domain/action`.
    pub name: &'static str,
    /// The domain alone.
    pub domain: &'static str,
    /// The action alone.
    pub action: &'static str,
    /// Path of the payload type, such as `shop::orders::OrderPlaced`.
    pub payload: &'static str,
    /// The documentation comment of the variant.
    pub description: &'static str,
    /// The version of the payload.
    pub version: u32,
    /// The fields of the payload, with their rules.
    pub fields: &'static [Field],
    /// The fields that are its key, by their names in JSON; empty if it has none. See [`key`](crate::key).
    pub key: &'static [&'static str],
    /// True if no function of the application handles it on purpose: `#[event(unhandled)]`.
    pub unhandled: bool,
    /// Whether it is deprecated: `#[event(deprecated)]`, or `#[deprecated]`.
    pub deprecated: bool,
    /// The date since which it is deprecated, or the version in `#[deprecated]`.
    pub deprecated_since: Option<&'static str>,
    /// The note of its deprecation.
    pub deprecation_note: Option<&'static str>,
    /// The team that owns it: `#[event(owner = "..")]`.
    pub owner: Option<&'static str>,
    /// The file of the declaration.
    pub file: &'static str,
    /// The line of the declaration.
    pub line: u32,
    /// Hash of the name, for lookup.
    pub(crate) hash: u64,
    /// What the fields of the key are in JSON.
    pub(crate) key_kinds: &'static [KeyKind],
    validate: fn(u32, &str) -> Result<(), Issues>,
    schema: fn() -> Schema,
}

impl EventDescriptor {
    /// No event: fills arrays in constants.
    pub(crate) const NONE: Self = Self {
        name: "",
        domain: "",
        action: "",
        payload: "",
        description: "",
        version: 1,
        fields: &[],
        key: &[],
        unhandled: true,
        deprecated: false,
        deprecated_since: None,
        deprecation_note: None,
        owner: None,
        file: "",
        line: 0,
        hash: 0,
        key_kinds: &[],
        validate: |_, _| Ok(()),
        schema: Schema::default,
    };

    #[doc(hidden)]
    #[must_use]
    pub const fn of<E: Event>(source: EventSource) -> Self {
        Self {
            name: E::NAME,
            domain: source.domain,
            action: source.action,
            payload: source.payload,
            description: source.description,
            version: E::VERSION,
            fields: source.fields,
            key: &[],
            unhandled: source.unhandled,
            deprecated: source.deprecated,
            deprecated_since: None,
            deprecation_note: None,
            owner: None,
            file: source.file,
            line: source.line,
            hash: source.hash,
            key_kinds: &[],
            validate: validate::<E>,
            schema: E::schema,
        }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn owned(
        self,
        owner: Option<&'static str>,
        deprecated_since: Option<&'static str>,
        deprecation_note: Option<&'static str>,
    ) -> Self {
        Self { deprecated_since, deprecation_note, owner, ..self }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn keyed<E: Keyed>(self, key: &'static [&'static str]) -> Self {
        Self { key, key_kinds: <E::Parts<'static> as KeyParts>::KINDS, ..self }
    }

    /// Decodes and validates a payload of this version without keeping it.
    ///
    /// # Errors
    ///
    /// Every issue found, as [`Event::parse_version`] reports them.
    pub fn validate(&self, version: u32, json: &str) -> Result<(), Issues> {
        (self.validate)(version, json)
    }

    /// The JSON Schema of the payload.
    #[must_use]
    pub fn schema(&self) -> Schema {
        (self.schema)()
    }
}

fn validate<E: Event>(version: u32, json: &str) -> Result<(), Issues> {
    match E::parse_version(version, json) {
        Ok(_) => Ok(()),
        Err(issues) => Err(issues),
    }
}

/// The part of a descriptor that the macro writes.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct EventSource {
    pub domain: &'static str,
    pub action: &'static str,
    pub payload: &'static str,
    pub description: &'static str,
    pub fields: &'static [Field],
    pub unhandled: bool,
    pub deprecated: bool,
    pub file: &'static str,
    pub line: u32,
    pub hash: u64,
}

/// The descriptor of a set of events.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct SetDescriptor {
    /// The domain, `workflow`.
    pub domain: &'static str,
    /// Path of the enum, such as `shop::workflows::WorkflowEvent`.
    pub path: &'static str,
    /// The documentation comment of the enum.
    pub description: &'static str,
    /// Its events, in the order of the variants.
    pub events: &'static [&'static EventDescriptor],
    /// Whether the names come from another system and follow its rules.
    pub foreign: bool,
    /// The team that owns the events that name no other: `#[domain_events(owner = "..")]`.
    pub owner: Option<&'static str>,
    /// The file of the declaration.
    pub file: &'static str,
    /// The line of the declaration.
    pub line: u32,
    /// Hash of the domain.
    pub(crate) hash: u64,
}

impl SetDescriptor {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        (domain, hash): (&'static str, u64),
        path: &'static str,
        description: &'static str,
        (events, foreign): (&'static [&'static EventDescriptor], bool),
        (file, line): (&'static str, u32),
    ) -> Self {
        Self { domain, path, description, events, foreign, owner: None, file, line, hash }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn owned(self, owner: &'static str) -> Self {
        Self { owner: Some(owner), ..self }
    }
}
