//! The layers of an application, and where they are entered.

#[cfg(any(feature = "embedded", feature = "testing", all(test, feature = "engine")))]
use std::borrow::Cow;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::Poll;

use serde_json::value::RawValue;

use super::info::{Execution, Failure, Host, Place, SentEvent, StepAttempt};
use super::next::{Next, run_beside};
use super::{Expression, Json, Middleware, Running};
use crate::client::BoxFuture;
use crate::event::{EventDescriptor, Outgoing, RawEnvelope};
use crate::function::{
    Error, FunctionDescriptor, Handler, Invocation, Promises, Result, StepKind, Unfit, function_panicked,
};

/// The middleware of an application or a client, in the order of its registration: the first is next to the host. Without any
/// there is nothing to enter.
#[derive(Clone, Default)]
pub(crate) struct Chain(Option<Arc<[Arc<dyn Middleware>]>>);

impl Chain {
    pub(crate) fn new(layers: Vec<Arc<dyn Middleware>>) -> Self {
        Self((!layers.is_empty()).then(|| layers.into()))
    }

    /// The same chain with another layer inside it.
    pub(crate) fn with(&self, layer: Arc<dyn Middleware>) -> Self {
        let mut layers: Vec<_> = self.0.iter().flat_map(|layers| layers.iter().cloned()).collect();
        layers.push(layer);
        Self::new(layers)
    }

    fn layers(&self) -> &[Arc<dyn Middleware>] {
        self.0.as_deref().unwrap_or_default()
    }

    /// Wraps the handler of a function.
    pub(crate) fn around(
        &self,
        function: &'static FunctionDescriptor,
        handler: Handler,
        find: Find,
    ) -> Handler {
        let Some(layers) = &self.0 else { return handler };
        let layers = Arc::clone(layers);
        Arc::new(move |invocation| {
            let execution = Arc::new(Execution::new(function, &invocation));
            let entered = Layers { all: Arc::clone(&layers), execution, find };
            let handler = Arc::clone(&handler);
            Box::pin(async move { entered.execute(&handler, invocation).await })
        })
    }

    /// Sends events through the layers: from the innermost to the host.
    pub(crate) fn send(&self, host: Host, events: &mut [RawEnvelope], find: Find) -> Result<()> {
        for layer in self.layers().iter().rev() {
            for RawEnvelope { id, name, data, user, .. } in &mut *events {
                let descriptor = find(name);
                layer.send(&mut SentEvent { host, id: Some(id), name, descriptor, data, user })?;
            }
        }
        Ok(())
    }

    /// Reviews an expression.
    pub(crate) fn review(&self, expression: &Expression<'_>) -> Result<(), String> {
        self.layers().iter().try_for_each(|layer| layer.review(expression))
    }

    /// An event as functions get it.
    pub(crate) fn receive(&self, event: &mut RawEnvelope) -> Result<()> {
        self.layers().iter().try_for_each(|layer| layer.receive(event))
    }

    /// The payload of an event as functions get it.
    pub(crate) fn receive_data(
        &self,
        name: &str,
        v: Option<u32>,
        data: Box<RawValue>,
    ) -> Result<Box<RawValue>> {
        if self.0.is_none() {
            return Ok(data);
        }
        let (id, name) = (String::new(), name.to_owned());
        let mut event =
            RawEnvelope { id, name, data, ts: 0, v, user: None, traceparent: None, cause: None, meta: None };
        self.receive(&mut event).map(|()| event.data)
    }

