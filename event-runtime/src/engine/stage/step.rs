//! Steps: what comes up in an execution. Results are recorded, waits and calls are noted, and the end is judged.

use std::sync::Arc;

use crate::backoff::Backoff;
use crate::engine::expression::Expression;
use crate::engine::message::{Answer, AttemptError, ExecutionId, Notice, StepEvent};
use crate::engine::model::{
    EventView, Memo, Parent, Pending, RunEnd, RunKey, SignalState, StoredEvent, WaitField, WaitKey, WaitRow,
    WaitSpec,
};
use crate::engine::state::State;
use crate::engine::state::runs::{Residency, Run};
use crate::engine::state::timers::Timer;
use crate::engine::store::{Result, to_json};
use crate::engine::tx::Tx;
use crate::engine::work::{Origin, Record, Work};
use crate::engine::{fields, later};
use crate::event::{Cause, Outgoing, RawEnvelope, check_size};
use crate::function::{
    Failure, InvokeRequest, MAX_WAIT_MS, Outcome, Request, SignalRequest, StepKind, StepOptions, TOO_LONG,
    WaitRequest, bounded, undo_key,
};
use crate::validate::{Issues, Path};

/// What an attempt has given: JSON, or an error.
type Attempt = std::result::Result<Arc<str>, AttemptError>;

/// Takes what has come up in an execution; nothing, when the execution was dropped meanwhile.
pub(crate) fn handle(
    state: &mut State,
    tx: &mut Tx<'_>,
    run: RunKey,
    execution: ExecutionId,
    event: StepEvent,
) -> Result<()> {
    if state.runs.get(run).is_none_or(|run| run.execution != Some(execution)) {
        return Ok(());
    }
    match event {
        StepEvent::Found { key, request } => found(state, tx, run, key, request),
        StepEvent::Ran { key, result, options } => ran(state, tx, run, key, result, options),
        StepEvent::Undone { key, result, options } => {
            tx.push(Work::Undone { run, undo: key, result, options });
            Ok(())
        }
        StepEvent::Mocked { key: step, kind, outcome } => {
            record(state, tx, Record { run, step, kind, outcome })
        }
        StepEvent::Dropped { key } => drop_step(state, tx, run, &key),
        StepEvent::Idle { answers } => rest(state, tx, run, answers),
        StepEvent::Drained => drained(state, tx, run),
        StepEvent::Unfit(reason) => state.hold(tx, run, reason),
        StepEvent::Returned(result) => returned(state, tx, run, result),
    }
}

/// The handler asks for a step that is new.
fn found(state: &mut State, tx: &mut Tx<'_>, run: RunKey, key: Arc<str>, request: Request) -> Result<()> {
    if is_too_long(state, tx, run)? {
        return Ok(());
    }
    match request {
        // Bodies run without being asked for.
        Request::Run(_) => Ok(()),
        Request::Sleep(milliseconds) => sleep(state, tx, run, key, later(tx.now, milliseconds)),
        Request::SleepUntil(time) if time > later(tx.now, MAX_WAIT_MS) => {
            refuse(state, tx, run, key, StepKind::Sleep, TOO_LONG.to_owned())
        }
        Request::SleepUntil(time) => sleep(state, tx, run, key, time),
        Request::Wait(request) => wait(state, tx, run, key, &request),
        Request::Invoke(request) => invoke(state, tx, run, key, &request),
        Request::Send(events) => send(state, tx, run, key, &events),
        Request::Signal(request) => await_signal(state, tx, run, key, &request),
    }
}

