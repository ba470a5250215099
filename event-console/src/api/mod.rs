//! The JSON API.

mod openapi;
mod stream;

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{Extension, Router};
use event_runtime::inspect::{AuditEntry, EventFilter, RunFilter};
use serde_json::{Value, json};

use crate::console::Shared;
use crate::error::Refusal;
use crate::guard::{Action, Caller};
use crate::page::send::check;
use crate::query;

type Result<T = Response> = std::result::Result<T, Refusal>;

/// The number of rows that a page scans.
pub(crate) const LOOK_AT: usize = 50_000;

/// The most runs of one action in bulk.
pub(crate) const MOST: usize = 10_000;

/// The greatest request, in bytes: an event of the greatest payload with its envelope.
const MAX_BODY: usize = 1024 * 1024;

/// Each path, its methods, and what answers.
fn table() -> Vec<(&'static str, MethodRouter<Shared>)> {
    vec![
        ("/openapi.json", get(openapi::document)),
        ("/runs", get(runs)),
        ("/runs/count", get(count)),
        ("/runs/actions/{action}", post(act_on_all)),
        ("/runs/{id}", get(run)),
        ("/runs/{id}/{action}", post(act)),
        ("/events", get(events).post(send)),
        ("/events/check", post(check_event)),
        ("/events/{id}", get(event)),
        ("/functions", get(functions)),
        ("/catalogue", get(catalogue)),
        ("/catalogue/{name}", get(schema)),
        ("/engine", get(engine)),
        ("/audit", get(audit)),
        ("/changes", get(stream::changes)),
    ]
}

pub(crate) fn routes() -> Router<Shared> {
    let router = table().into_iter().fold(Router::new(), |router, (path, answer)| router.route(path, answer));
    router
        .method_not_allowed_fallback(async || Refusal::new(405, "the route has no such method"))
        .fallback(async || Refusal::new(404, "there is no such route: `api/openapi.json` lists them"))
        .layer(axum::extract::DefaultBodyLimit::max(MAX_BODY))
}

async fn runs(State(Shared { source, .. }): State<Shared>, RawQuery(text): RawQuery) -> Result {
    let filter: RunFilter = query::filter(&text.unwrap_or_default(), &[])?;
    Ok(Json(source.runs(filter.look_at(LOOK_AT)).await?).into_response())
}

async fn count(State(shared): State<Shared>, RawQuery(text): RawQuery) -> Result<Json<Value>> {
    let (ids, is_partial) = matching(&shared, &text.unwrap_or_default()).await?;
    Ok(Json(json!({ "count": ids.len(), "is_partial": is_partial })))
}

/// The ids of the runs that a filter selects, at most [`MOST`], and whether there are more.
pub(crate) async fn matching(shared: &Shared, text: &str) -> Result<(Vec<String>, bool)> {
    let filter: RunFilter = query::filter(text, &["after", "limit"])?;
    let filter = filter.limit(1_000).look_at(LOOK_AT);
    let (mut ids, mut after) = (Vec::new(), None);
    loop {
        let page = match after {
            None => shared.source.runs(filter.clone()).await?,
            Some(cursor) => shared.source.runs(filter.clone().after(cursor)).await?,
        };
        after = page.next;
        ids.extend(page.into_iter().map(|run| run.id));
        if ids.len() > MOST {
            ids.truncate(MOST);
            return Ok((ids, true));
        }
        if after.is_none() {
            return Ok((ids, false));
        }
    }
}

async fn run(State(Shared { source, .. }): State<Shared>, Path(id): Path<String>) -> Result {
    let details = source.run(&id).await?.ok_or_else(|| Refusal::not_found("run", &id))?;
    Ok(Json(details).into_response())
}

async fn act(
    State(shared): State<Shared>,
    Extension(caller): Extension<Caller>,
    Path((id, action)): Path<(String, String)>,
) -> Result<Json<Value>> {
    let action = Action::of_runs(&action).ok_or_else(|| Refusal::not_found("action", &action))?;
    let id = perform(&shared, &caller, action, &id).await?;
    Ok(Json(json!({ "id": id })))
}

/// Does something about a run, and notes who did it. Returns the id of the run, of a replay that of the new one.
pub(crate) async fn perform(shared: &Shared, caller: &Caller, action: Action, id: &str) -> Result<String> {
    shared.guard.check(action)?;
    let done = do_one(shared, action, id).await?;
    note(shared, caller, (action, id), 1).await?;
    Ok(done)
}

async fn do_one(shared: &Shared, action: Action, id: &str) -> Result<String> {
    let source = &shared.source;
    match action {
        Action::Cancel => source.cancel(id).await?,
        Action::Retry => source.retry(id).await?,
        Action::Replay => return Ok(source.replay(id).await?),
        Action::Send => return Err(Refusal::not_found("action on runs", action.name())),
    }
    Ok(id.to_owned())
}

async fn note(
    shared: &Shared,
    caller: &Caller,
    (action, target): (Action, &str),
    count: usize,
) -> Result<()> {
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    tracing::info!(who = caller.who, action = action.name(), target, count, "an operator acts");
    let target: String = target.chars().take(1_000).collect();
    Ok(shared.source.note(AuditEntry::new(&*caller.who, action.name(), target, count)).await?)
}

/// The outcome of a bulk action.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) done: usize,
    /// Runs that had ended meanwhile, or whose state does not allow it.
    pub(crate) refused: usize,
    pub(crate) is_partial: bool,
}

