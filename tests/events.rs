//! Events: names, JSON and back, schemas.

use event_runtime::prelude::*;
use event_runtime::{EventSet, Issue, Validate};
use serde_json::json;

/// A point in the plane.
#[payload]
#[derive(PartialEq)]
pub struct Point {
    /// To the right.
    #[validate(range(min = -10.5, max = 10.5))]
    pub x: f64,
    /// Upwards.
    #[validate(range(max = 10.5))]
    pub y: f64,
}

/// The life of a drawing.
#[domain_events(domain = "technical-drawing")]
#[derive(PartialEq)]
pub enum DrawingEvent {
    /// A line was drawn.
    LineDrawn {
        /// Where it goes.
        #[validate(length(min = 2))]
        points: Vec<Point>,
        /// Its label.
        label: Option<String>,
        /// Where to read about it.
        #[validate(url)]
        link: Option<String>,
        /// Its colour, if it is not black.
        #[serde(default = "black")]
        colour: String,
        /// Points by name.
        named: std::collections::BTreeMap<String, Point>,
    },
    /// A drawing was checked by two people.
    DoubleChecked,
}

fn black() -> String {
    "black".into()
}

#[test]
fn names_follow_from_the_domain_and_the_variants() {
    assert_eq!(DrawingEvent::LINE_DRAWN, "technical-drawing/line-drawn");
    assert_eq!(<TechnicalDrawingLineDrawn as Event>::NAME, "technical-drawing/line-drawn");
    assert_eq!(<TechnicalDrawingDoubleChecked as Event>::NAME, DrawingEvent::DOUBLE_CHECKED);
    let set = <DrawingEvent as EventSet>::DESCRIPTOR;
    assert_eq!((set.domain, set.events.len()), ("technical-drawing", 2));
    assert_eq!(set.events[0].description, "A line was drawn.");
    assert_eq!(set.events[0].payload, "events::TechnicalDrawingLineDrawn");
    assert_eq!(set.events[0].file, file!());
}

fn line() -> TechnicalDrawingLineDrawn {
    let point = |x, y| Point { x, y };
    TechnicalDrawingLineDrawn {
        points: vec![point(0.0, 0.0), point(1.5, -2.25)],
        label: Some("größer".into()),
        link: None,
        colour: "red".into(),
        named: [("north \"pole\"".to_owned(), point(0.0, 9.0))].into(),
    }
}

#[test]
fn payloads_survive_json() {
    let written = serde_json::to_vec(&line()).unwrap();
    assert_eq!(TechnicalDrawingLineDrawn::parse(&written).unwrap(), line());
    assert_eq!(DrawingEvent::from(line()), DrawingEvent::LineDrawn(line()));
}

#[test]
fn missing_options_are_none_and_defaults_are_filled_in() {
    let json = br#"{ "points": [{"x":0,"y":0},{"x":1,"y":1}], "named": {}, "unknown": [1, {"a": 2}] }"#;
    let parsed = TechnicalDrawingLineDrawn::parse(json).unwrap();
    assert_eq!((parsed.label, parsed.link, parsed.colour.as_str()), (None, None, "black"));
}

