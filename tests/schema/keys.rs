//! Maps: what their keys are, and the rules of keys and values.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::{IpAddr, SocketAddrV4};

use event_runtime::prelude::*;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::agreement::{agree, texts};

/// A key that is one of some.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Region {
    /// Europe.
    Europe,
    /// Asia.
    Asia,
}

/// A list with a name.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Tags(Vec<String>);

impl event_runtime::validate::Length for Tags {
    const UNIT: &'static str = "tags";

    fn length(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

/// Maps with keys of one type each.
#[domain_events]
pub enum MapEvent {
    /// Of bytes.
    Numbered { value: HashMap<u8, u8> },
    /// Of signed numbers, in a list, perhaps.
    Signed { value: Option<Vec<BTreeMap<i16, bool>>> },
    /// Of large numbers.
    Enlarged { value: BTreeMap<u64, BTreeMap<i128, u8>> },
    /// Of UUIDs.
    Identified { value: BTreeMap<Uuid, u8> },
    /// Of characters.
    Lettered { value: BTreeMap<char, u8> },
    /// Of some names.
    Placed { value: BTreeMap<Region, u8> },
    /// Rules of keys that are texts.
    Keyed {
        #[validate(keys(length(min = 2), pattern("^[a-z]+$")), length(max = 2))]
        value: BTreeMap<String, u8>,
    },
    /// Rules of keys that are numbers.
    Ranged {
        #[validate(keys(range(above = 3, max = 120)))]
        value: Option<BTreeMap<u32, u8>>,
    },
    /// Rules of values below keys that are numbers.
    Valued {
        #[validate(inner(range(max = 9)))]
        value: HashMap<i64, u8>,
    },
    /// Rules of values below keys of some names.
    Rated {
        #[validate(inner(range(max = 9)))]
        value: BTreeMap<Region, u8>,
    },
    /// An address, with its port.
    Connected { value: SocketAddrV4 },
    /// An address.
    Addressed { value: Option<IpAddr> },
    /// A set reads an element twice.
    Gathered { value: BTreeSet<u8> },
    /// The length of a list with a name.
    Tagged {
        #[validate(length(min = 1))]
        value: Option<Tags>,
    },
    /// A small float.
    Weighed { value: f32 },
}

/// Maps of at most two entries.
fn maps(keys: &'static [&'static str], value: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    let keys = texts(keys).prop_map(|key| key.as_str().unwrap_or_default().to_owned());
    prop::collection::vec((keys, value), 0..3).prop_map(|entries| Value::from(Map::from_iter(entries)))
}

fn small() -> impl Strategy<Value = Value> {
    (0..11_u8).prop_map(Value::from)
}

#[test]
fn keys_that_are_numbers() {
    agree::<MapNumbered>(maps(&["[0-9]{1,3}", "2[0-9]{2}", "-?0|01|1e2|\\+1"], small()));
    let signed = maps(&["-?[0-9]{1,5}", "-?32[0-9]{3}", "-0"], any::<bool>().prop_map(Value::from));
    agree::<MapSigned>(
        prop_oneof![4 => prop::collection::vec(signed, 0..2).prop_map(Value::from), 1 => Just(Value::Null)],
    );
    let large = maps(&["-?1[0-9]{38}", "-?[1-9][0-9]{0,40}"], small());
    agree::<MapEnlarged>(maps(&["[0-9]{1,20}", "184467[0-9]{14}"], large));
}

#[test]
fn keys_that_are_texts() {
    const UUIDS: &[&str] =
        &["[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "[0-9a-f]{8}-[0-9a-f]{4}"];
    agree::<MapIdentified>(maps(UUIDS, small()));
    agree::<MapLettered>(maps(&["[a-zé🙂]", "[a-z]{0,2}"], small()));
    agree::<MapPlaced>(maps(&["europe|asia", "europ|Asia"], small()));
}

#[test]
fn rules_of_keys() {
    agree::<MapKeyed>(maps(&["[a-z]{1,3}", "[a-zA-Z]{2}"], small()));
    agree::<MapRanged>(prop_oneof![9 => maps(&["[0-9]{1,2}", "1[0-9]{2}"], small()), 1 => Just(Value::Null)]);
    let issues = MapKeyed::parse(br#"{"value":{"A":1}}"#).unwrap_err();
    let found: Vec<_> = issues.iter().map(|issue| (issue.path.as_str(), issue.code.as_ref())).collect();
    assert_eq!(found, [(r#"value["A"]"#, "too_small"), (r#"value["A"]"#, "invalid_format")]);
}

#[test]
fn rules_of_values_below_keys_of_any_type() {
    agree::<MapValued>(maps(&["-?[1-9][0-9]{0,3}"], small()));
    agree::<MapRated>(maps(&["europe|asia"], small()));
    let issues = MapValued::parse(br#"{"value":{"-7":10}}"#).unwrap_err();
    assert_eq!(issues.iter().next().unwrap().path, r#"value["-7"]"#);
}

#[test]
fn types_of_the_standard_library() {
    agree::<MapConnected>(texts(&[
        "[0-9]{1,3}\\.(25[0-6]|1?[0-9]{1,2})\\.0\\.1:[0-9]{1,6}",
        "192\\.0\\.2\\.1:6[0-9]{4}",
        "[0-9.]{7}",
    ]));
    let addresses = texts(&["[0-9]{1,3}\\.0\\.2\\.1", "([0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|::1", "[a-z]{1,5}"]);
    agree::<MapAddressed>(prop_oneof![9 => addresses, 1 => Just(Value::Null)]);
    agree::<MapGathered>(prop::collection::vec((0..300).prop_map(Value::from), 0..3).prop_map(Value::from));
    agree::<MapTagged>(prop_oneof![
        prop::collection::vec("[a-c]", 0..2).prop_map(|tags| json!(tags)),
        Just(Value::Null),
    ]);
    agree::<MapWeighed>(prop_oneof![
        (-4.0e38..4.0e38_f64).prop_map(Value::from),
        prop::sample::select(vec![
            json!(3.402_823_567_797_336e38),
            json!(-3.402_823_5e38),
            json!(1e39),
            json!("1"),
            json!(0),
        ]),
    ]);
}