/// A body has ended: its result is recorded, or it is tried again.
fn ran(
    state: &mut State,
    tx: &mut Tx<'_>,
    key: RunKey,
    step: Arc<str>,
    result: Attempt,
    options: StepOptions,
) -> Result<()> {
    let run = state.runs.find_mut(key)?;
    let failed = run.take_pending(&step).map_or(0, |pending| pending.attempts);
    let limit = state.settings.limits.step_output_bytes;
    let (function, id) = (run.function, Arc::clone(&run.id));
    let error = match result {
        Ok(json) if json.len() <= limit => {
            if options.has_undo {
                note_undo(state, tx, key, &step)?;
            }
            let outcome = Outcome::Value(json);
            return record(state, tx, Record { run: key, step, kind: StepKind::Run, outcome });
        }
        Ok(json) => AttemptError {
            message: format!(
                "the result has {} bytes, more than the limit of {limit}: return what is needed, or where it is",
                json.len()
            ),
            is_retriable: false,
            delay_ms: None,
            typed: None,
        },
        Err(error) => error,
    };
    let attempts = failed + 1;
    let retries = options.retries.unwrap_or_else(|| state.rules[function].options().retries);
    if !error.is_retriable || attempts > u32::from(retries) {
        let outcome = Outcome::Failed(Failure { message: error.message, attempts, typed: error.typed });
        return record(state, tx, Record { run: key, step, kind: StepKind::Run, outcome });
    }
    tx.store.put_failed_attempt(key, &step, attempts, &error.message, tx.now)?;
    let backoff = options.backoff.unwrap_or(state.settings.backoff);
    let due = next_attempt(tx, &error, backoff, attempts);
    let message = error.message;
    tx.notice(Notice::Retried {
        function,
        run: id,
        step: Arc::clone(&step),
        attempt: attempts,
        message,
        due,
    });
    await_step(state, tx, key, Pending { key: step, kind: StepKind::Run, attempts, due, wait: None })
}

/// Notes that a step which is done can be undone. That waits for no time, but for the end of the run.
fn note_undo(state: &mut State, tx: &mut Tx<'_>, key: RunKey, step: &str) -> Result<()> {
    let (kind, due) = (StepKind::Undo, i64::MAX);
    let pending = Pending { key: undo_key(step), kind, attempts: 0, due, wait: None };
    tx.store.put_pending(key, &pending, tx.now)?;
    state.runs.find_mut(key)?.pending.push(pending);
    Ok(())
}

/// When the next attempt is due after `failed` attempts.
fn next_attempt(tx: &Tx<'_>, error: &AttemptError, backoff: Backoff, failed: u32) -> i64 {
    let delay = error.delay_ms.unwrap_or_else(|| backoff.delay_ms(failed, tx.environment));
    later(tx.now, delay)
}

/// Notes that a step has no result yet, and when something happens with it.
fn await_step(state: &mut State, tx: &mut Tx<'_>, key: RunKey, pending: Pending) -> Result<()> {
    tx.store.put_pending(key, &pending, tx.now)?;
    fail_point!("pending-stored");
    state.timers.set(pending.due, Timer::Run(key));
    let run = state.runs.find_mut(key)?;
    if pending.kind != StepKind::Run {
        let Pending { kind, due, .. } = pending;
        let (id, step) = (Arc::clone(&run.id), Arc::clone(&pending.key));
        tx.notice(Notice::Waits { run: id, step, kind, due });
    }
    run.pending.push(pending);
    Ok(())
}

fn sleep(state: &mut State, tx: &mut Tx<'_>, run: RunKey, step: Arc<str>, due: i64) -> Result<()> {
    if due <= tx.now {
        let outcome = Outcome::Value("null".into());
        return record(state, tx, Record { run, step, kind: StepKind::Sleep, outcome });
    }
    let pending = Pending { key: step, kind: StepKind::Sleep, attempts: 0, due, wait: None };
    await_step(state, tx, run, pending)
}

fn wait(
    state: &mut State,
    tx: &mut Tx<'_>,
    key: RunKey,
    step: Arc<str>,
    request: &WaitRequest,
) -> Result<()> {
    let event = request.event;
    if !(state.application.is_registered)(event) {
        let message = format!(
            "waits for `{event}`, which is not in the registry of the application: add its set there"
        );
        return refuse(state, tx, key, step, StepKind::Wait, message);
    }
    let mut field = None;
    if let Some(condition) = &request.condition {
        match state.expressions.get(condition) {
            Ok(condition) => {
                if let Some(problem) = missing_field(state, key, event, &condition)? {
                    return refuse(state, tx, key, step, StepKind::Wait, problem);
                }
                let first =
                    state.runs.find(key)?.events.first().map(|event| EventView::new(Arc::clone(event)));
                field = first.and_then(|first| condition.required(first.value())).map(WaitField::new);
            }
            Err(problem) => {
                let message = format!("waits with an expression that is not valid CEL: {problem}");
                return refuse(state, tx, key, step, StepKind::Wait, message);
            }
        }
    }
    let due = later(tx.now, request.timeout_ms);
    let spec = WaitSpec { event: event.into(), condition: request.condition.as_deref().map(Into::into) };
    let pending = Pending { key: step, kind: StepKind::Wait, attempts: 0, due, wait: Some(spec) };
    let row = WaitRow { key: WaitKey { run: key, slot: pending.slot() }, event: event.into(), field };
    tx.store.put_wait(&row)?;
    state.waits.insert(row);
    await_step(state, tx, key, pending)
}

