//! Replays one recording: calls of the server go to the endpoint, and what the endpoint asks is compared with what the
//! recorded app asked.

use std::collections::HashMap;

use event_runtime::App;
use event_runtime::inngest::{InngestConfig, InngestService};
use serde_json::{Map, Value, json};

use event_inngest_tests::endpoint::{Answer, ask};
use event_inngest_tests::fake::{Asked, FakeServer};
use event_inngest_tests::signing::is_signed;
use event_inngest_tests::time::TestClock;

use crate::app::{WireEvents, WireFunctions};
use crate::differences;
use crate::exchange::Exchange;

/// A recording, and how its app was configured.
pub struct Recorded {
    pub exchanges: Vec<Exchange>,
    pub config: InngestConfig,
    /// With which everything is signed.
    pub key: Option<&'static str>,
}

/// How many exchanges were compared.
#[derive(Debug, PartialEq)]
pub struct Counts {
    /// Of those that the server began.
    pub calls: usize,
    /// Of those that the app began.
    pub asked: usize,
}

struct Replay {
    service: InngestService,
    server: FakeServer,
    clock: TestClock,
    key: Option<&'static str>,
    /// What the recorded app asked, and what was not asked again yet.
    expected: Vec<Exchange>,
}

/// Replays a recording, exchange by exchange.
pub async fn replay(recorded: Recorded) -> Counts {
    let Recorded { exchanges, config, key } = recorded;
    let answers = answers(&exchanges);
    let server = FakeServer::start(move |asked| answer(&answers, asked)).await;
    let clock = TestClock::default();
    let config = config.api_origin(&server.origin).unwrap().event_api_origin(&server.origin).unwrap();
    let config = config.clock(clock.clone());
    let app = App::<WireFunctions>::builder("wire-app").build().unwrap();
    let inngest = app.inngest(config);
    let (client, service) = (inngest.client(), inngest.service());
    let expected = exchanges.iter().filter(|exchange| exchange.from == "sdk").cloned().collect();
    let mut replay = Replay { service, server, clock, key, expected };
    let (mut calls, mut asked) = (0, 0);
    for exchange in &exchanges {
        match exchange.from.as_str() {
            "server" => {
                calls += 1;
                asked += replay.server_asks(exchange).await;
            }
            _ if exchange.asks("/e/") => asked += replay.send(&client, exchange).await,
            // The endpoint asks these during the server's requests.
            _ => {}
        }
    }
    let left: Vec<_> = replay.expected.iter().map(|exchange| &exchange.path).collect();
    assert!(left.is_empty(), "the recorded app asked these, and the endpoint did not: {left:?}");
    assert_eq!(calls + asked, exchanges.len(), "every exchange is compared");
    Counts { calls, asked }
}

impl Replay {
    /// A request of the server; gives how many requests it led to.
    async fn server_asks(&mut self, exchange: &Exchange) -> usize {
        let signed_at = exchange.request_headers.get("x-inngest-signature");
        let t = signed_at.and_then(|header| header.strip_prefix("t=")?.split('&').next()?.parse().ok());
        self.clock.set_secs(t.unwrap_or(1_795_408_545));
        let headers: Vec<_> =
            exchange.request_headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let body = exchange.request().as_bytes();
        let answer = ask(&self.service, &exchange.method, &exchange.path, &headers, body).await;
        self.compare_answer(exchange, &answer);
        let call = exchange.request_json();
        self.compare_asked(exchange.is_call().then(|| &call["ctx"]))
    }

    fn compare_answer(&self, exchange: &Exchange, answer: &Answer) {
        let at = format!("{} {} {}", exchange.method, exchange.path, exchange.request());
        let (expected, mut given) = match exchange.method.as_str() {
            // Section 4.5: whoever has no key is told less, and no error.
            "GET" if exchange.status == 401 => {
                assert_eq!(answer.json()["authentication_succeeded"], Value::Null);
                assert!(answer.json().get("app_id").is_none());
                return;
            }
            "GET" => {
                // One function fewer: a handler of failures is counted in both.
                (differences::of_introspection(exchange.response_json()), answer.json())
            }
            _ => {
                (differences::of_answer(exchange.response_json()), differences::without_causes(answer.json()))
            }
        };
        if let Value::Array(ops) = &mut given {
            ops.iter_mut().filter_map(Value::as_object_mut).for_each(|op| drop(op.remove("timing")));
        }
        assert_eq!(given, expected, "{at}");
        assert_eq!(answer.status, exchange.status, "{at}");
        for header in ["x-inngest-no-retry", "retry-after", "x-inngest-sync-kind"] {
            // Recorded with a key, an answer to a request without a signature lacks what section 4.1.2 demands.
            let recorded = exchange.response_headers.get(header).map_or("", String::as_str);
            let is_left_out = header == "x-inngest-sync-kind" && recorded.is_empty();
            assert!(is_left_out || answer.header(header) == recorded, "{header}: {at}");
        }
        assert_eq!(answer.header("x-inngest-req-version"), "2", "{at}");
        assert_eq!(answer.header("x-inngest-sdk"), differences::sdk(), "{at}");
        assert!(answer.header("content-type").starts_with("application/json"), "{at}");
        let is_signed_as_recorded =
            match (self.key, exchange.request_headers.contains_key("x-inngest-signature")) {
                (Some(key), true) => {
                    is_signed(secret(key), answer.header("x-inngest-signature"), &answer.body)
                }
                _ => answer.header("x-inngest-signature").is_empty(),
            };
        assert!(is_signed_as_recorded, "{at}");
    }

