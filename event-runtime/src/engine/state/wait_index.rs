//! The index of waits: which run waits for an event or is cancelled by it, by the name of the event, then by the value of a
//! field.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use serde_json::Value;

use crate::engine::model::{RunKey, WaitField, WaitKey, WaitRow};

/// The index.
#[derive(Debug, Default)]
pub(crate) struct WaitIndex {
    by_event: HashMap<Arc<str>, OfEvent>,
    /// The names of fields, each once.
    fields: HashSet<Arc<str>>,
}

/// Those who wait for one event.
#[derive(Debug, Default)]
struct OfEvent {
    /// Whatever it holds.
    any: BTreeSet<WaitKey>,
    /// With a value of a field: by the field, then by the hash of the value. A tree, since it needs half of the memory of
    /// a hash table, and never pauses to grow.
    by_field: HashMap<Arc<str>, BTreeSet<(u64, WaitKey)>>,
}

impl WaitIndex {
    /// Of a store that is opened.
    pub(crate) fn extend(&mut self, mut rows: Vec<WaitRow>) {
        // In the order of the trees, which is quicker.
        rows.sort_unstable_by_key(|row| (row.field.as_ref().map(|field| field.value), row.key));
        for row in rows {
            self.insert(row);
        }
    }

    pub(crate) fn insert(&mut self, row: WaitRow) {
        let name = match self.by_event.get_key_value(&row.event) {
            Some((name, _)) => Arc::clone(name),
            None => row.event,
        };
        let of = self.by_event.entry(name).or_default();
        let Some(WaitField { path: field, value }) = row.field else {
            of.any.insert(row.key);
            return;
        };
        let field = match self.fields.get(&field) {
            Some(field) => Arc::clone(field),
            None => {
                self.fields.insert(Arc::clone(&field));
                field
            }
        };
        of.by_field.entry(field).or_default().insert((value, row.key));
    }

    pub(crate) fn remove(&mut self, row: &WaitRow) {
        let Some(of) = self.by_event.get_mut(&row.event) else { return };
        match &row.field {
            None => {
                of.any.remove(&row.key);
            }
            Some(WaitField { path, value }) => {
                if let Some(by_value) = of.by_field.get_mut(path) {
                    by_value.remove(&(*value, row.key));
                }
            }
        }
    }

    /// Who may be meant by an event with this payload, in the order of the runs.
    pub(crate) fn candidates(&self, event: &str, envelope: impl FnOnce() -> Value) -> Vec<WaitKey> {
        let Some(of) = self.by_event.get(event) else { return Vec::new() };
        let mut found: BTreeSet<WaitKey> = of.any.clone();
        if of.by_field.values().any(|by_value| !by_value.is_empty()) {
            let envelope = envelope();
            for (field, by_value) in &of.by_field {
                let Some(value) = at(&envelope, field).map(hash) else { continue };
                let first = WaitKey { run: RunKey(i64::MIN), slot: u64::MIN };
                let last = WaitKey { run: RunKey(i64::MAX), slot: u64::MAX };
                found.extend(by_value.range((value, first)..=(value, last)).map(|(_, key)| *key));
            }
        }
        found.into_iter().collect()
    }
}

/// The value at a path such as `data.account.id`.
fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(value, |value, name| value.get(name))
}

impl WaitField {
    /// The field that must have this value.
    pub(crate) fn new((path, value): (Arc<str>, Value)) -> Self {
        Self { path, value: hash(&value) }
    }
}

/// A hash of a value: equal for what CEL holds to be equal. That it may be equal for others too costs a look at them.
fn hash(value: &Value) -> u64 {
    match value {
        // 1 and 1.0 are equal.
        Value::Number(number) => {
            // Every number of JSON is one, if rounded.
            let bits = number.as_f64().unwrap_or_default();
            event_conventions::hash_name(&format!("n{bits}"))
        }
        Value::String(text) => event_conventions::hash_name(text),
        other => event_conventions::hash_name(&other.to_string()),
    }
}
