//! `EVENTS.md`: for people, on the page of a repository and in rustdoc.

use std::collections::BTreeMap;

use event_runtime::catalog::{Catalog, EventEntry, FieldEntry, FunctionEntry, Version};
use serde_json::Value;

use super::File;
use super::names::summary;

pub(super) fn files(catalog: &Catalog) -> Vec<File> {
    vec![("EVENTS.md".to_owned(), page(catalog))]
}

fn page(catalog: &Catalog) -> String {
    let mut page = format!(
        "# Events of {}\n\n<!-- Written by `events export markdown`: change the declarations in Rust. -->\n",
        catalog.application
    );
    page.push_str("\n| event | meaning | starts | sent by | owner |\n|---|---|---|---|---|\n");
    for event in &catalog.events {
        let starts =
            if event.handled_by.is_empty() { "–".to_owned() } else { links(&event.handled_by, "function") };
        let sent_by =
            if event.sent_by.is_empty() { "–".to_owned() } else { links(&event.sent_by, "function") };
        let owner = event.owner.as_deref().unwrap_or("–");
        let name = format!("[`{}`](#{})", event.name, anchor(&event.name));
        let meaning = cell(&summary(&event.description));
        let deprecated = if event.deprecation.is_some() { " (deprecated)" } else { "" };
        page.push_str(&format!("| {name}{deprecated} | {meaning} | {starts} | {sent_by} | {owner} |\n"));
    }
    if !catalog.functions.is_empty() {
        page.push_str(&format!("\n## Who reacts to what\n\n```mermaid\n{}```\n", graph(catalog)));
    }
    for domain in &catalog.domains {
        page.push_str(&format!("\n## {}\n\n{}\n", domain.name, domain.description.trim()));
        for event in catalog.events.iter().filter(|event| event.domain == domain.name) {
            page.push_str(&section(event));
        }
    }
    if !catalog.functions.is_empty() {
        page.push_str("\n## Functions\n");
        for function in &catalog.functions {
            page.push_str(&of_function(function));
        }
    }
    page
}

/// Events, functions, and which starts, sends or cancels which.
fn graph(catalog: &Catalog) -> String {
    let mut graph = "graph LR\n".to_owned();
    let events: BTreeMap<&str, usize> =
        catalog.events.iter().enumerate().map(|(at, event)| (event.name.as_str(), at)).collect();
    for (at, event) in catalog.events.iter().enumerate() {
        graph.push_str(&format!("    e{at}([\"{}\"])\n", quoted(&event.name)));
    }
    for (at, function) in catalog.functions.iter().enumerate() {
        graph.push_str(&format!("    f{at}[\"{}\"]\n", quoted(&function.name)));
    }
    for (at, function) in catalog.functions.iter().enumerate() {
        let known = |names: &[String]| {
            names.iter().filter_map(|name| events.get(name.as_str()).copied()).collect::<Vec<_>>()
        };
        let edges = known(&function.triggers).into_iter().map(|event| format!("    e{event} --> f{at}\n"));
        let edges =
            edges.chain(known(&function.sends).into_iter().map(|event| format!("    f{at} --> e{event}\n")));
        let edges = edges.chain(
            known(&function.cancelled_by)
                .into_iter()
                .map(|event| format!("    e{event} -. cancels .-> f{at}\n")),
        );
        graph.extend(edges);
    }
    graph
}

fn quoted(text: &str) -> String {
    text.replace('"', "#quot;")
}

fn section(event: &EventEntry) -> String {
    let mut section = format!("\n### {}\n\n{}\n", event.name, event.description.trim());
    if let Some(deprecation) = &event.deprecation {
        let since = deprecation.since.as_deref().map(|since| format!(" since {since}")).unwrap_or_default();
        let note = deprecation.note.as_deref().map(|note| format!(": {note}")).unwrap_or_default();
        section.push_str(&format!("\n> Deprecated{since}{note}\n"));
    }
    if !event.handled_by.is_empty() {
        section.push_str(&format!("\nStarts {}.\n", links(&event.handled_by, "function")));
    }
    if !event.cancels.is_empty() {
        section.push_str(&format!("\nCancels runs of {}.\n", links(&event.cancels, "function")));
    }
    if let Some(latest) = event.latest() {
        let former: Vec<String> =
            event.versions.iter().rev().skip(1).map(|version| version.version.to_string()).collect();
        let former = if former.is_empty() {
            String::new()
        } else {
            format!("; version {} is still read", former.join(", "))
        };
        if event.versions.len() > 1 {
            section.push_str(&format!("\nVersion {}{former}.\n", latest.version));
        }
        section.push_str(&fields(latest));
        if let Some(example) = latest.examples.first() {
            section.push_str(&format!("\n```json\n{example:#}\n```\n"));
        }
    }
    section
}

fn fields(version: &Version) -> String {
    if version.fields.is_empty() {
        return String::new();
    }
    let mut table = "\n| field | type | rules | meaning |\n|---|---|---|---|\n".to_owned();
    for field in &version.fields {
        let rules: Vec<String> = field.rules.iter().map(|rule| format!("`{}`", cell(rule))).collect();
        table.push_str(&format!(
            "| `{}` | {} | {} | {} |\n",
            field.name,
            cell(&kind(field)),
            if rules.is_empty() { "–".to_owned() } else { rules.join(", ") },
            cell(&meaning(field)),
        ));
    }
    table
}

fn kind(field: &FieldEntry) -> String {
    if field.required { field.kind.clone() } else { format!("{}, optional", field.kind) }
}

fn meaning(field: &FieldEntry) -> String {
    let marks = [
        (field.key, "The key.".to_owned()),
        (field.sensitive, "Sensitive.".to_owned()),
        (field.deprecated, "Deprecated.".to_owned()),
        (
            field.default.as_ref().is_some_and(|default| !default.is_null()),
            format!("Without it: `{}`.", field.default.clone().unwrap_or(Value::Null)),
        ),
    ];
    let marks = marks.into_iter().filter(|(is_so, _)| *is_so).map(|(_, text)| text);
    std::iter::once(summary(&field.description))
        .filter(|text| !text.is_empty())
        .chain(marks)
        .collect::<Vec<_>>()
        .join(" ")
}

fn of_function(function: &FunctionEntry) -> String {
    let mut text = format!("\n### {}\n\n{}\n", function.id, function.description.trim());
    let mut facts: Vec<String> = Vec::new();
    if !function.triggers.is_empty() {
        facts.push(format!("started by {}", links(&function.triggers, "event")));
    }
    if !function.crons.is_empty() {
        facts.push(format!("starts at `{}`", function.crons.join("`, `")));
    }
    if !function.sends.is_empty() {
        facts.push(format!("sends {}", links(&function.sends, "event")));
    }
    facts.extend(
        function
            .on_failure
            .as_ref()
            .map(|id| format!("when it fails: {}", links(std::slice::from_ref(id), "function"))),
    );
    facts.extend(
        function.options.iter().map(|(name, value)| format!("`{name}`: `{}`", cell(&value.to_string()))),
    );
    for fact in facts {
        text.push_str(&format!("\n- {fact}"));
    }
    text + "\n"
}

/// Links to sections of this page.
fn links(names: &[String], _kind: &str) -> String {
    names.iter().map(|name| format!("[`{name}`](#{})", anchor(name))).collect::<Vec<_>>().join(", ")
}

/// The anchor of a heading, as GitHub makes it.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|char| char.is_alphanumeric() || "-_ ".contains(*char));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
