//! A line: one connection to a gateway, from the request for it to the end of the handshake (sections 8.5.1 and 8.5.2).

use std::sync::Arc;
use std::time::Duration;

use event_conventions::parse_duration;
use futures_util::{SinkExt, StreamExt};
use http::header::{CONTENT_TYPE, HeaderValue, SEC_WEBSOCKET_PROTOCOL};
use http::{Method, StatusCode};
use prost::Message as _;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::{
    CloseFrame, Message, WebSocketConfig, frame::coding::CloseCode,
};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use super::super::headers;
use super::super::host::Host;
use super::super::server::Ask;
use super::super::sync;
use super::error::{ConnectError, Failure};
use super::wire::{
    AppConfiguration, AuthData, ConnectionReady, Envelope, Kind, SUBPROTOCOL, StartRequest, StartResponse,
    SystemAttributes, SystemError, Timestamp, WorkerConnect,
};
use super::{ConnectConfig, PROTOBUF};

/// The longest wait for the socket, for the greeting, and for the end of the handshake (section 8.5.2).
const SOCKET: Duration = Duration::from_secs(10);
const HELLO: Duration = Duration::from_secs(5);
const READY: Duration = Duration::from_secs(20);

/// The largest message that is read (section 8.5.2).
const MAX_MESSAGE_BYTES: usize = 10 * 1024 * 1024;

/// The placeholder URL of functions that are called over the connection: a server wants one of each.
const URL: &str = "ws://connect";

/// A connection on which the handshake has been made.
pub(super) struct Line {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// The gateways that are passed over when this one closes.
    pub(super) group: String,
    pub(super) heartbeat: Duration,
    pub(super) lease: Duration,
    /// The interval of status messages, if the server wants them.
    pub(super) status: Option<Duration>,
}

impl Line {
    /// Connects, and passes over the gateways of these groups.
    pub(super) async fn connect(
        host: Arc<Host>,
        config: ConnectConfig,
        excluded: Vec<String>,
        started_ms: i64,
    ) -> Result<Self, Failure> {
        let start = start(&host, excluded).await?;
        let endpoint = config.gateway.as_deref().unwrap_or(&start.gateway_endpoint);
        let mut socket =
            timeout(SOCKET, dial(endpoint)).await.map_err(|_| "the gateway does not answer".to_owned())??;
        match timeout(HELLO, next(&mut socket)).await {
            Ok(Ok(message)) if message.kind() == Kind::GatewayHello => {}
            Ok(Ok(message)) => return Err(format!("the gateway greets with {:?}", message.kind()).into()),
            Ok(Err(lost)) => return Err(lost.into()),
            Err(_) => return Err("the gateway does not greet".to_owned().into()),
        }
        let hello = hello(&host, &config, &start, started_ms)?;
        send(&mut socket, &Envelope::new(Kind::WorkerConnect, &hello)).await?;
        let ready =
            timeout(READY, next(&mut socket)).await.map_err(|_| "the gateway is not ready".to_owned())??;
        let ready = match ready.kind() {
            Kind::GatewayConnectionReady => decode::<ConnectionReady>(&ready)?,
            Kind::SyncFailed => {
                let SystemError { code, message } = decode(&ready)?;
                return Err(format!("the functions are not registered: {message} ({code})").into());
            }
            kind => return Err(format!("the gateway answers with {kind:?}").into()),
        };
        let interval = |text: &str, default| interval(text).unwrap_or(default);
        Ok(Self {
            socket,
            group: start.gateway_group,
            heartbeat: interval(&ready.heartbeat_interval, Duration::from_secs(10)),
            lease: interval(&ready.extend_lease_interval, Duration::from_secs(5)),
            status: self::interval(&ready.status_interval),
        })
    }

    /// Waits for the next message. Nothing is lost when this is cut off.
    pub(super) async fn next(&mut self) -> Result<Envelope, String> {
        next(&mut self.socket).await
    }

    pub(super) async fn send(&mut self, message: &Envelope) -> Result<(), String> {
        send(&mut self.socket, message).await
    }

    /// Says goodbye; whether it is heard matters to nobody.
    pub(super) async fn close(mut self, reason: &'static str) {
        let frame = CloseFrame { code: CloseCode::Normal, reason: reason.into() };
        let _ = timeout(HELLO, self.socket.close(Some(frame))).await;
    }
}

