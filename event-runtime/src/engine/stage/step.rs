//! What comes up in an execution: results, waits, calls, and the end.

use std::sync::Arc;

use super::admission::Origin;
use crate::engine::run::{Memo, Pending, State};
use crate::engine::state::timers::Timer;
use crate::engine::state::wait_index;
use crate::engine::store::{Parent, Result, RunEnd, RunKey, WaitKey, WaitRow};
use crate::engine::{
    Answer, AttemptError, Engine, ExecutionId, Notice, StepEvent, Tx, envelope_value, later,
};
use crate::envelope::{Outgoing, RawEnvelope, check_size};
use crate::function::{
    Failure, InvokeRequest, MAX_WAIT_MS, Outcome, StepKind, TOO_LONG, WaitRequest, bounded,
};
use crate::validate::{Issues, Path};

impl Engine {
    /// Takes an event of a step. One of an execution that was dropped meanwhile says nothing.
    pub(crate) fn step(
        &mut self,
        tx: &mut Tx<'_>,
        run: RunKey,
        execution: ExecutionId,
        event: StepEvent,
    ) -> Result<()> {
        if self.runs.get(&run).is_none_or(|run| run.execution != Some(execution)) {
            return Ok(());
        }
        match event {
            StepEvent::Ran { key, result } => self.ran(tx, run, &key, result),
            StepEvent::Sleep { key, milliseconds } => self.sleep(tx, run, key, later(tx.now, milliseconds)),
            StepEvent::SleepUntil { key, time } if time > later(tx.now, MAX_WAIT_MS) => {
                self.refuse(tx, run, &key, StepKind::Sleep, TOO_LONG.to_owned())
            }
            StepEvent::SleepUntil { key, time } => self.sleep(tx, run, key, time),
            StepEvent::Wait { key, request } => self.wait(tx, run, key, &request),
            StepEvent::Invoke { key, request } => self.invoke(tx, run, &key, &request),
            StepEvent::Send { key, events } => self.send(tx, run, &key, &events),
            StepEvent::Mocked { key, kind, outcome } => self.record(tx, run, &key, kind, outcome),
            StepEvent::Dropped { key } => self.drop_step(tx, run, &key),
            StepEvent::Idle { answers } => self.rest(tx, run, answers),
            StepEvent::Drained => self.drained(tx, run),
            StepEvent::Returned(result) => self.returned(tx, run, result),
        }
    }

    /// A body has ended: its result is recorded, or it is tried again.
    fn ran(
        &mut self,
        tx: &mut Tx<'_>,
        key: RunKey,
        step: &Arc<str>,
        result: std::result::Result<Arc<str>, AttemptError>,
    ) -> Result<()> {
        let Some(run) = self.runs.get_mut(&key) else { return Ok(()) };
        let failed = run.pending(step).map_or(0, |pending| pending.attempts);
        let limit = self.settings.limits.step_output_bytes;
        let thrown = match result {
            Ok(json) if json.len() <= limit => {
                run.take_pending(step);
                return self.record(tx, key, step, StepKind::Run, Outcome::Value(json));
            }
            Ok(json) => AttemptError {
                message: format!(
                    "the result has {} bytes, more than the limit of {limit}: return what is needed, or where it is",
                    json.len()
                ),
                is_retriable: false,
                delay_ms: None,
            },
            Err(thrown) => thrown,
        };
        let (attempts, function, id) = (failed + 1, run.function, Arc::clone(&run.id));
        let retries = u32::from(self.options(function).retries);
        if !thrown.is_retriable || attempts > retries {
            let failure = Failure { message: thrown.message, attempts };
            if let Some(run) = self.runs.get_mut(&key) {
                run.take_pending(step);
            }
            return self.record(tx, key, step, StepKind::Run, Outcome::Failed(failure));
        }
        tx.store.put_failed_attempt(key, step, attempts, &thrown.message, tx.now)?;
        let due = self.next_attempt(tx, &thrown, attempts);
        tx.notice(Notice::Retried {
            function,
            run: id,
            step: Arc::clone(step),
            attempt: attempts,
            message: thrown.message,
        });
        if let Some(run) = self.runs.get_mut(&key) {
            run.take_pending(step);
        }
        self.hold(tx, key, Pending { key: Arc::clone(step), kind: StepKind::Run, attempts, due, wait: None })
    }

