//! The routes.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Json};
use axum::routing::{get, post};
use event_runtime::axum::Valid;
use event_runtime::embedded::{Engine, EngineError, EngineState, RunFilter, RunInfo};
use event_runtime::prelude::*;
use event_runtime::{Problem, Receipt, SendError};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

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

/// The answer to an event that is on disk.
#[derive(Serialize)]
struct Accepted {
    event: String,
    /// Whether it was there before, and started nothing this time.
    duplicate: bool,
}

impl From<Receipt> for Accepted {
    fn from(receipt: Receipt) -> Self {
        Self { event: receipt.id, duplicate: receipt.duplicate }
    }
}

/// `POST /orders`: takes an order. One that is not valid does not come here, and is answered with 422 and every issue.
async fn place_order(
    State(engine): Shop,
    Valid(order): Valid<OrderPlaced>,
) -> Result<impl IntoResponse, SendError> {
    let (event, location) = (event_of(order.id), format!("/orders/{}", order.id));
    // An order that comes twice is one event, since both have its id.
    let receipt = engine.client().send(order.with_id(event)).await?;
    Ok((StatusCode::ACCEPTED, [(LOCATION, location)], Json(Accepted::from(receipt))))
}

/// The id of the event of an order.
fn event_of(order: Uuid) -> String {
    format!("order-{order}")
}

/// `POST /events`: takes any event of the registry in its envelope, such as those of other services.
async fn take_event(State(engine): Shop, envelope: Bytes) -> Result<impl IntoResponse, SendError> {
    let receipt = engine.client().send_json(&envelope).await?;
    Ok((StatusCode::ACCEPTED, Json(Accepted::from(receipt))))
}

/// A run, as it is shown.
#[derive(Serialize)]
struct Run {
    id: String,
    function: String,
    status: String,
    event: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl From<RunInfo> for Run {
    fn from(run: RunInfo) -> Self {
        Self {
            id: run.id,
            function: run.function_id,
            status: format!("{:?}", run.status).to_lowercase(),
            event: run.event_name,
            output: run.output.and_then(|json| RawValue::from_string(json).ok()),
            error: run.error,
        }
    }
}

async fn list(engine: &Engine<ShopFunctions>, filter: RunFilter) -> Result<Vec<Run>, Problem> {
    let runs = engine.runs(&filter).await.map_err(|error| unavailable(&error))?;
    Ok(runs.into_iter().map(Run::from).collect())
}

/// `GET /orders/{id}`: the runs that an order has started.
async fn order(State(engine): Shop, Path(id): Path<Uuid>) -> Result<Json<Vec<Run>>, Problem> {
    let mut filter = RunFilter::default();
    filter.event_id = Some(event_of(id));
    let runs = list(&engine, filter).await?;
    if runs.is_empty() {
        return Err(Problem::new(404, "Not Found").with_detail(format!("there is no order {id}")));
    }
    Ok(Json(runs))
}

/// The page of a list.
#[derive(Deserialize)]
struct Page {
    /// The last run of the page before.
    before: Option<String>,
    limit: Option<usize>,
}

/// `GET /runs?limit=20&before=..`: every run, the newest first.
async fn runs(State(engine): Shop, Query(page): Query<Page>) -> Result<Json<Vec<Run>>, Problem> {
    let mut filter = RunFilter::default();
    (filter.before, filter.limit) = (page.before, page.limit);
    list(&engine, filter).await.map(Json)
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
