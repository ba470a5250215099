//! The routes.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Json;
use axum::routing::{delete, get, post};
use event_runtime::axum::Valid;
use event_runtime::embedded::EngineState;
use event_runtime::inspect::{Page, RunFilter, RunInfo};
use event_runtime::prelude::*;
use event_runtime::{Problem, Receipt, SendError};
use example_saas_events::{
    Contact, ContactChanged, ContactListUploaded, Email, SubscriptionStarted, UserDeleted,
    UserEmailConfirmed, UserSignedUp,
};
use serde::Serialize;

use crate::Service;

pub(crate) fn router(service: Service) -> Router {
    Router::new()
        .route("/users", post(sign_up))
        .route("/users/{id}", delete(delete_user))
        .route("/users/{id}/confirmation", post(confirm))
        .route("/subscriptions", post(subscribe))
        .route("/subscriptions/{id}", delete(unsubscribe))
        .route("/accounts/{id}/lists", post(upload))
        .route("/accounts/{id}/contacts", post(change))
        .route("/runs", get(runs))
        .route("/health", get(health))
        .with_state(service)
}

/// The answer to a request that became an event: 202, with the id of what it is about.
type Accepted = Result<(StatusCode, Json<Answer>), SendError>;

#[derive(Serialize)]
struct Answer {
    id: Uuid,
    /// Whether the event was there before, and starts nothing this time.
    duplicate: bool,
}

fn accepted(id: Uuid, receipt: &Receipt) -> (StatusCode, Json<Answer>) {
    (StatusCode::ACCEPTED, Json(Answer { id, duplicate: receipt.duplicate }))
}

/// Who signs up. The id is not the visitor's to choose.
#[payload]
struct NewUser {
    email: Email,
    #[validate(length(min = 1, max = 80))]
    name: String,
}

/// `POST /users`: signs up. An address that signs up twice is one user.
async fn sign_up(State(service): State<Service>, Valid(user): Valid<NewUser>) -> Accepted {
    let id = Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("mailto:{}", *user.email).as_bytes());
    let event = UserSignedUp { id, email: user.email, name: user.name };
    let receipt = service.engine.client().send(event.with_id(format!("signed-up-{id}"))).await?;
    Ok(accepted(id, &receipt))
}

/// `POST /users/{id}/confirmation`: the link in the welcome mail.
async fn confirm(State(service): State<Service>, Path(id): Path<Uuid>) -> Accepted {
    let event = UserEmailConfirmed { id }.with_id(format!("confirmed-{id}"));
    Ok(accepted(id, &service.engine.client().send(event).await?))
}

/// `DELETE /users/{id}`: closes an account.
async fn delete_user(State(service): State<Service>, Path(id): Path<Uuid>) -> Accepted {
    let event = UserDeleted { id }.with_id(format!("deleted-{id}"));
    Ok(accepted(id, &service.engine.client().send(event).await?))
}

/// `POST /subscriptions`: subscribes.
async fn subscribe(State(service): State<Service>, Valid(event): Valid<SubscriptionStarted>) -> Accepted {
    let id = event.id;
    Ok(accepted(id, &service.subscriptions.start(event).await?))
}

/// `DELETE /subscriptions/{id}`: cancels a subscription.
async fn unsubscribe(State(service): State<Service>, Path(id): Path<Uuid>) -> Accepted {
    Ok(accepted(id, &service.subscriptions.cancel(id).await?))
}

/// A list of contacts, as it is uploaded.
#[payload]
struct List {
    id: Uuid,
    #[validate(length(min = 1, max = 1_000))]
    rows: Vec<Contact>,
}

/// `POST /accounts/{id}/lists`: imports a list of contacts.
async fn upload(
    State(service): State<Service>,
    Path(account): Path<Uuid>,
    Valid(list): Valid<List>,
) -> Accepted {
    let event = ContactListUploaded { list: list.id, account, rows: list.rows };
    let receipt = service.engine.client().send(event.with_id(format!("list-{}", list.id))).await?;
    Ok(accepted(list.id, &receipt))
}

/// `POST /accounts/{id}/contacts`: changes a contact.
async fn change(
    State(service): State<Service>,
    Path(account): Path<Uuid>,
    Valid(contact): Valid<Contact>,
) -> Accepted {
    let receipt = service.engine.client().send(ContactChanged { account, contact }).await?;
    Ok(accepted(account, &receipt))
}

/// `GET /runs?function=..&status=failed&limit=20&after=..`: a page of runs, the newest first. The query string is a filter.
async fn runs(
    State(service): State<Service>,
    Query(filter): Query<RunFilter>,
) -> Result<Json<Page<RunInfo>>, Problem> {
    let runs = service.engine.runs(&filter).await;
    runs.map(Json).map_err(|error| {
        // What is wrong with the engine is not told to everyone.
        eprintln!("error: {error}");
        Problem::new(503, "Service Unavailable")
    })
}

/// `GET /health`: whether the engine takes events.
async fn health(State(service): State<Service>) -> StatusCode {
    match service.engine.state() {
        EngineState::Running => StatusCode::NO_CONTENT,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    }
}
