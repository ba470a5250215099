//! Replies: kept until the gateway says that it has them, and brought to the server by another way when it does not (section 8.7).

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use http::header::CONTENT_TYPE;
use http::{Method, StatusCode};
use prost::Message as _;
use tokio::time::Instant;

use super::super::host::Host;
use super::super::server::Ask;
use super::PROTOBUF;
use super::wire::SdkResponse;

/// The timeout of an acknowledgement.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// The replies that the server may not have, by the id of their request.
#[derive(Default)]
pub(super) struct Replies(HashMap<String, Kept>);

struct Kept {
    reply: SdkResponse,
    /// Until when the gateway may acknowledge it; `None` when it was not given to one.
    until: Option<Instant>,
}

impl Replies {
    /// Keeps a reply; `is_sent` when a gateway was given it just now.
    pub(super) fn keep(&mut self, reply: SdkResponse, is_sent: bool) {
        let until = is_sent.then(|| Instant::now() + PATIENCE);
        self.0.insert(reply.request_id.clone(), Kept { reply, until });
    }

    /// The gateway has it.
    pub(super) fn acknowledge(&mut self, request: &str) {
        self.0.remove(request);
    }

    /// No gateway acknowledges anything any more.
    pub(super) fn give_up_on_the_gateway(&mut self) {
        self.0.values_mut().for_each(|kept| kept.until = None);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The replies for which no gateway is waited any longer.
    pub(super) fn overdue(&self) -> Vec<SdkResponse> {
        let now = Instant::now();
        let overdue = self.0.values().filter(|kept| kept.until.is_none_or(|until| until <= now));
        overdue.map(|kept| kept.reply.clone()).collect()
    }
}

/// Brings replies to the server. Returns the ids of those that need not be brought again.
pub(super) async fn flush(host: Arc<Host>, replies: Vec<SdkResponse>) -> Vec<String> {
    let url = format!("{}/v0/connect/flush", host.config.api());
    let mut done = Vec::new();
    for reply in replies {
        let headers = vec![(CONTENT_TYPE, PROTOBUF.to_owned())];
        let ask = Ask { method: Method::POST, url: &url, headers, body: reply.encode_to_vec().into() };
        match host.server.ask_patiently(ask).await {
            Ok(answer) if answer.status == StatusCode::OK => done.push(reply.request_id),
            Ok(answer) if answer.status.is_client_error() => {
                let (status, run) = (answer.status, reply.run_id);
                tracing::error!(%status, run, "the Inngest server refuses the result of a call, and calls again");
                done.push(reply.request_id);
            }
            Ok(answer) => {
                tracing::warn!(status = %answer.status, "the Inngest server does not take a result yet");
            }
            Err(error) => {
                tracing::warn!(%error, "a result is kept until the Inngest server can be reached");
            }
        }
    }
    done
}
