//! One run: its steps on an axis of time.

use std::time::{Duration, SystemTime};

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use event_runtime::inspect::{FailedAttempt, RunDetails, RunLink, RunStatus, StepInfo, StepKind};
use maud::{Markup, html};
use serde_json::Value;

use super::layout::{Tab, heading, layout, live};
use super::runs::said;
use super::show::{between, duration, error, event_link, json, maybe_time, run_link, status, time};
use super::{Shown, answer, refused};
use crate::api::perform;
use crate::console::Shared;
use crate::error::Refusal;
use crate::guard::{Action, Caller};
use crate::query::encoded;

pub(crate) async fn page(
    State(shared): State<Shared>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Shown {
    let found = find(&shared, &id).await;
    answer(&caller, found.map(|details| show(&shared, &caller, &details)))
}

async fn find(shared: &Shared, id: &str) -> Result<RunDetails, Refusal> {
    shared.source.run(id).await?.ok_or_else(|| Refusal::not_found("run", id))
}

/// The actions that the state of a run allows.
fn possible(status: RunStatus) -> &'static [Action] {
    match status {
        RunStatus::Open | RunStatus::Waiting => &[Action::Cancel, Action::Replay],
        RunStatus::Failed | RunStatus::Cancelled => &[Action::Retry, Action::Replay],
        _ => &[Action::Replay],
    }
}

