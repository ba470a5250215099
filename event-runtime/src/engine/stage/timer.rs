//! Timers: what happens when its time has come.

use std::sync::Arc;

#[cfg(any(test, feature = "testing"))]
use crate::client::Receipt;
use crate::engine::message::{Answer, Notice};
use crate::engine::model::{FunctionIndex, Pending, RunEnd, RunKey};
use crate::engine::state::State;
use crate::engine::state::crons::Firing;
use crate::engine::state::timers::Timer;
use crate::engine::store::{Result, to_json};
use crate::engine::tx::Tx;
use crate::engine::work::{Origin, Work};
use crate::event::{Cron, RawEnvelope};
use crate::function::{Failure, Outcome, StepKind};

/// Carries out a timer that was due then.
pub(crate) fn fire(state: &mut State, tx: &mut Tx<'_>, due: i64, timer: Timer) -> Result<()> {
    match timer {
        Timer::Run(run) => wake_run(state, tx, run),
        Timer::Deadline(run) => miss_deadline(state, tx, run, due),
        Timer::Park(run) => state.park(tx, run),
        Timer::Flow(number) => {
            // The batch may have become full, and started, at the same time.
            if let Some(key) = state.flows.key(number) {
                tx.push(Work::Release(key));
            }
            Ok(())
        }
        Timer::Throttle(function, throttle) => {
            state.open_throttle(function, throttle, tx.now);
            Ok(())
        }
        Timer::Cron(index) => start_by_time(state, tx, index),
        Timer::Prune => {
            tx.push(Work::Prune);
            Ok(())
        }
        // What waits for a suspect is looked at after every input.
        Timer::Trust => Ok(()),
    }
}

/// Wakes a run: steps of it are due, or the run itself.
fn wake_run(state: &mut State, tx: &mut Tx<'_>, key: RunKey) -> Result<()> {
    fail_point!("timer-fired");
    let now = tx.now;
    // It may have ended at the same time.
    let Some(run) = state.load(tx, key)? else { return Ok(()) };
    let mut due: Vec<Pending> = run.pending.iter().filter(|pending| pending.due <= now).cloned().collect();
    due.sort_by(|a, b| (a.due, &a.key).cmp(&(b.due, &b.key)));
    // The run itself: it was to start then, or to be tried again.
    let mut wakes = run.execution.is_none() && !run.parked && run.not_before() <= now;
    let is_untouched = due.is_empty() && !wakes;
    for pending in due {
        let outcome = match pending.kind {
            StepKind::Run => {
                wakes |= wake_body(state, tx, key, &pending)?;
                continue;
            }
            StepKind::Undo => {
                wakes |= state.runs.find(key)?.execution.is_none();
                continue;
            }
            StepKind::Invoke => {
                let message = "the function did not return in time".to_owned();
                Outcome::Failed(Failure::new(message, 1))
            }
            _ => Outcome::Value("null".into()),
        };
        tx.push(Work::Resolve { run: key, step: pending.key, outcome });
    }
    if wakes {
        state.enqueue(tx, key)?;
    }
    if is_untouched {
        state.unload_unchanged(key);
    }
    Ok(())
}

/// Lets a body be tried again: in the execution that waits for that, or in the next one. Whether a new execution is needed.
fn wake_body(state: &mut State, tx: &mut Tx<'_>, key: RunKey, pending: &Pending) -> Result<bool> {
    let run = state.runs.find_mut(key)?;
    if run.execution.is_none() {
        return Ok(true);
    }
    if let Some(pending) = run.pending.iter_mut().find(|other| other.key == pending.key) {
        // It is due once.
        pending.due = i64::MAX;
    }
    let answer = Answer::Attempt { key: Arc::clone(&pending.key), failed: pending.attempts };
    state.answer(tx, key, answer)?;
    Ok(false)
}

fn miss_deadline(state: &mut State, tx: &mut Tx<'_>, key: RunKey, due: i64) -> Result<()> {
    // It may have ended at the same time.
    let Some(run) = state.load(tx, key)? else { return Ok(()) };
    if run.deadline != Some(due) {
        state.unload_unchanged(key);
        return Ok(());
    }
    let what = if run.started.is_none() { "start" } else { "end" };
    let end = RunEnd::cancelled(format!("the run did not {what} in time: see the option `timeouts`"));
    tx.push(Work::End { run: key, end });
    Ok(())
}

/// Starts a function by its cron, whose timer is due.
fn start_by_time(state: &mut State, tx: &mut Tx<'_>, index: u32) -> Result<()> {
    let cron = state.crons.find(index)?;
    let (function, expression, firing) = (cron.function, cron.expression, cron.firing(tx.now));
    if let Some(row) = state.crons.advance(index, tx.now, &mut state.timers)? {
        tx.store.put_cron(&row)?;
    }
    let descriptor = state.rules[function].descriptor;
    if state.queue.is_paused(function) {
        if !matches!(firing, Firing::Nothing) {
            tracing::info!(
                function = descriptor.id,
                cron = expression,
                "a time is skipped: the function is paused"
            );
            tx.notice(Notice::Skipped { function, event: "".into(), by: "paused" });
        }
        return Ok(());
    }
    let id = |instant| format!("cron-{}-{expression}-{instant}", descriptor.id);
    let instant = match firing {
        Firing::For(instant) => instant,
        Firing::Unless(instant) if tx.store.find_event(&id(instant), i64::MIN)?.is_none() => instant,
        Firing::Unless(_) | Firing::Nothing => return Ok(()),
    };
    start_for(state, tx, function, expression, (id(instant), instant))
}

/// Starts a function with the event of a cron.
fn start_for(
    state: &mut State,
    tx: &mut Tx<'_>,
    function: FunctionIndex,
    expression: &str,
    (id, instant): (String, i64),
) -> Result<()> {
    let event = RawEnvelope {
        id,
        name: Cron::EVENT.to_owned(),
        data: to_json(&serde_json::json!({ "cron": expression }))?,
        ts: instant,
        v: None,
        user: None,
        traceparent: None,
        cause: None,
        meta: state.application.meta.default(),
    };
    let events = vec![state.store_event(tx, event)?];
    tx.push(Work::Start { function, events, origin: Origin::Event });
    Ok(())
}

/// Starts a function by its first cron, as a test wants it; none if it has no cron. Its event has an id of its own.
#[cfg(any(test, feature = "testing"))]
pub(crate) fn start_by_hand(state: &mut State, tx: &mut Tx<'_>, function: &str) -> Result<Vec<Receipt>> {
    let rules = state.rules.iter().find(|rules| rules.descriptor.id == function);
    let cron = rules.and_then(|rules| Some((rules.function, *rules.options().crons.first()?)));
    let Some((index, expression)) = cron else { return Ok(Vec::new()) };
    let id = format!("cron-{function}-{}", tx.environment.new_id::<String>());
    start_for(state, tx, index, expression, (id.clone(), tx.now))?;
    Ok(vec![Receipt { id, duplicate: false }])
}
