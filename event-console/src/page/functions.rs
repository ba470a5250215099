//! The functions, and how they are doing.

use axum::Extension;
use axum::extract::{RawQuery, State};
use event_runtime::inspect::{FunctionInfo, Orphans, Percentiles};
use maud::{Markup, html};

use super::layout::{Tab, heading, layout, live};
use super::show::{duration, number};
use super::{Shown, answer};
use crate::api::window;
use crate::console::Shared;
use crate::error::Refusal;
use crate::guard::Caller;
use crate::query::encoded;

pub(crate) async fn page(
    State(shared): State<Shared>,
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
) -> Shown {
    answer(&caller, find(&shared, &caller, &query.unwrap_or_default()).await)
}

async fn find(shared: &Shared, caller: &Caller, query: &str) -> Result<Markup, Refusal> {
    let (name, window) = window(query)?;
    let (functions, orphans) = (shared.source.functions(window).await?, shared.source.orphans().await?);
    Ok(list(caller, name, &functions, &orphans))
}

fn list(caller: &Caller, window: &str, functions: &[FunctionInfo], orphans: &[Orphans]) -> Markup {
    let base = &caller.base;
    let windows = html! {
        nav.windows aria-label="Window" {
            @for name in ["5m", "1h", "24h", "7d", "30d"] {
                a href={ (base) "/functions?window=" (name) } aria-current=[(name == window).then_some("true")] { (name) }
            }
        }
    };
    let all = html! {
        div.functions { @for function in functions { (show(base, function)) } }
        @if functions.is_empty() { p.empty { "The application lists no function." } }
        @if !orphans.is_empty() {
            section aria-labelledby="orphans" {
                h2 #orphans { "Not in the application" }
                p { "These have open runs, which wait until they are listed again, or taken over with " code { "was" } "." }
                ul.plain {
                    @for orphan in orphans { li { a href={ (base) "/runs?function=" (encoded(&orphan.function_id)) } { (orphan.function_id) } ": " (number(orphan.open_runs)) } }
                }
            }
        }
    };
    layout(
        caller,
        "Functions",
        Tab::Functions,
        &html! { (heading(&html! { "Functions" }, &windows)) (live(&all)) },
    )
}

fn show(base: &str, function: &FunctionInfo) -> Markup {
    let (stats, id) = (&function.stats, encoded(function.id));
    let rate = stats.failure_rate();
    let of = |status: &str| format!("{base}/runs?function={id}&status={status}");
    html! {
        article.function {
            h2 { a href={ (base) "/runs?function=" (id) } { (function.id) } }
            @if function.name != function.id { p.name { (function.name) } }
            p { (function.description) }
            p.meta {
                "on "
                @for name in function.triggers { a.tag href={ (base) "/catalogue/" (encoded(name)) } { (name) } " " }
                @for cron in function.crons { span.tag { (cron) } " " }
                @if !function.emits.is_empty() {
                    " sends " @for name in &function.emits { a.tag href={ (base) "/catalogue/" (encoded(name)) } { (name) } " " }
                }
            }
            dl.numbers {
                div { dt { "Open" } dd { a href=(of("open")) { (number(stats.open)) } } }
                div { dt { "Waiting" } dd { a href=(of("waiting")) { (number(stats.waiting)) } } }
                div { dt { "Completed" } dd { a href=(of("completed")) { (number(stats.completed)) @if stats.is_partial { "+" } } } }
                div data-bad[stats.failed > 0] { dt { "Failed" } dd { a href=(of("failed")) { (number(stats.failed)) } } }
                div { dt { "Cancelled" } dd { a href=(of("cancelled")) { (number(stats.cancelled)) } } }
                div { dt { "Failure rate" } dd { @if let Some(rate) = rate { (format!("{:.1} %", rate * 100.0)) } @else { "–" } } }
                div.wide { dt { "Waited p50 / p95 / p99" } dd { (percentiles(stats.waited)) } }
                div.wide { dt { "Ran p50 / p95 / p99" } dd { (percentiles(stats.ran)) } }
            }
            ul.options { @for option in &function.options { li { (option) } } @if let Some(handler) = function.on_failure { li { "on failure: " (handler) } } }
            p.source.mono { (function.source) }
        }
    }
}

fn percentiles(percentiles: Option<Percentiles>) -> String {
    percentiles.map_or_else(
        || "–".to_owned(),
        |Percentiles { p50, p95, p99, .. }| [p50, p95, p99].map(duration).join(" / "),
    )
}