    /// When the next attempt is due after `failed` attempts.
    fn next_attempt(&self, tx: &Tx<'_>, thrown: &AttemptError, failed: u32) -> i64 {
        let delay = thrown.delay_ms.unwrap_or_else(|| self.settings.backoff.delay_ms(failed, tx.environment));
        later(tx.now, delay)
    }

    /// Notes that a step has no result yet, and when something happens with it.
    fn hold(&mut self, tx: &mut Tx<'_>, key: RunKey, pending: Pending) -> Result<()> {
        tx.store.put_pending(key, &pending, tx.now)?;
        fail_point!("pending-stored");
        self.timers.set(pending.due, Timer::Run(key));
        if let Some(run) = self.runs.get_mut(&key) {
            run.pending.push(pending);
        }
        Ok(())
    }

    fn sleep(&mut self, tx: &mut Tx<'_>, key: RunKey, step: Arc<str>, due: i64) -> Result<()> {
        if self.is_too_long(tx, key)? {
            return Ok(());
        }
        if due <= tx.now {
            return self.record(tx, key, &step, StepKind::Sleep, Outcome::Value("null".into()));
        }
        self.hold(tx, key, Pending { key: step, kind: StepKind::Sleep, attempts: 0, due, wait: None })
    }

    fn wait(&mut self, tx: &mut Tx<'_>, key: RunKey, step: Arc<str>, request: &WaitRequest) -> Result<()> {
        if self.is_too_long(tx, key)? {
            return Ok(());
        }
        if !(self.application.is_registered)(request.event) {
            let message = format!(
                "waits for `{}`, which is not in the registry of the application: add its set there",
                request.event
            );
            return self.refuse(tx, key, &step, StepKind::Wait, message);
        }
        let Some(run) = self.runs.get(&key) else { return Ok(()) };
        let mut field = None;
        if let Some(condition) = &request.condition {
            match self.expressions.get(condition) {
                Ok(condition) => {
                    let event = run.events.first().map(|event| envelope_value(event)).unwrap_or_default();
                    field =
                        condition.required(&event).map(|(field, value)| (field, wait_index::hash(&value)));
                }
                Err(problem) => {
                    let message = format!("waits with an expression that is none of CEL: {problem}");
                    return self.refuse(tx, key, &step, StepKind::Wait, message);
                }
            }
        }
        let due = later(tx.now, request.timeout_ms);
        let wait = Some((request.event.into(), request.condition.as_deref().map(Into::into)));
        let pending = Pending { key: step, kind: StepKind::Wait, attempts: 0, due, wait };
        let row =
            WaitRow { key: WaitKey { run: key, slot: pending.slot() }, event: request.event.into(), field };
        tx.store.put_wait(&row)?;
        self.waits.insert(row);
        self.hold(tx, key, pending)
    }

    fn invoke(
        &mut self,
        tx: &mut Tx<'_>,
        key: RunKey,
        step: &Arc<str>,
        request: &InvokeRequest,
    ) -> Result<()> {
        if self.is_too_long(tx, key)? {
            return Ok(());
        }
        let Some(run) = self.runs.get(&key) else { return Ok(()) };
        let function = self.rules.iter().position(|rules| rules.descriptor.id == request.function);
        let function = function.and_then(|index| u32::try_from(index).ok());
        let refused = match function {
            None => Some(format!(
                "calls the function `{}`, which the application does not list",
                request.function
            )),
            Some(_) => self.check(&request.event),
        };
        let (Some(function), None) = (function, &refused) else {
            return self.refuse(tx, key, step, StepKind::Invoke, refused.unwrap_or_default());
        };
        let event = seal(run.id.as_ref(), step, 0, &request.event, run.events.first(), tx.now);
        let due = later(tx.now, request.timeout_ms);
        let pending = Pending { key: Arc::clone(step), kind: StepKind::Invoke, attempts: 0, due, wait: None };
        self.hold(tx, key, pending)?;
        let incoming = self.store_event(tx, event)?;
        let origin = Origin { parent: Some(Parent { run: key, step: Arc::clone(step) }), replay_of: None };
        let created = self.create(tx, function, vec![(incoming.key, incoming.event)], origin)?;
        if created.is_none() {
            let message = format!("the function `{}` runs already, and is a singleton", request.function);
            return self.resolve(tx, key, step, Outcome::Failed(Failure { message, attempts: 1 }));
        }
        Ok(())
    }

