//! The events of the registry: their fields, rules and examples, who sends and who handles them.

use std::time::Duration;

use axum::Extension;
use axum::extract::{Path, State};
use event_runtime::EventDescriptor;
use event_runtime::inspect::FunctionInfo;
use maud::{Markup, html};
use serde_json::Value;

use super::layout::{Tab, heading, layout};
use super::show::json;
use super::{Shown, answer};
use crate::console::Shared;
use crate::error::Refusal;
use crate::guard::Caller;
use crate::query::encoded;

/// Statistics are not shown here.
const NO_TIME: Duration = Duration::ZERO;

pub(crate) async fn page(State(shared): State<Shared>, Extension(caller): Extension<Caller>) -> Shown {
    let functions = shared.source.functions(NO_TIME).await.map_err(Refusal::from);
    answer(&caller, functions.map(|functions| list(&shared, &caller, &functions)))
}

fn list(shared: &Shared, caller: &Caller, functions: &[FunctionInfo]) -> Markup {
    let base = &caller.base;
    let body = html! {
        h1 { "Catalogue" }
        (graph(shared, functions))
        @for set in shared.source.sets() {
            section {
                h2 { (set.domain) }
                p.lead { (set.description) }
                ul.cards {
                    @for event in set.events {
                        li {
                            a href={ (base) "/catalogue/" (encoded(event.name)) } { (event.name) }
                            @if event.deprecated { " " span.tag { "deprecated" } }
                            p { (event.description) }
                        }
                    }
                }
            }
        }
    };
    layout(caller, "Catalogue", Tab::Catalogue, &body)
}

/// The height of a line of the graph.
const LINE: usize = 30;

/// Events at the left, functions at the right; a line from an event to the functions that it starts, and a dashed one from a
/// function to the events that it says it sends.
fn graph(shared: &Shared, functions: &[FunctionInfo]) -> Markup {
    let events: Vec<&str> =
        shared.source.sets().iter().flat_map(|set| set.events).map(|event| event.name).collect();
    let height = events.len().max(functions.len()) * LINE + LINE / 2;
    let row = |index: usize| index * LINE + LINE / 2 + 6;
    let find = |name: &str| events.iter().position(|event| *event == name);
    html! {
        figure.graph tabindex="0" aria-label="Graph" {
            svg viewBox={ "0 0 900 " (height) } role="img" aria-label="Events, and the functions that they start" {
                @for (index, function) in functions.iter().enumerate() {
                    @for from in function.triggers.iter().filter_map(|name| find(name)) {
                        path.starts d={ "M 330 " (row(from)) " C 450 " (row(from)) " 450 " (row(index)) " 570 " (row(index)) } {}
                    }
                    @for to in function.emits.iter().filter_map(|name| find(name)) {
                        path.sends d={ "M 570 " (row(index)) " C 450 " (row(index)) " 450 " (row(to)) " 330 " (row(to)) } {}
                    }
                }
                @for (index, event) in events.iter().enumerate() {
                    circle cx="330" cy=(row(index)) r="4" {}
                    text x="318" y=(row(index) + 5) text-anchor="end" { (event) }
                }
                @for (index, function) in functions.iter().enumerate() {
                    circle.of-function cx="570" cy=(row(index)) r="4" {}
                    text x="582" y=(row(index) + 5) { (function.id) }
                }
            }
            figcaption { "A line leads from an event to what it starts, a dashed one from a function to what it sends." }
        }
    }
}

pub(crate) async fn one(
    State(shared): State<Shared>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
) -> Shown {
    answer(&caller, find(&shared, &caller, &name).await)
}

async fn find(shared: &Shared, caller: &Caller, name: &str) -> Result<Markup, Refusal> {
    let event = shared.source.find(name).ok_or_else(|| Refusal::not_found("event of the registry", name))?;
    let functions = shared.source.functions(NO_TIME).await?;
    Ok(show(caller, event, &functions))
}

