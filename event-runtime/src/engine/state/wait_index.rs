//! The index of waits: which run waits for an event or is cancelled by it, by the name of the event, then by the value of a
//! field.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use serde_json::Value;

use crate::engine::model::{RunKey, WaitField, WaitKey, WaitRow};
#[cfg(any(test, feature = "testing"))]
use crate::engine::store::{Result, StoreError};

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

    /// Every wait.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn keys(&self) -> impl Iterator<Item = WaitKey> {
        self.by_event.values().flat_map(|of| {
            let with_a_value = of.by_field.values().flatten().map(|(_, key)| *key);
            of.any.iter().copied().chain(with_a_value)
        })
    }

    /// Checks that each wait is there once, and that the name of each field is shared.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn check(&self) -> Result<()> {
        let mut seen = HashSet::new();
        if let Some(twice) = self.keys().find(|key| !seen.insert(*key)) {
            return Err(StoreError::broken(format_args!("{twice:?} waits once")));
        }
        let is_shared = |field| self.fields.get(field).is_some_and(|known| Arc::ptr_eq(known, field));
        if !self.by_event.values().flat_map(|of| of.by_field.keys()).all(is_shared) {
            return Err(StoreError::broken("the name of a field is kept once"));
        }
        Ok(())
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::WaitIndex;
    use crate::engine::model::{RunKey, WaitField, WaitKey, WaitRow};

    fn wait(run: i64, slot: u64, field: Option<(&str, serde_json::Value)>) -> WaitRow {
        WaitRow {
            key: WaitKey { run: RunKey(run), slot },
            event: "order/placed".into(),
            field: field.map(|(path, value)| WaitField::new((path.into(), value))),
        }
    }

    #[test]
    fn an_event_finds_who_waits_for_it_in_the_order_of_the_runs() {
        let mut index = WaitIndex::default();
        index.extend(vec![
            wait(3, 1, None),
            wait(2, 1, Some(("data.id", json!(7)))),
            wait(1, 1, Some(("data.id", json!(8)))),
            wait(1, 2, Some(("data.account", json!("a")))),
        ]);
        index.check().unwrap();
        let runs = |index: &WaitIndex, event: serde_json::Value| -> Vec<i64> {
            index.candidates("order/placed", || event).iter().map(|key| key.run.0).collect()
        };
        assert_eq!(runs(&index, json!({ "data": { "id": 7.0, "account": "a" } })), [1, 2, 3]);
        assert_eq!(runs(&index, json!({ "data": { "id": 9 } })), [3]);
        assert!(index.keys().any(|key| key == WaitKey { run: RunKey(2), slot: 1 }));
        index.remove(&wait(2, 1, Some(("data.id", json!(7)))));
        index.check().unwrap();
        assert_eq!(runs(&index, json!({ "data": { "id": 7 } })), [3]);
        assert_eq!(index.candidates("order/priced", || json!({})), []);
    }

    #[test]
    fn a_wait_that_is_there_twice_is_loud() {
        let mut index = WaitIndex::default();
        index.insert(wait(1, 1, None));
        index.insert(wait(1, 1, None));
        index.check().unwrap();
        index.insert(wait(1, 1, Some(("data.id", json!(7)))));
        assert!(index.check().unwrap_err().to_string().contains("waits once"));
    }
}
