//! Formats with options, and formats of dates, hosts and references.

use event_runtime::prelude::*;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::agreement::{agree, parses, texts, validator};

/// Texts of one format each.
#[domain_events]
pub enum FormatEvent {
    /// A date.
    Dated {
        #[validate(date)]
        value: String,
    },
    /// A time of day.
    Timed {
        #[validate(time)]
        value: Option<String>,
    },
    /// A host.
    Hosted {
        #[validate(hostname)]
        value: String,
    },
    /// A reference.
    Referenced {
        #[validate(uri_reference)]
        value: String,
    },
    /// A URL of one of two schemes.
    Linked {
        #[validate(url(scheme("https", "x-1.b")))]
        value: String,
    },
    /// A UUID of a version, as a text.
    Identified {
        #[validate(uuid(version = 7))]
        value: String,
    },
    /// A UUID of a version.
    Typed {
        #[validate(uuid(version = 4))]
        value: Option<Uuid>,
    },
    /// Nothing, or an address.
    Mailed {
        #[validate(email, length(max = 20), or_empty)]
        value: String,
    },
    /// Nothing, null, or one of some.
    Chosen {
        #[validate(one_of("eu", "us"), or_empty)]
        value: Option<String>,
    },
    /// Each of them empty, or long.
    Listed {
        #[validate(inner(length(min = 3), or_empty))]
        value: Vec<String>,
    },
}

#[test]
fn dates_and_times() {
    agree::<FormatDated>(texts(&[
        "(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])",
        "(1900|2000|2023|2024)-02-29",
        "20[0-9]{2}-[0-9]{1,2}-[0-9]{1,2}(T00:00:00Z)?",
    ]));
    let times = texts(&[
        "([01][0-9]|2[0-4]):[0-6][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|z|[+-]([01][0-9]|2[0-4]):[0-6][0-9])",
        "(23|15|12|00):(59|29):60(\\.[0-9])?(Z|-08:00|[+-](11|00):(00|30))",
        "[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?(Z)?",
    ]);
    agree::<FormatTimed>(prop_oneof![9 => times, 1 => Just(Value::Null)]);
}

#[test]
fn hosts_and_references() {
    agree::<FormatHosted>(texts(&[
        "[a-z0-9-]{1,8}(\\.[a-zA-Z0-9-]{0,6}){0,3}",
        "[a-z]{61,64}\\.org|([a-z]{58,63}\\.){3}[a-z]{50,63}",
        "[a-zü_.]{1,9}|ab--[a-z]",
    ]));
    agree::<FormatReferenced>(texts(&[
        "([a-z]{1,4}:)?(//([a-z]{1,2}@)?[a-z0-9.]{0,5}(:[0-9]{0,3})?)?(/[a-z0-9%!:@._~-]{0,5}){0,2}(\\?[a-z=&/?]{0,5})?(#[a-z/?]{0,3})?",
        "[a-z0-9:./?#\\[\\]%@ ü]{0,9}",
        "//(\\[[0-9a-f:.]{2,9}\\]|\\[v[0-9]\\.[a-z:]{1,3}\\])(:[0-9]{1,2})?/(%[0-9a-g]{1,2})?",
    ]));
}

/// All of them are URLs, but those with a character that a URL has not: what the URL Standard refuses is in no schema.
#[test]
fn schemes() {
    let urls =
        "([Hh][Tt]{2}[Pp][Ss]?|x-1[.a]b|[a-z]{1,3})://[a-z]{1,5}(/[a-z0-9|ü]{0,5}){0,2}|x-1\\.b:[a-z]{1,4}";
    agree::<FormatLinked>(proptest::string::string_regex(urls).unwrap().prop_map(Value::from));
}

#[test]
fn versions_of_uuids() {
    let uuids = || texts(&["[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[089abcdAB][0-9a-f]{3}-[0-9a-fA-F]{12}"]);
    agree::<FormatIdentified>(uuids());
    agree::<FormatTyped>(prop_oneof![9 => uuids(), 1 => Just(Value::Null)]);
    let issues = FormatTyped::parse(br#"{"value":"0195d4a5-0f5c-7c3e-8f0a-5b6a4c3d2e1f"}"#).unwrap_err();
    let issue = issues.iter().next().unwrap();
    assert_eq!((issue.code.as_ref(), issue.params.get("version")), ("invalid_format", Some(&json!(4))));
}

#[test]
fn empty_or_valid() {
    let mails = texts(&["[a-z]{1,6}@[a-z]{1,6}\\.(org|de)", "[a-z]{9,15}@[a-z]{4,9}\\.org", "[a-z]{0,2}"]);
    agree::<FormatMailed>(prop_oneof![4 => mails, 1 => Just(json!(""))]);
    let options =
        prop::sample::select(vec![json!("eu"), json!("us"), json!(""), json!("u"), Value::Null, json!(1)]);
    agree::<FormatChosen>(options);
    agree::<FormatListed>(prop::collection::vec(texts(&["[a-z]{2,9}", ""]), 0..4).prop_map(Value::from));
}

#[test]
fn a_reference_to_the_same_place_is_empty() {
    let payload = json!({ "value": "" });
    assert!(parses::<FormatReferenced>(&payload) && validator::<FormatReferenced>().is_valid(&payload));
}

#[test]
fn the_message_of_a_url_names_the_character() {
    let message = |value: &str| {
        let issues = FormatLinked::parse(json!({ "value": value }).to_string().as_bytes()).unwrap_err();
        issues.iter().next().unwrap().message.clone().into_owned()
    };
    let of_bracket = "must be an absolute URL: `[` at character 28 is written `%5B`";
    assert_eq!(message("https://example.org/?filter[name]=x"), of_bracket);
    assert_eq!(
        message("https://example.org/a b"),
        "must be an absolute URL: a blank at character 22 is written `%20`"
    );
    assert_eq!(message("https://a:99999/"), "must be an absolute URL: invalid port number");
    assert_eq!(message("ftp://a"), "must be an absolute URL with the scheme `https` or `x-1.b`");
}
