//! Rules of texts.

use std::collections::{BTreeSet, HashMap, VecDeque};

use event_runtime::prelude::*;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::agreement::{agree, texts};

/// Texts with one rule each.
#[domain_events]
pub enum TextEvent {
    /// Length.
    Measured {
        #[validate(length(min = 2, max = 4))]
        value: String,
    },
    /// Exact length.
    Fixed {
        #[validate(length(equal = 3))]
        value: Option<String>,
    },
    /// E-mail.
    Mailed {
        #[validate(email)]
        value: String,
    },
    /// UUID, as a text.
    Identified {
        #[validate(uuid)]
        value: String,
    },
    /// UUID, as a type.
    Typed { value: Uuid },
    /// UUIDs in a list, perhaps.
    Listed { value: Option<Vec<Uuid>> },
    /// UUIDs in a map.
    Mapped { value: HashMap<String, Uuid> },
    /// UUIDs in a set.
    Gathered { value: BTreeSet<Uuid> },
    /// UUIDs in a queue.
    Queued { value: VecDeque<Uuid> },
    /// Two UUIDs.
    Paired { value: [Uuid; 2] },
    /// IP address.
    Addressed {
        #[validate(ip)]
        value: String,
    },
    /// IPv4 address.
    Routed {
        #[validate(ip(v4))]
        value: String,
    },
    /// IPv6 address.
    Tunnelled {
        #[validate(ip(v6))]
        value: String,
    },
    /// Date and time.
    Dated {
        #[validate(datetime)]
        value: String,
    },
    /// A pattern that is scanned.
    Scanned {
        #[validate(pattern("^[a-z][a-z0-9-]*$"))]
        value: String,
    },
    /// A pattern with groups.
    Slugged {
        #[validate(pattern("^[a-z]+(-[a-z]+)*$"))]
        value: String,
    },
    /// A pattern that is found anywhere, with a negated class.
    Found {
        #[validate(pattern("ab[^x-z]{2}"))]
        value: String,
    },
    /// A pattern with a fixed number, and an optional end.
    Coded {
        #[validate(pattern("^[A-Z]{2,3}-[0-9]{4}[a-f]?$"))]
        value: String,
    },
    /// Beginning.
    Begun {
        #[validate(starts_with("a.b"))]
        value: String,
    },
    /// End.
    Ended {
        #[validate(ends_with("(c)"))]
        value: String,
    },
    /// Part.
    Included {
        #[validate(contains("$/"))]
        value: String,
    },
    /// One of some.
    Chosen {
        #[validate(one_of("eu", "us", "ü"))]
        value: Option<String>,
    },
    /// Several rules together.
    Combined {
        #[validate(length(max = 12), starts_with("ab"), ends_with("yz"), pattern("^[a-z]+$"))]
        value: String,
    },
}

const UUIDS: &[&str] = &[
    "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    "[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}",
    "[0-9a-f]{32}",
    "\\{[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\}",
    "urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
];

const V4: &str = "(25[0-9]|2[0-4][0-9]|1?[0-9]{1,2}|0[0-9])(\\.(25[0-6]|2[0-4][0-9]|1?[0-9]{1,2})){3}";
const V6: &str = "([0-9a-fA-F]{1,4}:){7}[0-9a-f]{1,4}|([0-9a-f]{1,4}:){1,6}(:[0-9a-f]{1,4}){1,4}|::(ffff:)?([0-9]{1,3}\\.){3}[0-9]{1,3}|::";

#[test]
fn length() {
    agree::<TextMeasured>(texts(&["[a-zäöü🙂]{0,6}", "\\PC{1,5}"]));
    agree::<TextFixed>(prop_oneof![texts(&["[aé🙂]{2,4}"]), Just(Value::Null)]);
}

#[test]
fn email() {
    agree::<TextMailed>(texts(&[
        "[a-z0-9]{1,8}(\\.[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,5}){0,2}@[a-z0-9-]{1,8}(\\.[a-zA-Z0-9-]{1,6}){0,3}",
        "[a-z]{60,66}@[a-z]{61,64}\\.org",
        "[a-z]{1,64}@([a-z]{58,62}\\.){3}[a-z]{1,9}",
        "[a-z]{1,3}(\\.a[b.]--c)?@(ab--[a-z]|[a-z]{1,3}--[a-z]|a)\\.de",
        "\"[a-z ]{1,5}\"@a\\.de|[a-z.]{1,5}@\\[127\\.0\\.0\\.1\\]|[a-zü]{1,4}@b[ü-]?c\\.de",
    ]));
}

#[test]
fn uuid() {
    agree::<TextIdentified>(texts(UUIDS));
    agree::<TextTyped>(texts(UUIDS));
    let list = || prop::collection::vec(texts(&UUIDS[..3]), 0..3).prop_map(Value::from);
    agree::<TextListed>(prop_oneof![list(), Just(Value::Null)]);
    agree::<TextGathered>(list());
    agree::<TextQueued>(list());
    agree::<TextPaired>(prop::collection::vec(texts(&UUIDS[..3]), 1..4).prop_map(Value::from));
    agree::<TextMapped>(texts(&UUIDS[..3]).prop_map(|uuid| json!({ "a": uuid })));
}

#[test]
fn ip() {
    agree::<TextAddressed>(texts(&[V4, V6]));
    agree::<TextRouted>(texts(&[V4, V6]));
    agree::<TextTunnelled>(texts(&[V4, V6]));
}

#[test]
fn datetime() {
    agree::<TextDated>(texts(&[
        "20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]([01][0-9]|2[0-4]):[0-6][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|z|[+-]([01][0-9]|2[0-4]):[0-6][0-9])",
        "19[0-9]{2}-(06-30|12-31)T(23|15|12):(59|29):60(\\.[0-9])?(Z|-08:00|[+-](11|00):(00|30))",
        "(1900|2000|2023|2024)-02-29T00:00:00Z",
    ]));
}

#[test]
fn pattern() {
    agree::<TextScanned>(texts(&["[a-z][a-z0-9-]{0,8}", "[a-zA-Z0-9_-]{0,5}\n?"]));
    agree::<TextSlugged>(texts(&["[a-z]{1,3}(-[a-z]{1,3}){0,3}", "[a-z-]{0,6}"]));
    agree::<TextFound>(texts(&["[a-c]{0,3}ab[a-cv-zé\n]{2}[a-c]{0,2}", "[abx]{0,5}"]));
    agree::<TextCoded>(texts(&["[A-Z]{1,4}-[0-9]{3,5}[a-g]{0,2}", "[A-Z]{2}-[0-9]{4}"]));
}

#[test]
fn starts_with_ends_with_contains() {
    agree::<TextBegun>(texts(&["a[.x]b.{0,3}", "x?a\\.b"]));
    agree::<TextEnded>(texts(&[".{0,3}\\(c\\)\n?", "[()c]{2,4}"]));
    agree::<TextIncluded>(texts(&[".{0,2}\\$/.{0,2}", "[$/a]{0,4}"]));
}

#[test]
fn one_of() {
    let options =
        prop::sample::select(vec![json!("eu"), json!("us"), json!("ü"), json!("u"), Value::Null, json!(1)]);
    agree::<TextChosen>(options);
}

#[test]
fn several_rules_together() {
    agree::<TextCombined>(texts(&["ab[a-z]{0,9}yz", "[ab]{1,3}[a-zA-Z]{0,6}[yz]{1,3}", "ab[a-z]{8}yz"]));
}
