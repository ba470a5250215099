//! A call that came over the connection: its acknowledgement, and its reply (section 8.5.3).

use serde::Deserialize;

use super::super::call;
use super::super::headers;
use super::super::host::Host;
use super::super::query::Query;
use super::super::reply::Reply;
use super::wire::{ExecutorRequest, RequestAck, SdkResponse, Status};

/// The version of the execution protocol (section 4.1.2), as a number.
const VERSION: u32 = 2;

impl ExecutorRequest {
    /// The acknowledgement; with a lease, the request for more time.
    pub(super) fn ack(&self, lease_id: String) -> RequestAck {
        RequestAck {
            request_id: self.request_id.clone(),
            account_id: self.account_id.clone(),
            env_id: self.env_id.clone(),
            app_id: self.app_id.clone(),
            function_slug: self.function_slug.clone(),
            step_id: self.step_id.clone(),
            system_trace_ctx: self.system_trace_ctx.clone(),
            user_trace_ctx: self.user_trace_ctx.clone(),
            run_id: self.run_id.clone(),
            lease_id,
        }
    }

    /// Carries the call out.
    pub(super) async fn answer(self, host: &Host) -> SdkResponse {
        let query = Query {
            function: Some(self.function_slug.clone()),
            step: self.step_id.clone(),
            ..Query::default()
        };
        let traceparent = self.traceparent();
        let reply = call::answer(host, &query, &self.request_payload, traceparent.as_deref()).await;
        self.reply(reply)
    }

    /// The reply of a call that has panicked outside of the function.
    pub(super) fn broken(&self) -> SdkResponse {
        let message = "the call has panicked: see the log of the worker";
        let status = http::StatusCode::INTERNAL_SERVER_ERROR;
        self.clone().reply(Reply::refused(status, "Panic", message))
    }

    fn reply(self, reply: Reply) -> SdkResponse {
        let status = match reply.status.as_u16() {
            200 => Status::Done,
            206 => Status::NotCompleted,
            _ => Status::Error,
        };
        // Whole seconds, and never too early, as over HTTP.
        let retry_after =
            reply.retry_after.map(|delay| delay.as_secs() + u64::from(delay.subsec_nanos() > 0));
        SdkResponse {
            request_id: self.request_id,
            account_id: self.account_id,
            env_id: self.env_id,
            app_id: self.app_id,
            status: status.into(),
            body: reply.body.into(),
            no_retry: reply.no_retry == Some(true),
            retry_after: retry_after.map(|seconds| seconds.to_string()),
            sdk_version: headers::SDK_VALUE.to_owned(),
            request_version: VERSION,
            system_trace_ctx: self.system_trace_ctx,
            user_trace_ctx: self.user_trace_ctx,
            run_id: self.run_id,
        }
    }

    /// The trace that the call belongs to, which is JSON.
    fn traceparent(&self) -> Option<String> {
        #[derive(Deserialize)]
        struct Trace {
            traceparent: Option<String>,
        }

        serde_json::from_slice::<Trace>(&self.user_trace_ctx).ok()?.traceparent
    }
}
