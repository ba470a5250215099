//! The event API (section 4.2.1): events on their way to a server, in batches that it takes.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Method, StatusCode};
use serde::Deserialize;
use sha1::{Digest, Sha1};

use super::config::Mode;
use super::doubles::check_events;
use super::headers;
use super::server::{Ask, Server};
use super::wire::event::OutgoingEvent;
use crate::client::{Receipt, SendError, Sent, SharedError, Transport};
use crate::event::{RawEnvelope, Seals};
use crate::middleware::{Chain, Host};

/// The most events that a server takes at once.
const MAX_EVENTS: usize = 5_000;

/// The most bytes of one request.
const MAX_BYTES: usize = 3 * 1024 * 1024;

/// The event key for a dev server, which needs none of its own.
const NO_EVENT_KEY: &str = "NO_EVENT_KEY_SET";

/// Sends events to a server.
pub(super) struct EventApi {
    server: Arc<Server>,
    layers: Chain,
}

/// From which the server makes the ids of events that have none: the same seed makes the same ids, so that sending again
/// starts nothing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seed {
    pub(super) ms: i64,
    pub(super) entropy: [u8; 20],
}

impl Seed {
    /// The seed of what a step of a run sends.
    pub(super) fn of_step(run: &str, step: &str, fallback_ms: i64) -> Self {
        let mut hash = Sha1::new();
        hash.update(run.as_bytes());
        hash.update([0]);
        hash.update(step.as_bytes());
        // The id of a run is a ULID: its time is the same at every attempt, and near.
        let ms = ulid::Ulid::from_string(run).ok().and_then(|id| i64::try_from(id.timestamp_ms()).ok());
        Self { ms: ms.unwrap_or(fallback_ms), entropy: hash.finalize().into() }
    }

    /// The header of the batch that begins with this event: `<milliseconds>,<10 bytes in base64>`.
    fn header(&self, first: usize) -> String {
        let mut hash = Sha1::new();
        hash.update(self.entropy);
        hash.update(first.to_be_bytes());
        format!("{},{}", self.ms.max(1), STANDARD.encode(&hash.finalize()[..10]))
    }
}

/// Events that a server did not take, and the reason.
#[derive(Debug)]
pub(super) struct NotTaken {
    /// Their places.
    pub(super) events: Vec<usize>,
    pub(super) reason: SharedError,
    /// Whether it may go better another time.
    pub(super) may_pass: bool,
}

/// The answer of a server.
#[derive(Deserialize)]
struct Ids {
    #[serde(default)]
    ids: Vec<String>,
    #[serde(default)]
    error: Option<String>,
}

impl EventApi {
    /// Sends to a server, for an application with these layers.
    pub(super) const fn new(server: Arc<Server>, layers: Chain) -> Self {
        Self { server, layers }
    }

    /// Sends events, and gives the ids that the server knows them by. After a batch that is refused no further one is sent.
    pub(super) async fn send_all(&self, events: &[RawEnvelope], seed: Seed) -> Result<Vec<String>, NotTaken> {
        let Some(url) = self.url() else {
            let reason = SharedError::new("there is no event key: set INNGEST_EVENT_KEY");
            return Err(NotTaken { events: (0..events.len()).collect(), reason, may_pass: false });
        };
        let mut ids = Vec::with_capacity(events.len());
        let batches = batches(events).map_err(|error| {
            let reason = SharedError::new(format!("an event cannot be written as JSON: {error}"));
            NotTaken { events: (0..events.len()).collect(), reason, may_pass: false }
        })?;
        for batch in batches {
            let first = ids.len();
            match self.send_batch(&url, &batch, seed.header(first)).await {
                Ok(taken) => ids.extend(taken),
                Err(mut refused) => {
                    let in_batch = refused.events.into_iter().map(|at| first + at);
                    refused.events = in_batch.chain(first + batch.events..events.len()).collect();
                    return Err(refused);
                }
            }
        }
        Ok(ids)
    }

    fn url(&self) -> Option<String> {
        let config = &self.server.config;
        let key = match &config.event_key {
            Some(key) => key.0.as_str(),
            None if config.mode == Mode::Dev => NO_EVENT_KEY,
            None => return None,
        };
        let key: String = url::form_urlencoded::byte_serialize(key.as_bytes()).collect();
        Some(format!("{}/e/{key}", config.event_api()))
    }

