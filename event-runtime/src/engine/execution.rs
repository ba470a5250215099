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

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;
use std::task::{Context, Poll};

use crate::engine::run::Memo;
use crate::engine::{Answer, AttemptError, ExecutionId, ExecutionStart, OpenStep, StepEvent};
use crate::function::RegisteredFunction;
use crate::function::{
    Error, Failure, Invocation, Machine, Note, OpId, Outcome, Request, StepKind, Turn, bounded,
};

/// One execution.
pub(crate) struct Execution {
    pub(crate) run: i64,
    pub(crate) id: ExecutionId,
    machine: Machine,
    /// What the handler has found, by its number.
    operations: Vec<Operation>,
    by_key: HashMap<Arc<str>, OpId>,
    /// Recorded results that the handler has not asked for yet.
    memos: HashMap<Arc<str>, Memo>,
    /// Recorded results that the handler waits for, in their order.
    deliverable: BinaryHeap<Reverse<(u32, OpId)>>,
    delivering: HashMap<OpId, Outcome>,
    /// Steps that an execution before this one has found.
    held: HashMap<Arc<str>, OpenStep>,
    /// What the handler asks for, besides bodies. Not reported before every recorded result that it waits for is delivered:
    /// one of them may make it lose interest, as it did when the result was new.
    found: Vec<(OpId, Request)>,
    /// Bodies that may run, and how often they have failed.
    runnable: Vec<(OpId, u32)>,
    /// How many operations have no result yet, and how many of them are bodies that run.
    open: usize,
    running: usize,
    /// How many answers have come.
    answers: u32,
    /// The operation whose result was handed over before its commit, until the engine confirms it.
    unconfirmed: Option<OpId>,
    /// The most bytes that a result of a body may have: the engine makes a failure of a larger one.
    step_output_bytes: usize,
    /// It has said that it does nothing but wait, and nothing has come up since.
    rests: bool,
    draining: bool,
    /// What a test says that steps give.
    mocks: Option<Mocks>,
}

/// What a step gives, by its key, instead of what it would do.
pub(crate) type Mocks = Arc<dyn Fn(&str) -> Option<Outcome> + Send + Sync>;

struct Operation {
    key: Arc<str>,
    state: State,
    /// After how many failed attempts its body ran last.
    ran_after: Option<u32>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    Running,
    /// It has its result, or nobody waits for it.
    Over,
}

/// What polling an execution has led to.
pub(crate) struct Progress {
    pub(crate) events: Vec<StepEvent>,
    /// It has returned, or has come to a rest for good.
    pub(crate) has_ended: bool,
}

impl Execution {
    pub(crate) fn new(begin: ExecutionStart, function: &RegisteredFunction) -> Self {
        let ExecutionStart { run, execution, id, events, attempt, memos, held, step_output_bytes, .. } =
            begin;
        let machine = Machine::new(&function.handler, |shared| Invocation {
            shared,
            events,
            run_id: id,
            attempt,
            function: function.descriptor.id,
        });
        Self {
            run,
            id: execution,
            machine,
            operations: Vec::new(),
            by_key: HashMap::new(),
            memos: memos.into_iter().map(|memo| (Arc::clone(&memo.key), memo)).collect(),
            deliverable: BinaryHeap::new(),
            delivering: HashMap::new(),
            held: held.into_iter().map(|held| (Arc::clone(&held.key), held)).collect(),
            found: Vec::new(),
            runnable: Vec::new(),
            open: 0,
            running: 0,
            answers: 0,
            unconfirmed: None,
            step_output_bytes,
            rests: false,
            draining: false,
            mocks: None,
        }
    }

