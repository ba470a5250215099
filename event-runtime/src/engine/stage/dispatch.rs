//! Dispatch: begins the runs that have their turn, and brings them to a rest when the engine stops.

use std::sync::Arc;

use crate::engine::message::{Answer, Effect, ExecutionStart, Notice, OpenStep};
use crate::engine::milliseconds;
use crate::engine::model::{RunEnd, RunKey, Status};
use crate::engine::state::quarantine::{Quarantine, Recovery, Suspect};
use crate::engine::state::run_queue::Lane;
use crate::engine::state::runs::{Residency, Run};
use crate::engine::state::timers::Timer;
use crate::engine::state::{Drain, State};
use crate::engine::store::Result;
use crate::engine::tx::Tx;
use crate::engine::work::Work;
use crate::function::StepKind;

/// Begins what has its turn.
pub(crate) fn dispatch(state: &mut State, tx: &mut Tx<'_>) -> Result<()> {
    // What a start leads to may keep others from beginning, and comes first.
    while tx.work.is_empty() && !state.is_draining() && !others_are_held(state, tx.now) {
        if let Some(Suspect { run, lane }) = next_suspect(state, tx.now) {
            if state.queue.is_paused(lane.function) {
                wait_on(state, tx, run, lane)?;
                continue;
            }
            if let Some(order) = state.load(tx, run)?.map(|run| run.start_order()) {
                // Something may have come for it while it waited.
                state.queue.remove(lane, order);
            }
            begin_or_release(state, tx, run, lane)?;
            continue;
        }
        let Some((run, lane)) = state.queue.pop() else { break };
        if state.load(tx, run)?.is_some_and(|run| Quarantine::is_suspect(run)) {
            state.queue.release(lane.slots);
            if let Some(until) = state.quarantine.keep(Suspect { run, lane }, tx.now) {
                state.timers.set(until, Timer::Trust);
            }
        } else {
            begin_or_release(state, tx, run, lane)?;
        }
    }
    if state.drain == Drain::Draining && state.queue.active() == 0 {
        state.drain = Drain::Drained;
        tx.effects.push(Effect::Drained);
    }
    Ok(())
}

/// Begins nothing more, and asks what executes to come to a rest.
pub(crate) fn drain(state: &mut State, tx: &mut Tx<'_>) {
    if state.drain == Drain::No {
        state.drain = Drain::Draining;
    }
    let executions = state.runs.executions().into_iter();
    tx.effects.extend(executions.map(|execution| Effect::Answer(execution, Answer::Drain)));
}

fn others_are_held(state: &State, now: i64) -> bool {
    state.quarantine.holds_others(&state.runs, state.queue.active(), now)
}

/// The next suspect, if nothing else executes. It holds its slots from now on.
fn next_suspect(state: &mut State, now: i64) -> Option<Suspect> {
    if state.queue.active() > 0 {
        return None;
    }
    let (suspect, until) = state.quarantine.next(now)?;
    state.timers.set(until, Timer::Trust);
    state.queue.occupy(suspect.lane.slots);
    Some(suspect)
}

/// Lets a suspect wait like any other while its function is paused.
fn wait_on(state: &mut State, tx: &mut Tx<'_>, run: RunKey, lane: Lane) -> Result<()> {
    state.queue.release(lane.slots);
    if let Some(order) = state.load(tx, run)?.map(|run| run.start_order()) {
        state.queue.push(lane, order);
    }
    Ok(())
}

/// Begins a run that has its turn, unless it has ended meanwhile, or events are on their way to it: they may end it.
fn begin_or_release(state: &mut State, tx: &mut Tx<'_>, run: RunKey, lane: Lane) -> Result<()> {
    let Some(order) = state.load(tx, run)?.map(|run| run.start_order()) else {
        state.queue.release(lane.slots);
        return Ok(());
    };
    if state.wakes.concern(run) {
        state.queue.release(lane.slots);
        state.queue.push(lane, order);
        tx.push(Work::Reach(run));
        return Ok(());
    }
    begin(state, tx, run)
}

