//! What happens when its time has come.

use std::sync::Arc;

use serde_json::value::RawValue;

use super::admission::Origin;
use crate::engine::run::Pending;
use crate::engine::schedule::Schedule;
use crate::engine::state::timers::Timer;
use crate::engine::store::{FunctionIndex, Result, RunEnd, RunKey};
use crate::engine::{Answer, Engine, Tx, milliseconds};
use crate::envelope::RawEnvelope;
use crate::function::{Cron, Failure, Outcome, StepKind};

/// How often history is looked through, in milliseconds.
const PRUNE_EVERY_MS: i64 = 60_000;

/// The pause between two parts of a long pruning, in milliseconds.
const PRUNE_ON_AFTER_MS: i64 = 10;

impl Engine {
    pub(crate) fn fire(&mut self, tx: &mut Tx<'_>, due: i64, timer: Timer) -> Result<()> {
        match timer {
            Timer::Run(run) => self.wake_run(tx, run),
            Timer::Deadline(run) => self.miss_deadline(tx, run, due),
            Timer::Park(run) => self.park(tx, run),
            Timer::Flow(number) => match self.flows.key(number) {
                Some(key) => self.release_flow(tx, &key),
                None => Ok(()),
            },
            Timer::Cron(function, index) => self.start_by_time(tx, function, index, due),
            Timer::Prune => self.prune(tx),
            // What waits is looked at after every input.
            Timer::Trust => Ok(()),
        }
    }

    /// Steps of a run are due, or the run itself.
    fn wake_run(&mut self, tx: &mut Tx<'_>, key: RunKey) -> Result<()> {
        fail_point!("timer-fired");
        let now = tx.now;
        let Some(run) = self.load(tx, key)? else { return Ok(()) };
        let mut due: Vec<Pending> =
            run.pending.iter().filter(|pending| pending.due <= now).cloned().collect();
        due.sort_by(|a, b| (a.due, &a.key).cmp(&(b.due, &b.key)));
        // The run itself: it was to start then, or to be tried again.
        let starts = run.execution.is_none() && !run.parked && run.due <= now;
        let mut wakes = starts;
        for pending in due {
            let outcome = match pending.kind {
                StepKind::Run => {
                    wakes |= self.wake_body(tx, key, &pending)?;
                    continue;
                }
                StepKind::Invoke => {
                    let message = "the function did not return in time".to_owned();
                    Outcome::Failed(Failure { message, attempts: 1 })
                }
                _ => Outcome::Value("null".into()),
            };
            self.resolve(tx, key, &pending.key, outcome)?;
        }
        if wakes {
            self.make_ready(tx, key)?;
        }
        self.unload_unchanged(key);
        Ok(())
    }

    /// A body is tried again: in the execution that waits for that, or in the next one. Whether a new execution is needed.
    fn wake_body(&mut self, tx: &mut Tx<'_>, key: RunKey, pending: &Pending) -> Result<bool> {
        let Some(run) = self.runs.get_mut(&key) else { return Ok(false) };
        if run.execution.is_none() {
            return Ok(true);
        }
        if let Some(pending) = run.pending.iter_mut().find(|other| other.key == pending.key) {
            // It is due once.
            pending.due = i64::MAX;
        }
        let answer = Answer::Attempt { key: Arc::clone(&pending.key), failed: pending.attempts };
        self.answer(tx, key, answer)?;
        Ok(false)
    }

    fn miss_deadline(&mut self, tx: &mut Tx<'_>, key: RunKey, due: i64) -> Result<()> {
        let Some(run) = self.load(tx, key)? else { return Ok(()) };
        if run.deadline != Some(due) {
            self.unload_unchanged(key);
            return Ok(());
        }
        let what = if run.started.is_none() { "start" } else { "end" };
        let message = format!("the run did not {what} in time: see the option `timeouts`");
        self.end(tx, key, RunEnd::Cancelled(Failure { message, attempts: 0 }))
    }

    /// Sets when functions start by themselves.
    pub(crate) fn set_crons(&mut self, now: i64) {
        for (function, rules) in self.rules.iter().enumerate() {
            for (index, cron) in rules.descriptor.options.crons.iter().enumerate() {
                let (Ok(function), Ok(index)) = (u32::try_from(function), u32::try_from(index)) else {
                    continue;
                };
                match Schedule::parse(cron).map(|schedule| schedule.next(now)) {
                    Ok(Some(due)) => self.timers.set(due, Timer::Cron(function, index)),
                    Ok(None) => {}
                    Err(problem) => {
                        tracing::error!(
                            function = rules.descriptor.id,
                            cron,
                            problem,
                            "a time is not understood"
                        );
                    }
                }
            }
        }
    }

    fn start_by_time(
        &mut self,
        tx: &mut Tx<'_>,
        function: FunctionIndex,
        index: u32,
        due: i64,
    ) -> Result<()> {
        let descriptor = self.descriptor(function);
        let Some(cron) = descriptor.options.crons.get(index as usize) else { return Ok(()) };
        // A time that was missed, while the machine slept or the clock jumped, is made up for once.
        let next = Schedule::parse(cron).ok().and_then(|schedule| schedule.next(tx.now.max(due)));
        if let Some(next) = next {
            self.timers.set(next, Timer::Cron(function, index));
        }
        let id = format!("cron-{}-{index}-{due}", descriptor.id);
        if tx.store.find_event(&id, tx.now.saturating_sub(self.settings.dedupe_window_ms))?.is_some() {
            return Ok(());
        }
        let data = serde_json::json!({ "cron": cron }).to_string();
        let event = RawEnvelope {
            id,
            name: Cron::EVENT.to_owned(),
            data: RawValue::from_string(data).unwrap_or_default(),
            ts: due,
            v: None,
            user: None,
            traceparent: None,
        };
        let incoming = self.store_event(tx, event)?;
        let events = vec![(incoming.key, Arc::clone(&incoming.event))];
        self.create(tx, function, events, Origin::default()).map(drop)
    }

    /// Removes a part of the history that is not to be kept.
    fn prune(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        let Some(retention) = self.settings.retention else { return Ok(()) };
        for ((function, _, key), state) in self.flows.take_over(tx.now) {
            tx.store.drop_flow(&crate::engine::store::FlowRow { function, key, state })?;
        }
        let ended_before = retention.age.map_or(i64::MIN, |age| tx.now.saturating_sub(milliseconds(age)));
        let keep = retention.runs.unwrap_or(u64::MAX);
        let seen_before = tx.now.saturating_sub(self.settings.dedupe_window_ms);
        let more = tx.store.prune(ended_before, keep, seen_before)?;
        let pause = if more { PRUNE_ON_AFTER_MS } else { PRUNE_EVERY_MS };
        self.timers.set(tx.now.saturating_add(pause), Timer::Prune);
        Ok(())
    }
}
