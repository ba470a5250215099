//! One call: one entry into a function, from its top to the next thing that only the server can do (chapter 5).
//!
//! The handler is polled until it is quiet. Then, in this order: the step that the server has planned is run; the recorded
//! result that is next in the order is delivered; a step that stands alone is run; or all that was found is reported.

use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use serde_json::value::RawValue;

use super::branches::Branches;
use super::checkpoint::Checkpoint;
use super::doubles;
use super::host::Host;
use super::limits::{self, RunSize};
use super::memo::{self, Given};
use super::reply::{Reply, user_error};
use super::sending::{send, with_meta};
use super::step::FoundStep;
use super::undo::{self, NextUndo, Undos};
use super::wire::call::{Ctx, Steps};
use super::wire::op::{Op, OpCode, Timing, hash};
use crate::event::{RawEnvelope, Reading};
use crate::function::{
    Error, Failure, FunctionDescriptor, Invocation, InvokeRequest, Journal, LAST, Machine, OpId, Outcome,
    Polled, Request, Result, StepChange, StepError, StepOptions, Undo, UndoTask, undo_key,
};
use crate::validate::{Issues, Path};

/// The longest wait for a step that the server has planned, where something outside the steps may still lead to it
/// (section 5.3.1: "a reasonable period").
const PATIENCE: Duration = Duration::from_secs(3);

/// A function to call, and the arguments of the call.
pub(super) struct Task<'c> {
    pub(super) function: &'static FunctionDescriptor,
    /// The place of the function in the application.
    pub(super) index: usize,
    pub(super) events: Arc<[Arc<RawEnvelope>]>,
    pub(super) ctx: &'c Ctx,
    pub(super) steps: Steps<'c>,
    pub(super) stack: Vec<String>,
    /// The hashed id of the step that is to be run, if the server has planned one.
    pub(super) target: Option<&'c str>,
}

/// A call under way.
pub(super) struct Execution<'c> {
    host: &'c Host,
    function: &'static FunctionDescriptor,
    ctx: &'c Ctx,
    target: Option<&'c str>,
    machine: Machine,
    /// The steps that the function has found, by their number.
    steps: Vec<FoundStep>,
    journal: Journal<Given<'c>>,
    /// The results that a server has recorded, by the hashed id of the step.
    recorded: Steps<'c>,
    /// What the function is entered with once more, to undo a step.
    index: usize,
    events: Arc<[Arc<RawEnvelope>]>,
    stack: Vec<String>,
    /// The outputs of the bodies of this call.
    done: Vec<(OpId, Arc<str>)>,
    /// Steps that the function waits for and that have no recorded result, in the order of discovery.
    open: Vec<OpId>,
    branches: Branches,
    /// The step that is being run, since when.
    running: Option<(OpId, i64)>,
    ended: Option<(OpId, Result<Box<RawValue>>)>,
    checkpoint: Option<Checkpoint<'c>>,
    /// The attempt of the next step, counted from 0.
    attempt: u32,
    /// The steps that the run has or asks for, and the bytes of their results.
    size: RunSize,
}

impl<'c> Execution<'c> {
    pub(super) fn new(host: &'c Host, task: Task<'c>) -> Self {
        let Task { function, index, events, ctx, steps, stack, target } = task;
        let of_call = Arc::clone(&events);
        let machine = Machine::new(&host.core.functions[index].handler, |promises| Invocation {
            promises,
            events,
            run_id: ctx.run_id.as_str().into(),
            attempt: ctx.attempt,
            function: function.id,
            means: Some(Arc::clone(&host.means)),
            reading: Reading::Sent,
        });
        Self {
            host,
            function,
            ctx,
            target,
            machine,
            steps: Vec::new(),
            journal: journal(&steps, &stack, host.core.meta.is_required()),
            size: RunSize::of(&host.config, &steps),
            recorded: steps,
            index,
            events: of_call,
            stack,
            done: Vec::new(),
            open: Vec::new(),
            branches: Branches::default(),
            running: None,
            ended: None,
            checkpoint: Checkpoint::of_call(&host.server, ctx, target.is_some()),
            attempt: ctx.attempt,
        }
    }

    /// Drives the function to the end of the call.
    pub(super) async fn drive(mut self) -> Reply {
        loop {
            match poll_fn(|cx| self.machine.poll_until_quiet(cx)).await {
                Polled::Returned(result) => return self.complete(result.and_then(|json| raw(&json))).await,
                Polled::Quiet(changes) => self.take_all(changes),
            }
            if let Some(reply) = self.act().await {
                return reply;
            }
        }
    }

