//! Descriptors of events and of their sets.

use schemars::Schema;
use schemars::generate::Contract;

use super::key::{KeyKind, KeyParts, Keyed};
use super::{Event, EventSet, Shape};
use crate::validate::json::members_of;
use crate::validate::{Field, Issues, Path, encode_payload};

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
    read: fn(u32, &str, Option<&mut String>) -> Result<(), Issues>,
    shape: fn(u32) -> Option<Shape>,
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
        read: |_, _, _| Ok(()),
        shape: |_| None,
    };

    pub(super) const fn of<E: Event>() -> Self {
        let source = E::SOURCE;
        Self {
            name: E::NAME,
            domain: source.domain,
            action: source.action,
            payload: source.payload,
            description: source.description,
            version: E::VERSION,
            fields: members_of::<E>(),
            key: source.key,
            unhandled: source.unhandled,
            deprecated: source.deprecated,
            deprecated_since: source.deprecated_since,
            deprecation_note: source.deprecation_note,
            owner: source.owner,
            file: source.file,
            line: source.line,
            hash: source.hash,
            key_kinds: source.key_kinds,
            read: read::<E>,
            shape: E::shape,
        }
    }

    /// Decodes and validates a payload of this version without keeping it.
    ///
    /// # Errors
    ///
    /// Every issue found, as [`Event::parse_version`] reports them.
    pub fn validate(&self, version: u32, json: &str) -> Result<(), Issues> {
        (self.read)(version, json, None)
    }

    /// Decodes and validates a payload of this version, lifts it to the latest one, and writes that as JSON: what a function sees.
    ///
    /// # Errors
    ///
    /// Every issue found, as [`Event::parse_version`] reports them.
    pub fn lift(&self, version: u32, json: &str) -> Result<String, Issues> {
        let mut lifted = String::new();
        (self.read)(version, json, Some(&mut lifted))?;
        Ok(lifted)
    }

    /// The payload of a version as data; `None` of a version that there is not.
    pub(crate) fn shape(&self, version: u32) -> Option<Shape> {
        (self.shape)(version)
    }

    /// The JSON Schema of the payload.
    #[must_use]
    pub fn schema(&self) -> Schema {
        let shape = (self.shape)(self.version);
        shape.map(|shape| shape.schema(Contract::Deserialize)).unwrap_or_default()
    }
}

/// Decodes and validates a payload; written again only for whoever asks.
fn read<E: Event>(version: u32, json: &str, lifted: Option<&mut String>) -> Result<(), Issues> {
    let event = E::parse_version(version, json)?;
    let Some(lifted) = lifted else { return Ok(()) };
    let mut issues = Issues::new();
    if let Some(json) = encode_payload(&event, &Path::root(), &mut issues) {
        json.get().clone_into(lifted);
    }
    issues.into_result(())
}

/// The part of the descriptor of an event that the macro writes.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct EventSource {
    pub(crate) name: &'static str,
    pub(crate) hash: u64,
    pub(crate) payload: &'static str,
    pub(crate) file: &'static str,
    pub(crate) line: u32,
    unhandled: bool,
    domain: &'static str,
    action: &'static str,
    description: &'static str,
    key: &'static [&'static str],
    key_kinds: &'static [KeyKind],
    deprecated: bool,
    deprecated_since: Option<&'static str>,
    deprecation_note: Option<&'static str>,
    owner: Option<&'static str>,
}

impl EventSource {
    #[must_use]
    pub const fn new(
        (domain, action, name, hash): (&'static str, &'static str, &'static str, u64),
        payload: &'static str,
        description: &'static str,
        (file, line): (&'static str, u32),
    ) -> Self {
        Self {
            name,
            hash,
            payload,
            file,
            line,
            unhandled: false,
            domain,
            action,
            description,
            key: &[],
            key_kinds: &[],
            deprecated: false,
            deprecated_since: None,
            deprecation_note: None,
            owner: None,
        }
    }

    #[must_use]
    pub const fn unhandled(self) -> Self {
        Self { unhandled: true, ..self }
    }

    #[must_use]
    pub const fn deprecated(self) -> Self {
        Self { deprecated: true, ..self }
    }

    #[must_use]
    pub const fn owned(
        self,
        owner: Option<&'static str>,
        deprecated_since: Option<&'static str>,
        deprecation_note: Option<&'static str>,
    ) -> Self {
        Self { deprecated_since, deprecation_note, owner, ..self }
    }

    #[must_use]
    pub const fn keyed<E: Keyed>(self, key: &'static [&'static str]) -> Self {
        Self { key, key_kinds: <E::Parts<'static> as KeyParts>::KINDS, ..self }
    }

    /// Domain and action, by which the ids of functions begin.
    pub(super) const fn prefix(&self) -> (&'static str, &'static str) {
        (self.domain, self.action)
    }
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
}

impl SetDescriptor {
    pub(super) const fn of<S: EventSet>() -> Self {
        let SetSource { domain, path, description, foreign, owner, file, line, .. } = S::SOURCE;
        Self { domain, path, description, events: events_of::<S>(), foreign, owner, file, line }
    }
}

/// A list of descriptors: the events of a set, the sets of a registry.
///
/// The parameter `P` keeps the compiler from evaluating them until code is generated: a lint evaluates the constants that others
/// name, unless they depend on a type that is not known yet.
#[doc(hidden)]
pub trait Descriptors<P> {
    /// [`EventDescriptor`] or [`SetDescriptor`].
    type Of: 'static;
    /// The descriptors, in order.
    const ALL: &'static [&'static Self::Of];
}

/// The descriptor of `T` in such a list.
#[doc(hidden)]
#[derive(Debug)]
pub struct Described<T, P>(T, P);

impl<E: Event, P> Described<E, P> {
    /// Of an event.
    pub const EVENT: &'static EventDescriptor = E::DESCRIPTOR;
}

impl<S: EventSet, P> Described<S, P> {
    /// Of a set.
    pub const SET: &'static SetDescriptor = S::DESCRIPTOR;
}

/// The descriptors of the events of a set.
#[must_use]
pub const fn events_of<S: EventSet>() -> &'static [&'static EventDescriptor] {
    <S::Events as Descriptors<S>>::ALL
}

/// The part of the descriptor of a set that the macro writes.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct SetSource {
    pub(crate) domain: &'static str,
    pub(crate) hash: u64,
    pub(crate) path: &'static str,
    pub(crate) events: &'static [EventSource],
    pub(crate) foreign: bool,
    pub(crate) file: &'static str,
    pub(crate) line: u32,
    /// Whether its names keep the conventions. If not, that is the error to show, and not each function id that follows it.
    pub(super) named_well: bool,
    description: &'static str,
    owner: Option<&'static str>,
}

impl SetSource {
    #[must_use]
    pub const fn new(
        (domain, hash): (&'static str, u64),
        path: &'static str,
        description: &'static str,
        (events, foreign): (&'static [EventSource], bool),
        (file, line): (&'static str, u32),
    ) -> Self {
        Self { domain, hash, path, events, foreign, file, line, named_well: true, description, owner: None }
    }

    #[must_use]
    pub const fn badly_named(self) -> Self {
        Self { named_well: false, ..self }
    }

    #[must_use]
    pub const fn owned(self, owner: &'static str) -> Self {
        Self { owner: Some(owner), ..self }
    }
}
