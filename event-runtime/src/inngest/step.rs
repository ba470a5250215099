//! A step that a function has found, and the operation that tells a server of it.

use std::sync::Arc;

use super::registration::composite;
use super::wire::event::UnnamedEvent;
use super::wire::op::{KindOpts, Op, OpCode, hash};
use super::wire::time::{date, duration_text};
use crate::event::{Cause, Origin, RawEnvelope};
use crate::function::{InvokeRequest, MAX_WAIT_MS, Request, SignalRequest, StepOptions, WaitRequest};

/// The name of a step that sends events, and how a server's UI shows it: those of the TypeScript SDK.
const SEND_NAME: &str = "sendEvent";
const SEND_TYPE: &str = "step.sendEvent";

/// A step that was found.
pub(super) struct FoundStep {
    pub(super) key: Arc<str>,
    /// The id on the wire.
    pub(super) hash: Arc<str>,
    pub(super) request: Request,
    /// The number of earlier uses of the id.
    repeat: u32,
}

impl FoundStep {
    pub(super) fn new(key: Arc<str>, request: Request, repeat: u32) -> Self {
        Self { hash: hash(&key).into(), key, request, repeat }
    }

    /// The options of its body.
    pub(super) fn options(&self) -> StepOptions {
        if let Request::Run(options) = self.request { options } else { StepOptions::default() }
    }

    /// Whether it has something to run: such a step can be run in the call, or planned.
    pub(super) fn is_runnable(&self) -> bool {
        matches!(self.request, Request::Run(_) | Request::Send(_))
    }

    /// The id as the function wrote it: the key without `:1`.
    fn id(&self) -> &str {
        if self.repeat == 0 {
            return &self.key;
        }
        self.key.rsplit_once(':').map_or(&*self.key, |(id, _)| id)
    }

    /// An operation on this step, with its name.
    pub(super) fn op(&self, code: OpCode) -> Op {
        let mut op = Op::step(code, &self.hash, self.id(), self.repeat);
        if let Request::Send(_) = self.request {
            op.name = Some(SEND_NAME.to_owned());
            op.opts = Some(KindOpts::Type { kind: SEND_TYPE }.into());
        }
        op
    }

    /// The operation that reports the step before it has a result.
    pub(super) fn report(&self, app: &str, origin: Option<&Origin>) -> Op {
        let (code, opts) = match &self.request {
            Request::Run(_) | Request::Send(_) => return self.op(OpCode::StepPlanned),
            Request::Sleep(ms) => (OpCode::Sleep, KindOpts::Sleep { duration: duration_text(*ms) }),
            Request::SleepUntil(time) => (OpCode::Sleep, KindOpts::Sleep { duration: date(*time) }),
            Request::Wait(wait) => (OpCode::WaitForEvent, waiting(wait)),
            Request::Signal(SignalRequest { name, timeout_ms }) => {
                let (signal, timeout) = (name.to_string(), duration_text(*timeout_ms));
                (OpCode::WaitForSignal, KindOpts::Signal { signal, timeout, conflict: "fail" })
            }
            Request::Invoke(invoke) => {
                let cause = origin.map(|origin| origin.cause(Some(&self.key)));
                (OpCode::InvokeFunction, invocation(invoke, app, cause))
            }
        };
        Op { opts: Some(opts.into()), ..self.op(code) }
    }
}

fn waiting(wait: &WaitRequest) -> KindOpts {
    KindOpts::Wait {
        event: wait.event,
        timeout: duration_text(wait.timeout_ms),
        condition: wait.condition.clone(),
    }
}

fn invocation(invoke: &InvokeRequest, app: &str, cause: Option<Cause>) -> KindOpts {
    // Neither id nor time unless the function has set them.
    let event = RawEnvelope { cause: cause.map(Box::new), ..invoke.event.clone().seal(String::new, 0) };
    KindOpts::Invoke {
        function_id: composite(invoke.app.unwrap_or(app), invoke.function),
        payload: UnnamedEvent(event),
        timeout: (invoke.timeout_ms != MAX_WAIT_MS).then(|| duration_text(invoke.timeout_ms)),
    }
}