fn show(shared: &Shared, caller: &Caller, details: &RunDetails) -> Markup {
    let (base, run) = (&caller.base, &details.run);
    let actions = html! {
        @for action in possible(run.status) {
            @if shared.guard.actions.allow(*action) {
                a.button href={ (base) "/runs/" (encoded(&run.id)) "/" (action.name()) } { (said(*action)) }
            }
        }
    };
    let body = html! {
        p.above { a href={ (base) "/runs" } { "Runs" } }
        (heading(&html! { (run.function_id) " " (status(run.status)) }, &actions))
        (facts(base, details))
        @if let Some(error_of_run) = &run.error { section aria-labelledby="error" { h2 #error { "Error" } (error(error_of_run)) } }
        @if let Some(output) = &run.output { section aria-labelledby="output" { h2 #output { "Output" } (json(output)) } }
        section aria-labelledby="steps" { h2 #steps { "Steps" } (waterfall(base, details)) }
        @if let Some(event) = &details.event {
            section aria-labelledby="input" {
                h2 #input { "Input" }
                p { (event.name) " " (event_link(base, &event.id)) }
                (json(event.data.get()))
            }
        }
    };
    layout(caller, &run.function_id, Tab::Runs, &live(&body))
}

fn facts(base: &str, details: &RunDetails) -> Markup {
    let run = &details.run;
    let waits = details.steps.iter().filter(|step| step.due.is_some());
    html! {
        dl.facts {
            dt { "Run" } dd.mono { (run.id) }
            @if let Some(source) = &details.source { dt { "Code" } dd.mono { (source) } }
            dt { "Created" } dd { (time(run.created)) }
            dt { "Started" } dd { (maybe_time(run.started)) }
            dt { "Ended" } dd { (maybe_time(run.ended)) }
            @if let Some(key) = &run.key { dt { "Key" } dd { (key) } }
            @if run.attempt > 0 { dt { "Failed attempts" } dd { (run.attempt) } }
            @for step in waits {
                dt { "Waits" }
                dd { (waits_for(step)) " until " (maybe_time(step.due)) }
            }
            @if let Some(due) = details.due { dt { "Starts again" } dd { (time(due)) } }
            @if let Some(deadline) = details.deadline { dt { "Cancelled unless done by" } dd { (time(deadline)) } }
            @if let Some(held) = &run.held { dt { "Held" } dd { (held) } }
            @if let Some(parent) = &details.parent { dt { "Called by" } dd { (link(base, parent)) } }
            @if !details.children.is_empty() {
                dt { "Called" } dd { @for child in &details.children { (link(base, child)) " " } }
            }
            @if let Some(of) = &run.replay_of { dt { "Replays" } dd { (run_link(base, of)) } }
            @if !details.replays.is_empty() {
                dt { "Replayed by" } dd { @for replay in &details.replays { (link(base, replay)) " " } }
            }
            @if details.batch.len() > 1 {
                dt { "Batch" } dd { @for id in &details.batch { (event_link(base, id)) " " } }
            }
        }
    }
}

fn link(base: &str, link: &RunLink) -> Markup {
    html! {
        span.nowrap {
            (run_link(base, &link.id)) " " (status(link.status))
            @if let Some(step) = &link.step { " in " code { (step) } }
        }
    }
}

fn waits_for(step: &StepInfo) -> Markup {
    html! {
        @match (&step.waits_for, step.kind) {
            (Some(event), _) => { "for " b { (event) } @if let Some(condition) = &step.matching { " with " code { (condition) } } }
            (None, StepKind::Sleep) => { "in " code { (step.id) } }
            (None, StepKind::Run) => { "to try " code { (step.id) } " again" }
            (None, _) => { "for " code { (step.id) } }
        }
    }
}

/// The axis: from when a run was created to its end, or to what was written last.
struct Axis {
    from: SystemTime,
    span: Duration,
}

impl Axis {
    fn of(details: &RunDetails) -> Self {
        let from = details.run.created;
        let times =
            details.steps.iter().map(|step| step.at).chain(details.failures.iter().map(|failure| failure.at));
        let last = times.chain(details.run.ended).chain(details.run.started).max().unwrap_or(from);
        Self { from, span: between(from, last).max(Duration::from_millis(1)) }
    }

    /// A place on the axis, 0 to 1,000.
    fn at(&self, time: SystemTime) -> u64 {
        let place = between(self.from, time).as_millis() * 1_000 / self.span.as_millis().max(1);
        u64::try_from(place).unwrap_or(1_000).min(1_000)
    }
}

fn waterfall(base: &str, details: &RunDetails) -> Markup {
    let (axis, run) = (Axis::of(details), &details.run);
    let began = run.started.unwrap_or(run.created);
    html! {
        ol.steps {
            li.step {
                div.line {
                    span.what { "queued" }
                    (bar(&axis, ("queued", run.created, began), &[]))
                    span.took { (duration(between(run.created, began))) }
                }
            }
            @for step in &details.steps {
                (show_step(base, details, step, &axis))
            }
        }
        @let of_function: Vec<&FailedAttempt> = details.failures.iter().filter(|failure| failure.step.is_none()).collect();
        @if !of_function.is_empty() { h3 { "Failed attempts of the function" } (attempts(&of_function)) }
        p.axis { span { (time(axis.from)) } span { "+ " (duration(axis.span)) } }
    }
}

fn show_step(base: &str, details: &RunDetails, step: &StepInfo, axis: &Axis) -> Markup {
    let failures: Vec<&FailedAttempt> =
        details.failures.iter().filter(|failure| failure.step.as_deref() == Some(&step.id)).collect();
    let began = step.began.unwrap_or(details.run.created);
    let first = failures.first().map_or(began, |failure| failure.at.min(began));
    let state = match (&step.error, &step.output) {
        (Some(_), _) => "failed",
        (None, Some(_)) => "completed",
        (None, None) => "waiting",
    };
    html! {
        li.step {
            div.line {
                span.what { b { (step.id) } " " span.kind { (step.kind.name()) } }
                (bar(axis, (state, first, step.at), &failures))
                span.took {
                    @if step.due.is_some() { "waits" } @else { (duration(between(first, step.at))) }
                    @if step.failed_attempts > 0 { " · " (step.failed_attempts) " failed" }
                }
            }
            @if let Some(due) = step.due { p.due { "Waits " (waits_for(step)) " until " (time(due)) } }
            @if !failures.is_empty() { (attempts(&failures)) }
            @if let Some(message) = &step.error { (error(message)) }
            @if let Some(output) = &step.output { (output_of(base, step, output)) }
        }
    }
}

/// The output of a step; of `send`, links to the events.
fn output_of(base: &str, step: &StepInfo, output: &str) -> Markup {
    let ids: Option<Vec<String>> = serde_json::from_str(output).ok().filter(|_| step.kind == StepKind::Send);
    html! {
        @match (ids, step.kind) {
            (Some(ids), _) => p.due { "Sent " @for id in &ids { (event_link(base, id)) " " } },
            (None, StepKind::Sleep) => {},
            (None, StepKind::Wait) if output == "null" => p.due { "Nothing came in time" },
            (None, _) => {
                @if let Some(id) = id_of_event(step, output) { p.due { "Event " (event_link(base, &id)) } }
                (json(output))
            }
        }
    }
}

/// The id of the event that has come.
fn id_of_event(step: &StepInfo, output: &str) -> Option<String> {
    let event: Value = serde_json::from_str(output).ok().filter(|_| step.kind == StepKind::Wait)?;
    event.get("id")?.as_str().map(str::to_owned)
}

fn attempts(failures: &[&FailedAttempt]) -> Markup {
    html! {
        ul.attempts {
            @for failure in failures { li { "Attempt " (failure.attempt) " failed " (time(failure.at)) (error(&failure.message)) } }
        }
    }
}

/// The time of a step on the axis, with a mark for each failed attempt.
fn bar(
    axis: &Axis,
    (state, from, to): (&str, SystemTime, SystemTime),
    failures: &[&FailedAttempt],
) -> Markup {
    let (start, end) = (axis.at(from), axis.at(to));
    let label = format!(
        "from {} to {} after the run was created",
        duration(between(axis.from, from)),
        duration(between(axis.from, to))
    );
    html! {
        svg.bar viewBox="0 0 1000 16" preserveAspectRatio="none" role="img" aria-label=(label) {
            rect.track x="0" y="7" width="1000" height="2" {}
            rect data-status=(state) x=(start.min(996)) y="2" width=(end.saturating_sub(start).max(4)) height="12" rx="2" {}
            @for failure in failures { rect.fault x=(axis.at(failure.at).min(996)) y="0" width="4" height="16" {} }
        }
    }
}

/// Asks before something is done to a run.
pub(crate) async fn confirm(
    State(shared): State<Shared>,
    Extension(caller): Extension<Caller>,
    Path((id, action)): Path<(String, String)>,
) -> Shown {
    answer(&caller, ask(&shared, &caller, &id, &action).await)
}

async fn ask(shared: &Shared, caller: &Caller, id: &str, action: &str) -> Result<Markup, Refusal> {
    let action = Action::of_runs(action).ok_or_else(|| Refusal::not_found("action", action))?;
    shared.guard.check(action)?;
    let details = find(shared, id).await?;
    let (base, id) = (&caller.base, encoded(id));
    let what = match action {
        Action::Cancel => {
            "None of its steps begins any more. A body that is running is dropped at its next await."
        }
        Action::Retry => {
            "It goes on where it stood: recorded results stay, and steps that had failed run again."
        }
        _ => "A new run starts with the same events, from the top.",
    };
    let body = html! {
        h1 { (said(action)) " this run?" }
        p { b { (details.run.function_id) } " " (status(details.run.status)) " " code { (details.run.id) } }
        p { (what) }
        form.inline method="post" action={ (base) "/runs/" (id) "/" (action.name()) } {
            button.danger type="submit" { (said(action)) }
            a.button href={ (base) "/runs/" (id) } { "Back" }
        }
    };
    Ok(layout(caller, said(action), Tab::Runs, &body))
}

pub(crate) async fn act(
    State(shared): State<Shared>,
    Extension(caller): Extension<Caller>,
    Path((id, action)): Path<(String, String)>,
) -> Response {
    let action = Action::of_runs(&action).ok_or_else(|| Refusal::not_found("action", &action));
    let done = match action {
        Ok(action) => perform(&shared, &caller, action, &id).await,
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(id) => Redirect::to(&format!("{}/runs/{}", caller.base, encoded(&id))).into_response(),
        Err(refusal) => refused(&caller, &refusal),
    }
}
