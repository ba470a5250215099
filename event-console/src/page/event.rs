//! One event.

use axum::Extension;
use axum::extract::{Path, State};
use event_runtime::inspect::EventDetails;
use maud::{Markup, html};

use super::layout::{Tab, heading, layout};
use super::runs::table;
use super::show::{event_link, json, run_link, time};
use super::{Shown, answer};
use crate::console::Shared;
use crate::error::Refusal;
use crate::guard::{Action, Caller};
use crate::query::encoded;

pub(crate) async fn page(
    State(shared): State<Shared>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Shown {
    let found = shared.source.event(&id).await.map_err(Refusal::from);
    let found = found.and_then(|found| found.ok_or_else(|| Refusal::not_found("event", &id)));
    answer(&caller, found.map(|details| show(&shared, &caller, &details)))
}

fn show(shared: &Shared, caller: &Caller, EventDetails { event, runs, issues, .. }: &EventDetails) -> Markup {
    let base = &caller.base;
    let send = html! {
        @if shared.guard.actions.allow(Action::Send) && shared.source.find(&event.name).is_some() {
            a.button href={ (base) "/send/" (encoded(&event.name)) "?from=" (encoded(&event.id)) } { "Send it again, edited" }
        }
    };
    let body = html! {
        p.above { a href={ (base) "/events" } { "Events" } }
        (heading(&html! { (event.name) }, &send))
        dl.facts {
            dt { "Id" } dd.mono { (event.id) }
            dt { "Happened" } dd { (time(event.ts)) }
            dt { "Received" } dd { (time(event.received)) }
            dt { "Version" } dd { (event.version.unwrap_or(1)) }
            @if let Some(trace) = &event.traceparent { dt { "Trace" } dd.mono { (trace) } }
            @if let Some(cause) = &event.cause {
                dt { "Caused by" }
                dd {
                    "run " (run_link(base, &cause.run_id))
                    @if let Some(step) = &cause.step_id { ", step " code { (step) } }
                    ", event " (event_link(base, &cause.event_id))
                }
                dt { "Chain began with" } dd { (event_link(base, &cause.correlation_id)) }
            }
            dt { "Valid" }
            dd {
                @if issues.is_empty() { "by the rules of this build" }
                @else { ul { @for issue in issues.iter() { li { (issue.to_string()) } } } }
            }
        }
        section aria-labelledby="payload" { h2 #payload { "Payload" } (json(event.data.get())) }
        @if let Some(meta) = &event.meta { section { h2 { "Metadata" } (json(meta.get())) } }
        @if let Some(user) = &event.user { section { h2 { "User" } (json(user.get())) } }
        section aria-labelledby="runs" {
            h2 #runs { "Runs it started" }
            @if runs.is_empty() { p.empty { "None." } } @else { (table(base, runs)) }
        }
        @if !event.skipped.is_empty() {
            section aria-labelledby="skipped" {
                h2 #skipped { "Functions it did not start" }
                ul.plain { @for skip in &event.skipped { li { code { (skip.function_id) } " – " span.tag { (skip.by) } } } }
            }
        }
    };
    layout(caller, &event.name, Tab::Events, &body)
}