    /// Takes in what has become of the steps since the function was quiet last.
    fn take_all(&mut self, changes: Vec<StepChange>) {
        let known = self.steps.len();
        for change in changes {
            self.take(change);
        }
        if let [.., _] = self.steps[known..] {
            let are_bodies = self.steps[known..].iter().all(FoundStep::is_runnable);
            self.branches.found(self.steps.len() - known, self.steps.len() - 1, are_bodies);
        }
    }

    /// Takes in what has become of a step.
    fn take(&mut self, change: StepChange) {
        match change {
            StepChange::Found { op, key, request } => {
                let (request, refusal) = self.judge(request);
                let mut step = FoundStep::new(key, request, self.machine.repeat(op));
                if !self.journal.find(op, &step.hash, step.request.kind()) {
                    let refusal = self.size.add_step().or(refusal);
                    match refusal.map_or_else(|| self.make_ready(&mut step), Err) {
                        Ok(()) => {
                            self.open.push(op);
                            self.branches.began();
                        }
                        Err(failure) => self.journal.complete(&step.hash, Outcome::Failed(failure)),
                    }
                }
                // Steps are numbered in the order of their discovery.
                self.steps.push(step);
            }
            StepChange::Ran { op, result } => self.ended = Some((op, result.and_then(|json| raw(&json)))),
            StepChange::Dropped { op } => {
                self.journal.abandon(op, &self.steps[op].hash);
                self.open.retain(|of| *of != op);
                self.running.take_if(|(of, _)| *of == op);
                self.branches.dropped();
            }
        }
    }

    /// The request as a server is asked, with the metadata of what it calls; or the failure of a step that cannot be asked of one.
    fn judge(&self, request: Request) -> (Request, Option<Failure>) {
        if let Request::Run(options) = &request {
            let refusal = self.judge_options(*options);
            return (request, refusal);
        }
        let Request::Invoke(call) = &request else { return (request, None) };
        if let Some(foreign) = call.foreign()
            && !self.host.core.foreign.contains(&foreign)
        {
            let message = format!(
                "calls {foreign}, which the application does not list: add what `foreign!` declares to the list in `functions!`"
            );
            return (request, Some(Failure::new(message, 0)));
        }
        let mut issues = Issues::new();
        doubles::check(&call.event.data, &Path::root(), &mut issues);
        match issues.take(with_meta(self.host, &call.event, self.machine.origin())) {
            Some(event) if issues.is_empty() => {
                (Request::Invoke(Arc::new(InvokeRequest { event, ..InvokeRequest::clone(call) })), None)
            }
            _ => {
                let message = format!("calls `{}` with an event that is not valid: {issues}", call.function);
                (request, Some(Failure::new(message, 0)))
            }
        }
    }

    /// Why a server cannot give a step its options: it counts the attempts of a step by the `retries` of the function.
    fn judge_options(&self, options: StepOptions) -> Option<Failure> {
        let (retries, most) = (options.retries?, self.function.options.retries);
        (retries > most).then(|| {
            let message = format!(
                "has {retries} retries, and its function `{}` has {most}: an Inngest server retries no step more often than its \
                 function. Give the function `retries = {retries}`",
                self.function.id
            );
            Failure::new(message, 0)
        })
    }

    /// Passes a request to the server through the middleware of the application. Bodies run here, and are no request.
    fn make_ready(&self, step: &mut FoundStep) -> Result<(), Failure> {
        if !step.is_runnable() {
            step.request = self.machine.outgoing(step.request.clone())?;
        }
        Ok(())
    }

    /// Does what is next, or ends the call.
    async fn act(&mut self) -> Option<Reply> {
        if let Some((op, result)) = self.ended.take() {
            return self.ran(op, result).await;
        }
        if self.running.is_some() {
            self.wait().await;
            return None;
        }
        let planned =
            self.target.and_then(|target| self.open.iter().find(|op| *self.steps[**op].hash == *target));
        if let Some(&op) = planned {
            return self.begin_planned(op).await;
        }
        if self.deliver_next().is_some() {
            return None;
        }
        match self.target {
            Some(target) => self.look_for(target).await,
            None => self.answer_open().await,
        }
    }

    /// Hands the function the result that is next in the order.
    fn deliver_next(&mut self) -> Option<OpId> {
        let op = self.journal.deliver_next(&mut self.machine)?;
        let recorded = self.recorded.get(&*self.steps[op].hash);
        self.branches.delivered(op, recorded.is_some_and(|recorded| memo::error(recorded).is_some()));
        Some(op)
    }

