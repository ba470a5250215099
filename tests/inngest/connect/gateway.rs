//! A gateway on loopback: the API that names it, and the sockets that workers open to it. The messages are declared once more,
//! from `connect.proto` of the server.

use event_inngest_tests::fake::FakeServer;
use futures_util::{SinkExt, StreamExt};
use prost::Message as _;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};

#[derive(Clone, PartialEq, prost::Message)]
pub struct Envelope {
    #[prost(int32, tag = "1")]
    pub kind: i32,
    #[prost(bytes = "vec", tag = "2")]
    pub payload: Vec<u8>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct Start {
    #[prost(string, repeated, tag = "1")]
    pub exclude_gateways: Vec<String>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct Started {
    #[prost(string, tag = "1")]
    pub connection_id: String,
    #[prost(string, tag = "2")]
    pub gateway_endpoint: String,
    #[prost(string, tag = "3")]
    pub gateway_group: String,
    #[prost(string, tag = "4")]
    pub session_token: String,
    #[prost(string, tag = "5")]
    pub sync_token: String,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct Connect {
    #[prost(string, tag = "1")]
    pub connection_id: String,
    #[prost(string, tag = "2")]
    pub instance_id: String,
    #[prost(message, optional, tag = "3")]
    pub auth_data: Option<Auth>,
    #[prost(message, repeated, tag = "5")]
    pub apps: Vec<AppConfiguration>,
    #[prost(string, tag = "12")]
    pub sdk_language: String,
    #[prost(int64, optional, tag = "14")]
    pub max_worker_concurrency: Option<i64>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct Auth {
    #[prost(string, tag = "1")]
    pub session_token: String,
    #[prost(string, tag = "2")]
    pub sync_token: String,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct AppConfiguration {
    #[prost(string, tag = "1")]
    pub app_name: String,
    #[prost(bytes = "vec", tag = "4")]
    pub functions: Vec<u8>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct Ready {
    #[prost(string, tag = "1")]
    pub heartbeat_interval: String,
    #[prost(string, tag = "2")]
    pub extend_lease_interval: String,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct Call {
    #[prost(string, tag = "1")]
    pub request_id: String,
    #[prost(string, tag = "5")]
    pub app_name: String,
    #[prost(string, tag = "7")]
    pub function_slug: String,
    #[prost(string, optional, tag = "8")]
    pub step_id: Option<String>,
    #[prost(bytes = "vec", tag = "9")]
    pub request_payload: Vec<u8>,
    #[prost(string, tag = "12")]
    pub run_id: String,
    #[prost(string, tag = "13")]
    pub lease_id: String,
}

/// The acknowledgement of a call, and the request for more time.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Ack {
    #[prost(string, tag = "1")]
    pub request_id: String,
    #[prost(string, tag = "10")]
    pub lease_id: String,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct Extended {
    #[prost(string, tag = "1")]
    pub request_id: String,
    #[prost(string, optional, tag = "6")]
    pub new_lease_id: Option<String>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct Reply {
    #[prost(string, tag = "1")]
    pub request_id: String,
    #[prost(int32, tag = "5")]
    pub status: i32,
    #[prost(bytes = "vec", tag = "6")]
    pub body: Vec<u8>,
    #[prost(bool, tag = "7")]
    pub no_retry: bool,
    #[prost(string, optional, tag = "8")]
    pub retry_after: Option<String>,
    #[prost(string, tag = "13")]
    pub run_id: String,
}

pub const HELLO: i32 = 0;
pub const CONNECT: i32 = 1;
pub const READY: i32 = 2;
pub const CALL: i32 = 3;
pub const ACK: i32 = 5;
pub const REPLY: i32 = 6;
pub const REPLY_ACK: i32 = 7;
pub const PAUSE: i32 = 8;
pub const WORKER_HEARTBEAT: i32 = 9;
pub const GATEWAY_HEARTBEAT: i32 = 10;
pub const CLOSING: i32 = 11;
pub const EXTEND: i32 = 12;
pub const EXTENDED: i32 = 13;

/// The gateway, and the API that names it.
pub struct Gateway {
    pub api: FakeServer,
    listener: TcpListener,
}

impl Gateway {
    pub async fn start() -> Self {
        Self::start_whose_api_takes_results_with(200).await
    }

    /// Starts one whose API answers with this status when it is brought a result.
    pub async fn start_whose_api_takes_results_with(status: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("ws://{}/v0/connect", listener.local_addr().unwrap());
        let api = FakeServer::start_with_text(move |asked| {
            if asked.path == "/v0/connect/flush" {
                return (status, String::new());
            }
            let started = Started {
                connection_id: "01JQX8Z7M0000000000000000A".to_owned(),
                gateway_endpoint: endpoint.clone(),
                gateway_group: "gateway-group".to_owned(),
                session_token: "session".to_owned(),
                sync_token: "sync".to_owned(),
            };
            (200, String::from_utf8(started.encode_to_vec()).unwrap())
        })
        .await;
        Self { api, listener }
    }

    /// Waits for a worker, and makes the handshake with it.
    pub async fn accept(&self, heartbeat: &str, lease: &str) -> (Socket, Connect) {
        let (stream, _) = self.listener.accept().await.unwrap();
        #[allow(clippy::result_large_err, reason = "the signature is that of the library")]
        let protocol = |request: &Request, mut response: Response| {
            let protocol = request.headers()["sec-websocket-protocol"].clone();
            assert_eq!(protocol, "v0.connect.inngest.com");
            response.headers_mut().insert("sec-websocket-protocol", protocol);
            Ok(response)
        };
        let mut socket = Socket(accept_hdr_async(stream, protocol).await.unwrap());
        socket.say(HELLO, &Envelope::default()).await;
        let connect = socket.expect(CONNECT).await;
        let ready =
            Ready { heartbeat_interval: heartbeat.to_owned(), extend_lease_interval: lease.to_owned() };
        socket.say(READY, &ready).await;
        (socket, connect)
    }

    /// What the worker has brought by the other way, of requests to the API so far.
    pub fn flushed(&self) -> Vec<Reply> {
        let flushed = self.api.asked().into_iter().filter(|asked| asked.path == "/v0/connect/flush");
        flushed.map(|asked| Reply::decode(asked.body).unwrap()).collect()
    }
}

/// The gateway's end of a connection.
pub struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    pub async fn say(&mut self, kind: i32, payload: &impl prost::Message) {
        let envelope = Envelope { kind, payload: payload.encode_to_vec() };
        self.0.send(Message::Binary(envelope.encode_to_vec().into())).await.unwrap();
    }

    /// The next message; `None` when the worker has closed the connection.
    pub async fn next(&mut self) -> Option<Envelope> {
        loop {
            match self.0.next().await? {
                Ok(Message::Binary(bytes)) => return Some(Envelope::decode(bytes).unwrap()),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// The next message of a kind. Others are passed over; heartbeats are answered.
    pub async fn expect<T: prost::Message + Default>(&mut self, kind: i32) -> T {
        loop {
            let message = self.next().await.expect("the worker is still there");
            if message.kind == kind {
                return T::decode(&*message.payload).unwrap();
            }
            if message.kind == WORKER_HEARTBEAT {
                self.say(GATEWAY_HEARTBEAT, &Envelope::default()).await;
            }
        }
    }

    /// Waits until the worker has closed the connection; returns why.
    pub async fn closed(&mut self) -> Option<String> {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.reason.to_string()),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }
}