    /// Sends events, together with the record of the step. Their ids follow from the run and the step, so that sending
    /// them again would start nothing.
    fn send(&mut self, tx: &mut Tx<'_>, key: RunKey, step: &Arc<str>, events: &[Outgoing]) -> Result<()> {
        if self.is_too_long(tx, key)? {
            return Ok(());
        }
        if let Some(message) = events.iter().find_map(|event| self.check(event)) {
            return self.refuse(tx, key, step, StepKind::Send, message);
        }
        let Some(run) = self.runs.get(&key) else { return Ok(()) };
        let (id, cause) = (Arc::clone(&run.id), run.events.first().cloned());
        let mut ids = Vec::with_capacity(events.len());
        for (index, event) in events.iter().enumerate() {
            let event = seal(&id, step, index, event, cause.as_ref(), tx.now);
            ids.push(self.accept(tx, event)?.id);
        }
        let json = serde_json::to_string(&ids).unwrap_or_default();
        // An event may have cancelled the very run that sends it.
        if !self.runs.contains_key(&key) {
            return Ok(());
        }
        self.record(tx, key, step, StepKind::Send, Outcome::Value(json.into()))
    }

    /// What only the host knows about an event: whether it is registered, and how large it may be.
    fn check(&self, event: &Outgoing) -> Option<String> {
        let name = event.name;
        if !(self.application.is_registered)(name) {
            return Some(format!(
                "sends `{name}`, which is not in the registry of the application: add its set there"
            ));
        }
        let mut issues = Issues::new();
        check_size(&event.data, self.settings.limits.event_bytes, &Path::root(), &mut issues);
        (!issues.is_empty()).then(|| format!("sends `{name}`: {issues}"))
    }

    /// What is asked for is wrong: that is the result of the step.
    fn refuse(
        &mut self,
        tx: &mut Tx<'_>,
        key: RunKey,
        step: &Arc<str>,
        kind: StepKind,
        message: String,
    ) -> Result<()> {
        let message = bounded(message);
        self.record(tx, key, step, kind, Outcome::Failed(Failure { message, attempts: 0 }))
    }

    /// The handler has lost interest in a step: what waits for it waits no more.
    fn drop_step(&mut self, tx: &mut Tx<'_>, key: RunKey, step: &str) -> Result<()> {
        let Some(pending) = self.runs.get_mut(&key).and_then(|run| run.take_pending(step)) else {
            return Ok(());
        };
        tx.store.drop_pending(key, step)?;
        self.forget(tx, key, &pending)
    }

    /// Forgets when a step is due, and what it waits for.
    pub(crate) fn forget(&mut self, tx: &mut Tx<'_>, key: RunKey, pending: &Pending) -> Result<()> {
        let is_shared = self.runs.get(&key).is_some_and(|run| {
            run.due == pending.due || run.pending.iter().any(|other| other.due == pending.due)
        });
        if !is_shared {
            self.timers.clear(pending.due, Timer::Run(key));
        }
        let Some((event, condition)) = &pending.wait else { return Ok(()) };
        let wait = WaitKey { run: key, slot: pending.slot() };
        tx.store.drop_wait(wait)?;
        let field = condition.as_ref().and_then(|condition| {
            let condition = self.expressions.get(condition).ok()?;
            let event = self.runs.get(&key)?.events.first().map(|event| envelope_value(event))?;
            condition.required(&event).map(|(field, value)| (field, wait_index::hash(&value)))
        });
        self.waits.remove(&WaitRow { key: wait, event: Arc::clone(event), field });
        Ok(())
    }

    /// A step that was waited for has a result.
    pub(crate) fn resolve(
        &mut self,
        tx: &mut Tx<'_>,
        key: RunKey,
        step: &Arc<str>,
        outcome: Outcome,
    ) -> Result<()> {
        let Some(pending) = self.runs.get_mut(&key).and_then(|run| run.take_pending(step)) else {
            return Ok(());
        };
        self.forget(tx, key, &pending)?;
        self.record(tx, key, step, pending.kind, outcome)
    }

