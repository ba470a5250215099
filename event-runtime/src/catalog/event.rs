//! Domains and events, with every version.

use schemars::generate::Contract;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::contract::prepared;
use super::{FieldEntry, Position};
use crate::event::{EventDescriptor, SetDescriptor, Shape};
use crate::validate::Issues;

/// A domain: the events of one enum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Domain {
    /// Its name, `order`.
    pub name: String,
    /// The documentation of the enum.
    pub description: String,
    /// Whether the names come from another system: `#[domain_events(foreign)]`.
    pub foreign: bool,
    /// The team that owns the events that name no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}

impl Domain {
    pub(super) fn of(set: &SetDescriptor) -> Self {
        Self {
            name: set.domain.to_owned(),
            description: set.description.to_owned(),
            foreign: set.foreign,
            owner: set.owner.map(str::to_owned),
        }
    }
}

/// An event, with every version of its payload.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EventEntry {
    /// Its name, `order/placed`.
    pub name: String,
    /// Its domain.
    pub domain: String,
    /// The documentation of the variant.
    pub description: String,
    /// The team that owns it, itself or by its enum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Since when it is deprecated, and what to use in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deprecation: Option<Deprecation>,
    /// The fields that are its key, by their names in JSON.
    pub key: Vec<String>,
    /// Whether no function handles it on purpose: `#[event(unhandled)]`.
    pub unhandled: bool,
    /// The versions, from the first to the latest.
    pub versions: Vec<Version>,
    /// The ids of the functions that it starts.
    pub handled_by: Vec<String>,
    /// The ids of the functions that declare to send it: `emits(..)`.
    pub sent_by: Vec<String>,
    /// The ids of the functions whose runs it cancels: `cancel_on(..)`.
    pub cancels: Vec<String>,
    /// Where it is declared.
    #[serde(skip)]
    pub position: Position,
    #[serde(skip)]
    descriptor: Option<&'static EventDescriptor>,
}

/// Since when something is deprecated, and the note of its deprecation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[non_exhaustive]
pub struct Deprecation {
    /// The date, or the version in `#[deprecated]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// What to use in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One version of a payload.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Version {
    /// The version, from 1.
    pub version: u32,
    /// The fields, in the order of the declaration.
    pub fields: Vec<FieldEntry>,
    /// The JSON Schema (2020-12) of what is written: closed, with what is always there as required.
    pub written: Value,
    /// The JSON Schema (2020-12) of what is accepted: open, with optional fields and defaults.
    pub read: Value,
    /// Payloads as they stand in the documentation, each of them valid.
    pub examples: Vec<Value>,
}

impl EventEntry {
    pub(super) fn of(set: &SetDescriptor, event: &'static EventDescriptor) -> Self {
        let owned = |text: Option<&'static str>| text.map(str::to_owned);
        let deprecation = event.deprecated.then(|| Deprecation {
            since: owned(event.deprecated_since),
            note: owned(event.deprecation_note),
        });
        let versions = (1..=event.version).filter_map(|version| {
            let shape = event.shape(version)?;
            Some(Version::of(event, version, &shape))
        });
        Self {
            name: event.name.to_owned(),
            domain: event.domain.to_owned(),
            description: event.description.to_owned(),
            owner: owned(event.owner.or(set.owner)),
            deprecation,
            key: event.key.iter().map(|name| (*name).to_owned()).collect(),
            unhandled: event.unhandled,
            versions: versions.collect(),
            handled_by: Vec::new(),
            sent_by: Vec::new(),
            cancels: Vec::new(),
            position: Position { file: event.file, line: event.line },
            descriptor: Some(event),
        }
    }

    /// The latest version. Only an entry from JSON may have none.
    #[must_use]
    pub fn latest(&self) -> Option<&Version> {
        self.versions.last()
    }

    /// A version of it.
    #[must_use]
    pub fn version(&self, version: u32) -> Option<&Version> {
        self.versions.iter().find(|one| one.version == version)
    }

    /// Decodes and validates a payload of a version with the types of this program, lifts it to the latest version, and writes that
    /// as JSON. `None` for an entry that was read from JSON, which has no types.
    #[must_use]
    pub fn lift(&self, version: u32, json: &str) -> Option<Result<String, Issues>> {
        self.descriptor.map(|event| event.lift(version, json))
    }
}

impl PartialEq for EventEntry {
    fn eq(&self, other: &Self) -> bool {
        let as_json = |entry: &Self| serde_json::to_value(entry).ok();
        as_json(self) == as_json(other)
    }
}

impl Version {
    fn of(event: &EventDescriptor, version: u32, shape: &Shape) -> Self {
        let schema = |contract: Contract| prepared(shape.schema(contract.clone()).to_value(), &contract);
        let (written, read) = (schema(Contract::Serialize), schema(Contract::Deserialize));
        let fields = FieldEntry::all_of(shape.fields, &read);
        let examples = read.get("examples").and_then(Value::as_array).cloned().unwrap_or_default();
        let is_valid = |example: &Value| event.validate(version, &example.to_string()).is_ok();
        let examples = examples.into_iter().filter(is_valid).collect();
        Self { version, fields, written, read, examples }
    }
}
