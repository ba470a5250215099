//! Examples made from the declaration: in the JSON Schema, and checked by the tests that the macros write.

use std::collections::BTreeMap;

use event_runtime::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A part of a shipment.
#[payload]
pub struct Parcel {
    /// Its number.
    #[validate(pattern("^[A-Z]{2}[0-9]{4}$"))]
    pub number: String,
    /// What it holds: parcels may hold parcels.
    pub parts: Option<Vec<Parcel>>,
}

/// No payload: its own implementations say what it looks like.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Speed {
    /// Tomorrow.
    Overnight,
    /// Some day.
    Whenever,
}

/// Its tag stands beside the fields of what a variant holds.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Label {
    /// A label of a parcel.
    OfParcel(Parcel),
    /// Anything else.
    Free {
        /// What it says.
        text: String,
    },
}

/// Nobody knows an example of it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Secret {
    #[schemars(regex(pattern = "^x{99}$"))]
    code: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature of every rule")]
fn odd(number: &u32) -> std::result::Result<(), String> {
    if number % 2 == 1 { Ok(()) } else { Err("is even".to_owned()) }
}

/// The life of a shipment.
#[domain_events]
pub enum ShipmentEvent {
    /// A shipment was packed.
    Packed {
        /// What is in it.
        #[validate(length(min = 2))]
        parcels: Vec<Parcel>,
        /// By name.
        named: BTreeMap<String, Parcel>,
        /// How fast.
        speed: Speed,
        /// Perhaps one more.
        extra: Option<Box<Parcel>>,
        /// How many people packed.
        #[validate(range(min = 1), custom = odd, example = 3)]
        people: u32,
    },
    /// A shipment was sealed.
    Sealed {
        /// With what.
        secret: Secret,
        /// By whom.
        #[validate(length(min = 1))]
        by: String,
    },
    /// A shipment was opened.
    Opened,
    /// A shipment was labelled.
    Labelled {
        /// With what.
        label: Label,
        /// How many times.
        copies: std::num::NonZeroU8,
        /// Whether it sticks.
        sticks: bool,
    },
}

const LEAST: usize = 3;

/// Examples that only their own test checks: what the macro knows of types and rules.
#[domain_events]
pub enum SampleEvent {
    /// Numbers.
    Counted {
        /// Not 0.
        a: std::num::NonZeroU32,
        /// Signed, and not 0.
        b: Option<std::num::NonZeroI128>,
        /// Between.
        #[validate(range(above = 0.0, below = 1.0))]
        c: f64,
        /// Above.
        #[validate(range(above = 7), multiple_of(5))]
        d: u128,
    },
    /// Addresses.
    Connected {
        /// With a port.
        a: std::net::SocketAddr,
        /// Without.
        b: std::net::IpAddr,
        /// Of IPv6.
        c: Option<std::net::SocketAddrV6>,
        /// In a list.
        d: Vec<std::net::Ipv6Addr>,
    },
    /// Maps.
    Mapped {
        /// By identifier.
        a: BTreeMap<Uuid, u8>,
        /// By letter.
        b: BTreeMap<char, Parcel>,
        /// By number.
        #[validate(keys(range(min = 5)))]
        c: BTreeMap<i64, Vec<u8>>,
        /// By name.
        #[validate(keys(length(min = 5), pattern("^[a-z]{9}$")))]
        d: BTreeMap<String, bool>,
    },
    /// Texts.
    Named {
        /// The bound is a constant.
        #[validate(length(min = LEAST, max = 2 * LEAST))]
        a: String,
        /// Empty, or a place.
        #[validate(url(scheme("mailto")), or_empty)]
        b: String,
        /// Of a version.
        #[validate(uuid(version = 4))]
        c: Uuid,
        /// A host.
        #[validate(hostname)]
        d: String,
        /// A part of a URL.
        #[validate(uri_reference, length(max = 20))]
        e: String,
        /// A day.
        #[validate(date)]
        f: String,
        /// A time.
        #[validate(time)]
        g: String,
    },
}

#[test]
fn every_sample_is_in_its_schema() {
    let schemas =
        [SampleCounted::schema(), SampleConnected::schema(), SampleMapped::schema(), SampleNamed::schema()];
    for schema in schemas {
        assert!(schema.get("examples").is_some(), "{schema:?}");
    }
    let schema = SampleMapped::schema().to_value();
    let keys = json!({ "0195d4a5-0f5c-7c3e-8f0a-5b6a4c3d2e1f": 1 });
    assert_eq!((&schema["examples"][0]["a"], &schema["examples"][0]["c"]), (&keys, &json!({ "5": [1] })));
}

#[test]
fn a_tag_stands_beside_what_its_variant_holds() {
    let schema = ShipmentLabelled::schema().to_value();
    let label = json!({ "type": "of_parcel", "number": "AA0000" });
    assert_eq!(schema["examples"][0], json!({ "label": label, "copies": 1, "sticks": true }));
}

#[test]
fn nested_types_bring_their_own_examples() {
    let schema = ShipmentPacked::schema().to_value();
    let parcel = json!({ "number": "AA0000" });
    let example = json!({
        "parcels": [parcel, parcel],
        "named": { "key": parcel },
        "speed": "overnight",
        "extra": parcel,
        "people": 3,
    });
    assert_eq!(schema["examples"], json!([example]));
    assert!(ShipmentPacked::parse_str(&example.to_string()).is_ok());
}

#[test]
fn what_has_no_example_has_none_in_the_schema() {
    let schema = ShipmentSealed::schema().to_value();
    assert!(schema.get("examples").is_none());
    assert_eq!(ShipmentOpened::schema().to_value().get("examples"), None);
}

/// The first paragraph.
///
/// The second one.
#[payload]
pub struct Note {
    /// A text.
    pub text: String,
}

#[test]
fn documentation_keeps_its_paragraphs() {
    let schema = schemars::schema_for!(Note).to_value();
    assert_eq!(schema["description"], "The first paragraph.\n\nThe second one.");
}