    /// Runs the step that the server has planned. Nothing else is run or reported (section 5.3.1).
    async fn begin_planned(&mut self, op: OpId) -> Option<Reply> {
        if !self.steps[op].is_runnable() {
            return Some(Reply::operations(&[self.report(op)]));
        }
        self.begin(op).await;
        None
    }

    /// The operation that reports a step before it has a result. Where others are open, what the end of this one leads to shows
    /// when it has ended: then the function is called again.
    fn report(&self, op: OpId) -> Op {
        let step = &self.steps[op];
        let report = step.report(&self.host.app, self.machine.origin());
        if self.branches.are_several() { report.racing() } else { report }
    }

    /// The step that the server has planned was not found yet.
    async fn look_for(&mut self, target: &str) -> Option<Reply> {
        if !self.machine.is_dead() {
            let woken = poll_fn(|cx| self.machine.poll_woken(cx));
            if tokio::time::timeout(PATIENCE, woken).await.is_ok() {
                return None;
            }
        }
        Some(self.not_found(target))
    }

    fn not_found(&self, target: &str) -> Reply {
        tracing::warn!(
            function = self.function.id,
            run = self.ctx.run_id,
            step = target,
            "the function does not come to a step that was planned: was it changed?"
        );
        Reply::operations(&[Op::bare(OpCode::StepNotFound, target.to_owned())]).retriable(true, None)
    }

    /// Runs the one step that was found, or reports all.
    async fn answer_open(&mut self) -> Option<Reply> {
        match self.open[..] {
            [] if self.machine.is_dead() => Some(self.complete(Err(dead())).await),
            [] => {
                self.wait().await;
                None
            }
            [op] if self.may_run(op) => {
                if self.checkpoint.as_ref().is_some_and(Checkpoint::is_over) {
                    return Some(self.yield_now().await);
                }
                self.begin(op).await;
                None
            }
            _ => {
                let mut ops = self.unreported().await;
                ops.extend(self.open.iter().map(|op| self.report(*op)));
                Some(Reply::operations(&ops))
            }
        }
    }

    /// Whether a step is run at once, and not planned.
    fn may_run(&self, op: OpId) -> bool {
        self.steps[op].is_runnable() && !self.ctx.disable_immediate_execution && self.branches.is_alone(op)
    }

    /// The call has taken long enough: the server is asked for another one (section 10.4.1, rule 7).
    async fn yield_now(&mut self) -> Reply {
        let mut ops = self.unreported().await;
        // Another id each time, so that the server does not take it for one that it knows.
        let id = hash(&format!("discovery-request-{}", self.host.environment.now_ms()));
        ops.push(Op::bare(OpCode::DiscoveryRequest, id));
        Reply::operations(&ops)
    }

    /// Reports what was gathered; gives what the server still does not have.
    async fn unreported(&mut self) -> Vec<Op> {
        self.flush().await;
        self.checkpoint.as_mut().map_or_else(Vec::new, Checkpoint::take)
    }

    /// Reports what was gathered, and says whether the server has it all. With each report it counts attempts anew.
    async fn flush(&mut self) -> bool {
        let Some(checkpoint) = &mut self.checkpoint else { return true };
        let has_something = !checkpoint.is_empty();
        let is_reported = checkpoint.flush().await;
        if has_something && is_reported {
            self.attempt = 0;
        }
        is_reported
    }

    /// Waits until the handler can go on, or until it is time to report.
    async fn wait(&mut self) {
        let woken = poll_fn(|cx| self.machine.poll_woken(cx));
        let Some(wait) = self.checkpoint.as_ref().and_then(Checkpoint::wait) else { return woken.await };
        if tokio::time::timeout(wait, woken).await.is_err() {
            self.flush().await;
        }
    }

    /// Runs what an operation has to run.
    async fn begin(&mut self, op: OpId) {
        self.open.retain(|of| *of != op);
        let began = self.host.environment.now_ms();
        self.running = Some((op, began));
        let step = &self.steps[op];
        match self.machine.outgoing(step.request.clone()) {
            Ok(Request::Send(events)) => {
                let result = send(self.host, &self.ctx.run_id, step, self.machine.origin(), &events).await;
                self.ended = Some((op, result));
            }
            Ok(_) => self.machine.grant(op, self.attempt),
            Err(Failure { message, .. }) => {
                self.ended = Some((op, Err(Error::non_retriable(Error::msg(message)))));
            }
        }
    }

