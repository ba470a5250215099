//! One entry into a function, from its top to its end: the embedded host's side of the step machine.
//!
//! The handler is polled until it is quiet. Then it is given the one recorded result that is first in the order; when
//! there is none, what it asks for is carried out; then the host waits. A result reaches the handler when it is on disk,
//! always one at a time, so that a later entry sees the same results in the same order.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use serde_json::value::RawValue;
use tokio::sync::mpsc;
use tokio::time::{Instant, Sleep};

use super::engine::Phase;
use super::error::EngineError;
use super::run::{Execution, Parked, later};
use super::stats::count;
use super::store::{OpenRun, Recorded, RecordedKind, Unfinished, Write, Written};
use crate::envelope::{Outgoing, RawEnvelope, check_size};
use crate::function::{Error, Failure, Invocation, Machine, Note, OpId, Outcome, Request, Result, Turn};
use crate::validate::{Issues, Path};

/// What the store has answered, in the order in which it was asked.
enum Ack {
    /// The result of an operation is on disk.
    Recorded { op: OpId, outcome: Outcome },
    /// So is what an operation waits for.
    Deferred { op: OpId, timer: Timer },
}

/// What happens when an operation has waited until `due`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Timer {
    due: i64,
    then: Then,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Then {
    /// A sleep has ended.
    Wake,
    /// The body is tried again.
    Attempt,
}

/// One entry.
pub(super) struct Entry<'e> {
    execution: &'e mut Execution,
    machine: Machine,
    /// The key of each operation, by its number.
    keys: Vec<Arc<str>>,
    /// Recorded results that the handler has not asked for yet, with their place in the order.
    recorded: HashMap<Arc<str>, (usize, Outcome)>,
    /// Operations that the handler waits for, and whose result is recorded.
    replayable: BinaryHeap<Reverse<(usize, OpId)>>,
    replaying: HashMap<OpId, Outcome>,
    /// Operations that the handler waits for, and that are not carried out yet.
    found: Vec<(OpId, Request)>,
    /// Bodies that are being executed.
    bodies: HashSet<OpId>,
    timers: BinaryHeap<Reverse<(Timer, OpId)>>,
    timer: Pin<Box<Sleep>>,
    /// Writes that are under way.
    writing: usize,
    /// The place of the next result in the order.
    next_ord: u32,
    acks: mpsc::UnboundedReceiver<Result<Ack, EngineError>>,
    ack: mpsc::UnboundedSender<Result<Ack, EngineError>>,
}

impl<'e> Entry<'e> {
    pub(super) fn new(execution: &'e mut Execution) -> Self {
        let OpenRun { id, function, event, attempt, recorded, .. } = &execution.run;
        let handler = &execution.shared.core.functions[*function].handler;
        let machine = Machine::new(handler, |shared| Invocation {
            shared,
            events: [Arc::clone(event)].into(),
            run_id: Arc::clone(id),
            attempt: *attempt,
            function: execution.descriptor.id,
        });
        let next_ord = u32::try_from(recorded.len()).unwrap_or(u32::MAX);
        let in_order = recorded.iter().enumerate();
        let recorded =
            in_order.map(|(ord, one)| (Arc::clone(&one.key), (ord, one.outcome.clone()))).collect();
        let (ack, acks) = mpsc::unbounded_channel();
        Self {
            execution,
            machine,
            keys: Vec::new(),
            recorded,
            replayable: BinaryHeap::new(),
            replaying: HashMap::new(),
            found: Vec::new(),
            bodies: HashSet::new(),
            timers: BinaryHeap::new(),
            timer: Box::pin(tokio::time::sleep(Duration::ZERO)),
            writing: 0,
            next_ord,
            acks,
            ack,
        }
    }

    /// Drives the handler to its end.
    pub(super) async fn drive(mut self) -> Result<Result<Box<RawValue>>, Parked> {
        loop {
            match poll_fn(|cx| self.machine.poll_turn(cx)).await {
                Turn::Complete(result) => {
                    self.report_unused();
                    return Ok(result);
                }
                Turn::Quiet(notes) => notes.into_iter().for_each(|note| self.take(note)),
            }
            if let Some(Reverse((_, op))) = self.replayable.pop() {
                if let Some(outcome) = self.replaying.remove(&op) {
                    self.machine.deliver(op, outcome);
                }
                continue;
            }
            if !self.execution.is_stopping() {
                self.answer_found();
            }
            if self.bodies.is_empty() && self.writing == 0 {
                if self.execution.is_stopping() {
                    return Err(Parked);
                }
                if self.timers.is_empty() && self.machine.is_dead() {
                    return Ok(Err(dead()));
                }
            }
            self.wait().await?;
        }
    }