    async fn send_batch(&self, url: &str, batch: &Batch, seed: String) -> Result<Vec<String>, NotTaken> {
        let all = |reason, may_pass| NotTaken { events: (0..batch.events).collect(), reason, may_pass };
        let headers = vec![(headers::EVENT_ID_SEED, seed)];
        let ask = Ask { method: Method::POST, url, headers, body: batch.body.clone() };
        let answer =
            self.server.ask_patiently(ask).await.map_err(|error| all(SharedError::new(error), true))?;
        let may_pass = answer.status.is_server_error() || answer.status == StatusCode::TOO_MANY_REQUESTS;
        let Ids { ids, error } = match serde_json::from_slice(&answer.body) {
            Ok(answered) => answered,
            // Whether it has taken them, such a server does not say: they can be sent again with the same seed.
            Err(error) => {
                let message = format!(
                    "the Inngest server answers {} with something that is not ids: {error}",
                    answer.status
                );
                return Err(all(SharedError::new(message), may_pass || answer.status.is_success()));
            }
        };
        let is_taken = |at: usize| ids.get(at).is_some_and(|id| !id.is_empty());
        if answer.status.is_success() && (0..batch.events).all(is_taken) {
            return Ok(ids);
        }
        let events = (0..batch.events).filter(|at| !is_taken(*at)).collect();
        let reason = error.unwrap_or_else(|| "it does not say why".to_owned());
        let message = format!("the Inngest server answers {}: {reason}", answer.status);
        Err(NotTaken { events, reason: SharedError::new(message), may_pass })
    }
}

/// Some events, as one body.
struct Batch {
    events: usize,
    body: Bytes,
}

/// Cuts events into batches that a server takes.
fn batches(events: &[RawEnvelope]) -> serde_json::Result<Vec<Batch>> {
    let mut batches = Vec::new();
    let (mut body, mut count) = (String::from("["), 0);
    for event in events {
        let json = serde_json::to_string(&OutgoingEvent::new(event))?;
        if count == MAX_EVENTS || (count > 0 && body.len() + json.len() + 2 > MAX_BYTES) {
            batches.push(Batch {
                events: count,
                body: Bytes::from(std::mem::replace(&mut body, "[".to_owned()) + "]"),
            });
            count = 0;
        }
        if count > 0 {
            body.push(',');
        }
        body.push_str(&json);
        count += 1;
    }
    if count > 0 {
        batches.push(Batch { events: count, body: Bytes::from(body + "]") });
    }
    Ok(batches)
}

/// The transport of a `Client`.
impl Transport for EventApi {
    fn host(&self) -> Host {
        Host::Inngest
    }

    fn layers(&self) -> &Chain {
        &self.layers
    }

    fn send(self: Arc<Self>, events: Vec<RawEnvelope>) -> Sent {
        Box::pin(async move {
            check_events(&events).map_err(SendError::Rejected)?;
            let mut entropy = [0; 20];
            entropy[..16].copy_from_slice(&self.server.environment.random.next_u128().to_be_bytes());
            let seed = Seed { ms: self.now_ms(), entropy };
            let receipts = |events: Vec<RawEnvelope>| {
                events.into_iter().map(|event| Receipt { id: event.id, duplicate: false }).collect()
            };
            match self.send_all(&events, seed).await {
                Ok(_) => Ok(receipts(events)),
                Err(NotTaken { events: refused, reason, .. }) if refused.len() < events.len() => {
                    Err(SendError::Partly { refused, reason })
                }
                Err(NotTaken { reason, .. }) => Err(SendError::Server(reason)),
            }
        })
    }
}

impl Seals for EventApi {
    fn max_event_bytes(&self) -> usize {
        self.server.config.max_event_bytes
    }

    fn new_id(&self) -> String {
        self.server.environment.new_id()
    }

    fn now_ms(&self) -> i64 {
        self.server.environment.now_ms()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::*;

    fn event(bytes: usize) -> RawEnvelope {
        let data = RawValue::from_string(format!("{{\"x\":\"{}\"}}", "x".repeat(bytes))).unwrap();
        let (id, name) = ("1".to_owned(), "a/b".to_owned());
        RawEnvelope { id, name, data, ts: 1, v: None, user: None, traceparent: None, cause: None, meta: None }
    }

    #[test]
    fn batches_are_within_the_limits_of_a_server() {
        let counts = |events: &[RawEnvelope]| {
            batches(events).unwrap().iter().map(|batch| batch.events).collect::<Vec<_>>()
        };
        assert!(counts(&[]).is_empty());
        assert_eq!(counts(&vec![event(1); 12_000]), [5_000, 5_000, 2_000]);
        assert_eq!(counts(&vec![event(1_000_000); 7]), [3, 3, 1]);
        for batch in batches(&vec![event(100_000); 100]).unwrap() {
            assert!(batch.body.len() <= MAX_BYTES);
            let events: Vec<serde_json::Value> = serde_json::from_slice(&batch.body).unwrap();
            assert_eq!(events.len(), batch.events);
        }
    }

    #[test]
    fn a_seed_is_the_same_at_every_attempt_and_another_for_each_step_and_batch() {
        let run = "01M83ASHYMYM9NEQGTMWBEQ71K";
        let header = |step, first| Seed::of_step(run, step, 5).header(first);
        assert_eq!(header("a", 0), header("a", 0));
        assert_ne!(header("a", 0), header("b", 0));
        assert_ne!(header("a", 0), header("a", 5_000));
        let (ms, entropy) =
            header("a", 0).split_once(',').map(|(ms, it)| (ms.to_owned(), it.to_owned())).unwrap();
        assert_eq!(ms, "1795408316372");
        assert_eq!(STANDARD.decode(entropy).unwrap().len(), 10);
    }
}
