//! Reporting the results of steps while the call goes on (chapter 10).

use std::time::Duration;

use http::Method;
use serde::Serialize;

use super::checkpointing::Checkpointing;
use super::server::{Ask, Server};
use super::wire::call::Ctx;
use super::wire::op::Op;

/// The results of a call that the server does not have yet.
pub(super) struct Checkpoint<'c> {
    server: &'c Server,
    settings: Checkpointing,
    run: &'c str,
    function: &'c str,
    queue_item: &'c str,
    ctx: &'c Ctx,
    began_ms: i64,
    /// Not reported yet.
    buffer: Vec<Op>,
    /// When the first of them was added.
    since_ms: i64,
    /// Whether reporting has failed: then the call is to end, with what is not reported in its answer.
    has_failed: bool,
}

/// Section 10.3.1; the last four as the TypeScript SDK sends them.
#[derive(Serialize)]
struct Body<'a> {
    run_id: &'a str,
    fn_id: &'a str,
    qi_id: &'a str,
    steps: &'a [Op],
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    generation_id: Option<u64>,
    request_started_at: i64,
    ts: i64,
}

impl<'c> Checkpoint<'c> {
    /// Reporting is for calls that run what they find: of one step that the server has planned, the result is the answer.
    pub(super) fn of_call(server: &'c Server, ctx: &'c Ctx, is_targeted: bool) -> Option<Self> {
        let settings = server.config.checkpointing?;
        if is_targeted || ctx.disable_immediate_execution {
            return None;
        }
        Some(Self {
            server,
            settings,
            run: &ctx.run_id,
            // A server that does not tell them cannot be reported to.
            function: ctx.fn_id.as_deref()?,
            queue_item: ctx.qi_id.as_deref()?,
            ctx,
            began_ms: server.environment.now_ms(),
            buffer: Vec::new(),
            since_ms: 0,
            has_failed: false,
        })
    }

    /// Adds a result.
    pub(super) fn add(&mut self, op: Op) {
        if self.buffer.is_empty() {
            self.since_ms = self.server.environment.now_ms();
        }
        self.buffer.push(op);
    }

    /// Whether the server has everything.
    pub(super) fn is_empty(&self) -> bool {
        self.buffer.is_empty()
    }

    /// Whether it is time to report.
    pub(super) fn is_due(&self) -> bool {
        self.buffer.len() >= self.settings.buffered_steps.max(1)
            || self.wait().is_some_and(|wait| wait.is_zero())
    }

    /// The time until a report is due; `None` when nothing waits for a time.
    pub(super) fn wait(&self) -> Option<Duration> {
        if self.buffer.is_empty() || self.settings.max_interval.is_zero() || self.has_failed {
            return None;
        }
        let waited = self.server.environment.now_ms().saturating_sub(self.since_ms).max(0).unsigned_abs();
        Some(self.settings.max_interval.saturating_sub(Duration::from_millis(waited)))
    }

    /// Whether the call has taken so long that the next step belongs into another one.
    pub(super) fn is_over(&self) -> bool {
        let limit = self.settings.max_runtime;
        let ran = self.server.environment.now_ms().saturating_sub(self.began_ms).max(0).unsigned_abs();
        !limit.is_zero() && Duration::from_millis(ran) >= limit
    }

    /// Reports what was gathered, and says whether the server has it now. What it does not have stays gathered, for the
    /// answer of the call (section 10.4.3).
    pub(super) async fn flush(&mut self) -> bool {
        if self.buffer.is_empty() || self.has_failed {
            return !self.has_failed;
        }
        match self.report().await {
            Ok(()) => self.buffer.clear(),
            Err(reason) => {
                self.has_failed = true;
                tracing::warn!(
                    run = self.run,
                    reason,
                    "results could not be reported during the call: it ends with them"
                );
            }
        }
        !self.has_failed
    }

    /// Takes the operations that the server does not have yet.
    pub(super) fn take(&mut self) -> Vec<Op> {
        std::mem::take(&mut self.buffer)
    }

    async fn report(&self) -> Result<(), String> {
        let body = Body {
            run_id: self.run,
            fn_id: self.function,
            qi_id: self.queue_item,
            steps: &self.buffer,
            request_id: self.ctx.request_id.as_deref(),
            generation_id: self.ctx.generation_id,
            request_started_at: self.began_ms,
            ts: self.server.environment.now_ms(),
        };
        let body = serde_json::to_vec(&body).map_err(|error| error.to_string())?;
        let run: String = url::form_urlencoded::byte_serialize(self.run.as_bytes()).collect();
        let url = format!("{}/v1/checkpoint/{run}/async", self.server.config.api());
        let ask = Ask { method: Method::POST, url: &url, headers: Vec::new(), body: body.into() };
        let answer = self.server.ask_patiently(ask).await.map_err(|error| error.to_string())?;
        if answer.status.is_success() { Ok(()) } else { Err(format!("the server answers {}", answer.status)) }
    }
}