    /// Records the result of a step, and hands it to the run.
    fn record(
        &mut self,
        tx: &mut Tx<'_>,
        key: RunKey,
        step: &Arc<str>,
        kind: StepKind,
        outcome: Outcome,
    ) -> Result<()> {
        if kind == StepKind::Run && self.is_too_long(tx, key)? {
            return Ok(());
        }
        let Some(run) = self.runs.get_mut(&key) else { return Ok(()) };
        let ord = run.next_ord;
        run.next_ord += 1;
        run.result_bytes += outcome.size();
        tx.store.put_result(key, (step, kind), ord, &outcome, tx.now)?;
        fail_point!("result-stored");
        if run.recoveries > 0 {
            run.recoveries = 0;
            tx.store.set_recoveries(key, 0)?;
        }
        let (function, failed) = (run.function, matches!(outcome, Outcome::Failed(_)));
        tx.notice(Notice::Recorded { function, kind, failed });
        if run.result_bytes > self.settings.limits.run_state_bytes {
            let message = format!(
                "the results of the run have more than {} bytes together: keep large values elsewhere, and return where",
                self.settings.limits.run_state_bytes
            );
            return self.end(tx, key, RunEnd::Failed(Failure { message, attempts: 1 }));
        }
        self.answer(tx, key, Answer::Result(Memo { key: Arc::clone(step), kind, ord, outcome }))
    }

    /// Ends a run that has too many steps. Whether it has.
    fn is_too_long(&mut self, tx: &mut Tx<'_>, key: RunKey) -> Result<bool> {
        let limit = self.settings.limits.steps_per_run as usize;
        let steps = self.runs.get(&key).map_or(0, |run| run.next_ord as usize + run.pending.len());
        if steps < limit {
            return Ok(false);
        }
        let message =
            format!("the run has more than {limit} steps: split it, or raise `Limits::steps_per_run`");
        self.end(tx, key, RunEnd::Failed(Failure { message, attempts: 1 }))?;
        Ok(true)
    }

    /// The execution does nothing but wait: others have its place.
    fn rest(&mut self, tx: &mut Tx<'_>, key: RunKey, answers: u32) -> Result<()> {
        let Some(run) = self.runs.get_mut(&key) else { return Ok(()) };
        // An answer is on its way: it will say so again.
        if run.state != State::Active || run.answers != answers {
            return Ok(());
        }
        run.state = State::Idle;
        self.ready.release(run.slots);
        self.idle += 1;
        if self.idle > self.settings.max_idle || self.settings.idle_ms <= 0 {
            return self.park(tx, key);
        }
        self.timers.set(tx.now.saturating_add(self.settings.idle_ms), Timer::Park(key));
        Ok(())
    }

    /// The function has returned: the run ends, or the function is tried again.
    fn returned(
        &mut self,
        tx: &mut Tx<'_>,
        key: RunKey,
        result: std::result::Result<Arc<str>, AttemptError>,
    ) -> Result<()> {
        let limit = self.settings.limits.step_output_bytes;
        let thrown = match result {
            Ok(json) if json.len() <= limit => return self.end(tx, key, RunEnd::Completed(json)),
            Ok(json) => {
                let message = format!("the result has {} bytes, more than the limit of {limit}", json.len());
                return self.end(tx, key, RunEnd::Failed(Failure { message, attempts: 1 }));
            }
            Err(thrown) => thrown,
        };
        let Some(run) = self.runs.get_mut(&key) else { return Ok(()) };
        run.attempt += 1;
        let (attempt, function, id) = (run.attempt, run.function, Arc::clone(&run.id));
        if !thrown.is_retriable || attempt > u32::from(self.options(function).retries) {
            let failure = Failure { message: thrown.message, attempts: attempt };
            return self.end(tx, key, RunEnd::Failed(failure));
        }
        tx.store.put_failed_attempt(key, "", attempt, &thrown.message, tx.now)?;
        let due = self.next_attempt(tx, &thrown, attempt);
        tx.store.set_attempt(key, attempt, due)?;
        tx.notice(Notice::Retried { function, run: id, step: "".into(), attempt, message: thrown.message });
        self.take_out(tx, key);
        self.timers.set(due, Timer::Run(key));
        Ok(())
    }
}

/// An event that a step sends: its id follows from the run and the step, its trace from what started the run.
fn seal(
    run: &str,
    step: &str,
    index: usize,
    event: &Outgoing,
    cause: Option<&Arc<RawEnvelope>>,
    now: i64,
) -> RawEnvelope {
    let step = event_conventions::hash_name(step);
    let mut event = event.clone().seal(|| format!("{run}-{step:016x}-{index}"), now);
    if event.traceparent.is_none() {
        event.traceparent = cause.and_then(|cause| cause.traceparent.clone());
    }
    event
}
