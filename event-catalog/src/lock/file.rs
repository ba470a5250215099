//! The format of the lock files.

use std::collections::BTreeMap;

use event_runtime::catalog::{EventEntry, FunctionEntry, Version, canonical};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::FORMAT;
use crate::compare::schema::stripped;

/// One version of an event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LockedEvent {
    pub(crate) format: u32,
    pub(crate) event: String,
    pub(crate) version: u32,
    pub(crate) key: Vec<String>,
    /// All contracts that the version has had, in order: payloads of each may be around.
    pub(crate) contracts: Vec<LockedContract>,
    /// Payloads that were valid, and what they came out as.
    pub(crate) examples: Examples,
    /// The breaking changes that were accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) breaking: Vec<Accepted>,
    /// The hash of what stands above.
    pub(crate) hash: String,
    /// The description for people; changing it fails no check.
    pub(crate) about: About,
}

/// The two contracts of a version: the payloads that are written, and those that are read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LockedContract {
    pub(crate) written: Value,
    pub(crate) read: Value,
}

/// Payloads, and what they came out as.
pub(crate) type Examples = Vec<Golden>;

/// A payload that was valid, and what it came out as.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Golden {
    pub(crate) payload: Value,
    pub(crate) becomes: Value,
}

/// A change that was accepted although it breaks something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Accepted {
    pub(crate) reason: String,
    /// The rules, and where they were broken.
    pub(crate) findings: Vec<String>,
    /// The hash of the contract that was accepted.
    pub(crate) contract: String,
}

/// The description of an event for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct About {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) description: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) owner: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) fields: BTreeMap<String, String>,
}

/// The tombstone of a removed event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tombstone {
    pub(crate) format: u32,
    pub(crate) removed: String,
    pub(crate) reason: String,
}

/// A function.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LockedFunction {
    pub(crate) format: u32,
    pub(crate) function: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) was: Vec<String>,
    pub(crate) triggers: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) crons: Vec<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) options: BTreeMap<String, Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) sends: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) breaking: Vec<Accepted>,
    pub(crate) hash: String,
}

impl LockedContract {
    pub(crate) fn of(version: &Version) -> Self {
        Self { written: stripped(&version.written), read: stripped(&version.read) }
    }

    pub(crate) fn hash(&self) -> String {
        hash(&json!([self.written, self.read]))
    }
}

impl LockedEvent {
    /// The file of a version that has no file yet.
    pub(crate) fn of(event: &EventEntry, version: &Version) -> Self {
        let examples = version.examples.iter().filter_map(|payload| golden(event, version.version, payload));
        let locked = Self {
            format: FORMAT,
            event: event.name.clone(),
            version: version.version,
            key: key_of(event, version),
            contracts: vec![LockedContract::of(version)],
            examples: examples.collect(),
            breaking: Vec::new(),
            hash: String::new(),
            about: About::of(event, version),
        };
        locked.sealed()
    }

    /// The same with the hash of its content.
    pub(crate) fn sealed(self) -> Self {
        Self { hash: self.content_hash(), ..self }
    }

    pub(crate) fn content_hash(&self) -> String {
        hash(&json!([
            self.format,
            self.event,
            self.version,
            self.key,
            self.contracts,
            self.examples,
            self.breaking
        ]))
    }

    /// The contract that it had last.
    pub(crate) fn contract(&self) -> Option<&LockedContract> {
        self.contracts.last()
    }
}

impl About {
    pub(crate) fn of(event: &EventEntry, version: &Version) -> Self {
        let fields = version.fields.iter().filter(|field| !field.description.is_empty());
        Self {
            description: event.description.clone(),
            owner: event.owner.clone(),
            fields: fields.map(|field| (field.name.clone(), field.description.clone())).collect(),
        }
    }
}

impl LockedFunction {
    pub(crate) fn of(function: &FunctionEntry) -> Self {
        let FunctionEntry { id, was, triggers, crons, options, sends, .. } = function.clone();
        let locked = Self {
            format: FORMAT,
            function: id,
            was,
            triggers,
            crons,
            options,
            sends,
            breaking: Vec::new(),
            hash: String::new(),
        };
        locked.sealed()
    }

    pub(crate) fn sealed(self) -> Self {
        Self { hash: self.content_hash(), ..self }
    }

    pub(crate) fn content_hash(&self) -> String {
        hash(&json!([
            self.format,
            self.function,
            self.was,
            self.triggers,
            self.crons,
            self.options,
            self.sends,
            self.breaking
        ]))
    }
}

/// The key of a version: former ones have what the JSON Schema says.
pub(crate) fn key_of(event: &EventEntry, version: &Version) -> Vec<String> {
    let is_latest = event.latest().is_some_and(|latest| latest.version == version.version);
    let fields = version.fields.iter().filter(|field| field.key).map(|field| field.name.clone());
    if is_latest { event.key.clone() } else { fields.collect() }
}

/// A payload with what it comes out as.
pub(crate) fn golden(event: &EventEntry, version: u32, payload: &Value) -> Option<Golden> {
    let lifted = event.lift(version, &payload.to_string())?.ok()?;
    Some(Golden { payload: payload.clone(), becomes: serde_json::from_str(&lifted).ok()? })
}

/// The hash of a value.
pub(crate) fn hash(value: &Value) -> String {
    let digest = Sha256::digest(canonical(value));
    digest.iter().fold(String::new(), |hash, byte| hash + &format!("{byte:02x}"))
}