    /// Compares what the endpoint has asked during a request with what the recorded app asked.
    fn compare_asked(&mut self, ctx: Option<&Value>) -> usize {
        let asked = self.server.asked();
        for asked in &asked {
            let found = self.expected.iter().position(|exchange| is_same_question(exchange, asked, ctx));
            let found = found.unwrap_or_else(|| panic!("the recorded app did not ask {asked:?}"));
            let exchange = self.expected.remove(found);
            assert_eq!(question(given(asked)), question(exchange.request_json()), "{}", exchange.path);
            assert_eq!(asked.header("x-inngest-sdk"), differences::sdk());
            assert_eq!(asked.header("x-inngest-req-version"), "2");
            if let Some(recorded) = exchange.request_headers.get("authorization") {
                // Section 4.1.4: a bearer is a key; without one there is nothing to say.
                let expected =
                    if matches!(recorded.as_str(), "Bearer undefined" | "Bearer") { "" } else { recorded };
                assert_eq!(asked.header("authorization"), expected, "{}", exchange.path);
            }
        }
        asked.len()
    }

    /// Sends the events that the recorded app's script sent; those of its functions are sent by the functions.
    async fn send(&mut self, client: &event_runtime::Client<WireEvents>, exchange: &Exchange) -> usize {
        let events = exchange.request_json();
        let events = events.as_array().unwrap();
        if events[0]["name"] == "workflow/archived" {
            return 0;
        }
        let at = self.expected.iter().position(|other| other.request_body == exchange.request_body).unwrap();
        self.expected.remove(at);
        for event in events {
            client.send_json(event.to_string().as_bytes()).await.unwrap();
        }
        let asked = self.server.asked();
        assert_eq!(asked.len(), events.len());
        for (asked, event) in asked.iter().zip(events) {
            assert_eq!(asked.path, exchange.path);
            assert_eq!(asked.header("content-type"), "application/json");
            assert!(!asked.header("x-inngest-event-id-seed").is_empty());
            let mut given = asked.json()[0].clone();
            // Here an event has an id of its own when it is sent: sending it again starts nothing.
            let id = given.as_object_mut().unwrap().remove("id").unwrap();
            let mut event = event.clone();
            let recorded = event.as_object_mut().unwrap().remove("id");
            assert!(recorded.is_none_or(|recorded| recorded == id));
            assert_eq!(given, event);
        }
        1
    }
}

/// What is behind `signkey-..-`.
fn secret(key: &str) -> &str {
    key.rsplit('-').next().unwrap()
}

/// What the recorded server answered: to a sync, to the events that functions sent, to checkpoints.
fn answers(exchanges: &[Exchange]) -> HashMap<String, Value> {
    let mut answers = HashMap::new();
    for exchange in exchanges.iter().filter(|exchange| exchange.from == "sdk") {
        let key = if exchange.asks("/e/") {
            format!("{} {}", exchange.path, exchange.request_json()[0]["data"])
        } else {
            exchange.path.clone()
        };
        answers.insert(key, exchange.response_json());
    }
    answers
}

fn answer(answers: &HashMap<String, Value>, asked: &Asked) -> (u16, Value) {
    if !asked.path.starts_with("/e/") {
        return (200, answers.get(&asked.path).cloned().unwrap_or_default());
    }
    let of_function = answers.get(&format!("{} {}", asked.path, given(asked)[0]["data"]));
    (200, of_function.cloned().unwrap_or_else(|| json!({ "ids": ["any"], "status": 200 })))
}

/// Whether the recorded app asked this in the same call.
fn is_same_question(exchange: &Exchange, asked: &Asked, ctx: Option<&Value>) -> bool {
    let (recorded, given) = (exchange.request_json(), given(asked));
    if exchange.path != asked.path {
        return false;
    }
    if exchange.asks("/v1/checkpoint/") {
        let ctx = ctx.unwrap();
        return recorded["request_id"] == ctx["request_id"]
            && recorded["steps"][0]["id"] == given["steps"][0]["id"];
    }
    !exchange.asks("/e/") || recorded[0]["data"] == given[0]["data"]
}

/// What is asked here, as the recorded app would.
fn given(asked: &Asked) -> Value {
    differences::without_causes(asked.json())
}

/// What is asked, times aside.
fn question(mut asked: Value) -> Value {
    match &mut asked {
        Value::Array(events) => {
            events.iter_mut().filter_map(Value::as_object_mut).for_each(|event| drop(event.remove("ts")));
        }
        Value::Object(fields) if fields.contains_key("steps") => checkpoint(fields),
        Value::Object(fields) if fields.contains_key("functions") => {
            return differences::of_registration(asked);
        }
        _ => {}
    }
    asked
}

fn checkpoint(fields: &mut Map<String, Value>) {
    let steps = fields.get_mut("steps").and_then(Value::as_array_mut).unwrap();
    steps.iter_mut().filter_map(Value::as_object_mut).for_each(|op| differences::of_operation(op, false));
    fields.remove("ts");
    fields.remove("request_started_at");
}
