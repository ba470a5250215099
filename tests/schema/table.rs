//! Where a JSON Schema and a payload differ, and in which direction: the schema may accept more, hardly ever less.
//!
//! | what | JSON | parsed | valid against the schema |
//! |---|---|---|---|
//! | `custom`, `refine` | what a function refuses | no | yes |
//! | `url`: what RFC 3986 allows and the URL Standard does not | `http://a:99999/` | no | yes |
//! | `unique`: elements that differ in JSON and are one value | a UUID in upper case and in lower case | no | yes |
//! | `email`: punycode of characters that a domain may have beside certain others only | `a@xn--ll-0ea.de`: `l·l` | no | yes |
//! | `normalize`: the schema is about the text that is made of what is sent | `" a@b.de "` with `trim` for an e-mail address | yes | no |
//! | a UUID or a date inside a type with its own serde implementation | `{"id":"{0195...}"}` | yes | no |
//! | a date whose moment is outside of the years 0000 to 9999 in UTC, of a type that keeps no offset | `0000-01-01T00:00:00+01:00` | no | yes |
//! | a `jiff::Timestamp` of the last day that is, with an offset to the east | `9999-12-31T22:00:00+23:00` | no | yes |
//! | `keys(multiple_of(..))` | `{"3":1}` for `multiple_of(2)` | no | yes |
//! | an address with a port, of IPv6 | `[::f:::]:1` | no | yes |
//! | integers of 128 bits, at their edges: schemas and their validators have floats there | `340282366920938463463374607431768211456` | no | yes |
//! | a field that is there twice | `{"x":1,"x":2}` | no | not seen |

use event_runtime::prelude::*;
use event_runtime::validate::Invalid;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use serde_json::{Value, json};

use crate::agreement::{CASES, parses, runner, texts, validator};

#[allow(clippy::trivially_copy_pass_by_ref, reason = "a rule is given a reference to the field")]
fn even(value: &u8) -> Result<(), Invalid> {
    if value.is_multiple_of(2) { Ok(()) } else { Err("must be even".into()) }
}

fn sorted(range: &DifferenceRanged) -> Result<(), &'static str> {
    if range.from <= range.to { Ok(()) } else { Err("must not end before it begins") }
}

/// A type with its own serde implementation.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Import {
    id: Uuid,
}

/// What is judged differently.
#[domain_events]
pub enum DifferenceEvent {
    /// Custom.
    Customised {
        #[validate(custom = even)]
        value: u8,
    },
    /// Refined.
    #[validate(refine = sorted)]
    Ranged { from: u8, to: u8 },
    /// URL.
    Linked {
        #[validate(url)]
        value: String,
    },
    /// E-mail.
    Mailed {
        #[validate(email)]
        value: String,
    },
    /// Somebody else's type.
    Imported { value: Import },
    /// Normalized.
    Cleaned {
        #[normalize(trim, lowercase)]
        #[validate(email)]
        value: String,
    },
    /// A moment.
    Stamped { value: jiff::Timestamp },
    /// A moment of another library.
    Dated { value: chrono::DateTime<chrono::Utc> },
    /// Multiples as keys.
    Keyed {
        #[validate(keys(multiple_of(2)))]
        value: std::collections::BTreeMap<u8, u8>,
    },
    /// An address with its port.
    Connected { value: std::net::SocketAddr },
    /// Unique.
    Collected {
        #[validate(unique)]
        value: Vec<Uuid>,
    },
}

fn accepted_by_the_schema_alone<E: Event>(payload: &Value) {
    assert!(validator::<E>().is_valid(payload), "{payload}");
    assert!(!parses::<E>(payload), "{payload}");
}