    /// What has come up in a turn.
    fn take(&mut self, note: Note) {
        match note {
            Note::Found { op, key, request } => {
                if let Some((ord, outcome)) = self.recorded.remove(&key) {
                    self.replayable.push(Reverse((ord, op)));
                    self.replaying.insert(op, outcome);
                } else {
                    self.found.push((op, request));
                }
                // Operations are numbered in the order of their discovery.
                self.keys.push(key);
            }
            Note::Ran { op, result } => {
                self.bodies.remove(&op);
                self.ran(op, result);
            }
            Note::Dropped { op } => {
                self.bodies.remove(&op);
                self.timers.retain(|Reverse((_, of))| *of != op);
                self.found.retain(|(of, _)| *of != op);
            }
        }
    }

    /// Carries out what the handler asks for.
    fn answer_found(&mut self) {
        for (op, request) in std::mem::take(&mut self.found) {
            let now = self.execution.shared.environment.now_ms();
            match request {
                Request::Run => self.begin(op, now),
                Request::Sleep(milliseconds) => self.sleep(op, later(now, milliseconds)),
                Request::SleepUntil(time) => self.sleep(op, time),
                Request::Send(events) => self.send(op, &events, now),
                Request::Wait(_) | Request::Invoke(_) => {
                    let message = "is not supported by this engine yet".to_owned();
                    self.record(op, RecordedKind::Run, Outcome::Failed(Failure { message, attempts: 0 }));
                }
            }
        }
    }

    /// Begins with a body, or with the next attempt of one that failed before a restart.
    fn begin(&mut self, op: OpId, now: i64) {
        match self.unfinished(op) {
            Some(Unfinished { due, .. }) if due > now => {
                self.timers.push(Reverse((Timer { due, then: Then::Attempt }, op)));
            }
            _ => self.grant(op),
        }
    }

    fn grant(&mut self, op: OpId) {
        let failed = self.failed_attempts(op);
        let counters = &self.execution.shared.counters;
        count(&counters.steps_run);
        if failed > 0 {
            count(&counters.retries);
        }
        self.bodies.insert(op);
        self.machine.grant(op, failed);
    }

    fn failed_attempts(&self, op: OpId) -> u32 {
        self.unfinished(op).map_or(0, |before| before.attempts)
    }

    fn unfinished(&self, op: OpId) -> Option<Unfinished> {
        self.execution.run.unfinished.get(&self.keys[op]).copied()
    }

    /// A body has ended.
    fn ran(&mut self, op: OpId, result: Result<Box<RawValue>>) {
        let error = match result {
            Ok(value) => return self.record(op, RecordedKind::Run, Outcome::Value(value.get().into())),
            Err(error) => error,
        };
        let attempts = self.failed_attempts(op) + 1;
        let descriptor = self.execution.descriptor;
        if !error.is_retriable() || attempts > u32::from(descriptor.options.retries) {
            let failure = Failure { message: error.to_string(), attempts };
            return self.record(op, RecordedKind::Run, Outcome::Failed(failure));
        }
        tracing::info!(function = descriptor.id, step = &*self.keys[op], %error, attempts, "a step failed and is tried again");
        let due = self.execution.next_attempt(&error, attempts);
        self.defer(op, RecordedKind::Run, attempts, Timer { due, then: Then::Attempt });
    }

    /// Begins to sleep, or sleeps on after a restart.
    fn sleep(&mut self, op: OpId, due: i64) {
        match self.unfinished(op) {
            Some(Unfinished { due, .. }) => self.timers.push(Reverse((Timer { due, then: Then::Wake }, op))),
            None => self.defer(op, RecordedKind::Sleep, 0, Timer { due, then: Then::Wake }),
        }
    }

    /// Sends events, together with the record of the step. Their ids follow from the run and the step, so that sending
    /// them again would start nothing.
    fn send(&mut self, op: OpId, events: &[Outgoing], now: i64) {
        if let Err(message) = self.check(events) {
            return self.record(op, RecordedKind::Send, Outcome::Failed(Failure { message, attempts: 0 }));
        }
        let (run, key) = (&self.execution.run, Arc::clone(&self.keys[op]));
        let step = event_conventions::hash_name(&key);
        let sealed = |(index, event): (usize, &Outgoing)| -> RawEnvelope {
            event.clone().seal(|| format!("{}-{step:016x}-{index}", run.id), now)
        };
        let events: Vec<RawEnvelope> = events.iter().enumerate().map(sealed).collect();
        let (run, ord) = (run.key, self.take_ord());
        self.write(Write::Send { run, key, ord, events }, move |written| {
            let ids = written.value.unwrap_or_else(|| "[]".into());
            Ack::Recorded { op, outcome: Outcome::Value(ids) }
        });
    }