    /// A recorded result as it is shown to who looks at a run: as it is recorded, if it cannot be recalled.
    #[cfg(any(feature = "embedded", feature = "testing", all(test, feature = "engine")))]
    pub(crate) fn shown<'j>(&self, place: &Place<'_>, json: &'j str) -> Cow<'j, str> {
        let shown = match place.step {
            _ if self.0.is_none() => None,
            Some((_, StepKind::Sleep | StepKind::Send | StepKind::Signal | StepKind::Undo)) => None,
            Some((_, StepKind::Wait)) => {
                let event = serde_json::from_str::<RawEnvelope>(json).ok();
                event.and_then(|event| serde_json::to_string(&self.shown_event(event)).ok())
            }
            Some((_, StepKind::Run | StepKind::Invoke)) | None => {
                self.recalled(place, json.into()).ok().map(|recalled| (*recalled).to_owned())
            }
        };
        shown.map_or(Cow::Borrowed(json), Cow::Owned)
    }

    /// A recorded result as whoever waits for it gets it.
    #[cfg(feature = "engine")]
    pub(crate) fn recalled(&self, place: &Place<'_>, json: Arc<str>) -> Result<Arc<str>> {
        recall(self.layers(), place, Json::new(json)).map(Json::into_text)
    }

    /// An event as it is shown: as it is stored, if it cannot be received.
    #[cfg(any(feature = "embedded", feature = "testing", all(test, feature = "engine")))]
    pub(crate) fn shown_event(&self, event: RawEnvelope) -> RawEnvelope {
        let mut shown = event.clone();
        if self.receive(&mut shown).is_ok() { shown } else { event }
    }
}

/// Looks an event up in the registry of the application.
pub(crate) type Find = fn(&str) -> Option<&'static EventDescriptor>;

fn recall(layers: &[Arc<dyn Middleware>], place: &Place<'_>, result: Json) -> Result<Json> {
    layers.iter().try_fold(result, |result, layer| layer.recall(place, result))
}

/// The layers around one execution.
pub(crate) struct Layers {
    all: Arc<[Arc<dyn Middleware>]>,
    execution: Arc<Execution>,
    find: Find,
}

impl Layers {
    /// Calls the handler.
    async fn execute(mut self, handler: &Handler, mut invocation: Invocation) -> Result<Arc<str>> {
        let received = self.receive_all(&mut invocation.events);
        if received.is_ok() {
            self.execution = Arc::new(Execution::new(self.execution.function, &invocation));
        }
        let entered = Arc::new(self);
        invocation.promises.enter(Arc::clone(&entered));
        let result = match received {
            Ok(()) => entered.call(handler, invocation).await,
            Err(error) => Err(error),
        };
        let result = result.and_then(|result| entered.record(None, result));
        if let Err(error) = &result {
            entered.failed(None, entered.execution.attempt, error);
        }
        result.map(Json::into_text)
    }

    async fn call(&self, handler: &Handler, invocation: Invocation) -> Result<Json> {
        let promises = Arc::clone(&invocation.promises);
        let code: Running<'_> = Box::pin(guarded(handler(invocation), promises));
        Next::new(&self.all, &*self.execution, code).run().await
    }

    fn receive_all(&self, events: &mut Arc<[Arc<RawEnvelope>]>) -> Result<()> {
        let received = events.iter().map(|event| {
            let mut event = (**event).clone();
            self.receive(&mut event).map(|()| Arc::new(event))
        });
        *events = received.collect::<Result<_>>()?;
        Ok(())
    }

    /// Receives an event from the host: from the outermost layer to the code.
    pub(crate) fn receive(&self, event: &mut RawEnvelope) -> Result<()> {
        self.all.iter().try_for_each(|layer| layer.receive(event))
    }

    /// Runs one attempt of a body, which has failed so often, and gives what is to be recorded.
    pub(crate) async fn run_body(
        &self,
        step: &Arc<str>,
        failed: u32,
        body: impl Future<Output = Result<Arc<str>>>,
    ) -> Result<Arc<str>> {
        let attempt =
            StepAttempt { execution: Arc::clone(&self.execution), id: Arc::clone(step), attempt: failed };
        let body = async { body.await.map(Json::new) };
        let result = run_beside(&self.all, &attempt, body).await;
        let result = result.and_then(|result| self.record(Some((step, StepKind::Run)), result));
        if let Err(error) = &result {
            self.failed(Some(step), failed, error);
        }
        result.map(Json::into_text)
    }