    /// The same execution, some of whose steps give what a test says.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn with_mocks(self, mocks: Option<Mocks>) -> Self {
        Self { mocks, ..self }
    }

    /// Takes an answer of the engine.
    pub(crate) fn answer(&mut self, answer: Answer) {
        match answer {
            Answer::Drain => {
                self.draining = true;
                return;
            }
            Answer::Result(memo) => match self.by_key.get(&memo.key) {
                Some(&op) if self.unconfirmed == Some(op) => {
                    // The handler has it already, and the engine was told whether it rests.
                    self.unconfirmed = None;
                    self.answers += 1;
                    return;
                }
                Some(&op) => self.will_deliver(op, memo.ord, memo.outcome),
                None => {
                    self.memos.insert(Arc::clone(&memo.key), memo);
                }
            },
            Answer::Attempt { key, failed } => match self.by_key.get(&key) {
                Some(&op) => self.runnable.push((op, failed)),
                None => {
                    let held = OpenStep { key: Arc::clone(&key), kind: StepKind::Run, failed, may_run: true };
                    self.held.insert(key, held);
                }
            },
        }
        self.answers += 1;
        self.rests = false;
    }

    /// Polls the handler until it can go no further, and tells what has come up.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Progress> {
        let mut events = Vec::new();
        loop {
            match self.machine.poll_turn(cx) {
                Poll::Ready(Turn::Complete(result)) => {
                    self.warn_unused();
                    let result = result.map(|json| json.get().into()).map_err(|error| thrown(&error));
                    events.push(StepEvent::Returned(result));
                    return Poll::Ready(Progress { events, has_ended: true });
                }
                Poll::Ready(Turn::Quiet(notes)) => {
                    let mut ran = None;
                    for note in notes {
                        ran = self.take(note, &mut events).or(ran);
                    }
                    if let Some((op, json)) = ran {
                        self.hand_over(op, json);
                    }
                }
                // The executor's turn; the handler goes on after that.
                Poll::Pending => return progress(events),
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
        progress(events)
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
        let is_alone =
            self.open == 1 && self.delivering.is_empty() && self.operations[op].state == State::Open;
        if is_alone && json.len() <= self.step_output_bytes {
            self.unconfirmed = Some(op);
            self.will_deliver(op, u32::MAX, Outcome::Value(json));
        }
    }

    /// Takes what has come up in a turn. Returns the result of a body that has succeeded.
    fn take(&mut self, note: Note, events: &mut Vec<StepEvent>) -> Option<(OpId, Arc<str>)> {
        match note {
            Note::Found { op, key, request } => {
                // Operations are numbered in the order of their discovery.
                self.operations.push(Operation {
                    key: Arc::clone(&key),
                    state: State::Open,
                    ran_after: None,
                });
                self.by_key.insert(Arc::clone(&key), op);
                self.open += 1;
                self.found(op, &key, request, events);
            }
            Note::Ran { op, result } => {
                self.running -= 1;
                self.operations[op].state = State::Open;
                let key = Arc::clone(&self.operations[op].key);
                let result: Result<Arc<str>, _> =
                    result.map(|json| json.get().into()).map_err(|error| thrown(&error));
                let json = result.as_ref().ok().cloned();
                events.push(StepEvent::Ran { key, result });
                return json.map(|json| (op, json));
            }
            Note::Dropped { op } => {
                self.runnable.retain(|(of, _)| *of != op);
                let before = std::mem::replace(&mut self.operations[op].state, State::Over);
                if before == State::Over {
                    return None;
                }
                self.open -= 1;
                self.running -= usize::from(before == State::Running);
                let asked = self.found.len();
                self.found.retain(|(of, _)| *of != op);
                if self.found.len() == asked {
                    events.push(StepEvent::Dropped { key: Arc::clone(&self.operations[op].key) });
                }
            }
        }
        None
    }

    /// The handler asks for something: its result is there, or somebody has asked for it before, or it is new.
    fn found(&mut self, op: OpId, key: &Arc<str>, request: Request, events: &mut Vec<StepEvent>) {
        let kind = request.kind();
        if let Some(memo) = self.memos.remove(key) {
            let outcome = if memo.kind == kind { memo.outcome } else { changed(memo.kind, kind) };
            return self.will_deliver(op, memo.ord, outcome);
        }
        if let Some(outcome) = self.mocks.as_ref().and_then(|mocks| mocks(key)) {
            self.held.remove(key);
            events.push(StepEvent::Mocked { key: Arc::clone(key), kind, outcome });
            return;
        }
        if let Some(held) = self.held.remove(key) {
            if held.kind != kind {
                return self.will_deliver(op, u32::MAX, changed(held.kind, kind));
            }
            if held.may_run {
                self.runnable.push((op, held.failed));
            }
            return;
        }
        match request {
            Request::Run => self.runnable.push((op, 0)),
            request => self.found.push((op, request)),
        }
    }

    /// Reports what the handler asks for.
    fn emit_found(&mut self, events: &mut Vec<StepEvent>) {
        if self.draining {
            return;
        }
        for (op, request) in std::mem::take(&mut self.found) {
            let key = Arc::clone(&self.operations[op].key);
            events.push(match request {
                // Bodies run without being asked for.
                Request::Run => continue,
                Request::Sleep(milliseconds) => StepEvent::Sleep { key, milliseconds },
                Request::SleepUntil(time) => StepEvent::SleepUntil { key, time },
                Request::Wait(request) => StepEvent::Wait { key, request },
                Request::Invoke(request) => StepEvent::Invoke { key, request },
                Request::Send(events) => StepEvent::Send { key, events },
            });
        }
    }

    fn will_deliver(&mut self, op: OpId, ord: u32, outcome: Outcome) {
        self.deliverable.push(Reverse((ord, op)));
        self.delivering.insert(op, outcome);
    }

    /// Hands the handler the next recorded result. Whether there was one.
    fn deliver(&mut self) -> bool {
        while let Some(Reverse((_, op))) = self.deliverable.pop() {
            let Some(outcome) = self.delivering.remove(&op) else { continue };
            if self.operations[op].state == State::Over {
                continue;
            }
            self.operations[op].state = State::Over;
            self.open -= 1;
            self.machine.deliver(op, outcome);
            return true;
        }
        false
    }

    /// Runs the bodies that may run. Whether there were any. None runs on a result that is not on disk.
    fn run_bodies(&mut self) -> bool {
        if self.draining || self.unconfirmed.is_some() {
            return false;
        }
        let runnable = std::mem::take(&mut self.runnable);
        let mut any = false;
        for (op, failed) in runnable {
            let operation = &mut self.operations[op];
            // An attempt may be permitted twice: by what the execution began with, and by the timer of the attempt.
            let is_new = operation.ran_after.is_none_or(|before| before < failed);
            if operation.state == State::Open && is_new {
                operation.state = State::Running;
                operation.ran_after = Some(failed);
                self.running += 1;
                self.machine.grant(op, failed);
                any = true;
            }
        }
        any
    }

    /// Results that the function did not ask for: it was changed, or it depends on more than its event and its steps.
    fn warn_unused(&self) {
        if !self.memos.is_empty() {
            let steps: Vec<&str> = self.memos.keys().map(|key| &**key).collect();
            tracing::warn!(
                run = self.run,
                ?steps,
                "the function did not ask for steps that it recorded before: was it changed?"
            );
        }
    }
}

fn progress(events: Vec<StepEvent>) -> Poll<Progress> {
    if events.is_empty() { Poll::Pending } else { Poll::Ready(Progress { events, has_ended: false }) }
}

/// The step was of another kind when it was recorded.
fn changed(recorded: StepKind, found: StepKind) -> Outcome {
    let message = format!(
        "was recorded as `step.{recorded}` and is `step.{found}` now: the function was changed while the run was under way. \
         Give the step another id"
    );
    Outcome::Failed(Failure { message, attempts: 0 })
}

pub(crate) fn thrown(error: &Error) -> AttemptError {
    AttemptError {
        message: bounded(error),
        is_retriable: error.is_retriable(),
        delay_ms: error.delay().map(|delay| u64::try_from(delay.as_millis()).unwrap_or(u64::MAX)),
    }
}

/// Nobody can ever wake the handler.
fn dead() -> AttemptError {
    AttemptError {
        message: "the function waits for something that can never happen: none of its steps is open, and nothing can wake it"
            .to_owned(),
        is_retriable: false,
        delay_ms: None,
    }
}