/// Says that a condition reads a field which neither event has, so that it could never hold.
fn missing_field(
    state: &State,
    key: RunKey,
    awaited: &str,
    condition: &Expression,
) -> Result<Option<String>> {
    let (application, function) = (&state.application, state.runs.find(key)?.function);
    let triggers = state.rules[function].descriptor.triggers;
    let own: Vec<_> = triggers.iter().filter_map(|name| (application.find_event)(name)).collect();
    let problem = fields::missing(condition.fields(), &own, (application.find_event)(awaited));
    Ok(problem.map(|problem| format!("waits with an expression that {problem}")))
}

fn invoke(
    state: &mut State,
    tx: &mut Tx<'_>,
    key: RunKey,
    step: Arc<str>,
    request: &InvokeRequest,
) -> Result<()> {
    if let Some(foreign) = request.foreign() {
        let message = format!(
            "calls {foreign}, which only an Inngest server can: in a test, say what the step gives with `mock_step(\"{step}\", ..)`"
        );
        return refuse(state, tx, key, step, StepKind::Invoke, message);
    }
    let Some(function) = state.rules.find(request.function) else {
        let message =
            format!("calls the function `{}`, which the application does not list", request.function);
        return refuse(state, tx, key, step, StepKind::Invoke, message);
    };
    let run = state.runs.find(key)?;
    let event = match seal(state, run, &step, 0, &request.event, tx.now) {
        Ok(event) => event,
        Err(message) => return refuse(state, tx, key, step, StepKind::Invoke, message),
    };
    let due = later(tx.now, request.timeout_ms);
    let parent = Parent { run: key, step: Arc::clone(&step) };
    let pending = Pending { key: step, kind: StepKind::Invoke, attempts: 0, due, wait: None };
    await_step(state, tx, key, pending)?;
    let events: Vec<StoredEvent> = vec![state.store_event(tx, event)?];
    tx.push(Work::Start { function, events, origin: Origin::Step(parent) });
    Ok(())
}

/// Sends events, together with the record of the step. Their ids follow from the run and the step, so that sending them
/// again would start nothing.
fn send(state: &mut State, tx: &mut Tx<'_>, key: RunKey, step: Arc<str>, events: &[Outgoing]) -> Result<()> {
    let run = state.runs.find(key)?;
    let sealed =
        events.iter().enumerate().map(|(index, event)| seal(state, run, &step, index, event, tx.now));
    let sealed = match sealed.collect::<std::result::Result<Vec<RawEnvelope>, String>>() {
        Ok(sealed) => sealed,
        Err(message) => return refuse(state, tx, key, step, StepKind::Send, message),
    };
    let ids: Vec<&str> = sealed.iter().map(|event| event.id.as_str()).collect();
    let outcome = Outcome::Value(to_json(&ids)?.get().into());
    let then = Record { run: key, step, kind: StepKind::Send, outcome };
    tx.push(Work::Publish { events: sealed.into_iter(), then });
    Ok(())
}

/// Waits for a signal, which may have come before.
fn await_signal(
    state: &mut State,
    tx: &mut Tx<'_>,
    run: RunKey,
    step: Arc<str>,
    request: &SignalRequest,
) -> Result<()> {
    let (kind, due) = (StepKind::Signal, later(tx.now, request.timeout_ms));
    let pending = Pending { key: step, kind, attempts: 0, due, wait: None };
    match tx.store.signal(run, pending.slot())? {
        Some(SignalState::Given(json)) => {
            record(state, tx, Record { run, step: pending.key, kind, outcome: Outcome::Value(json) })
        }
        _ => await_step(state, tx, run, pending),
    }
}

/// Notes that a step does not wait for its signal any more, because it has come or because nobody wants it.
fn close_signal(tx: &mut Tx<'_>, run: RunKey, step: &str) -> Result<()> {
    let slot = event_conventions::hash_name(step);
    let closed = match tx.store.signal(run, slot)? {
        None => SignalState::Expired,
        Some(SignalState::Given(_)) => SignalState::Used,
        Some(SignalState::Used | SignalState::Expired) => return Ok(()),
    };
    tx.store.put_signal(run, slot, &closed)
}

