//! The messages of Connect (sections 8.3 to 8.5): Protocol Buffers of the package `connect.v1`. Fields that nothing here reads or
//! writes are left out.

use prost::Message;

/// The name of the protocol in the handshake of the WebSocket.
pub(super) const SUBPROTOCOL: &str = "v0.connect.inngest.com";

/// The kind of a message (section 8.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub(super) enum Kind {
    GatewayHello = 0,
    WorkerConnect = 1,
    GatewayConnectionReady = 2,
    GatewayExecutorRequest = 3,
    WorkerReady = 4,
    WorkerRequestAck = 5,
    WorkerReply = 6,
    WorkerReplyAck = 7,
    WorkerPause = 8,
    WorkerHeartbeat = 9,
    GatewayHeartbeat = 10,
    GatewayClosing = 11,
    WorkerRequestExtendLease = 12,
    WorkerRequestExtendLeaseAck = 13,
    SyncFailed = 14,
    WorkerStatus = 15,
}

/// The envelope of every message.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Envelope {
    #[prost(enumeration = "Kind", tag = "1")]
    pub(super) kind: i32,
    #[prost(bytes = "vec", tag = "2")]
    pub(super) payload: Vec<u8>,
}

impl Envelope {
    pub(super) fn new(kind: Kind, payload: &impl Message) -> Self {
        Self { kind: kind.into(), payload: payload.encode_to_vec() }
    }