/// Does something about every run that a filter selects.
pub(crate) async fn perform_on_all(
    shared: &Shared,
    caller: &Caller,
    (action, text): (Action, &str),
) -> Result<Outcome> {
    shared.guard.check(action)?;
    let (ids, is_partial) = matching(shared, text).await?;
    let mut outcome = Outcome { is_partial, ..Outcome::default() };
    for id in &ids {
        match do_one(shared, action, id).await {
            Ok(_) => outcome.done += 1,
            // It has raced with the end of the run.
            Err(refusal) if matches!(refusal.status, 404 | 409) => outcome.refused += 1,
            Err(refusal) => {
                note(shared, caller, (action, text), outcome.done).await?;
                return Err(refusal);
            }
        }
    }
    note(shared, caller, (action, text), outcome.done).await?;
    Ok(outcome)
}

async fn act_on_all(
    State(shared): State<Shared>,
    Extension(caller): Extension<Caller>,
    Path(action): Path<String>,
    RawQuery(text): RawQuery,
) -> Result<Json<Value>> {
    let action = Action::of_runs(&action).ok_or_else(|| Refusal::not_found("action", &action))?;
    let text = query::cleaned(&text.unwrap_or_default(), &[]);
    if text.is_empty() {
        return Err(Refusal::new(400, "name the runs by a filter, such as `?status=failed`"));
    }
    let Outcome { done, refused, is_partial } = perform_on_all(&shared, &caller, (action, &text)).await?;
    Ok(Json(json!({ "done": done, "refused": refused, "is_partial": is_partial })))
}

async fn events(State(Shared { source, .. }): State<Shared>, RawQuery(text): RawQuery) -> Result {
    let filter: EventFilter = query::filter(&text.unwrap_or_default(), &[])?;
    Ok(Json(source.events(filter.look_at(LOOK_AT)).await?).into_response())
}

async fn event(State(Shared { source, .. }): State<Shared>, Path(id): Path<String>) -> Result {
    let details = source.event(&id).await?.ok_or_else(|| Refusal::not_found("event", &id))?;
    Ok(Json(details).into_response())
}

async fn send(State(shared): State<Shared>, Extension(caller): Extension<Caller>, envelope: Bytes) -> Result {
    Ok((StatusCode::ACCEPTED, Json(send_envelope(&shared, &caller, envelope.into()).await?)).into_response())
}

/// Sends an event, and notes who did it.
pub(crate) async fn send_envelope(
    shared: &Shared,
    caller: &Caller,
    envelope: Vec<u8>,
) -> Result<event_runtime::Receipt> {
    shared.guard.check(Action::Send)?;
    let receipt = shared.source.send(envelope).await?;
    note(shared, caller, (Action::Send, &receipt.id), usize::from(!receipt.duplicate)).await?;
    Ok(receipt)
}

/// Says what is wrong with an event, without sending it.
async fn check_event(State(shared): State<Shared>, envelope: Bytes) -> Result<StatusCode> {
    check(&shared, &envelope)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn functions(
    State(Shared { source, .. }): State<Shared>,
    RawQuery(text): RawQuery,
) -> Result<Json<Value>> {
    let window = window(&text.unwrap_or_default())?;
    let (functions, orphans) = (source.functions(window.1).await?, source.orphans().await?);
    Ok(Json(json!({ "window": window.0, "functions": functions, "orphans": orphans })))
}

/// The window of statistics that a query names: an hour unless it says another.
pub(crate) fn window(text: &str) -> Result<(&'static str, std::time::Duration)> {
    let windows = [("5m", 5), ("1h", 60), ("24h", 24 * 60), ("7d", 7 * 24 * 60), ("30d", 30 * 24 * 60)];
    let wanted = query::pairs(text).into_iter().find(|(name, _)| name == "window").map(|(_, value)| value);
    let wanted = wanted.as_deref().unwrap_or("1h");
    let found = windows.into_iter().find(|(name, _)| *name == wanted);
    let (name, minutes) =
        found.ok_or_else(|| Refusal::new(400, "`window` is one of `5m`, `1h`, `24h`, `7d`, `30d`"))?;
    Ok((name, std::time::Duration::from_mins(minutes)))
}

async fn catalogue(State(Shared { source, .. }): State<Shared>) -> Json<Value> {
    let events = source.sets().iter().flat_map(|set| set.events).map(|event| {
        json!({
            "name": event.name, "description": event.description, "version": event.version, "key": event.key,
            "owner": event.owner, "deprecated": event.deprecated, "source": format!("{}:{}", event.file, event.line),
        })
    });
    Json(json!({ "events": events.collect::<Vec<_>>() }))
}

async fn schema(State(Shared { source, .. }): State<Shared>, Path(name): Path<String>) -> Result {
    let event = source.find(&name).ok_or_else(|| Refusal::not_found("event of the registry", &name))?;
    let mut response = Json(event.schema()).into_response();
    let content_type = axum::http::HeaderValue::from_static("application/schema+json");
    response.headers_mut().insert(axum::http::header::CONTENT_TYPE, content_type);
    Ok(response)
}

async fn engine(State(Shared { source, .. }): State<Shared>) -> Result {
    Ok(Json(source.info().await?).into_response())
}

async fn audit(State(Shared { source, .. }): State<Shared>) -> Result<Json<Value>> {
    Ok(Json(json!({ "items": source.audit().await? })))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn the_document_and_the_routes_name_the_same_paths() {
        let document = super::openapi::json("");
        let documented: BTreeSet<&str> =
            document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
        let routed: Vec<String> = super::table().iter().map(|(path, _)| format!("/api{path}")).collect();
        assert_eq!(documented, routed.iter().map(String::as_str).collect());
    }
}
