//! A server on loopback that notes what it is asked, and answers as a test says.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use tokio::net::TcpListener;

/// What a server was asked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The method.
    pub method: String,
    /// The path, with the query.
    pub path: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Asked {
    /// The body as JSON; `null` when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// A header, empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

type Behaviour = dyn Fn(&Asked) -> (u16, String) + Send + Sync;

#[derive(Clone)]
struct Shared {
    asked: Arc<Mutex<Vec<Asked>>>,
    behaviour: Arc<Behaviour>,
}

/// The server.
pub struct FakeServer {
    /// Where it is.
    pub origin: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl FakeServer {
    /// Starts one that answers each request with a status and JSON.
    ///
    /// # Panics
    ///
    /// When there is no port.
    pub async fn start(behaviour: impl Fn(&Asked) -> (u16, Value) + Send + Sync + 'static) -> Self {
        Self::start_with_text(move |asked| {
            let (status, body) = behaviour(asked);
            (status, body.to_string())
        })
        .await
    }

    /// Starts one that answers each request with a status and a text, which may be anything.
    ///
    /// # Panics
    ///
    /// When there is no port.
    pub async fn start_with_text(
        behaviour: impl Fn(&Asked) -> (u16, String) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let asked = Arc::<Mutex<Vec<Asked>>>::default();
        let shared = Shared { asked: Arc::clone(&asked), behaviour: Arc::new(behaviour) };
        let router = Router::new().fallback(answer).with_state(shared);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { origin, asked }
    }

    /// What it was asked since the last time.
    ///
    /// # Panics
    ///
    /// When a test panicked meanwhile.
    pub fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.asked.lock().expect("no test panicked"))
    }
}

async fn answer(State(shared): State<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = body.collect().await else { return StatusCode::BAD_REQUEST.into_response() };
    let asked = Asked {
        method: parts.method.to_string(),
        path: parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
        headers: parts.headers,
        body: body.to_bytes(),
    };
    let (status, body) = (shared.behaviour)(&asked);
    shared.asked.lock().expect("no test panicked").push(asked);
    (StatusCode::from_u16(status).expect("a status"), body).into_response()
}