/// What is asked for is wrong: that is the result of the step.
fn refuse(
    state: &mut State,
    tx: &mut Tx<'_>,
    run: RunKey,
    step: Arc<str>,
    kind: StepKind,
    message: String,
) -> Result<()> {
    let outcome = Outcome::Failed(Failure::new(bounded(message), 0));
    record(state, tx, Record { run, step, kind, outcome })
}

/// The handler has lost interest in a step: what waits for it waits no more.
fn drop_step(state: &mut State, tx: &mut Tx<'_>, key: RunKey, step: &str) -> Result<()> {
    // Its result may have been recorded while this was on its way.
    let Some(pending) = state.runs.find_mut(key)?.take_pending(step) else { return Ok(()) };
    tx.store.drop_pending(key, step)?;
    if pending.kind == StepKind::Signal {
        close_signal(tx, key, step)?;
    }
    state.forget_step(tx, key, &pending)
}

/// Gives a step that waits its result.
pub(crate) fn resolve(
    state: &mut State,
    tx: &mut Tx<'_>,
    key: RunKey,
    step: Arc<str>,
    outcome: Outcome,
) -> Result<()> {
    let Some(run) = state.load(tx, key)? else {
        return resolve_of_orphan(state, tx, key, &step, &outcome);
    };
    // Another result may have come first, or the handler has lost interest.
    let Some(pending) = run.take_pending(&step) else {
        state.unload_unchanged(key);
        return Ok(());
    };
    state.forget_step(tx, key, &pending)?;
    record(state, tx, Record { run: key, step, kind: pending.kind, outcome })
}

/// Gives a step of a run whose function is not in the application its result, unless the run has ended.
fn resolve_of_orphan(
    state: &mut State,
    tx: &mut Tx<'_>,
    key: RunKey,
    step: &str,
    outcome: &Outcome,
) -> Result<()> {
    let Some(orphan) = tx.store.load_orphan(key)? else { return Ok(()) };
    if let Some(pending) = orphan.pending.iter().find(|pending| *pending.key == *step) {
        state.forget_wait(tx, key, Some(orphan.event), pending)?;
        tx.store.put_result_of_orphan(key, step, outcome, tx.now)?;
    }
    Ok(())
}

/// Records the result of a step, and hands it to the run.
pub(crate) fn record(state: &mut State, tx: &mut Tx<'_>, record: Record) -> Result<()> {
    let Record { run: key, step, kind, outcome } = record;
    // An event may have cancelled the very run that sends it.
    if state.runs.get(key).is_none() || kind == StepKind::Run && is_too_long(state, tx, key)? {
        return Ok(());
    }
    if kind == StepKind::Signal {
        close_signal(tx, key, &step)?;
    }
    let run = state.runs.find_mut(key)?;
    let ord = run.next_ord;
    run.next_ord += 1;
    run.result_bytes += outcome.size();
    tx.store.put_result(key, (&step, kind), ord, &outcome, tx.now)?;
    fail_point!("result-stored");
    if run.recoveries > 0 {
        run.recoveries = 0;
        tx.store.set_recoveries(key, 0)?;
    }
    let failure = match &outcome {
        Outcome::Value(_) => None,
        Outcome::Failed(failure) => Some(failure.message.clone()),
    };
    let (id, found) = (Arc::clone(&run.id), Arc::clone(&step));
    tx.notice(Notice::Recorded { function: run.function, run: id, step: found, kind, failure });
    let limit = state.settings.limits.run_state_bytes;
    if run.result_bytes > limit {
        let message = format!(
            "the results of the run have more than {limit} bytes together: keep large values elsewhere, and return where"
        );
        tx.push(Work::End { run: key, end: RunEnd::failed(message, 1) });
        return Ok(());
    }
    state.answer(tx, key, Answer::Result(Memo { key: step, kind, ord, outcome }))
}

/// Ends a run that has too many steps. Whether it has.
fn is_too_long(state: &State, tx: &mut Tx<'_>, key: RunKey) -> Result<bool> {
    let limit = state.settings.limits.steps_per_run as usize;
    let run = state.runs.find(key)?;
    if run.next_ord as usize + run.pending.len() < limit {
        return Ok(false);
    }
    let message = format!("the run has more than {limit} steps: split it, or raise `Limits::steps_per_run`");
    tx.push(Work::End { run: key, end: RunEnd::failed(message, 1) });
    Ok(true)
}

