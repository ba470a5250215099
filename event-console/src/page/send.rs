//! Sending an event: a form for each.

use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form as FormBody};
use event_runtime::{EventDescriptor, Issues};
use maud::{Markup, html};
use serde_json::{Value, json};

use super::events::value;
use super::form::{self, Form};
use super::layout::{Tab, heading, layout};
use super::{Shown, answer, refused};
use crate::api::send_envelope;
use crate::console::Shared;
use crate::error::Refusal;
use crate::guard::{Action, Caller};
use crate::query::encoded;

/// Every event that can be sent.
pub(crate) async fn list(State(shared): State<Shared>, Extension(caller): Extension<Caller>) -> Markup {
    let base = &caller.base;
    let body = html! {
        h1 { "Send an event" }
        @if !shared.guard.actions.allow(Action::Send) { p.notice { "This console does not allow to send. A payload can be checked all the same." } }
        @for set in shared.source.sets() {
            section {
                h2 { (set.domain) }
                p.lead { (set.description) }
                ul.cards {
                    @for event in set.events {
                        li { a href={ (base) "/send/" (encoded(event.name)) } { (event.name) } p { (event.description) } }
                    }
                }
            }
        }
    };
    layout(&caller, "Send", Tab::Send, &body)
}

/// The values of the form, and the result of the last attempt.
struct Written {
    /// `{ "data": .., "meta": .. }`
    value: Value,
    id: String,
    issues: Vec<(String, String)>,
    notice: Option<String>,
}

pub(crate) async fn page(
    State(shared): State<Shared>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Shown {
    let from = value(&query.unwrap_or_default(), "from");
    answer(&caller, open(&shared, &caller, &name, &from).await)
}

async fn open(shared: &Shared, caller: &Caller, name: &str, from: &str) -> Result<Markup, Refusal> {
    let event = find(shared, name)?;
    let draft = shared.drafts.get(&caller.who, event.name);
    let mut notice = None;
    let value = if !from.is_empty() {
        let found = shared.source.event(from).await?.ok_or_else(|| Refusal::not_found("event", from))?;
        notice = Some("Filled with the event as it may be shown: what is sensitive is missing.".to_owned());
        json!({ "data": serde_json::from_str::<Value>(found.event.data.get()).unwrap_or_default() })
    } else if let Some(draft) = draft.and_then(|draft| serde_json::from_str(&draft).ok()) {
        notice = Some("Your last edit.".to_owned());
        draft
    } else {
        example(shared, event)
    };
    let state = Written { value, id: String::new(), issues: Vec::new(), notice };
    Ok(show(shared, caller, event, &state))
}

fn find(shared: &Shared, name: &str) -> Result<&'static EventDescriptor, Refusal> {
    shared.source.find(name).ok_or_else(|| Refusal::not_found("event of the registry", name))
}

/// The example that the declaration of an event has, and of the metadata.
fn example(shared: &Shared, event: &EventDescriptor) -> Value {
    let of = |schema: &Value| schema.pointer("/examples/0").cloned().unwrap_or_else(|| json!({}));
    let mut example = json!({ "data": of(event.schema().as_value()) });
    if let Some(meta) = shared.source.meta_schema() {
        example["meta"] = of(&meta);
    }
    example
}