    /// A step has been run.
    async fn ran(&mut self, op: OpId, result: Result<Box<RawValue>>) -> Option<Reply> {
        // A handler may drop a step whose body has just ended: then the step is told to have taken no time.
        let began = self.running.take().map_or_else(|| self.host.environment.now_ms(), |(_, began)| began);
        let took = self.host.environment.now_ms().saturating_sub(began).max(0);
        let timing = Timing { began: began.saturating_mul(1_000_000), took: took.saturating_mul(1_000_000) };
        match result.and_then(limits::carried).and_then(|value| self.size.add_result(value)) {
            Ok(value) => self.succeeded(op, value, timing).await,
            Err(error) => Some(self.failed(op, &error, timing).await),
        }
    }

    async fn succeeded(&mut self, op: OpId, value: Box<RawValue>, timing: Timing) -> Option<Reply> {
        let step = &self.steps[op];
        let (hash, outcome) = (Arc::clone(&step.hash), memo::of_body(&step.request, &value));
        self.done.push((op, value.get().into()));
        let report = Op { data: Some(value), timing: Some(timing), ..step.op(OpCode::StepRun) };
        let Some(checkpoint) = &mut self.checkpoint else {
            let goes_on = self.branches.are_several() && self.goes_on(op, &hash, outcome).await;
            return Some(Reply::operations(&[if goes_on { report.racing() } else { report }]));
        };
        checkpoint.add(if self.branches.are_several() { report.racing() } else { report });
        if checkpoint.is_due() && !self.flush().await {
            return Some(Reply::operations(&self.unreported().await));
        }
        self.branches.settled();
        self.journal.complete(&hash, outcome);
        None
    }

    /// Whether the server is to call the function again for this result, though other steps have none. It need not where all of them
    /// have bodies and the function makes nothing of this result by itself: then the call of the last of them leads on.
    async fn goes_on(&mut self, op: OpId, hash: &str, outcome: Outcome) -> bool {
        self.branches.settled();
        let bodies = self.open.iter().filter(|op| self.steps[**op].is_runnable()).count();
        if bodies < self.branches.pending() {
            return true;
        }
        self.journal.complete(hash, outcome);
        while let Some(delivered) = self.deliver_next() {
            match poll_fn(|cx| self.machine.poll_until_quiet(cx)).await {
                Polled::Quiet(changes) if changes.is_empty() || delivered != op => self.take_all(changes),
                Polled::Returned(_) | Polled::Quiet(_) => return true,
            }
        }
        self.machine.waits_elsewhere()
    }

    /// Whether there will be another attempt, the server counts.
    async fn failed(&mut self, op: OpId, error: &Error, timing: Timing) -> Reply {
        let unreported = self.unreported().await;
        if !unreported.is_empty() {
            // A server takes a failure among results for two things to do. The step fails again when the server has them.
            return Reply::operations(&unreported);
        }
        let (is_retriable, delay) = self.judge_attempt(self.steps[op].options(), self.attempt, error);
        let code = if is_retriable { OpCode::StepError } else { OpCode::StepFailed };
        let error_body = Some(user_error(error));
        let op = Op { error: error_body, timing: Some(timing), ..self.steps[op].op(code) };
        Reply::operations(&[op]).retriable(is_retriable, delay)
    }

    /// The function has returned.
    async fn complete(&mut self, result: Result<Box<RawValue>>) -> Reply {
        self.report_changes();
        match result.and_then(limits::carried) {
            Ok(value) => match (self.target, &mut self.checkpoint) {
                // It did not come to the step that was planned.
                (Some(target), _) => self.not_found(target),
                (None, None) => Reply::returned(&value),
                (None, Some(checkpoint)) => {
                    let mut ops = checkpoint.take();
                    ops.push(Op::complete(value));
                    Reply::operations(&ops)
                }
            },
            Err(error) => {
                let unreported = self.unreported().await;
                if !unreported.is_empty() {
                    // The function fails again when the server has them.
                    return Reply::operations(&unreported);
                }
                let undos = Undos::of(self.steps.iter(), &self.recorded, &self.stack, &self.done);
                match undos.next(&error, self.ctx, self.target) {
                    NextUndo::Plan(op) => Reply::operations(std::slice::from_ref(&*op)),
                    NextUndo::Run(task) => self.undo(task).await,
                    NextUndo::Over => {
                        let recorded = self.recorded_failure(&error);
                        Reply::failed(&Error::non_retriable(error), recorded)
                    }
                    NextUndo::NotYet => Reply::failed(&error, self.recorded_failure(&error)),
                }
            }
        }
    }

