//! Samples as CloudEvents 1.0.

use event_runtime::catalog::{Catalog, EventEntry, Version, canonical};
use serde_json::{Value, json};

use super::File;
use super::names::{key, version_key};

pub(super) fn files(catalog: &Catalog) -> Vec<File> {
    let of = |event: &'_ EventEntry| {
        let files = event.versions.iter().filter_map(|version| {
            let example = version.examples.first()?;
            Some((
                format!("{}.json", version_key(event, version.version)),
                canonical(&sample(catalog, event, version, example)),
            ))
        });
        files.collect::<Vec<_>>()
    };
    catalog.events.iter().flat_map(of).collect()
}

fn sample(catalog: &Catalog, event: &EventEntry, version: &Version, data: &Value) -> Value {
    let application = key(&catalog.application);
    let mut sample = json!({
        "specversion": "1.0",
        "id": format!("sample-{}-{}", key(&event.name), version.version),
        "source": format!("/{application}"),
        "type": event.name,
        "datacontenttype": "application/json",
        "dataschema": format!("urn:{application}:{}:{}", key(&event.name), version.version),
        "data": data,
    });
    let subject: Vec<String> = event.key.iter().filter_map(|name| data.get(name)).map(plain).collect();
    if !subject.is_empty() {
        sample["subject"] = subject.join("/").into();
    }
    sample
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