/// Begins a run that has its turn: its execution goes on, or a new one starts.
fn begin(state: &mut State, tx: &mut Tx<'_>, key: RunKey) -> Result<()> {
    let run = state.runs.set_residency(key, Residency::Active)?;
    if let Some(execution) = run.execution {
        for answer in std::mem::take(&mut run.inbox) {
            run.answers += 1;
            tx.effects.push(Effect::Answer(execution, answer));
        }
        return Ok(());
    }
    if std::mem::take(&mut run.parked) {
        tx.store.set_status(key, Status::Open)?;
    }
    let next_undo = if run.undoing.is_some() { run.next_undo() } else { None };
    if let Some((_, due)) = next_undo.filter(|(_, due)| (tx.now + 1..i64::MAX).contains(due)) {
        // A crash has brought it here before its next attempt is due.
        state.timers.set(due, Timer::Run(key));
        return state.take_out(tx, key).map(drop);
    }
    state.last_execution += 1;
    run.execution = Some(state.last_execution);
    match state.quarantine.judge(run) {
        Recovery::None => {}
        Recovery::Counts => {
            // On disk before the function gets a chance to bring the process down again.
            run.recoveries += 1;
            tx.store.set_recoveries(key, run.recoveries)?;
            fail_point!("recovered");
        }
        Recovery::Blamed => {
            let attempts = run.recoveries;
            let message = format!("the process died {attempts} times while it executed this run");
            tx.push(Work::End { run: key, end: RunEnd::failed(message, attempts) });
            return Ok(());
        }
    }
    let first = run.started.is_none();
    run.started.get_or_insert(tx.now);
    run.answers = 0;
    let throttle = std::mem::take(&mut run.slots[2]);
    let start = execution_start(run, state.last_execution, state.settings.limits.step_output_bytes, tx.now);
    // The clock may have been set back since a timer has fired: then it fires again.
    let bodies = run.pending.iter().filter(|pending| pending.kind == StepKind::Run && pending.due > tx.now);
    bodies.for_each(|pending| state.timers.set(pending.due, Timer::Run(key)));
    let (function, waited_ms) = (run.function, tx.now.saturating_sub(run.created));
    let (id, attempt) = (Arc::clone(&run.id), run.attempt);
    if throttle != 0 {
        state.count_start(tx, function, throttle)?;
    }
    if first {
        limit_duration(state, tx, key, throttle != 0)?;
    }
    tx.notice(Notice::Began { function, run: id, attempt, waited_ms, first });
    tx.effects.push(Effect::Start(Box::new(start)));
    Ok(())
}

fn execution_start(run: &mut Run, execution: u64, step_output_bytes: usize, now: i64) -> ExecutionStart {
    let undo = if run.undoing.is_some() { run.next_undo().map(|(task, _)| task) } else { None };
    let open_steps = run.pending.iter_mut().map(|pending| {
        if pending.kind == StepKind::Undo {
            pending.due = i64::MAX;
        }
        let may_run = pending.kind == StepKind::Run && pending.due <= now;
        if may_run {
            // It is due once, whatever the clock does while it runs.
            pending.due = i64::MAX;
        }
        OpenStep { key: Arc::clone(&pending.key), kind: pending.kind, failed: pending.attempts, may_run }
    });
    let open_steps = open_steps.collect();
    ExecutionStart {
        run: run.key,
        execution,
        id: Arc::clone(&run.id),
        function: run.function,
        events: Arc::clone(&run.events),
        attempt: run.attempt,
        undo,
        open_steps,
        memos: std::mem::take(&mut run.memos),
        step_output_bytes,
    }
}

/// Sets the deadline that a run has from its start on. A start that was counted is on disk, so that it counts once.
fn limit_duration(state: &mut State, tx: &mut Tx<'_>, key: RunKey, is_counted: bool) -> Result<()> {
    let run = state.runs.find_mut(key)?;
    let finish = state.rules[run.function].options().timeouts.finish;
    if run.deadline.is_none() && finish.is_none() && !is_counted {
        return Ok(());
    }
    if let Some(before) = run.deadline.take() {
        state.timers.clear(before, Timer::Deadline(key));
    }
    run.deadline = finish.map(|finish| tx.now.saturating_add(milliseconds(finish)));
    if let Some(deadline) = run.deadline {
        state.timers.set(deadline, Timer::Deadline(key));
    }
    run.start_is_stored = true;
    tx.store.set_started(key, tx.now, run.deadline)
}