/// The handler does nothing but wait: others have its place.
fn rest(state: &mut State, tx: &mut Tx<'_>, key: RunKey, answers: u32) -> Result<()> {
    let run = state.runs.find(key)?;
    // An answer is on its way: it will say so again.
    if run.residency() != Residency::Active || run.answers != answers {
        return Ok(());
    }
    state.queue.release(run.slots);
    state.runs.set_residency(key, Residency::Idle)?;
    let idle_ms = state.settings.idle_ms;
    if state.runs.idle() > state.settings.max_idle || idle_ms <= 0 {
        return state.park(tx, key);
    }
    state.timers.set(tx.now.saturating_add(idle_ms), Timer::Park(key));
    Ok(())
}

/// An execution has come to a rest: its run is taken up at the next start, or when its function is resumed.
fn drained(state: &mut State, tx: &mut Tx<'_>, key: RunKey) -> Result<()> {
    if !state.is_draining() {
        return state.step_aside(tx, key);
    }
    if state.runs.find(key)?.recoveries > 0 {
        // The process ends in order.
        tx.store.set_recoveries(key, 0)?;
    }
    state.take_out(tx, key).map(drop)
}

/// The handler has returned: the run ends, or the function is tried again.
fn returned(state: &mut State, tx: &mut Tx<'_>, key: RunKey, result: Attempt) -> Result<()> {
    let limit = state.settings.limits.step_output_bytes;
    let error = match result {
        Ok(json) if json.len() <= limit => {
            tx.push(Work::End { run: key, end: RunEnd::Completed(json) });
            return Ok(());
        }
        Ok(json) => {
            let message = format!("the result has {} bytes, more than the limit of {limit}", json.len());
            tx.push(Work::End { run: key, end: RunEnd::failed(message, 1) });
            return Ok(());
        }
        Err(error) => error,
    };
    let run = state.runs.find_mut(key)?;
    run.attempt += 1;
    let (attempt, function, id) = (run.attempt, run.function, Arc::clone(&run.id));
    if !error.is_retriable || attempt > u32::from(state.rules[function].options().retries) {
        let failure = Failure { message: error.message, attempts: attempt, typed: error.typed };
        tx.push(Work::End { run: key, end: RunEnd::Failed(failure) });
        return Ok(());
    }
    tx.store.put_failed_attempt(key, "", attempt, &error.message, tx.now)?;
    let due = next_attempt(tx, &error, state.settings.backoff, attempt);
    tx.store.set_attempt(key, attempt, due)?;
    let message = error.message;
    tx.notice(Notice::Retried { function, run: id, step: "".into(), attempt, message, due });
    state.take_out(tx, key)?;
    state.timers.set(due, Timer::Run(key));
    Ok(())
}

/// An event that a step sends: its id follows from the run and the step, its trace, its correlation and its metadata from what
/// started the run.
///
/// # Errors
///
/// What speaks against it that only the host can judge: whether it is registered, how large it may be, what must come with it.
fn seal(
    state: &State,
    run: &Run,
    step: &str,
    index: usize,
    event: &Outgoing,
    now: i64,
) -> std::result::Result<RawEnvelope, String> {
    let (name, first, mut issues) = (event.name, run.events.first(), Issues::new());
    if !(state.application.is_registered)(name) {
        return Err(format!(
            "sends `{name}`, which is not in the registry of the application: add its set there"
        ));
    }
    check_size(&event.data, state.settings.limits.event_bytes, &Path::root(), &mut issues);
    let meta = issues.take(state.application.meta.inherited(event, first.map(|first| &**first)));
    let meta = issues.into_result(meta.flatten()).map_err(|issues| format!("sends `{name}`: {issues}"))?;
    let hash = event_conventions::hash_name(step);
    let event = event.clone().seal(|| format!("{}-{hash:016x}-{index}", run.id), now);
    Ok(RawEnvelope {
        cause: first.map(|first| Box::new(Cause::new(first, &run.id, Some(step)))),
        traceparent: event.traceparent.or_else(|| first?.traceparent.clone()),
        meta,
        ..event
    })
}
