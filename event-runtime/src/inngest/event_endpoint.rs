//! The other side of the event API (section 4.2.1): takes events as a server does, for any host of this crate.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use sha2::{Digest, Sha256};

use super::headers;
use super::wire::extras::take_meta;
use crate::client::{Client, SendError};
use crate::event::Metadata;
use crate::registry::Registry;

/// The largest request that is taken, in bytes.
const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

/// The endpoint `POST /e/:key` of an Inngest server: clients of other SDKs, such as the TypeScript one, send events unchanged to
/// the embedded engine. Nothing is served unless this is mounted.
///
/// Each event is validated. One that is not valid, or that the registry lacks, is answered with 400 and every issue; those
/// before it are taken. Events without ids get those of the seed that the SDKs send, so that sending again starts nothing.
///
/// ```
/// use event_runtime::inngest::EventEndpoint;
/// use event_runtime::{Client, Registry};
///
/// fn router<R: Registry>(client: Client<R>, key: &str) -> axum::Router {
///     axum::Router::new().merge(EventEndpoint::new(client, key).into_router())
/// }
/// ```
pub struct EventEndpoint<R> {
    client: Client<R>,
    key: [u8; 32],
}

impl<R: Registry> EventEndpoint<R> {
    /// Takes events for `client` from those who know `key`.
    pub fn new(client: Client<R>, key: &str) -> Self {
        Self { client, key: Sha256::digest(key.as_bytes()).into() }
    }

    /// The route `/e/{key}`.
    pub fn into_router(self) -> Router {
        let limit = DefaultBodyLimit::max(MAX_BODY_BYTES);
        Router::new().route("/e/{key}", post(take::<R>)).layer(limit).with_state(Arc::new(self))
    }
}

impl<R> fmt::Debug for EventEndpoint<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventEndpoint").finish_non_exhaustive()
    }
}

/// The answer of a server.
#[derive(Serialize)]
struct Taken {
    ids: Vec<String>,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl Taken {
    fn answer(
        ids: Vec<String>,
        status: StatusCode,
        error: Option<String>,
    ) -> (StatusCode, HeaderMap, Vec<u8>) {
        let body = Self { ids, status: status.as_u16(), error };
        let json = http::HeaderValue::from_static("application/json");
        let headers = HeaderMap::from_iter([(http::header::CONTENT_TYPE, json)]);
        match serde_json::to_vec(&body) {
            Ok(body) => (status, headers, body),
            Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, headers, error.to_string().into_bytes()),
        }
    }
}

async fn take<R: Registry>(
    State(endpoint): State<Arc<EventEndpoint<R>>>,
    Path(key): Path<String>,
    request: HeaderMap,
    body: Bytes,
) -> (StatusCode, HeaderMap, Vec<u8>) {
    // How long it takes to compare digests tells nothing about the key.
    if <[u8; 32]>::from(Sha256::digest(key.as_bytes())) != endpoint.key {
        return Taken::answer(Vec::new(), StatusCode::UNAUTHORIZED, Some("Event key not found".to_owned()));
    }
    let Ok(events) = events(&body) else {
        let error = "the body is neither an event nor a list of events".to_owned();
        return Taken::answer(Vec::new(), StatusCode::BAD_REQUEST, Some(error));
    };
    let seed = request.get(headers::EVENT_ID_SEED).and_then(|seed| IdSeed::parse(seed.to_str().ok()?));
    let mut ids = Vec::with_capacity(events.len());
    for (index, event) in events.into_iter().enumerate() {
        let envelope = match envelope(event, seed.as_ref(), index, R::Meta::IS_REQUIRED) {
            Ok(envelope) => envelope,
            Err(error) => {
                let error = format!("event {index} cannot be passed on: {error}");
                return Taken::answer(ids, StatusCode::INTERNAL_SERVER_ERROR, Some(error));
            }
        };
        match endpoint.client.send_json(&envelope).await {
            Ok(receipt) => ids.push(receipt.id),
            Err(SendError::Rejected(issues)) => {
                let error = format!("event {index} is not valid: {issues}");
                return Taken::answer(ids, StatusCode::BAD_REQUEST, Some(error));
            }
            Err(error @ SendError::Full) => {
                return Taken::answer(ids, StatusCode::TOO_MANY_REQUESTS, Some(error.to_string()));
            }
            Err(error) => {
                return Taken::answer(ids, StatusCode::SERVICE_UNAVAILABLE, Some(error.to_string()));
            }
        }
    }
    Taken::answer(ids, StatusCode::OK, None)
}