#[test]
fn a_field_that_is_there_twice_is_refused() {
    let issues = Point::parse(br#"{ "x": 1, "x": 2, "y": 3 }"#).unwrap_err();
    assert_eq!(issues.to_string(), "x: is there twice");
}

fn paths(issues: impl IntoIterator<Item = Issue>) -> Vec<String> {
    issues.into_iter().map(|issue| format!("{} {}", issue.path, issue.code)).collect()
}

#[test]
fn rules_reach_into_lists_maps_and_options() {
    let mut bad = line();
    bad.points[1].x = f64::NAN;
    bad.points.push(Point { x: 11.0, y: 11.0 });
    bad.link = Some("not a link".into());
    bad.named.insert("south".into(), Point { x: -10.6, y: -1e300 });
    let issues = bad.validate().unwrap_err();
    let expected = [
        "points[1].x too_small",
        "points[2].x too_big",
        "points[2].y too_big",
        "link invalid_format",
        "named[\"south\"].x too_small",
    ];
    assert_eq!(paths(issues), expected);
}

#[test]
fn every_issue_is_found_when_types_are_wrong_too() {
    let json =
        json!({ "points": [{ "x": "1", "y": 99 }], "label": 7, "link": "no", "named": { "a": { "x": 0 } } });
    let issues = TechnicalDrawingLineDrawn::parse(json.to_string().as_bytes()).unwrap_err();
    let expected = [
        "points[0].x invalid_type",
        "points[0].y too_big",
        "label invalid_type",
        "link invalid_format",
        "named[\"a\"].y required",
    ];
    assert_eq!(paths(issues), expected);
}

#[test]
fn issues_are_json_for_programs() {
    let issues = Point::parse(br#"{ "x": 11, "y": 0 }"#).unwrap_err();
    let expected = json!([{
        "path": "x", "code": "too_big", "message": "must be at most 10.5, is 11",
        "params": { "maximum": 10.5, "actual": 11.0 },
    }]);
    assert_eq!(serde_json::to_value(&issues).unwrap(), expected);
}

#[test]
fn schemas_carry_the_rules() {
    let schema = TechnicalDrawingLineDrawn::schema().to_value();
    assert_eq!(schema["properties"]["points"]["minItems"], 2);
    assert_eq!(schema["properties"]["link"]["format"], "uri");
    assert_eq!(schema["required"], json!(["points", "named"]));
    assert_eq!(schema["$defs"]["Point"]["properties"]["x"]["minimum"], -10.5);
    let empty = TechnicalDrawingDoubleChecked::schema().to_value();
    assert_eq!((&empty["type"], empty.get("required")), (&json!("object"), None));
}

/// With serde's derives, and all of their attributes.
#[derive(Debug, serde::Serialize, serde::Deserialize, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Own {
    #[serde(alias = "old")]
    #[validate(length(min = 2))]
    first_name: String,
    #[serde(rename = "z", with = "as_text")]
    #[validate(range(max = 3))]
    number: u32,
}

impl Default for Own {
    fn default() -> Self {
        Self { first_name: "ab".into(), number: 1 }
    }
}

mod as_text {
    use serde::{Deserialize, Deserializer, Serializer};

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    pub(crate) fn serialize<S: Serializer>(number: &u32, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&number.to_string())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[test]
fn rules_stand_beside_serde_attributes_of_the_users_own() {
    let own: Own = serde_json::from_str(r#"{ "firstName": "a", "z": "7" }"#).unwrap();
    assert_eq!(paths(own.validate().unwrap_err()), ["firstName too_small", "z too_big"]);
}

/// The life of a parcel.
#[domain_events(
    owner = "logistics",
    js_safe,
    common(
        /// Whose it is.
        #[validate(length(min = 1))]
        tenant: String,
        #[serde(rename = "theRegion", default)]
        region: Option<String>,
    )
)]
pub enum ParcelEvent {
    /// It was sent.
    #[event(owner = "post", deprecated(since = "2026-01-31", note = "use `parcel/dispatched`"))]
    Sent {
        /// In grams.
        #[validate(range(max = 30_000))]
        weight: u64,
    },
    /// It was lost.
    Lost,
    /// It was opened.
    #[deprecated(since = "1.2.0", note = "nobody tells")]
    Opened,
    /// It was weighed by an old scale.
    #[event(deprecated)]
    Weighed,
}

#[test]
fn every_event_of_a_set_has_its_common_fields() {
    let lost = ParcelLost { tenant: "a".to_owned(), region: None };
    assert_eq!(serde_json::to_value(&lost).unwrap(), json!({ "tenant": "a", "theRegion": null }));
    assert_eq!(paths(ParcelLost::parse(br#"{ "tenant": "" }"#).unwrap_err()), ["tenant too_small"]);
    assert_eq!(
        paths(ParcelSent::parse(br#"{ "theRegion": 1 }"#).unwrap_err()),
        ["tenant required", "theRegion invalid_type", "weight required"]
    );
    let schema = ParcelSent::schema().to_value();
    assert_eq!(schema["required"], json!(["tenant", "weight"]));
    assert_eq!(
        schema["properties"]["tenant"],
        json!({ "type": "string", "minLength": 1, "description": "Whose it is." })
    );
}

#[test]
fn descriptors_and_schemas_tell_who_owns_an_event_and_since_when_it_is_deprecated() {
    let ownership = |name: &str| {
        let event = ParcelEvent::DESCRIPTOR.events.iter().find(|event| event.name == name).unwrap();
        let schema = event.schema().to_value();
        let texts = ["x-owner", "x-deprecated-since", "x-deprecated-note"]
            .map(|key| schema[key].as_str().map(str::to_owned));
        let told =
            [event.owner, event.deprecated_since, event.deprecation_note].map(|text| text.map(str::to_owned));
        assert_eq!((texts, schema["deprecated"] == true), (told.clone(), event.deprecated));
        (told, event.deprecated)
    };
    let told = |texts: [Option<&str>; 3]| texts.map(|text| text.map(str::to_owned));
    assert_eq!(ParcelEvent::DESCRIPTOR.owner, Some("logistics"));
    assert_eq!(
        ownership("parcel/sent"),
        (told([Some("post"), Some("2026-01-31"), Some("use `parcel/dispatched`")]), true)
    );
    assert_eq!(ownership("parcel/lost"), (told([Some("logistics"), None, None]), false));
    assert_eq!(
        ownership("parcel/opened"),
        (told([Some("logistics"), Some("1.2.0"), Some("nobody tells")]), true)
    );
    assert_eq!(ownership("parcel/weighed"), (told([Some("logistics"), None, None]), true));
}

/// What serde's own attributes say of a type that serde reads.
#[allow(dead_code, unreachable_pub, reason = "a test has no public interface, and reads by path")]
mod read_by_serde {
    use std::collections::BTreeMap;

    use event_runtime::Validate;

    #[derive(Debug, serde::Deserialize, Validate)]
    pub struct Audit {
        #[validate(length(min = 1))]
        pub by: String,
    }

    #[derive(Debug, serde::Deserialize, Validate)]
    #[serde(transparent)]
    pub struct Title {
        #[validate(length(min = 1))]
        pub inner: String,
    }

    #[derive(Debug, serde::Deserialize, Validate)]
    #[serde(rename_all(serialize = "UPPERCASE", deserialize = "camelCase"))]
    pub struct Entry {
        #[serde(flatten)]
        pub audit: Audit,
        pub main_title: Title,
        #[serde(rename(serialize = "out", deserialize = "inName"))]
        #[validate(length(min = 1))]
        pub name: String,
        #[serde(rename(serialize = "out"))]
        #[validate(length(min = 1))]
        pub last_name: String,
        #[serde(skip)]
        #[validate(length(min = 1))]
        pub cache: Vec<Audit>,
        #[serde(skip_serializing, default)]
        #[validate(length(min = 1))]
        pub secret: String,
        #[serde(flatten)]
        #[validate(length(max = 0))]
        pub rest: BTreeMap<String, u8>,
    }
}

#[test]
fn issues_have_the_paths_that_serde_reads() {
    let json = r#"{ "by": "", "mainTitle": "", "inName": "", "lastName": "", "secret": "", "x": 1 }"#;
    let entry: read_by_serde::Entry = serde_json::from_str(json).unwrap();
    let issues = entry.validate().unwrap_err();
    let paths: Vec<_> = issues.iter().map(|issue| &*issue.path).collect();
    assert_eq!(paths, ["by", "mainTitle", "inName", "lastName", "secret", ""]);
}