    /// What only the host knows about events: which are registered, and how large they may be.
    fn check(&self, events: &[Outgoing]) -> Result<(), String> {
        let shared = &self.execution.shared;
        for event in events {
            if !(shared.core.is_registered)(event.name) {
                let name = event.name;
                return Err(format!(
                    "sends `{name}`, which is not in the registry of the application: add its set there"
                ));
            }
            let mut issues = Issues::new();
            check_size(&event.data, shared.max_event_bytes, &Path::root(), &mut issues);
            if !issues.is_empty() {
                return Err(format!("sends `{}`: {issues}", event.name));
            }
        }
        Ok(())
    }

    fn take_ord(&mut self) -> u32 {
        self.next_ord += 1;
        self.next_ord - 1
    }

    /// Records the result of an operation; the handler gets it when it is on disk.
    fn record(&mut self, op: OpId, kind: RecordedKind, outcome: Outcome) {
        let (run, key, ord) = (self.execution.run.key, Arc::clone(&self.keys[op]), self.take_ord());
        let recorded = outcome.clone();
        self.write(Write::Record { run, key, kind, ord, outcome }, move |_| Ack::Recorded {
            op,
            outcome: recorded,
        });
    }

    /// Notes that an operation waits; its timer is set when this is on disk.
    fn defer(&mut self, op: OpId, kind: RecordedKind, attempts: u32, timer: Timer) {
        let (run, key, due) = (self.execution.run.key, Arc::clone(&self.keys[op]), timer.due);
        self.execution.run.unfinished.insert(Arc::clone(&key), Unfinished { attempts, due });
        self.write(Write::Defer { run, key, kind, attempts, due }, move |_| Ack::Deferred { op, timer });
    }

    fn write(&mut self, write: Write, ack: impl FnOnce(Written) -> Ack + Send + 'static) {
        self.writing += 1;
        let acks = self.ack.clone();
        self.execution.shared.store.write(write, move |written| {
            // The entry may have ended meanwhile: what is on disk is found at the next one.
            let _ = acks.send(written.map(ack));
        });
    }

    /// Waits until the handler can go on, the store has answered, a timer is due, or the engine stops.
    async fn wait(&mut self) -> Result<(), Parked> {
        let stopping = self.execution.is_stopping();
        let armed = !stopping && self.arm();
        let mut phase = self.execution.phase.clone();
        let mut stops = pin!(async move {
            // An engine that is gone has stopped.
            let _ = phase.wait_for(|phase| *phase > Phase::Running).await;
        });
        let ack = poll_fn(|cx| {
            if self.machine.poll_woken(cx).is_ready() {
                return Poll::Ready(None);
            }
            if let Poll::Ready(ack) = self.acks.poll_recv(cx) {
                return Poll::Ready(ack);
            }
            let due = armed && self.timer.as_mut().poll(cx).is_ready();
            if due || (!stopping && stops.as_mut().poll(cx).is_ready()) {
                Poll::Ready(None)
            } else {
                Poll::Pending
            }
        })
        .await;
        match ack {
            Some(ack) => self.acked(ack?),
            None if armed => self.fire(),
            None => {}
        }
        Ok(())
    }

    /// Sets the timer to the next one that is due. At most a minute ahead, since the clock may jump.
    fn arm(&mut self) -> bool {
        let Some(Reverse((timer, _))) = self.timers.peek() else { return false };
        let wait = timer.due.saturating_sub(self.execution.shared.environment.now_ms()).clamp(0, 60_000);
        self.timer.as_mut().reset(Instant::now() + Duration::from_millis(wait.unsigned_abs()));
        true
    }

    /// Carries out what is due.
    fn fire(&mut self) {
        let now = self.execution.shared.environment.now_ms();
        while let Some(Reverse((timer, op))) = self.timers.peek().copied()
            && timer.due <= now
        {
            self.timers.pop();
            match timer.then {
                Then::Wake => self.record(op, RecordedKind::Sleep, Outcome::Value("null".into())),
                Then::Attempt => self.grant(op),
            }
        }
    }

    fn acked(&mut self, ack: Ack) {
        self.writing -= 1;
        match ack {
            Ack::Recorded { op, outcome } => {
                let key = Arc::clone(&self.keys[op]);
                self.execution.run.recorded.push(Recorded { key, outcome: outcome.clone() });
                self.machine.deliver(op, outcome);
            }
            Ack::Deferred { op, timer } => self.timers.push(Reverse((timer, op))),
        }
    }

    /// Results that the function did not ask for: it was changed, or it depends on more than its event and its steps.
    fn report_unused(&self) {
        if !self.recorded.is_empty() {
            let steps: Vec<&str> = self.recorded.keys().map(|key| &**key).collect();
            let (function, run) = (self.execution.descriptor.id, &*self.execution.run.id);
            tracing::warn!(
                function,
                run,
                ?steps,
                "the function did not ask for steps that it recorded before: was it changed?"
            );
        }
    }
}

/// Nobody can ever wake the handler.
fn dead() -> Error {
    Error::non_retriable(Error::msg(
        "the function waits for something that can never happen: none of its steps is open, and nothing can wake it",
    ))
}