fn show(caller: &Caller, event: &EventDescriptor, functions: &[FunctionInfo]) -> Markup {
    let base = &caller.base;
    let schema = event.schema().to_value();
    let actions = html! {
        a.button href={ (base) "/send/" (encoded(event.name)) } { "Send" }
        a.button href={ (base) "/events?name=" (encoded(event.name)) } { "Events" }
        a.button href={ (base) "/api/catalogue/" (encoded(event.name)) } download={ (event.name.replace('/', "-")) ".schema.json" } { "JSON Schema" }
    };
    let ids = |of: &dyn Fn(&FunctionInfo) -> bool| -> Vec<&'static str> {
        functions.iter().filter(|function| of(function)).map(|function| function.id).collect()
    };
    let handlers = ids(&|function| function.triggers.contains(&event.name));
    let senders = ids(&|function| function.emits.contains(&event.name));
    let body = html! {
        p.above { a href={ (base) "/catalogue" } { "Catalogue" } }
        (heading(&html! { (event.name) }, &actions))
        p.lead { (event.description) }
        @if event.deprecated { p.notice { "Deprecated" @if let Some(since) = event.deprecated_since { " since " (since) } ". " (event.deprecation_note.unwrap_or_default()) } }
        dl.facts {
            dt { "Type" } dd.mono { (event.payload) }
            dt { "Code" } dd.mono { (event.file) ":" (event.line) }
            dt { "Version" } dd { (event.version) }
            @if !event.key.is_empty() { dt { "Key" } dd { (event.key.join(", ")) } }
            @if let Some(owner) = event.owner { dt { "Owner" } dd { (owner) } }
            dt { "Starts" } dd { (names(base, &handlers)) }
            dt { "Sent by" } dd { (names(base, &senders)) }
        }
        section aria-labelledby="fields" { h2 #fields { "Fields" } (fields(&schema)) }
        @if let Some(example) = schema.pointer("/examples/0") { section { h2 { "Example" } (json(&example.to_string())) } }
    };
    layout(caller, event.name, Tab::Catalogue, &body)
}

fn names(base: &str, ids: &[&str]) -> Markup {
    html! {
        @if ids.is_empty() { span.none { "–" } }
        @for id in ids { a href={ (base) "/runs?function=" (encoded(id)) } { (id) } " " }
    }
}

/// The table of a schema's fields.
fn fields(schema: &Value) -> Markup {
    let properties = schema.get("properties").and_then(Value::as_object);
    let required = schema.get("required").and_then(Value::as_array);
    let is_required =
        |name: &str| required.is_some_and(|names| names.iter().any(|required| required == name));
    html! {
        table {
            caption.hidden { "Fields of the payload" }
            thead { tr { th scope="col" { "Field" } th scope="col" { "Type" } th scope="col" { "Rules" } th scope="col" { "Meaning" } } }
            tbody {
                @for (name, property) in properties.into_iter().flatten() {
                    tr {
                        td data-name="Field" { code { (name) } @if !is_required(name) { span.optional { " optional" } } }
                        td data-name="Type" { (kind(property)) }
                        td data-name="Rules" { (rules(property)) }
                        td data-name="Meaning" { (property.get("description").and_then(Value::as_str).unwrap_or_default()) }
                    }
                }
            }
        }
    }
}

fn kind(property: &Value) -> String {
    match (property.get("type"), property.get("$ref").and_then(Value::as_str)) {
        (Some(Value::String(kind)), _) => kind.clone(),
        (Some(Value::Array(kinds)), _) => {
            kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or ")
        }
        (_, Some(name)) => name.rsplit('/').next().unwrap_or(name).to_owned(),
        _ => "one of several".to_owned(),
    }
}

/// The rules of a field, as its schema writes them.
fn rules(property: &Value) -> String {
    let described = [
        "type",
        "description",
        "$ref",
        "examples",
        "default",
        "properties",
        "items",
        "anyOf",
        "oneOf",
        "title",
    ];
    let rules =
        property.as_object().into_iter().flatten().filter(|(name, _)| !described.contains(&name.as_str()));
    rules.map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
}
