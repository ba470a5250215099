//! Enums, newtypes and flattened fields.

use std::collections::BTreeMap;

use event_runtime::prelude::*;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use serde_json::{Map, Value, json};

use crate::agreement::{CASES, agree, parses, runner, validator};

/// A struct in a variant.
#[payload]
pub struct Details {
    #[validate(range(min = 1, max = 3))]
    count: u8,
    name: Option<String>,
}

/// A small number.
#[payload]
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct Small(#[validate(range(max = 3))] u8);

/// A short text, which may stand as a key.
#[payload]
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct Short(#[validate(length(min = 1, max = 2))] String);

/// With the tag inside.
#[payload]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Internal {
    /// Nothing.
    Nothing,
    Fields {
        #[validate(range(max = 3))]
        count: u8,
        name: Option<Short>,
    },
    Details(Details),
}

/// With the tag beside.
#[payload]
#[serde(tag = "type", content = "data", rename_all = "lowercase")]
pub enum Adjacent {
    Nothing,
    Fields { count: Small },
    Value(#[validate(length(max = 2))] Vec<Small>),
    Details(Option<Details>),
}

/// With the tag outside.
#[payload]
#[serde(rename_all = "lowercase")]
pub enum External {
    Nothing,
    Fields { count: u8 },
    Value(Small),
    Details(Details),
}

/// Texts.
#[payload]
#[serde(rename_all = "lowercase")]
pub enum Texts {
    Nothing,
    Fields,
}

/// Texts with documentation.
#[payload]
#[serde(rename_all = "lowercase")]
pub enum Documented {
    /// Nothing.
    Nothing,
    /// Fields.
    Fields,
}

/// With the tag inside, and room for others.
#[payload(open)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum OpenInternal {
    Nothing,
    Details(Details),
}

/// With the tag outside, and room for others.
#[payload(open)]
#[serde(rename_all = "lowercase")]
pub enum OpenExternal {
    Nothing,
    Details(Details),
}

/// A struct around a list of itself.
#[payload]
pub struct Tree(#[validate(length(max = 2))] Vec<Tree>);

/// Events with one value each.
#[domain_events]
pub enum ShapeEvent {
    /// Internal.
    Internalized { value: Internal },
    /// Adjacent.
    Adjoined { value: Vec<Adjacent> },
    /// External.
    Externalized { value: External },
    /// Texts.
    Listed { value: Texts },
    /// Texts with documentation.
    Described { value: Option<Documented> },
    /// Open.
    Opened { value: OpenInternal },
    /// Open.
    Widened { value: OpenExternal },
    /// A newtype with further rules.
    Narrowed {
        #[validate(range(min = 2))]
        value: Small,
    },
    /// Newtypes as keys and values.
    Mapped { value: BTreeMap<String, Small> },
    /// Recursion.
    Planted { value: Tree },
    /// Around a struct.
    Wrapped(Details),
    /// Around an enum.
    Chosen(Internal),
    /// With the fields of another.
    Flattened {
        #[validate(range(max = 3))]
        value: u8,
        #[serde(flatten)]
        details: Details,
    },
}

fn tags() -> impl Strategy<Value = Value> {
    let tags = ["nothing", "fields", "details", "value", "other", "Nothing"].map(Value::from);
    prop_oneof![9 => prop::sample::select(tags.to_vec()), 1 => (0..3_u8).prop_map(Value::from), 1 => Just(Value::Null)]
}

fn counts() -> impl Strategy<Value = Value> {
    prop_oneof![9 => (0..5_u8).prop_map(Value::from), 1 => Just(json!("1")), 1 => Just(json!(null))]
}

/// Objects with some of these fields.
fn objects() -> impl Strategy<Value = Value> {
    let optional = |strategy: BoxedStrategy<Value>| prop::option::weighted(0.8, strategy);
    let name =
        prop_oneof![Just(json!("a")), Just(json!("")), Just(json!("abc")), Just(json!(null)), Just(json!(7))];
    let data = prop_oneof![
        6 => (prop::option::weighted(0.9, counts()), prop::option::of(name.clone())).prop_map(|(count, name)| object([("count", count), ("name", name)])),
        3 => prop::collection::vec(counts(), 0..4).prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    let all = (
        optional(tags().boxed()),
        optional(counts().boxed()),
        prop::option::weighted(0.3, name),
        optional(data.boxed()),
    );
    all.prop_map(|(tag, count, name, data)| {
        object([("type", tag), ("count", count), ("name", name), ("data", data)])
    })
}

fn object<const N: usize>(fields: [(&str, Option<Value>); N]) -> Value {
    let fields = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::from(fields.collect::<Map<_, _>>())
}

/// A text, or an object with hardly ever more than one key.
fn external() -> impl Strategy<Value = Value> {
    let tag = || tags().prop_map(|tag| tag.as_str().unwrap_or("details").to_owned());
    let content = prop_oneof![3 => objects(), 2 => counts()];
    let entries = prop_oneof![9 => Just(1_usize), 1 => Just(2), 1 => Just(0)]
        .prop_flat_map(move |size| prop::collection::btree_map(tag(), content.clone(), size));
    prop_oneof![2 => tags(), 5 => entries.prop_map(|entries| Value::from(Map::from_iter(entries)))]
}

#[test]
fn tags_inside() {
    agree::<ShapeInternalized>(objects());
    agree::<ShapeOpened>(objects());
}

#[test]
fn tags_beside() {
    agree::<ShapeAdjoined>(prop::collection::vec(objects(), 0..3).prop_map(Value::from));
}

#[test]
fn tags_outside() {
    agree::<ShapeExternalized>(external());
    agree::<ShapeWidened>(external());
}

#[test]
fn texts() {
    agree::<ShapeListed>(tags());
    agree::<ShapeDescribed>(tags());
}

#[test]
fn newtypes() {
    agree::<ShapeNarrowed>(counts());
    agree::<ShapeMapped>(
        prop::collection::btree_map("[a-c]{0,2}", counts(), 0..3)
            .prop_map(|map| Value::from(Map::from_iter(map))),
    );
    let leaf = Just(json!([])).boxed();
    let trees = leaf.prop_recursive(
        4,
        16,
        4,
        |tree| prop_oneof![9 => prop::collection::vec(tree, 0..4).prop_map(Value::from), 1 => counts()],
    );
    agree::<ShapePlanted>(trees);
}

/// Judges whole payloads.
fn agree_as_a_whole<E: Event>(values: impl Strategy<Value = Value>) {
    let (validator, mut accepted, mut runner) = (validator::<E>(), 0, runner());
    for _ in 0..CASES {
        let payload = values.new_tree(&mut runner).unwrap().current();
        let ours = parses::<E>(&payload);
        assert_eq!(ours, validator.is_valid(&payload), "{}: {payload}", E::NAME);
        accepted += u32::from(ours);
    }
    assert!((CASES / 20..CASES - CASES / 20).contains(&accepted), "{}: {accepted} accepted", E::NAME);
}

#[test]
fn payloads_around_payloads() {
    agree_as_a_whole::<ShapeWrapped>(objects());
    agree_as_a_whole::<ShapeChosen>(objects());
    let with_value = (objects(), prop::option::weighted(0.9, counts())).prop_map(|(mut object, value)| {
        if let (Some(object), Some(value)) = (object.as_object_mut(), value) {
            object.insert("value".to_owned(), value);
        }
        object
    });
    agree_as_a_whole::<ShapeFlattened>(with_value);
}
