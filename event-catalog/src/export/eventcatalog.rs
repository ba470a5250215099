//! The folder that EventCatalog 3 reads.

use event_runtime::catalog::{Catalog, EventEntry, Version, canonical};
use serde_json::{Value, json};

use super::File;
use super::json_schema::document;
use super::names::{key, summary};

pub(super) fn files(catalog: &Catalog) -> Vec<File> {
    let service = key(&catalog.application);
    let mut files = vec![(format!("services/{service}/index.mdx"), service_page(catalog, &service))];
    for event in &catalog.events {
        let folder = format!("services/{service}/events/{}", key(&event.name));
        for version in &event.versions {
            let is_latest = event.latest().is_some_and(|latest| latest.version == version.version);
            let folder =
                if is_latest { folder.clone() } else { format!("{folder}/versioned/{}", version.version) };
            files.push((format!("{folder}/index.mdx"), event_page(event, version)));
            files.push((
                format!("{folder}/schema.json"),
                canonical(&document(event, version.version, &version.read)),
            ));
        }
    }
    files
}

fn service_page(catalog: &Catalog, service: &str) -> String {
    let refer = |event: &EventEntry| {
        let version = event.latest().map_or(1, |latest| latest.version);
        json!({ "id": key(&event.name), "version": version.to_string() })
    };
    let received = catalog.events.iter().filter(|event| !event.handled_by.is_empty());
    let is_foreign = |event: &&EventEntry| {
        catalog.domains.iter().any(|domain| domain.name == event.domain && domain.foreign)
    };
    let sent = catalog.events.iter().filter(|event| !is_foreign(event));
    page(
        &[
            ("id", json!(service)),
            ("name", json!(catalog.application)),
            ("version", json!("1")),
            ("summary", json!(format!("The events of {}", catalog.application))),
            ("receives", received.map(refer).collect()),
            ("sends", sent.map(refer).collect()),
        ],
        "<NodeGraph />\n",
    )
}

fn event_page(event: &EventEntry, version: &Version) -> String {
    let mut head = vec![
        ("id", json!(key(&event.name))),
        ("name", json!(event.name)),
        ("version", json!(version.version.to_string())),
        ("summary", json!(summary(&event.description))),
        ("schemaPath", json!("schema.json")),
    ];
    if let Some(deprecation) = &event.deprecation {
        let mut deprecated = json!({});
        if let Some(since) = &deprecation.since {
            deprecated["date"] = json!(since);
        }
        if let Some(note) = &deprecation.note {
            deprecated["message"] = json!(note);
        }
        head.push(("deprecated", if deprecated == json!({}) { json!(true) } else { deprecated }));
    }
    if !event.handled_by.is_empty() {
        let badge = |id: &String| json!({ "content": format!("starts {id}"), "backgroundColor": "green", "textColor": "green" });
        head.push(("badges", event.handled_by.iter().map(badge).collect()));
    }
    page(&head, "<SchemaViewer file=\"schema.json\" />\n")
}

/// A page with its head in YAML, of which JSON is a part.
fn page(head: &[(&str, Value)], body: &str) -> String {
    let lines: String = head.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    format!("---\n{lines}---\n\n{body}")
}