fn show(shared: &Shared, caller: &Caller, event: &EventDescriptor, state: &Written) -> Markup {
    let base = &caller.base;
    let (schema, meta) = (event.schema().to_value(), shared.source.meta_schema());
    let may_send = shared.guard.actions.allow(Action::Send);
    let action = format!("{base}/send/{}", encoded(event.name));
    let data = state.value.get("data").unwrap_or(&Value::Null);
    let whole = serde_json::to_string_pretty(&state.value).unwrap_or_default();
    let general: Vec<&str> = (state.issues.iter())
        .filter(|(at, _)| !at.starts_with("/data/") && !at.starts_with("/meta/"))
        .map(|(_, message)| message.as_str())
        .collect();
    let buttons = html! {
        div.buttons {
            button type="submit" name="do" value="check" { "Check" }
            @if may_send { button.primary type="submit" name="do" value="send" { "Send" } }
        }
    };
    let body = html! {
        p.above { a href={ (base) "/send" } { "Send" } }
        (heading(&html! { (event.name) }, &html! { a.button href={ (base) "/catalogue/" (encoded(event.name)) } { "In the catalogue" } }))
        p.lead { (event.description) }
        @if event.deprecated { p.notice { "Deprecated. " (event.deprecation_note.unwrap_or_default()) } }
        @if let Some(notice) = &state.notice { p.notice role="status" { (notice) } }
        @if !state.issues.is_empty() {
            div.problem role="alert" {
                p { b { (state.issues.len()) " issues" } }
                ul { @for (at, message) in &state.issues { li { code { (at) } " " (message) } } }
            }
        }
        div.columns {
            form.send method="post" action=(action) novalidate aria-label="Payload" {
                // Enter in a field means this one.
                button.hidden type="submit" name="do" value="check" tabindex="-1" aria-hidden="true" { "Check" }
                (Form { root: &schema, issues: &state.issues }.show("/data", data))
                @if let Some(meta) = &meta {
                    h2 { "Metadata" }
                    (Form { root: meta, issues: &state.issues }.show("/meta", state.value.get("meta").unwrap_or(&Value::Null)))
                }
                div.field { label for="event-id" { "Id of the event" span.optional { " optional" } } input #event-id type="text" name="id" value=(state.id) autocomplete="off"; }
                @for message in general { p.issue { (message) } }
                (buttons)
            }
            form.send method="post" action=(action) aria-labelledby="as-json" {
                h2 #as-json { "As JSON" }
                input type="hidden" name="mode" value="json";
                div.field { label for="json" { "Payload" @if meta.is_some() { " and metadata" } } textarea.mono #json name="json" rows="18" spellcheck="false" { (whole) } }
                (buttons)
            }
        }
    };
    layout(caller, event.name, Tab::Send, &body)
}

pub(crate) async fn submit(
    State(shared): State<Shared>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    FormBody(pairs): FormBody<Vec<(String, String)>>,
) -> Response {
    match take(&shared, &caller, &name, &pairs).await {
        Ok(response) => response,
        Err(refusal) => refused(&caller, &refusal),
    }
}

async fn take(
    shared: &Shared,
    caller: &Caller,
    name: &str,
    pairs: &[(String, String)],
) -> Result<Response, Refusal> {
    let event = find(shared, name)?;
    let of =
        |name: &str| pairs.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str());
    let mut state = Written { value: Value::Null, id: of("id").to_owned(), issues: Vec::new(), notice: None };
    if of("mode") == "json" {
        match serde_json::from_str(of("json")) {
            Ok(value) => state.value = value,
            Err(error) => {
                state.issues.push((String::new(), format!("this is not JSON: {error}")));
                return Ok(show(shared, caller, event, &state).into_response());
            }
        }
    } else {
        state.value = form::read(pairs);
    }
    shared.drafts.keep(&caller.who, event.name, &state.value.to_string());
    let (added, removed) = (of("add"), of("remove"));
    if !added.is_empty() {
        form::add(&mut state.value, added);
    } else if !removed.is_empty() {
        form::remove(&mut state.value, removed);
    } else {
        let envelope = envelope(event, &state);
        let outcome = match of("do") {
            "send" => send_envelope(shared, caller, envelope).await.map(Some),
            _ => check(shared, &envelope).map(|()| None),
        };
        match outcome {
            Ok(Some(receipt)) => {
                return Ok(Redirect::to(&leads_to(shared, caller, &receipt.id).await).into_response());
            }
            Ok(None) => state.notice = Some("Valid: nothing is wrong with it.".to_owned()),
            Err(refusal) if !refusal.issues.is_empty() => state.issues = form::places(&refusal.issues),
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(show(shared, caller, event, &state).into_response())
}

/// The event in its envelope.
fn envelope(event: &EventDescriptor, state: &Written) -> Vec<u8> {
    let mut envelope = json!({ "name": event.name, "v": event.version });
    for part in ["data", "meta"] {
        if let Some(value) = state.value.get(part) {
            envelope[part] = value.clone();
        }
    }
    if !state.id.is_empty() {
        envelope["id"] = state.id.as_str().into();
    }
    envelope.to_string().into_bytes()
}

/// Where to look after sending: at the run, if there is one.
async fn leads_to(shared: &Shared, caller: &Caller, id: &str) -> String {
    let base = &caller.base;
    match shared.source.event(id).await {
        Ok(Some(details)) if details.runs.len() == 1 => {
            format!("{base}/runs/{}", encoded(&details.runs[0].id))
        }
        _ => format!("{base}/events/{}", encoded(id)),
    }
}

/// Says what is wrong with an event in its envelope: its name, and its payload.
pub(crate) fn check(shared: &Shared, envelope: &[u8]) -> Result<(), Refusal> {
    let envelope: Value = serde_json::from_slice(envelope)
        .map_err(|error| Refusal::new(400, format!("the event is not JSON: {error}")))?;
    let name = envelope.get("name").and_then(Value::as_str).unwrap_or_default();
    let event = shared.source.find(name);
    let event = event.ok_or_else(|| {
        let name: String = name.chars().take(80).collect();
        Refusal::new(422, format!("no event of the registry is named `{name}`"))
    })?;
    let version = envelope.get("v").and_then(Value::as_u64).and_then(|v| u32::try_from(v).ok());
    let data = envelope.get("data").cloned().unwrap_or_default().to_string();
    event.validate(version.unwrap_or(1), &data).map_err(invalid)
}

fn invalid(issues: Issues) -> Refusal {
    let first = issues.iter().next().map(ToString::to_string).unwrap_or_default();
    Refusal { status: 422, detail: first, issues }
}
