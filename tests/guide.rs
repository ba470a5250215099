//! The tables of the guide "Events": each row is a declaration, and what it makes of the JSON Schema and of wrong JSON.
//!
//! `GUIDE=overwrite cargo test -p event-tests --test guide` writes the rows anew.

use event_runtime::prelude::*;
use event_runtime::validate::Issue;
use schemars::JsonSchema;
use serde_json::{Value, json};

const GUIDE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../event-runtime/docs/events.md");

/// A row of the field `of` of a payload.
fn row<T: Payload + JsonSchema>(declared: &str, refused: &str) -> String {
    let generator = schemars::generate::SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.into_root_schema_for::<T>().to_value()["properties"]["of"].take();
    shorten(&mut schema);
    let refused: Value = serde_json::from_str(refused).unwrap();
    let issues = T::parse(json!({ "of": refused }).to_string().as_bytes()).err().expect("it is refused");
    let issues: Vec<_> = issues.iter().map(issue).collect();
    let cells = [code(declared), code(&schema.to_string()), code(&refused.to_string()), issues.join("; ")];
    format!("| {} |\n", cells.map(|cell| cell.replace('|', "\\|").replace('\n', " ")).join(" | "))
}

/// What an issue says, with its path inside the field.
fn issue(issue: &Issue) -> String {
    let path = issue.path.strip_prefix("of").unwrap_or(&issue.path);
    let path = if path.is_empty() { String::new() } else { code(path) + " " };
    let params = if issue.params.is_empty() {
        String::new()
    } else {
        " ".to_owned() + &code(&json!(issue.params).to_string())
    };
    format!("{path}{}{params}: {}", code(&issue.code), issue.message)
}

fn code(text: &str) -> String {
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

/// Leaves out patterns that nobody reads.
fn shorten(schema: &mut Value) {
    match schema {
        Value::String(text) if text.len() > 60 => "..".clone_into(text),
        Value::Array(elements) => elements.iter_mut().for_each(shorten),
        Value::Object(fields) => fields.values_mut().for_each(shorten),
        _ => {}
    }
}

macro_rules! rows {
    ($({ $($field:tt)* } $refused:literal)*) => {
        [$({
            /// The field of this row.
            #[payload]
            struct Row { $($field)* }
            row::<Row>(stringify!($($field)*), $refused)
        }),*].concat()
    };
}

/// Compares the table behind `<!-- name -->` with the rows, or writes them there.
fn check(name: &str, rows: &str) {
    let guide = std::fs::read_to_string(GUIDE).unwrap();
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->\n"));
    let (before, rest) = guide.split_once(&begin).expect("the table begins");
    let (found, after) = rest.split_once(&end).expect("the table ends");
    let head = "| field | JSON Schema | refused | issue: code, parameters, message |\n|---|---|---|---|\n";
    let table = format!("\n{head}{rows}\n");
    if std::env::var_os("GUIDE").is_some_and(|guide| guide == "overwrite") {
        std::fs::write(GUIDE, [before, &begin, &table, &end, after].concat()).unwrap();
    } else {
        assert!(
            found == table,
            "GUIDE=overwrite cargo test -p event-tests --test guide\n{}",
            difference(found, &table)
        );
    }
}

/// The rows that only one of two tables has.
fn difference(found: &str, table: &str) -> String {
    let only = |mark, one: &str, other: &str| {
        let lines = one.lines().filter(|line| !other.lines().any(|known| known == *line));
        lines.map(|line| [mark, line].concat()).collect::<Vec<_>>()
    };
    [only("- ", found, table), only("+ ", table, found)].concat().join("\n")
}

#[test]
fn the_tables_of_the_guide_tell_what_happens() {
    check("types", &types());
    check("rules", &rules());
}

fn types() -> String {
    use std::collections::{BTreeMap, BTreeSet};
    use std::net::IpAddr;
    use std::num::NonZeroU32;

    rows! {
        { of: String } "7"
        { of: char } r#""ab""#
        { of: bool } r#""yes""#
        { of: u8 } "256"
        { of: i64 } "1.5"
        { of: f64 } r#""1""#
        { of: NonZeroU32 } "0"
        { of: Uuid } r#""67e5504410b1426f9247bb680e5fe0c8""#
        { of: jiff::Timestamp } r#""2026-11-27""#
        { of: IpAddr } r#""10.0.0""#
        { of: Option<u8> } r#""7""#
        { of: Vec<u8> } "[1, -1]"
        { of: [u8; 2] } "[1]"
        { of: (u8, String) } "[1, 2]"
        { of: BTreeSet<String> } "[7]"
        { of: BTreeMap<String, u8> } r#"{"eu.west": -1}"#
        { of: BTreeMap<u16, u8> } r#"{"x": 1}"#
        { of: Box<u8> } "null"
    }
}

fn rules() -> String {
    use std::collections::{BTreeMap, BTreeSet};

    rows! {
        { #[validate(length(min = 1, max = 5))] of: String } r#""""#
        { #[validate(length(equal = 2))] of: Vec<u8> } "[1, 2, 3]"
        { #[validate(range(min = 1, max = 10))] of: u8 } "11"
        { #[validate(range(min = -0.5))] of: f64 } "-1"
        { #[validate(range(above = 0.0, below = 1.0))] of: f64 } "1"
        { #[validate(multiple_of(5))] of: u32 } "12"
        { #[validate(one_of("eu", "us"))] of: String } r#""uk""#
        { #[validate(one_of(1, 2))] of: u8 } "3"
        { #[validate(email)] of: String } r#""ada""#
        { #[validate(url)] of: String } r#""/orders/7""#
        { #[validate(url(scheme("https")))] of: String } r#""http://a/""#
        { #[validate(uri_reference)] of: String } r#""/a b""#
        { #[validate(hostname)] of: String } r#""a_b""#
        { #[validate(uuid)] of: String } r#""7""#
        { #[validate(uuid(version = 7))] of: Uuid } r#""67e55044-10b1-426f-9247-bb680e5fe0c8""#
        { #[validate(ip)] of: String } r#""10.0.0""#
        { #[validate(ip(v6))] of: String } r#""10.0.0.1""#
        { #[validate(datetime)] of: String } r#""2026-11-27 12:00""#
        { #[validate(date)] of: String } r#""2026-02-29""#
        { #[validate(time)] of: String } r#""08:30""#
        { #[validate(pattern("^[a-z]+$"))] of: String } r#""A""#
        { #[validate(pattern(r"^\d+$"))] of: String } r#""A""#
        { #[validate(starts_with("a"), or_empty)] of: String } r#""b""#
        { #[validate(length(min = 1, message = "say a word"))] of: String } r#""""#
        { #[validate(starts_with("a"), ends_with("z"))] of: String } r#""b""#
        { #[validate(contains("-"))] of: String } r#""ab""#
        { #[validate(unique)] of: Vec<String> } r#"["a", "b", "a"]"#
        { #[validate(inner(length(max = 3)))] of: Vec<String> } r#"["ab", "abcd"]"#
        { #[validate(inner(range(min = 1)))] of: BTreeMap<String, u8> } r#"{"eu west": 0}"#
        { #[validate(keys(length(max = 2)), inner(range(max = 9)))] of: BTreeMap<String, u8> } r#"{"abc": 10}"#
        { #[validate(length(max = 2), inner(email))] of: BTreeSet<String> } r#"["a@example.org", "b", "c"]"#
        { #[validate(length(min = 1))] of: Option<String> } r#""""#
    }
}
