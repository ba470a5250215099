//! Calls (section 4.4): what is called, with what, and where the rest of the request is.

use bytes::Bytes;
use http::{Method, StatusCode};

use super::execute::{Execution, Task};
use super::host::Host;
use super::incoming::{self, Known};
use super::query::Query;
use super::reply::Reply;
use super::server::Ask;
use super::wire::call::{Call, Steps};
use super::wire::event::Incoming;

/// Carries out a call.
pub(super) async fn answer(host: &Host, query: &Query, body: &[u8], traceparent: Option<&str>) -> Reply {
    let internal = |name, message: String| Reply::refused(StatusCode::INTERNAL_SERVER_ERROR, name, message);
    let Some(callable) = query.function.as_deref().and_then(|id| host.callable(id)) else {
        return internal(
            "UnknownFunction",
            "the application has no function of this id: sync it again".to_owned(),
        );
    };
    let mut call: Call<'_> = match serde_json::from_slice(body) {
        Ok(call) => call,
        Err(error) => {
            return internal("InvalidRequest", format!("the body is not a call: {}", place(&error)));
        }
    };
    let fetched = match Fetched::of(host, &call).await {
        Ok(fetched) => fetched,
        Err(message) => return internal("IncompleteRequest", message),
    };
    if let Err(message) = fetched.fill(&mut call) {
        return internal("IncompleteRequest", message);
    }
    let layers = &host.core.middleware;
    let known = Known { app: &host.app, find: host.find, meta: &host.core.meta, layers };
    let events = match incoming::events(&mut call, callable, known) {
        Ok(events) => events,
        Err(error) => {
            let message = format!("the event of a failure cannot be read: {}", place(&error));
            return internal("InvalidRequest", message);
        }
    };
    let task = Task {
        function: callable.function,
        index: callable.index,
        events: incoming::shared(events, traceparent),
        // The first call of a run tells of neither steps nor their order.
        steps: call.steps.take().unwrap_or_default(),
        stack: call.ctx.stack.take().and_then(|stack| stack.stack).unwrap_or_default(),
        ctx: &call.ctx,
        target: query.step.as_deref().filter(|step| *step != "step"),
    };
    Execution::new(host, task).drive().await
}

/// Where JSON is wrong. What the parser says would repeat what was sent.
fn place(error: &serde_json::Error) -> String {
    format!("line {}, column {}", error.line(), error.column())
}

/// The parts of a call that were too large for the request (section 4.4.2).
#[derive(Default)]
struct Fetched {
    events: Option<Bytes>,
    steps: Option<Bytes>,
}

impl Fetched {
    async fn of(host: &Host, call: &Call<'_>) -> Result<Self, String> {
        if !call.ctx.use_api {
            return Ok(Self::default());
        }
        let run: String = url::form_urlencoded::byte_serialize(call.ctx.run_id.as_bytes()).collect();
        let url = |what| format!("{}/v0/runs/{run}/{what}", host.config.api());
        let events = fetch(host, &url("batch")).await?;
        let steps = fetch(host, &url("actions")).await?;
        Ok(Self { events: Some(events), steps: Some(steps) })
    }

    fn fill<'a>(&'a self, call: &mut Call<'a>) -> Result<(), String> {
        let unreadable = |_| "what the Inngest server gives is not what was asked for".to_owned();
        if let Some(events) = &self.events {
            call.events = Some(serde_json::from_slice::<Vec<Incoming<'a>>>(events).map_err(unreadable)?);
        }
        if let Some(steps) = &self.steps {
            let steps: Option<Steps<'a>> = serde_json::from_slice::<Option<_>>(steps).map_err(unreadable)?;
            call.steps = steps;
        }
        Ok(())
    }
}

async fn fetch(host: &Host, url: &str) -> Result<Bytes, String> {
    let ask = Ask { method: Method::GET, url, headers: Vec::new(), body: Bytes::new() };
    let answer = host.server.ask_patiently(ask).await.map_err(|error| error.to_string())?;
    if answer.status == StatusCode::OK {
        Ok(answer.body)
    } else {
        Err(format!("the Inngest server answers {} when asked for the rest of the request", answer.status))
    }
}
