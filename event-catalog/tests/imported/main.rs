//! Declarations made from what others publish: they compile, and accept what they were made from.
//!
//! The files are shortened from public documentation, without personal details: the webhook payloads of GitHub, Stripe, Shopify, Slack, GitLab, Twilio
//! (`SendGrid`) and `PagerDuty`, the examples of the CloudEvents specification, the streetlights of the AsyncAPI initiative, and a schema after "Job posting" of
//! json-schema.org. `IMPORTED=overwrite` writes the code anew.

use std::fs;
use std::path::PathBuf;

use event_catalog::run;
use event_runtime::catalog::Catalog;
use event_runtime::prelude::*;
use serde_json::{Value, json};

macro_rules! imported {
    ($($module:ident: $file:literal, $set:ident;)*) => {
        $(
            #[allow(missing_docs, unreachable_pub, clippy::pedantic, reason = "as it is printed")]
            mod $module {
                include!(concat!("code/", stringify!($module), ".rs"));

                registry! { pub(super) Events = [$set]; }
            }
        )*

        /// The catalogue of each file.
        fn all() -> Vec<(&'static str, &'static str, Catalog)> {
            vec![$((stringify!($module), $file, Catalog::of_registry::<$module::Events>(stringify!($module)))),*]
        }
    };
}

imported! {
    github_push: "github_push.ndjson", GithubPushEvent;
    stripe: "stripe.ndjson", StripeEvent;
    shopify_orders_create: "shopify_orders_create.json", ShopifyOrdersCreateEvent;
    slack: "slack.ndjson", SlackEvent;
    gitlab_push: "gitlab_push.json", GitlabPushEvent;
    sendgrid: "sendgrid.json", SendgridEvent;
    pagerduty: "pagerduty.json", PagerdutyEvent;
    cloudevents: "cloudevents.json", CloudeventsEvent;
    streetlights: "streetlights.json", StreetlightsEvent;
    job_posting: "job_posting.json", JobPostingEvent;
}

registry! { Nothing = []; }

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/imported").join(name)
}

#[test]
fn what_is_printed_is_what_is_compiled_here() {
    let nothing = Catalog::of_registry::<Nothing>("nothing");
    for file in fs::read_dir(folder("files")).unwrap() {
        let path = file.unwrap().path();
        let printed = run(&nothing, &["import", &path.display().to_string()]).unwrap().text;
        let code = folder("code").join(path.file_stem().unwrap()).with_extension("rs");
        if std::env::var("IMPORTED").is_ok_and(|what| what == "overwrite") {
            fs::write(&code, &printed).unwrap();
        }
        assert_eq!(fs::read_to_string(&code).unwrap_or_default(), printed, "{}", path.display());
    }
}

/// Payloads, each with the name of its event, if it has one.
fn samples(file: &str) -> Vec<(Option<String>, Value)> {
    let text = fs::read_to_string(folder("files").join(file)).unwrap();
    let values = serde_json::Deserializer::from_str(&text).into_iter::<Value>().map(Result::unwrap);
    let flat = values.flat_map(|value| match value {
        Value::Array(elements) => elements,
        other => vec![other],
    });
    flat.map(|value| match (value["type"].as_str(), value["data"].is_object()) {
        (Some(name), true) => (Some(name.to_owned()), value["data"].clone()),
        _ => (None, value),
    })
    .collect()
}

#[test]
fn samples_are_accepted_and_come_out_as_they_were() {
    let mut read = 0;
    for (module, file, catalog) in all() {
        if ["streetlights", "job_posting"].contains(&module) {
            continue;
        }
        for (name, payload) in samples(file) {
            let event =
                name.as_deref().map_or_else(|| &catalog.events[0], |name| catalog.event(name).unwrap());
            let lifted = event
                .lift(1, &payload.to_string())
                .unwrap()
                .unwrap_or_else(|issues| panic!("{module}: {issues}"));
            assert_eq!(
                without_null(&serde_json::from_str(&lifted).unwrap()),
                without_null(&payload),
                "{module}"
            );
            read += 1;
        }
    }
    assert!(read >= 14, "{read}");
}

/// What is null may be missing.
fn without_null(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), without_null(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(elements) => elements.iter().map(without_null).collect(),
        other => other.clone(),
    }
}

#[test]
fn schemas_are_kept() {
    let all = all();
    let event = |module: &str, name: &str| {
        let (_, _, catalog) = all.iter().find(|(found, ..)| *found == module).unwrap();
        catalog.event(name).unwrap().clone()
    };
    let is_accepted = |event: &event_runtime::catalog::EventEntry, payload: &Value| {
        event.lift(1, &payload.to_string()).unwrap().is_ok()
    };
    let dim = event("streetlights", "dimLight");
    assert!(is_accepted(&dim, &json!({ "percentage": 100, "sentAt": "2026-11-27T08:00:00Z" })));
    assert!(
        !is_accepted(&dim, &json!({ "percentage": 101 })) && !is_accepted(&dim, &json!({ "sentAt": "now" }))
    );
    assert!(!is_accepted(&event("streetlights", "turnOnOff"), &json!({ "command": "maybe" })));

    let posting = event("job_posting", "job_posting");
    let mut good = json!({
        "title": "Engineer", "company": "A", "location": "B", "description": "C", "salary": 1.5, "applicationDeadline": "2026-12-01",
        "contact": { "kind": "email", "address": "ada@example.org" }, "grades": [1, 2], "either": 7, "elsewhere": [true],
        "reportsTo": { "name": "Ada", "type": "person", "manager": { "name": "Grace" } },
    });
    assert!(is_accepted(&posting, &good));
    for (pointer, wrong) in [
        ("/contact/kind", json!("pigeon")),
        ("/contact/address", json!("ada")),
        ("/grades", json!([1, 1])),
        ("/grades", json!([7])),
        ("/applicationDeadline", json!("soon")),
        ("/reportsTo/manager/name", json!(7)),
    ] {
        let before = std::mem::replace(good.pointer_mut(pointer).unwrap(), wrong);
        assert!(!is_accepted(&posting, &good), "{pointer}");
        *good.pointer_mut(pointer).unwrap() = before;
    }
    let code = fs::read_to_string(folder("code/job_posting.rs")).unwrap();
    for left_out in [
        "`if`",
        "`then`",
        "`patternProperties`",
        "`anyOf` without a tag",
        "`https://example.com/other.json`, outside of this document",
    ] {
        assert!(code.contains(left_out), "{left_out} is not named");
    }
}

#[test]
fn what_cannot_be_imported_is_an_error_that_says_why() {
    let nothing = Catalog::of_registry::<Nothing>("nothing");
    let folder = tempfile::tempdir().unwrap();
    for (name, text, expected) in [
        ("a.json", "", "the file is empty"),
        ("b.json", "{", "neither JSON nor one JSON value on each line"),
        ("c.yaml", "asyncapi: 3.0.0\n", "this is YAML. Convert it to JSON first"),
        ("d.json", "[7]", "sample 1 is no object"),
        ("e.json", r#"{"asyncapi":"3.0.0"}"#, "no message with a payload"),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        let error = run(&nothing, &["import", &path.display().to_string()]).unwrap_err().to_string();
        assert!(error.contains(expected) && error.contains(name), "{name}: {error}");
    }
    assert!(
        run(&nothing, &["import", "/no/such/file.json"]).unwrap_err().to_string().contains("cannot read")
    );
}
