//! One execution of a function, from its top to its end: the handler's side of the engine.
//!
//! The handler is polled until it is quiet. Then it is given the one recorded result that is first in the order; when
//! there is none, the bodies that it has found run, and what else it asks for is reported. A result reaches the handler
//! always one at a time, in the order in which results are recorded, so that a later execution sees the same results in the
//! same order.
//!
//! The result of a body that the handler waits for alone is handed over before its commit: no other result can be recorded
//! before it, so its place in the order is known, and what the handler asks for next is recorded by the same commit. No body
//! begins before that commit is through; if it fails, the engine stops, and the handler is thrown away.

use std::sync::Arc;
use std::task::{Context, Poll};

use super::message::{Answer, AttemptError, ExecutionId, ExecutionStart, OpenStep, StepEvent};
use super::model::RunKey;
use crate::event::Reading;
use crate::function::{
    Completion, Error, Invocation, Journal, Machine, Means, OpId, Outcome, Polled, RegisteredFunction,
    Request, StepChange, StepKind, StepOptions, Undo, Unfit, bounded, wrong_kind,
};
use crate::key_map::KeyMap;

/// One execution.
pub(crate) struct Execution {
    pub(crate) run: RunKey,
    pub(crate) id: ExecutionId,
    machine: Machine,
    journal: Journal<Completion>,
    /// The steps that the handler has found, by their number.
    steps: Vec<FoundStep>,
    /// Steps that an execution before this one has found.
    open_steps: KeyMap<Arc<str>, OpenStep>,
    /// What the handler asks for, besides bodies. Not reported before every recorded result that it waits for is delivered:
    /// one of them may make it lose interest, as it did when the result was new.
    found: Vec<(OpId, Request)>,
    /// Bodies that may run, and how often they have failed.
    runnable: Vec<(OpId, u32)>,
    /// How many steps have no result yet, and how many of them are bodies that run.
    open: usize,
    running: usize,
    /// How many answers have come.
    answers: u32,
    /// The step whose result was handed over before its commit, until the engine confirms it.
    unconfirmed: Option<Arc<str>>,
    /// The most bytes that a result of a body may have: the engine makes a failure of a larger one.
    step_output_bytes: usize,
    /// It has said that it does nothing but wait, and nothing has come up since.
    rests: bool,
    draining: bool,
    /// The step that it undoes, and does nothing else.
    undo: Option<Undo>,
    /// What a test says that steps give.
    mocks: Option<Mocks>,
    /// Room for the next events.
    room: Vec<StepEvent>,
}

/// What a step gives, by its key, instead of what it would do.
pub(crate) type Mocks = Arc<dyn Fn(&str) -> Option<Outcome> + Send + Sync>;

struct FoundStep {
    key: Arc<str>,
    state: StepState,
    /// Of a body.
    options: StepOptions,
    /// After how many failed attempts its body ran last.
    ran_after: Option<u32>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum StepState {
    Open,
    Running,
    /// It has its result, or nobody waits for it.
    Over,
}

/// What an execution waits for, apart from the engine.
#[cfg(any(test, feature = "testing"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WaitsFor {
    Nothing,
    /// For something that bodies, or the handler itself, have asked of others.
    Outside,
    /// For nothing but the end of the time that its bodies have.
    Time,
}

/// What polling an execution has led to.
pub(crate) struct Progress {
    pub(crate) events: Vec<StepEvent>,
    /// It has returned, or has come to a rest for good.
    pub(crate) has_ended: bool,
}

impl Execution {
    pub(crate) fn new(start: ExecutionStart, function: &RegisteredFunction, means: Arc<Means>) -> Self {
        let ExecutionStart {
            run,
            execution,
            id,
            events,
            attempt,
            memos,
            undo,
            open_steps,
            step_output_bytes,
            ..
        } = start;
        let machine = Machine::new(&function.handler, |promises| Invocation {
            promises,
            events,
            run_id: id,
            attempt,
            function: function.descriptor.id,
            means: Some(means),
            reading: Reading::Stored,
        });
        let mut journal = Journal::default();
        for memo in memos {
            journal.record(memo.key, memo.ord, Completion { kind: memo.kind, outcome: memo.outcome });
        }
        Self {
            run,
            id: execution,
            machine,
            journal,
            steps: Vec::new(),
            open_steps: open_steps.into_iter().map(|step| (Arc::clone(&step.key), step)).collect(),
            found: Vec::new(),
            runnable: Vec::new(),
            open: 0,
            running: 0,
            answers: 0,
            unconfirmed: None,
            step_output_bytes,
            rests: false,
            draining: false,
            undo: undo.map(Undo::new),
            mocks: None,
            room: Vec::new(),
        }
    }