    fn record(&self, step: Option<(&str, StepKind)>, result: Json) -> Result<Json> {
        let place = self.execution.place(step);
        self.all.iter().rev().try_fold(result, |result, layer| layer.record(&place, result))
    }

    /// The result of a body as it is recorded outside of the host.
    #[cfg(feature = "database")]
    pub(crate) fn record_elsewhere(&self, step: &str, json: String) -> Result<String> {
        let recorded = self.record(Some((step, StepKind::Run)), Json::new(json.into()))?;
        Ok(recorded.as_str().to_owned())
    }

    /// Gives a recorded result as the function sees it. Those of other steps are the host's own.
    pub(crate) fn recall(&self, step: (&str, StepKind), result: Arc<str>) -> Result<Arc<str>> {
        match step.1 {
            StepKind::Run | StepKind::Invoke => {
                let place = self.execution.place(Some(step));
                recall(&self.all, &place, Json::new(result)).map(Json::into_text)
            }
            StepKind::Wait => match serde_json::from_str::<RawEnvelope>(&result) {
                Ok(mut event) => {
                    self.receive(&mut event)?;
                    Ok(serde_json::to_string(&event)?.into())
                }
                // It has waited in vain, or the step says what is wrong.
                Err(_) => Ok(result),
            },
            StepKind::Sleep | StepKind::Send | StepKind::Signal | StepKind::Undo => Ok(result),
        }
    }

    /// Sends an event of a step.
    pub(crate) fn send(&self, event: &mut Outgoing) -> Result<()> {
        let Outgoing { id, name, data, user, .. } = event;
        let (host, descriptor) = (self.execution.host, (self.find)(name));
        self.all.iter().rev().try_for_each(|layer| {
            layer.send(&mut SentEvent { host, id: id.as_deref(), name, descriptor, data, user })
        })
    }

    /// Reviews the expression of a step that waits for an event.
    pub(crate) fn review_wait(&self, text: &str, awaited: &str) -> Result<(), String> {
        let events: Vec<_> =
            self.execution.events.first().and_then(|event| (self.find)(&event.name)).into_iter().collect();
        let place = (self.execution.function.id, "matching");
        let expression = Expression::new(place, text, &events, (self.find)(awaited));
        self.all.iter().try_for_each(|layer| layer.review(&expression))
    }

    fn failed(&self, step: Option<&str>, attempt: u32, error: &Error) {
        // Such a run does not fail: it waits for another build.
        if error.downcast_ref::<Unfit>().is_some_and(|unfit| unfit.is_for_another_build) {
            return;
        }
        let failure = Failure {
            execution: &self.execution,
            step,
            attempt,
            error,
            is_final: self.execution.is_final(attempt, error),
            is_of_step: step.is_none() && error.step_error().is_some(),
        };
        for layer in &*self.all {
            layer.failed(&failure);
        }
    }
}

/// Reviews the expressions in the options of a function.
pub(crate) fn review(chain: &Chain, function: &FunctionDescriptor, find: Find) -> Result<(), String> {
    let events: Vec<_> = function.triggers.iter().filter_map(|name| find(name)).collect();
    super::of_options(function).try_for_each(|(option, text, awaited)| {
        chain.review(&Expression::new((function.id, option), text, &events, awaited.and_then(find)))
    })
}

/// The handler, whose panics are errors: layers see them. It ends when a result cannot be recalled.
async fn guarded(mut handler: BoxFuture<'static, Result<Arc<str>>>, promises: Arc<Promises>) -> Result<Json> {
    let result = poll_fn(|cx| {
        let polled = catch_unwind(AssertUnwindSafe(|| handler.as_mut().poll(cx)))
            .unwrap_or_else(|panic| Poll::Ready(Err(function_panicked(&*panic))));
        promises.take_unreadable().map_or(polled, |error| Poll::Ready(Err(error)))
    });
    result.await.map(Json::new)
}