#[test]
fn every_row() {
    accepted_by_the_schema_alone::<DifferenceCustomised>(&json!({ "value": 3 }));
    accepted_by_the_schema_alone::<DifferenceRanged>(&json!({ "from": 3, "to": 2 }));
    accepted_by_the_schema_alone::<DifferenceLinked>(&json!({ "value": "http://a:99999/" }));
    let lower = "0195d4a5-0f5c-7c3e-8f0a-5b6a4c3d2e1f";
    accepted_by_the_schema_alone::<DifferenceCollected>(&json!({ "value": [lower, lower.to_uppercase()] }));
    let (sent, made) = (json!({ "value": " A@b.de " }), json!({ "value": "a@b.de" }));
    assert!(parses::<DifferenceCleaned>(&sent) && parses::<DifferenceCleaned>(&made));
    let validator_of_what_is_made = validator::<DifferenceCleaned>();
    assert!(!validator_of_what_is_made.is_valid(&sent) && validator_of_what_is_made.is_valid(&made));
    accepted_by_the_schema_alone::<DifferenceStamped>(&json!({ "value": "9999-12-31T22:00:00+23:00" }));
    accepted_by_the_schema_alone::<DifferenceDated>(&json!({ "value": "0000-01-01T00:00:00+01:00" }));
    accepted_by_the_schema_alone::<DifferenceKeyed>(&json!({ "value": { "3": 1 } }));
    accepted_by_the_schema_alone::<DifferenceConnected>(&json!({ "value": "[::f:::]:1" }));
    let idn = json!({ "value": "a@xn--bcher-kva.de" });
    assert!(parses::<DifferenceMailed>(&idn) && validator::<DifferenceMailed>().is_valid(&idn));
    accepted_by_the_schema_alone::<DifferenceMailed>(&json!({ "value": "a@xn--ll-0ea.de" }));
    let foreign = json!({ "value": { "id": format!("{{{lower}}}") } });
    assert!(parses::<DifferenceImported>(&foreign) && !validator::<DifferenceImported>().is_valid(&foreign));
    assert!(DifferenceMailed::parse(br#"{"value":"a@b.de","value":"a@b.de"}"#).is_err());
}

#[test]
fn a_url_that_is_parsed_is_a_uri() {
    let urls = texts(&[
        "(https?|ftp|wss|urn|mailto|x-1)://[a-zA-Z0-9.-]{1,9}(:[0-9]{0,6})?(/[a-z0-9%!$&'()*+,;=:@._~-]{0,5}){0,2}(\\?[a-z=&/?]{0,5})?(#[a-z/?]{0,3})?",
        "https?:/{0,3}[a-z@:\\[\\]%ü \\\\]{0,9}",
        "https?://([a-z]{1,3}(:[a-z%]{0,3})?@)?(\\[[0-9a-f:.]{2,9}\\]|[0-9.]{1,9}|xn--[a-z-]{1,5}|a--b)(/%[0-9a-fA-Fg]{1,2})?",
        "(urn|mailto|data|javascript|file):[a-z0-9:@/?#%,;]{0,9}",
    ]);
    let (validator, mut accepted) = (validator::<DifferenceLinked>(), 0);
    let mut runner = runner();
    for _ in 0..4 * CASES {
        let payload = json!({ "value": urls.new_tree(&mut runner).unwrap().current() });
        if parses::<DifferenceLinked>(&payload) {
            accepted += 1;
            assert!(validator.is_valid(&payload), "refused by the schema alone: {payload}");
        }
    }
    assert!(accepted > CASES, "{accepted} were accepted");
}

/// Addresses at hosts of one random character between two letters, in punycode.
#[test]
fn an_international_address_that_is_parsed_is_valid_against_the_schema() {
    let validator = validator::<DifferenceMailed>();
    let (mut accepted, mut punycode) = (0, 0);
    for char in (0x80..0x3_0000).filter_map(char::from_u32) {
        let Ok(url::Host::Domain(host)) = url::Host::parse(&format!("a{char}b.de")) else { continue };
        let payload = json!({ "value": format!("a@{host}") });
        punycode += u32::from(host.starts_with("xn--"));
        if parses::<DifferenceMailed>(&payload) {
            accepted += 1;
            assert!(
                validator.is_valid(&payload),
                "{char:?} U+{:04X}: refused by the schema alone: {payload}",
                u32::from(char)
            );
        }
    }
    assert!(accepted > 50_000 && punycode > accepted, "{accepted} of {punycode} were accepted");
}
