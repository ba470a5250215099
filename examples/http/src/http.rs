//! The routes.

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Json};
use axum::routing::{get, post};
use event_runtime::axum::Valid;
use event_runtime::embedded::{Engine, EngineError, EngineState};
use event_runtime::inspect::{Page, RunFilter, RunInfo};
use event_runtime::prelude::*;
use event_runtime::{Problem, SendError};

use crate::events::OrderPlaced;
use crate::functions::ShopFunctions;

/// The state of the routes: whoever has the engine has a client too.
type Shop = State<Engine<ShopFunctions>>;

pub(crate) fn router(engine: Engine<ShopFunctions>) -> Router {
    Router::new()
        .route("/orders", post(place_order))
        .route("/orders/{id}", get(order))
        .route("/events", post(take_event))
        .route("/runs", get(runs))
        .route("/health", get(health))
        .with_state(engine)
}

/// `POST /orders`: takes an order. One that is not valid does not come here, and is answered with 422 and every issue.
async fn place_order(
    State(engine): Shop,
    Valid(order): Valid<OrderPlaced>,
) -> Result<impl IntoResponse, SendError> {
    let (event, location) = (event_of(order.id), format!("/orders/{}", order.id));
    // An order that comes twice is one event, since both have its id.
    let receipt = engine.client().send(order.with_id(event)).await?;
    Ok((StatusCode::ACCEPTED, [(LOCATION, location)], Json(receipt)))
}

/// The id of the event of an order.
fn event_of(order: Uuid) -> String {
    format!("order-{order}")
}

/// `POST /events`: takes any event of the registry in its envelope, such as those of other services.
async fn take_event(State(engine): Shop, envelope: Bytes) -> Result<impl IntoResponse, SendError> {
    let receipt = engine.client().send_json(&envelope).await?;
    Ok((StatusCode::ACCEPTED, Json(receipt)))
}

/// `GET /orders/{id}`: the runs that an order has started.
async fn order(State(engine): Shop, Path(id): Path<Uuid>) -> Result<Json<Page<RunInfo>>, Problem> {
    let runs = list(&engine, &RunFilter::new().event_id(event_of(id))).await?;
    if runs.is_empty() {
        return Err(Problem::new(404, "Not Found").with_detail(format!("there is no order {id}")));
    }
    Ok(Json(runs))
}

/// `GET /runs?status=failed&limit=20`: runs, the newest first. The filter is the query string, which says what is wrong with it.
async fn runs(
    State(engine): Shop,
    filter: Result<Query<RunFilter>, QueryRejection>,
) -> Result<Json<Page<RunInfo>>, Problem> {
    let Query(filter) =
        filter.map_err(|error| Problem::new(400, "Bad Request").with_detail(error.body_text()))?;
    list(&engine, &filter).await.map(Json)
}

async fn list(engine: &Engine<ShopFunctions>, filter: &RunFilter) -> Result<Page<RunInfo>, Problem> {
    engine.runs(filter).await.map_err(|error| unavailable(&error))
}

/// `GET /health`: whether the engine takes events.
async fn health(State(engine): Shop) -> StatusCode {
    match engine.state() {
        EngineState::Running => StatusCode::NO_CONTENT,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// What is wrong with the engine is not told to everyone.
fn unavailable(error: &EngineError) -> Problem {
    eprintln!("error: {error}");
    Problem::new(503, "Service Unavailable")
}
