//! Rules of collections and of their elements, and nested types.

use std::collections::{BTreeMap, HashMap};

use event_runtime::prelude::*;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::agreement::{agree, integers, texts};

/// Collections with one rule each.
#[domain_events]
pub enum CollectionEvent {
    /// Length of a list.
    Listed {
        #[validate(length(min = 1, max = 3))]
        value: Vec<u8>,
    },
    /// Length of a map.
    Mapped {
        #[validate(length(min = 1, max = 2))]
        value: BTreeMap<String, bool>,
    },
    /// No element twice.
    Distinguished {
        #[validate(unique)]
        value: Vec<i64>,
    },
    /// No text twice.
    Tagged {
        #[validate(unique, inner(length(min = 1, max = 2)), length(max = 3))]
        value: Option<Vec<String>>,
    },
    /// Rules of the values of a map.
    Labelled {
        #[validate(inner(range(max = 9)))]
        value: HashMap<String, u8>,
    },
    /// Rules of the elements of the elements.
    Gridded {
        #[validate(inner(length(equal = 2), inner(range(min = 0, max = 5))))]
        value: Vec<Vec<i8>>,
    },
    /// Nested types.
    Nested { value: Vec<Inner> },
    /// A nested type, perhaps.
    Wrapped { value: Option<Inner> },
}

/// A nested type.
#[payload]
pub struct Inner {
    #[validate(range(min = 1))]
    count: u32,
    #[validate(one_of("a", "b"))]
    kind: Option<String>,
}

fn lists(element: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    prop::collection::vec(element, 0..5).prop_map(Value::from)
}

fn maps(element: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    prop::collection::btree_map("[a-c]{0,2}", element, 0..4).prop_map(|map| Value::from(Map::from_iter(map)))
}

fn inners() -> impl Strategy<Value = Value> {
    let count = prop_oneof![4 => (0..4).prop_map(Value::from), 1 => integers(1)];
    let kind = prop::sample::select(vec![json!("a"), json!("b"), json!("c"), Value::Null]);
    (count, kind, any::<bool>()).prop_map(|(count, kind, with)| {
        if with { json!({ "count": count, "kind": kind, "unknown": 1 }) } else { json!({ "count": count }) }
    })
}

#[test]
fn length() {
    agree::<CollectionListed>(lists((0..9).prop_map(Value::from)));
    agree::<CollectionMapped>(maps(any::<bool>().prop_map(Value::from)));
}

#[test]
fn unique() {
    agree::<CollectionDistinguished>(lists((0..6).prop_map(Value::from)));
    agree::<CollectionTagged>(prop_oneof![lists(texts(&["[ab]{1,2}", "[abc]{1,3}"])), Just(Value::Null)]);
}

#[test]
fn inner() {
    agree::<CollectionLabelled>(maps((0..11).prop_map(Value::from)));
    let pairs = |numbers: std::ops::Range<i32>, length| {
        prop::collection::vec(numbers.prop_map(Value::from), length).prop_map(Value::from)
    };
    agree::<CollectionGridded>(lists(
        prop_oneof![5 => pairs(0..6, 2..=2), 1 => pairs(-1..7, 2..=2), 1 => pairs(0..6, 1..=3)],
    ));
}

#[test]
fn nested() {
    agree::<CollectionNested>(lists(inners()));
    agree::<CollectionWrapped>(prop_oneof![4 => inners(), 1 => Just(Value::Null), 1 => Just(json!([]))]);
}
