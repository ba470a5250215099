//! The engine: sizes, limits, counts, and what operators did.

use axum::Extension;
use axum::extract::State;
use event_runtime::inspect::{AuditEntry, EngineInfo};
use maud::{Markup, html};

use super::layout::{Tab, heading, layout, live};
use super::show::{bytes, duration, maybe_time, number, time};
use super::{Shown, answer};
use crate::console::Shared;
use crate::error::Refusal;
use crate::guard::Caller;

pub(crate) async fn page(State(shared): State<Shared>, Extension(caller): Extension<Caller>) -> Shown {
    answer(&caller, find(&shared, &caller).await)
}

async fn find(shared: &Shared, caller: &Caller) -> Result<Markup, Refusal> {
    let (info, audit) = (shared.source.info().await?, shared.source.audit().await?);
    let body = html! { (heading(&html! { "Engine" }, &html! {})) (live(&show(&info, &audit))) };
    Ok(layout(caller, "Engine", Tab::Engine, &body))
}

fn show(info: &EngineInfo, audit: &[AuditEntry]) -> Markup {
    let (sizes, stats) = (&info.sizes, &info.stats);
    let tile = |name: &str, value: String| html! { div { dt { (name) } dd { (value) } } };
    html! {
        dl.numbers.tiles {
            (tile("State", info.state.to_owned()))
            (tile("Database", bytes(sizes.file_bytes)))
            (tile("Of these free", bytes(sizes.free_bytes)))
            (tile("Log", bytes(sizes.log_bytes)))
            (tile("Events", number(sizes.events)))
            (tile("Runs", number(sizes.runs)))
            (tile("Open runs", number(sizes.open_runs)))
            (tile("Events in the queue", number(sizes.queued_events)))
        }
        section aria-labelledby="since" {
            h2 #since { "Since the start" }
            dl.facts {
                dt { "Application" } dd { (info.application) }
                dt { "Started" } dd { (time(info.started)) }
                dt { "Events" } dd { (number(stats.events)) " stored, " (number(stats.duplicates)) " duplicates, " (number(stats.skipped)) " skipped" }
                dt { "Runs" } dd { (number(stats.runs_started)) " begun, " (number(stats.runs_completed)) " completed, " (number(stats.runs_failed)) " failed, " (number(stats.runs_cancelled)) " cancelled" }
                dt { "Bodies of steps" } dd { (number(stats.steps_run)) ", " (number(stats.retries)) " retries" }
                dt { "Version" } dd { "event-runtime " (info.version) ", format " (info.format) }
                dt { "File" } dd.mono { (info.database.display()) }
                dt { "Oldest event" } dd { (maybe_time(sizes.oldest_event)) }
            }
        }
        section aria-labelledby="limits" { h2 #limits { "Limits in force" } (limits(info)) }
        section aria-labelledby="audit" {
            h2 #audit { "What operators did" }
            @if audit.is_empty() { p.empty { "Nothing yet." } } @else { (entries(audit)) }
        }
    }
}

fn limits(EngineInfo { limits, .. }: &EngineInfo) -> Markup {
    let sizes = &limits.limits;
    let size = |bytes_of: usize| bytes(bytes_of as u64);
    html! {
        dl.facts {
            dt { "Payload" } dd { (size(sizes.event_bytes)) }
            dt { "Events of one send" } dd { (number(sizes.events_per_send as u64)) }
            dt { "Events in the queue" } dd { (number(sizes.queued_events as u64)) }
            dt { "Result of a step" } dd { (size(sizes.step_output_bytes)) }
            dt { "Results of a run" } dd { (size(sizes.run_state_bytes)) }
            dt { "Steps of a run" } dd { (number(sizes.steps_per_run.into())) }
            dt { "Runs that execute at once" } dd { (number(limits.concurrent_runs as u64)) }
            dt { "Ids are remembered for" } dd { (duration(limits.dedupe_window)) }
            dt { "Runs are kept for" } dd { @if let Some(age) = limits.kept_for { (duration(age)) } @else { "ever" } }
            dt { "Ended runs that are kept" } dd { @if let Some(runs) = limits.kept_runs { (number(runs)) } @else { "any number" } }
        }
    }
}

fn entries(audit: &[AuditEntry]) -> Markup {
    html! {
        table {
            caption.hidden { "What operators did, the newest first" }
            thead { tr { th scope="col" { "When" } th scope="col" { "Who" } th scope="col" { "What" } th scope="col" { "To" } th.number scope="col" { "How many" } } }
            tbody {
                @for entry in audit {
                    tr {
                        td data-name="When" { (time(entry.at)) }
                        td data-name="Who" { (entry.who) }
                        td data-name="What" { (entry.action) }
                        td.mono data-name="To" { (entry.target) }
                        td.number data-name="How many" { (number(entry.count)) }
                    }
                }
            }
        }
    }
}
