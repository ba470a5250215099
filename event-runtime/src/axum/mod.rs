//! Validated request bodies for [axum](https://docs.rs/axum/0.8): the feature `axum`.
//!
//! [`Valid`] is an extractor: the body of a request as a validated payload, or as a validated event in its envelope. A request that
//! is not valid never reaches the handler: the response is a [`Problem`](crate::Problem) that lists every issue.
//!
//! ```
//! use axum::Router;
//! use axum::extract::State;
//! use axum::http::StatusCode;
//! use axum::routing::post;
//! use event_runtime::axum::Valid;
//! use event_runtime::prelude::*;
//! use event_runtime::SendError;
//!
//! /// The life of an order.
//! #[domain_events]
//! pub enum OrderEvent {
//!     /// An order was placed.
//!     Placed {
//!         #[validate(email)]
//!         buyer: String,
//!         #[validate(range(min = 1))]
//!         cents: u64,
//!     },
//! }
//!
//! registry! { pub ShopEvents = [OrderEvent]; }
//!
//! /// Takes an order: `{ "buyer": "ada@example.org", "cents": 500 }`.
//! async fn place(
//!     State(client): State<Client<ShopEvents>>,
//!     Valid(order): Valid<OrderPlaced>,
//! ) -> Result<StatusCode, SendError> {
//!     client.send(order).await?;
//!     Ok(StatusCode::ACCEPTED)
//! }
//!
//! /// Takes the same in its envelope: `{ "name": "order/placed", "id": "..", "data": { .. } }`.
//! async fn import(
//!     State(client): State<Client<ShopEvents>>,
//!     Valid(envelope): Valid<Envelope<OrderPlaced>>,
//! ) -> Result<StatusCode, SendError> {
//!     client.send(envelope).await?;
//!     Ok(StatusCode::ACCEPTED)
//! }
//!
//! fn router(client: Client<ShopEvents>) -> Router {
//!     Router::new().route("/orders", post(place)).route("/orders/import", post(import)).with_state(client)
//! }
//! ```
//!
//! | the request | status |
//! |---|--:|
//! | its content type is not JSON: neither `application/json` nor `application/..+json` | 415 |
//! | its body is larger than [`DefaultBodyLimit`](axum::extract::DefaultBodyLimit) allows, 2 MB unless set | 413 |
//! | its body is not UTF-8 or not JSON, or it ends too early | 400 |
//! | its body is JSON, and not valid | 422 |
//!
//! [`Signals::into_router`](crate::Signals::into_router) is the route by which signals are completed from outside.
//!
//! [`Issues`](crate::Issues), [`SendError`](crate::SendError) and [`Problem`](crate::Problem) are responses too, for what handlers
//! find out themselves. An extractor of `Result<Valid<T>, ValidRejection>` leaves the response to the handler.

mod response;
#[cfg(any(feature = "embedded", feature = "inngest"))]
mod signals;
mod valid;

pub use valid::{Valid, ValidRejection};