    /// Undoes a step, as the server has planned: a call of its own, in which the function is entered once more.
    async fn undo(&mut self, task: UndoTask) -> Reply {
        let began = self.host.environment.now_ms();
        let mut machine =
            Machine::new(&self.host.core.functions[self.index].handler, |promises| Invocation {
                promises,
                events: Arc::clone(&self.events),
                run_id: self.ctx.run_id.as_str().into(),
                attempt: self.ctx.attempt,
                function: self.function.id,
                means: Some(Arc::clone(&self.host.means)),
                reading: Reading::Sent,
            });
        let mut journal = journal(&self.recorded, &self.stack, self.host.core.meta.is_required());
        let mut undo = Undo::new(task);
        let name = |key: &Arc<str>| hash(key).into();
        let result = poll_fn(|cx| undo.poll(&mut machine, &mut journal, name, cx)).await;
        let took = self.host.environment.now_ms().saturating_sub(began).max(0);
        let timing = Timing { began: began.saturating_mul(1_000_000), took: took.saturating_mul(1_000_000) };
        let op = |code| Op { timing: Some(timing), ..undo::op(code, &undo.key()) };
        let Err(error) = result else { return Reply::operations(&[op(OpCode::StepRun)]) };
        let (is_retriable, delay) = self.judge_attempt(undo.options(), self.ctx.attempt, &error);
        let code = if is_retriable { OpCode::StepError } else { OpCode::StepFailed };
        let op = Op { error: Some(user_error(&error)), ..op(code) };
        Reply::operations(&[op]).retriable(is_retriable, delay)
    }

    /// Whether a step that has failed is tried again, and when, if it says so.
    fn judge_attempt(&self, options: StepOptions, attempt: u32, error: &Error) -> (bool, Option<Duration>) {
        let is_last = options.retries.is_some_and(|retries| attempt >= u32::from(retries));
        let is_retriable = error.is_retriable() && !is_last && !self.ctx.is_last(attempt);
        let backoff = options.backoff.map(|backoff| backoff.delay_ms(attempt + 1, &self.host.environment));
        (is_retriable, error.delay().or(backoff.map(Duration::from_millis)))
    }

    /// The error that was recorded for the step with which the function has failed.
    fn recorded_failure(&self, error: &Error) -> Option<&'c RawValue> {
        let Some(StepError::Failed { step, .. }) = error.downcast_ref::<StepError>() else { return None };
        let failed = self.steps.iter().find(|found| *found.key == **step)?;
        memo::error(self.recorded.get(&*failed.hash)?)
    }

    /// Section 5.4: where the order cannot be followed, the user is warned.
    fn report_changes(&self) {
        if let Some(deviation) = self.journal.deviation() {
            // That steps were undone is recorded too, and no function asks for it.
            let undos: Vec<String> = self.steps.iter().map(|step| hash(&undo_key(&step.key))).collect();
            let is_asked_for = |unused: &&&str| !undos.iter().any(|undo| undo == **unused);
            let unused = deviation.unused.iter().filter(is_asked_for).count();
            if unused > 0 || deviation.unused.is_empty() {
                let (function, run) = (self.function.id, &self.ctx.run_id);
                tracing::warn!(function, run, unused, "{deviation}");
            }
        }
    }
}

/// The journal of a run: what a server has recorded, in the order of its stack (section 5.4), and behind that what has no
/// place in it. A step that a server gives new input is not recorded: it is to run.
fn journal<'c>(recorded: &Steps<'c>, stack: &[String], has_meta: bool) -> Journal<Given<'c>> {
    let mut places = HashMap::with_capacity(stack.len());
    for (place, hash) in (0..LAST).zip(stack) {
        places.entry(hash.as_str()).or_insert(place);
    }
    let mut journal = Journal::default();
    for (hash, recorded) in recorded.iter().filter(|(_, recorded)| !memo::is_input(recorded)) {
        let place = places.get(hash.as_str()).copied().unwrap_or(LAST);
        journal.record(hash.as_str().into(), place, Given { json: recorded, has_meta });
    }
    journal
}

/// JSON as a part of other JSON.
fn raw(json: &str) -> Result<Box<RawValue>> {
    Ok(RawValue::from_string(json.to_owned())?)
}

/// Nobody can ever wake the handler.
fn dead() -> Error {
    Error::non_retriable(Error::msg(
        "the function waits for something that can never happen: none of its steps is open, and nothing can wake it",
    ))
}