    pub(super) fn empty(kind: Kind) -> Self {
        Self { kind: kind.into(), payload: Vec::new() }
    }
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct StartRequest {
    #[prost(string, repeated, tag = "1")]
    pub(super) exclude_gateways: Vec<String>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct StartResponse {
    #[prost(string, tag = "1")]
    pub(super) connection_id: String,
    #[prost(string, tag = "2")]
    pub(super) gateway_endpoint: String,
    #[prost(string, tag = "3")]
    pub(super) gateway_group: String,
    #[prost(string, tag = "4")]
    pub(super) session_token: String,
    #[prost(string, tag = "5")]
    pub(super) sync_token: String,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct WorkerConnect {
    #[prost(string, tag = "1")]
    pub(super) connection_id: String,
    #[prost(string, tag = "2")]
    pub(super) instance_id: String,
    #[prost(message, optional, tag = "3")]
    pub(super) auth_data: Option<AuthData>,
    /// JSON.
    #[prost(bytes = "vec", tag = "4")]
    pub(super) capabilities: Vec<u8>,
    #[prost(message, repeated, tag = "5")]
    pub(super) apps: Vec<AppConfiguration>,
    #[prost(message, optional, tag = "7")]
    pub(super) system_attributes: Option<SystemAttributes>,
    #[prost(string, optional, tag = "8")]
    pub(super) environment: Option<String>,
    #[prost(string, tag = "9")]
    pub(super) framework: String,
    #[prost(string, tag = "11")]
    pub(super) sdk_version: String,
    #[prost(string, tag = "12")]
    pub(super) sdk_language: String,
    #[prost(message, optional, tag = "13")]
    pub(super) started_at: Option<Timestamp>,
    #[prost(int64, optional, tag = "14")]
    pub(super) max_worker_concurrency: Option<i64>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct AuthData {
    #[prost(string, tag = "1")]
    pub(super) session_token: String,
    #[prost(string, tag = "2")]
    pub(super) sync_token: String,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct AppConfiguration {
    #[prost(string, tag = "1")]
    pub(super) app_name: String,
    /// JSON.
    #[prost(bytes = "vec", tag = "4")]
    pub(super) functions: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct SystemAttributes {
    #[prost(int32, tag = "1")]
    pub(super) cpu_cores: i32,
    #[prost(string, tag = "3")]
    pub(super) os: String,
}

/// `google.protobuf.Timestamp`.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Timestamp {
    #[prost(int64, tag = "1")]
    pub(super) seconds: i64,
    #[prost(int32, tag = "2")]
    pub(super) nanos: i32,
}

/// The intervals, as texts such as `10s`.
#[allow(clippy::struct_field_names, reason = "the names of the protocol")]
#[derive(Clone, PartialEq, Message)]
pub(super) struct ConnectionReady {
    #[prost(string, tag = "1")]
    pub(super) heartbeat_interval: String,
    #[prost(string, tag = "2")]
    pub(super) extend_lease_interval: String,
    #[prost(string, tag = "3")]
    pub(super) status_interval: String,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct WorkerStatus {
    #[prost(string, repeated, tag = "1")]
    pub(super) in_flight_request_ids: Vec<String>,
    #[prost(bool, tag = "2")]
    pub(super) shutdown_requested: bool,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct ExecutorRequest {
    #[prost(string, tag = "1")]
    pub(super) request_id: String,
    #[prost(string, tag = "2")]
    pub(super) account_id: String,
    #[prost(string, tag = "3")]
    pub(super) env_id: String,
    #[prost(string, tag = "4")]
    pub(super) app_id: String,
    #[prost(string, tag = "5")]
    pub(super) app_name: String,
    #[prost(string, tag = "7")]
    pub(super) function_slug: String,
    #[prost(string, optional, tag = "8")]
    pub(super) step_id: Option<String>,
    #[prost(bytes = "vec", tag = "9")]
    pub(super) request_payload: Vec<u8>,
    #[prost(bytes = "vec", tag = "10")]
    pub(super) system_trace_ctx: Vec<u8>,
    #[prost(bytes = "vec", tag = "11")]
    pub(super) user_trace_ctx: Vec<u8>,
    #[prost(string, tag = "12")]
    pub(super) run_id: String,
    #[prost(string, tag = "13")]
    pub(super) lease_id: String,
}

/// The acknowledgement of a request; with `lease_id` it asks for more time.
#[derive(Clone, PartialEq, Message)]
pub(super) struct RequestAck {
    #[prost(string, tag = "1")]
    pub(super) request_id: String,
    #[prost(string, tag = "2")]
    pub(super) account_id: String,
    #[prost(string, tag = "3")]
    pub(super) env_id: String,
    #[prost(string, tag = "4")]
    pub(super) app_id: String,
    #[prost(string, tag = "5")]
    pub(super) function_slug: String,
    #[prost(string, optional, tag = "6")]
    pub(super) step_id: Option<String>,
    #[prost(bytes = "vec", tag = "7")]
    pub(super) system_trace_ctx: Vec<u8>,
    #[prost(bytes = "vec", tag = "8")]
    pub(super) user_trace_ctx: Vec<u8>,
    #[prost(string, tag = "9")]
    pub(super) run_id: String,
    #[prost(string, tag = "10")]
    pub(super) lease_id: String,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct ExtendLeaseAck {
    #[prost(string, tag = "1")]
    pub(super) request_id: String,
    #[prost(string, optional, tag = "6")]
    pub(super) new_lease_id: Option<String>,
}

/// The outcome of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub(super) enum Status {
    NotCompleted = 0,
    Done = 1,
    Error = 2,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct SdkResponse {
    #[prost(string, tag = "1")]
    pub(super) request_id: String,
    #[prost(string, tag = "2")]
    pub(super) account_id: String,
    #[prost(string, tag = "3")]
    pub(super) env_id: String,
    #[prost(string, tag = "4")]
    pub(super) app_id: String,
    #[prost(enumeration = "Status", tag = "5")]
    pub(super) status: i32,
    #[prost(bytes = "vec", tag = "6")]
    pub(super) body: Vec<u8>,
    #[prost(bool, tag = "7")]
    pub(super) no_retry: bool,
    #[prost(string, optional, tag = "8")]
    pub(super) retry_after: Option<String>,
    #[prost(string, tag = "9")]
    pub(super) sdk_version: String,
    #[prost(uint32, tag = "10")]
    pub(super) request_version: u32,
    #[prost(bytes = "vec", tag = "11")]
    pub(super) system_trace_ctx: Vec<u8>,
    #[prost(bytes = "vec", tag = "12")]
    pub(super) user_trace_ctx: Vec<u8>,
    #[prost(string, tag = "13")]
    pub(super) run_id: String,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct ReplyAck {
    #[prost(string, tag = "1")]
    pub(super) request_id: String,
}

/// Why the functions were not registered.
#[derive(Clone, PartialEq, Message)]
pub(super) struct SystemError {
    #[prost(string, tag = "1")]
    pub(super) code: String,
    #[prost(string, tag = "3")]
    pub(super) message: String,
}