/// One event, or a list of events.
fn events(body: &[u8]) -> serde_json::Result<Vec<&RawValue>> {
    let json: &RawValue = serde_json::from_slice(body)?;
    if json.get().starts_with('[') { serde_json::from_str(json.get()) } else { Ok(vec![json]) }
}

/// The event as this crate reads it: with an id, with its version as a number, and with the metadata beside the payload, in which it
/// travels to a server.
fn envelope(
    event: &RawValue,
    seed: Option<&IdSeed>,
    index: usize,
    has_meta: bool,
) -> serde_json::Result<Vec<u8>> {
    let Ok(mut fields) = serde_json::from_str::<BTreeMap<String, Box<RawValue>>>(event.get()) else {
        // What is wrong with it, its reader says.
        return Ok(event.get().as_bytes().to_vec());
    };
    // A version that is not a number in a text is the reader's business too.
    let version =
        fields.get("v").and_then(|v| serde_json::from_str::<String>(v.get()).ok()?.parse::<u32>().ok());
    if let Some(version) = version {
        fields.insert("v".to_owned(), to_raw_value(&version)?);
    }
    if has_meta && let Some(meta) = fields.get_mut("data").and_then(take_meta) {
        fields.insert("meta".to_owned(), meta);
    }
    if let Some(seed) = seed {
        fields.entry("id".to_owned()).or_insert(to_raw_value(&seed.id(index))?);
    }
    serde_json::to_vec(&fields)
}

/// The seed from which ids are made: `<milliseconds>,<10 bytes in base64>`.
struct IdSeed {
    ms: u64,
    entropy: [u8; 10],
}

impl IdSeed {
    fn parse(header: &str) -> Option<Self> {
        let (ms, entropy) = header.split_once(',')?;
        let ms = ms.parse().ok().filter(|ms| *ms > 0)?;
        Some(Self { ms, entropy: STANDARD.decode(entropy).ok()?.try_into().ok()? })
    }

    /// The id of the event at this place: the same as a server makes, which counts from 1.
    fn id(&self, index: usize) -> String {
        let [head @ .., a, b, c, d] = self.entropy;
        let place = u32::try_from(index).unwrap_or(u32::MAX).wrapping_add(1);
        let tail = u32::from_be_bytes([a, b, c, d]).wrapping_add(place);
        let mut bytes = [0; 16];
        bytes[6..12].copy_from_slice(&head);
        bytes[12..].copy_from_slice(&tail.to_be_bytes());
        ulid::Ulid::from_parts(self.ms, u128::from_be_bytes(bytes)).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the recordings: the events of one request, and the ids that a real server gave them.
    #[test]
    fn ids_are_those_that_a_server_makes_of_the_seed() {
        let seed = IdSeed::parse("1795408316287,qQ+Rl5h8brN0tw==").unwrap();
        assert_eq!(seed.id(0), "01M83ASHVZN47S35WRFHQB6X5R");
        assert_eq!(seed.id(16), "01M83ASHVZN47S35WRFHQB6X68");
        for wrong in ["", "1", "x,qQ+Rl5h8brN0tw==", "0,qQ+Rl5h8brN0tw==", "1,qQ+R", "1,!"] {
            assert!(IdSeed::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_body_is_an_event_or_a_list() {
        assert_eq!(events(b" {\"name\":1} ").unwrap().len(), 1);
        assert_eq!(events(b" [{},{}]").unwrap().len(), 2);
        assert!(events(b"[").is_err());
        let event = RawValue::from_string(r#"{"name":"a/b","v":"2","id":"x"}"#.to_owned()).unwrap();
        let seed = IdSeed { ms: 1, entropy: [0; 10] };
        let read: serde_json::Value =
            serde_json::from_slice(&envelope(&event, Some(&seed), 0, true).unwrap()).unwrap();
        assert_eq!(read, serde_json::json!({ "name": "a/b", "v": 2, "id": "x" }));

        // Metadata travels in the payload, as it does to a server.
        let event =
            RawValue::from_string(r#"{"name":"a/b","data":{"x":1,"_meta":{"t":1}}}"#.to_owned()).unwrap();
        let read = |has_meta| -> serde_json::Value {
            serde_json::from_slice(&envelope(&event, None, 0, has_meta).unwrap()).unwrap()
        };
        assert_eq!(read(true), serde_json::json!({ "name": "a/b", "data": { "x": 1 }, "meta": { "t": 1 } }));
        assert_eq!(read(false), serde_json::from_str::<serde_json::Value>(event.get()).unwrap());
    }
}