    /// The same execution, some of whose steps give what a test says.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn with_mocks(self, mocks: Option<Mocks>) -> Self {
        Self { mocks, ..self }
    }

    /// What it waits for, apart from the engine.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn waits_for(&self) -> WaitsFor {
        let stuck = self.machine.stuck();
        if self.undo.is_some() {
            return if stuck > 0 { WaitsFor::Time } else { WaitsFor::Outside };
        }
        if self.running > stuck || self.open == 0 {
            WaitsFor::Outside
        } else if stuck > 0 {
            WaitsFor::Time
        } else {
            WaitsFor::Nothing
        }
    }

    /// Takes an answer of the engine.
    pub(crate) fn answer(&mut self, answer: Answer) {
        match answer {
            Answer::Drain => {
                self.draining = true;
                return;
            }
            Answer::Result(memo) => {
                if self.unconfirmed.as_ref().is_some_and(|key| *key == memo.key) {
                    // The handler has it already, and the engine was told whether it rests.
                    self.unconfirmed = None;
                    self.answers += 1;
                    return;
                }
                let completion = Completion { kind: memo.kind, outcome: memo.outcome };
                self.journal.record(memo.key, memo.ord, completion);
            }
            Answer::Attempt { key, failed } => match self.journal.waiting(&key) {
                Some(op) => self.runnable.push((op, failed)),
                None => {
                    let step = OpenStep { key: Arc::clone(&key), kind: StepKind::Run, failed, may_run: true };
                    self.open_steps.insert(key, step);
                }
            },
        }
        self.answers += 1;
        self.rests = false;
    }

    /// Polls the handler until it can go no further, and tells what has come up.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Progress> {
        if self.undo.is_some() {
            return self.poll_undo(cx);
        }
        let mut events = std::mem::take(&mut self.room);
        loop {
            match self.machine.poll_until_quiet(cx) {
                Poll::Ready(Polled::Returned(result)) => {
                    match result.as_ref().err().and_then(Error::downcast_ref::<Unfit>) {
                        Some(unfit) if unfit.is_for_another_build => {
                            events.push(StepEvent::Unfit(unfit.to_string()));
                            return Poll::Ready(Progress { events, has_ended: true });
                        }
                        Some(_) => {}
                        None => self.warn_of_deviation(),
                    }
                    let result = result.map_err(|error| attempt_error(&error));
                    events.push(StepEvent::Returned(result));
                    return Poll::Ready(Progress { events, has_ended: true });
                }
                Poll::Ready(Polled::Quiet(mut changes)) => {
                    let mut ran = None;
                    for change in changes.drain(..) {
                        ran = self.take(change, &mut events).or(ran);
                    }
                    self.machine.reuse(changes);
                    if let Some((op, json)) = ran {
                        self.hand_over(op, json);
                    }
                }
                // The executor's turn; the handler goes on after that.
                Poll::Pending => return self.progress(events),
            }
            if !self.deliver() && !self.run_bodies() {
                break;
            }
        }
        self.emit_found(&mut events);
        if let Some(last) = self.rest(&mut events) {
            events.push(last);
            return Poll::Ready(Progress { events, has_ended: true });
        }
        self.progress(events)
    }

    /// Undoes its step.
    fn poll_undo(&mut self, cx: &mut Context<'_>) -> Poll<Progress> {
        let Some(undo) = &mut self.undo else { return Poll::Pending };
        let event = match undo.poll(&mut self.machine, &mut self.journal, Arc::clone, cx) {
            Poll::Ready(result) => {
                let (key, options) = (undo.key(), undo.options());
                StepEvent::Undone { key, result: result.map_err(|error| attempt_error(&error)), options }
            }
            Poll::Pending if self.draining && !undo.is_running() => StepEvent::Drained,
            Poll::Pending => return Poll::Pending,
        };
        Poll::Ready(Progress { events: vec![event], has_ended: true })
    }

    fn progress(&mut self, events: Vec<StepEvent>) -> Poll<Progress> {
        if events.is_empty() {
            self.room = events;
            return Poll::Pending;
        }
        Poll::Ready(Progress { events, has_ended: false })
    }

    /// Takes back the room of events that were told.
    pub(crate) fn reuse(&mut self, events: Vec<StepEvent>) {
        self.room = events;
    }

    /// The handler is quiet, and there is nothing to give it. The last report, if this is the end.
    fn rest(&mut self, events: &mut Vec<StepEvent>) -> Option<StepEvent> {
        self.rests &= events.is_empty();
        if self.running > 0 {
            return None;
        }
        if self.draining {
            return Some(StepEvent::Drained);
        }
        if self.open == 0 {
            // Else it waits for something outside its steps, and keeps its place until that comes.
            return self.machine.is_dead().then(|| StepEvent::Returned(Err(dead())));
        }
        // A body that waits for a commit is not at rest.
        if !self.rests && self.runnable.is_empty() {
            self.rests = true;
            // By the time the engine reads this, it has sent the confirmation.
            let answers = self.answers + u32::from(self.unconfirmed.is_some());
            events.push(StepEvent::Idle { answers });
        }
        None
    }

    /// Hands the handler a result before its commit if it waits for nothing else: then no other can be recorded before it.
    fn hand_over(&mut self, op: OpId, json: Arc<str>) {
        let step = &self.steps[op];
        let is_alone = self.open == 1 && step.state == StepState::Open;
        if is_alone && json.len() <= self.step_output_bytes {
            self.unconfirmed = Some(Arc::clone(&step.key));
            self.journal.complete(&step.key, Outcome::Value(json));
        }
    }

    /// Takes in what has become of a step. Returns the result of a body that has succeeded.
    fn take(&mut self, change: StepChange, events: &mut Vec<StepEvent>) -> Option<(OpId, Arc<str>)> {
        match change {
            StepChange::Found { op, key, request } => {
                // Steps are numbered in the order of their discovery.
                let options =
                    if let Request::Run(options) = request { options } else { StepOptions::default() };
                let (key_of_step, state) = (Arc::clone(&key), StepState::Open);
                self.steps.push(FoundStep { key: key_of_step, state, options, ran_after: None });
                self.open += 1;
                self.found(op, &key, request, events);
            }
            StepChange::Ran { op, result } => {
                self.running -= 1;
                let step = &mut self.steps[op];
                step.state = StepState::Open;
                let (key, options) = (Arc::clone(&step.key), step.options);
                let result = result.map_err(|error| attempt_error(&error));
                let json = result.as_ref().ok().cloned();
                events.push(StepEvent::Ran { key, result, options });
                return json.map(|json| (op, json));
            }
            StepChange::Dropped { op } => {
                self.journal.abandon(op, &self.steps[op].key);
                self.runnable.retain(|(of, _)| *of != op);
                let before = std::mem::replace(&mut self.steps[op].state, StepState::Over);
                if before == StepState::Over {
                    return None;
                }
                self.open -= 1;
                self.running -= usize::from(before == StepState::Running);
                let asked = self.found.len();
                self.found.retain(|(of, _)| *of != op);
                if self.found.len() == asked {
                    events.push(StepEvent::Dropped { key: Arc::clone(&self.steps[op].key) });
                }
            }
        }
        None
    }

    /// The handler asks for something: its result is there, or somebody has asked for it before, or it is new.
    fn found(&mut self, op: OpId, key: &Arc<str>, request: Request, events: &mut Vec<StepEvent>) {
        let kind = request.kind();
        if self.journal.find(op, key, kind) {
            return;
        }
        if let Some(outcome) = self.mocks.as_ref().and_then(|mocks| mocks(key)) {
            self.open_steps.remove(key);
            events.push(StepEvent::Mocked { key: Arc::clone(key), kind, outcome });
            return;
        }
        if let Some(open) = self.open_steps.remove(key) {
            if open.kind != kind {
                return self.journal.complete(key, wrong_kind(open.kind, kind));
            }
            if open.may_run {
                self.runnable.push((op, open.failed));
            }
            return;
        }
        match request {
            Request::Run(_) => self.runnable.push((op, 0)),
            request => match self.machine.outgoing(request) {
                Ok(request) => self.found.push((op, request)),
                Err(failure) => self.journal.complete(key, Outcome::Failed(failure)),
            },
        }
    }

    /// Reports what the handler asks for.
    fn emit_found(&mut self, events: &mut Vec<StepEvent>) {
        if self.draining {
            return;
        }
        for (op, request) in std::mem::take(&mut self.found) {
            let key = Arc::clone(&self.steps[op].key);
            events.push(StepEvent::Found { key, request });
        }
    }

    /// Hands the handler the next recorded result. Whether there was one.
    fn deliver(&mut self) -> bool {
        let Some(op) = self.journal.deliver_next(&mut self.machine) else { return false };
        self.steps[op].state = StepState::Over;
        self.open -= 1;
        true
    }

    /// Runs the bodies that may run. Whether there were any. None runs on a result that is not on disk.
    fn run_bodies(&mut self) -> bool {
        if self.draining || self.unconfirmed.is_some() {
            return false;
        }
        let mut any = false;
        for (op, failed) in self.runnable.drain(..) {
            let step = &mut self.steps[op];
            // An attempt may be permitted twice: by what the execution began with, and by the timer of the attempt.
            let is_new = step.ran_after.is_none_or(|before| before < failed);
            if step.state == StepState::Open && is_new {
                step.state = StepState::Running;
                step.ran_after = Some(failed);
                self.running += 1;
                self.machine.grant(op, failed);
                any = true;
            }
        }
        any
    }

    fn warn_of_deviation(&self) {
        if let Some(deviation) = self.journal.deviation() {
            tracing::warn!(run = self.run.0, steps = ?deviation.unused, "{deviation}");
        }
    }
}

pub(crate) fn attempt_error(error: &Error) -> AttemptError {
    AttemptError {
        message: bounded(error),
        is_retriable: error.is_retriable(),
        delay_ms: error.delay().map(|delay| u64::try_from(delay.as_millis()).unwrap_or(u64::MAX)),
        typed: error.as_typed().cloned().map(Box::new),
    }
}

/// Nobody can ever wake the handler.
fn dead() -> AttemptError {
    AttemptError {
        message: "the function waits for something that can never happen: none of its steps is open, and nothing can wake it"
            .to_owned(),
        is_retriable: false,
        delay_ms: None,
        typed: None,
    }
}
