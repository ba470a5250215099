//! The list of runs, and what is done to many of them.

use axum::Extension;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use event_runtime::inspect::{Page, RunFilter, RunInfo, RunStatus};
use maud::{Markup, html};

use super::events::{local, nothing, value, without_after};
use super::layout::{Tab, heading, layout, live};
use super::show::{choice, duration, event_link, input, number, pager, run_link, status, time, took};
use super::{Shown, answer, refused};
use crate::api::{LOOK_AT, matching, perform_on_all};
use crate::console::Shared;
use crate::error::Refusal;
use crate::guard::{Action, Caller};
use crate::query::{cleaned, encoded, filter};

pub(crate) async fn page(
    State(shared): State<Shared>,
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
) -> Shown {
    let query = query.unwrap_or_default();
    let done = value(&query, "done");
    let query = cleaned(&query, &["done"]);
    let page = find(&shared, &query).await;
    answer(&caller, page.map(|page| list(&shared, &caller, (&query, &done), &page)))
}

async fn find(shared: &Shared, query: &str) -> Result<Page<RunInfo>, Refusal> {
    let wanted: RunFilter = filter(query, &[])?;
    Ok(shared.source.runs(wanted.look_at(LOOK_AT)).await?)
}

fn list(shared: &Shared, caller: &Caller, (query, done): (&str, &str), page: &Page<RunInfo>) -> Markup {
    let base = &caller.base;
    let rows = html! {
        (table(base, &page.items))
        @if page.is_empty() { p.empty { (nothing(page)) } }
        (pager(&format!("{base}/runs"), &without_after(query), page.next.map(|next| next.to_string()).as_deref()))
    };
    let bulk = html! {
        @if !without_after(query).is_empty() {
            @for action in [Action::Cancel, Action::Retry, Action::Replay] {
                @if shared.guard.actions.allow(action) {
                    a.button href={ (base) "/runs/bulk/" (action.name()) "?" (without_after(query)) } { (said(action)) " all that match" }
                }
            }
        }
    };
    let body = html! {
        (heading(&html! { "Runs" }, &bulk))
        @if !done.is_empty() { p.notice role="status" { (done) } }
        (filters(shared, base, query))
        (live(&rows))
    };
    layout(caller, "Runs", Tab::Runs, &body)
}

/// An action as a word on a button.
pub(super) const fn said(action: Action) -> &'static str {
    match action {
        Action::Send => "Send",
        Action::Cancel => "Cancel",
        Action::Retry => "Retry",
        Action::Replay => "Replay",
    }
}

pub(super) fn table(base: &str, runs: &[RunInfo]) -> Markup {
    html! {
        table {
            caption.hidden { "Runs, the newest first" }
            thead { tr { th scope="col" { "Status" } th scope="col" { "Function" } th scope="col" { "Run" } th scope="col" { "Event" } th scope="col" { "Key" } th scope="col" { "Created" } th.number scope="col" { "Took" } th.number scope="col" { "Failed attempts" } } }
            tbody {
                @for run in runs {
                    tr {
                        td data-name="Status" { (status(run.status)) }
                        td data-name="Function" { a href={ (base) "/runs?function=" (encoded(&run.function_id)) } { (run.function_id) } }
                        td data-name="Run" { (run_link(base, &run.id)) }
                        td data-name="Event" { @if let Some(id) = &run.event_id { (event_link(base, id)) } }
                        td data-name="Key" { (run.key.as_deref().unwrap_or_default()) }
                        td data-name="Created" { (time(run.created)) }
                        td.number data-name="Took" { (took(run).map(duration).unwrap_or_default()) }
                        td.number data-name="Failed attempts" { @if run.attempt > 0 { (run.attempt) } }
                    }
                }
            }
        }
    }
}

fn filters(shared: &Shared, base: &str, query: &str) -> Markup {
    let names = shared.source.sets().iter().flat_map(|set| set.events).map(|event| event.name);
    html! {
        form.filters action={ (base) "/runs" } role="search" aria-label="Runs" {
            (choice(("status", "Status"), &value(query, "status"), RunStatus::ALL.iter().map(|status| status.name())))
            (input("function", "Function", &value(query, "function"), "text"))
            (choice(("event_name", "Event"), &value(query, "event_name"), names))
            (input("key", "Key", &value(query, "key"), "text"))
            (input("text", "Id or error", &value(query, "text"), "search"))
            (input("created_after", "From", &local(&value(query, "created_after")), "datetime-local"))
            (input("created_before", "To", &local(&value(query, "created_before")), "datetime-local"))
            button type="submit" { "Filter" }
            @if !query.is_empty() { a.reset href={ (base) "/runs" } { "Reset" } }
        }
    }
}

/// The confirmation page of a bulk action, with the number of runs.
pub(crate) async fn confirm(
    State(shared): State<Shared>,
    Extension(caller): Extension<Caller>,
    Path(action): Path<String>,
    RawQuery(query): RawQuery,
) -> Shown {
    let query = cleaned(&query.unwrap_or_default(), &["after", "limit"]);
    answer(&caller, ask(&shared, &caller, &action, &query).await)
}

async fn ask(shared: &Shared, caller: &Caller, action: &str, query: &str) -> Result<Markup, Refusal> {
    let action = known(action, query)?;
    shared.guard.check(action)?;
    let (ids, is_partial) = matching(shared, query).await?;
    let (base, count) = (&caller.base, number(ids.len() as u64));
    let body = html! {
        h1 { (said(action)) " " (count) " runs?" }
        @if is_partial { p { "More match: " (count) " at a time." } }
        p { "They match " code { (query) } "." }
        @if action == Action::Retry { p { "Those that have not failed and were not cancelled are left as they are." } }
        form.inline method="post" action={ (base) "/runs/bulk/" (action.name()) "?" (query) } {
            button.danger type="submit" { (said(action)) " " (count) " runs" }
            a.button href={ (base) "/runs?" (query) } { "Back" }
        }
    };
    Ok(layout(caller, said(action), Tab::Runs, &body))
}

/// The action of this name on the runs of a filter, which must name some.
fn known(action: &str, query: &str) -> Result<Action, Refusal> {
    if query.is_empty() {
        return Err(Refusal::new(400, "choose the runs by a filter first"));
    }
    Action::of_runs(action).ok_or_else(|| Refusal::not_found("action", action))
}

pub(crate) async fn act(
    State(shared): State<Shared>,
    Extension(caller): Extension<Caller>,
    Path(action): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = cleaned(&query.unwrap_or_default(), &["after", "limit"]);
    let done = match known(&action, &query) {
        Ok(action) => perform_on_all(&shared, &caller, (action, &query)).await,
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(outcome) => {
            let refused = match outcome.refused {
                0 => String::new(),
                refused => format!("; {} were in a state that does not allow it", number(refused as u64)),
            };
            let more = if outcome.is_partial { "; there are more" } else { "" };
            let said = format!("{action}: {} runs{refused}{more}", number(outcome.done as u64));
            Redirect::to(&format!("{}/runs?{query}&done={}", caller.base, encoded(&said))).into_response()
        }
        Err(refusal) => refused(&caller, &refusal),
    }
}