/// Asks the server for a gateway (section 8.5.1).
async fn start(host: &Host, exclude_gateways: Vec<String>) -> Result<StartResponse, Failure> {
    let url = format!("{}/v0/connect/start", host.config.api());
    let body = StartRequest { exclude_gateways }.encode_to_vec().into();
    let headers = vec![(CONTENT_TYPE, PROTOBUF.to_owned())];
    let ask = Ask { method: Method::POST, url: &url, headers, body };
    let answer = host.server.ask(ask).await.map_err(|error| error.to_string())?;
    match answer.status {
        StatusCode::OK => StartResponse::decode(answer.body)
            .map_err(|_| Failure::Passing("what the Inngest server answers is not a gateway".to_owned())),
        StatusCode::UNAUTHORIZED => Err(Failure::Fatal(ConnectError::Unauthorized)),
        StatusCode::TOO_MANY_REQUESTS => Err(Failure::Fatal(ConnectError::TooManyConnections)),
        status => Err(format!("the Inngest server answers {status} when it is asked for a gateway").into()),
    }
}

/// Opens the socket.
async fn dial(endpoint: &str) -> Result<WebSocketStream<MaybeTlsStream<TcpStream>>, String> {
    let refused = |error: &dyn std::fmt::Display| format!("the gateway cannot be reached: {error}");
    let mut request = endpoint.into_client_request().map_err(|error| refused(&error))?;
    request.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
    let config = WebSocketConfig::default()
        .max_message_size(Some(MAX_MESSAGE_BYTES))
        .max_frame_size(Some(MAX_MESSAGE_BYTES));
    let (socket, _) =
        connect_async_with_config(request, Some(config), true).await.map_err(|error| refused(&error))?;
    Ok(socket)
}

/// The worker's introduction: its name, capabilities and functions.
fn hello(
    host: &Host,
    config: &ConnectConfig,
    start: &StartResponse,
    started_ms: i64,
) -> Result<WorkerConnect, String> {
    let functions = serde_json::to_vec(&sync::functions(host, URL))
        .map_err(|error| format!("the functions cannot be written as JSON: {error}"))?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Ok(WorkerConnect {
        connection_id: start.connection_id.clone(),
        instance_id: config.instance_id(),
        auth_data: Some(AuthData {
            session_token: start.session_token.clone(),
            sync_token: start.sync_token.clone(),
        }),
        capabilities: br#"{"trust_probe":"v1","connect":"v1"}"#.to_vec(),
        apps: vec![AppConfiguration { app_name: host.app.clone(), functions }],
        system_attributes: Some(SystemAttributes {
            cpu_cores: i32::try_from(cores).unwrap_or(i32::MAX),
            os: std::env::consts::OS.to_owned(),
        }),
        environment: host.config.env.clone(),
        framework: "connect".to_owned(),
        sdk_version: headers::VERSION.to_owned(),
        sdk_language: headers::LANGUAGE.to_owned(),
        started_at: Some(Timestamp {
            seconds: started_ms.div_euclid(1_000),
            nanos: i32::try_from(started_ms.rem_euclid(1_000) * 1_000_000).unwrap_or(0),
        }),
        max_worker_concurrency: i64::try_from(config.max_concurrency).ok(),
    })
}

async fn next(socket: &mut WebSocketStream<MaybeTlsStream<TcpStream>>) -> Result<Envelope, String> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Binary(bytes))) => {
                let unreadable = |_| "a message of the gateway cannot be read".to_owned();
                return Envelope::decode(bytes).map_err(unreadable);
            }
            Some(Ok(Message::Close(Some(frame)))) => {
                return Err(format!("the gateway closes the connection: {} {}", frame.code, frame.reason));
            }
            Some(Ok(Message::Close(None))) | None => {
                return Err("the gateway closes the connection".to_owned());
            }
            // Pings are answered by the library.
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(format!("the connection is lost: {error}")),
        }
    }
}

async fn send(
    socket: &mut WebSocketStream<MaybeTlsStream<TcpStream>>,
    message: &Envelope,
) -> Result<(), String> {
    let message = Message::Binary(message.encode_to_vec().into());
    socket.send(message).await.map_err(|error| format!("the connection is lost: {error}"))
}

/// Reads the payload of a message.
pub(super) fn decode<T: prost::Message + Default>(message: &Envelope) -> Result<T, String> {
    T::decode(&*message.payload)
        .map_err(|_| format!("the payload of a {:?} of the gateway cannot be read", message.kind()))
}

/// An interval that the server names.
fn interval(text: &str) -> Option<Duration> {
    parse_duration(text).ok().filter(|interval| !interval.is_zero())
}
