//! The pages.

mod catalogue;
mod engine;
mod event;
mod events;
mod form;
mod functions;
mod layout;
mod run;
mod runs;
pub(crate) mod send;
mod show;

use axum::Extension;
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use maud::{Markup, html};

use crate::console::Shared;
use crate::error::Refusal;
use crate::guard::Caller;
use layout::{Tab, layout};

/// A page, or one that says why there is none.
type Shown = Response;

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/", get(home))
        .route("/events", get(events::page))
        .route("/events/{id}", get(event::page))
        .route("/send", get(send::list))
        .route("/send/{name}", get(send::page).post(send::submit))
        .route("/runs", get(runs::page))
        .route("/runs/bulk/{action}", get(runs::confirm).post(runs::act))
        .route("/runs/{id}", get(run::page))
        .route("/runs/{id}/{action}", get(run::confirm).post(run::act))
        .route("/functions", get(functions::page))
        .route("/catalogue", get(catalogue::page))
        .route("/catalogue/{name}", get(catalogue::one))
        .route("/engine", get(engine::page))
}

async fn home(Extension(caller): Extension<Caller>) -> Redirect {
    Redirect::to(&format!("{}/events", caller.base))
}

/// The stylesheet and the script.
pub(crate) async fn asset(Path(file): Path<String>) -> Response {
    let (kind, text) = match &*file {
        "console.css" => ("text/css; charset=utf-8", include_str!("../../assets/console.css")),
        "console.js" => ("text/javascript; charset=utf-8", include_str!("../../assets/console.js")),
        "icon.svg" => ("image/svg+xml", include_str!("../../assets/icon.svg")),
        _ => return Refusal::not_found("file", &file).into_response(),
    };
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "max-age=60")], text).into_response()
}

pub(crate) async fn not_found(Extension(caller): Extension<Caller>) -> Response {
    refused(&caller, &Refusal::new(404, "there is no such page"))
}

/// The page of a refusal.
pub(crate) fn refused(caller: &Caller, refusal: &Refusal) -> Response {
    let body: Markup = html! {
        h1 { (refusal.status) " " (refusal.title()) }
        p.lead { (refusal.detail) }
        @if !refusal.issues.is_empty() {
            ul { @for issue in refusal.issues.iter() { li { (issue.to_string()) } } }
        }
    };
    let page = layout(caller, refusal.title(), Tab::None, &body);
    (StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), page).into_response()
}

/// The answer of a page: what it shows, or why it cannot.
fn answer(caller: &Caller, page: Result<Markup, Refusal>) -> Shown {
    match page {
        Ok(page) => page.into_response(),
        Err(refusal) => refused(caller, &refusal),
    }
}
