//! What the engine keeps in memory: parts that own their fields and invariants, and what is done with several at once.

pub(crate) mod crons;
pub(crate) mod flow_control;
pub(crate) mod quarantine;
pub(crate) mod run_queue;
pub(crate) mod runs;
pub(crate) mod singletons;
mod throttle;
pub(crate) mod timers;
pub(crate) mod wait_index;
pub(crate) mod wakes;

#[cfg(any(test, feature = "testing"))]
use std::collections::HashSet;
use std::sync::Arc;

use self::crons::Crons;
#[cfg(any(test, feature = "testing"))]
use self::flow_control::FlowKind;
use self::flow_control::{FlowControl, FlowState};
use self::quarantine::Quarantine;
use self::run_queue::{Lane, RunQueue, StartOrder};
use self::runs::{Residency, Run, Runs};
use self::singletons::Singletons;
use self::timers::{Timer, Timers};
use self::wait_index::WaitIndex;
use self::wakes::Wakes;
#[cfg(any(test, feature = "testing"))]
use super::STEP_BACK_MS;
use super::expression::Expressions;
use super::message::{Answer, Effect, ExecutionId, Notice};
use super::milliseconds;
use super::model::{
    Cancellation, EventKey, EventView, FlowKey, FlowRow, FunctionIndex, Pending, RunKey, Slots, Status,
    StoredEvent, WaitField, WaitKey, WaitRow,
};
use super::rules::{FunctionRules, Rules};
use super::settings::Settings;
use super::slots::NO_LIMITS;
use super::store::Result;
#[cfg(any(test, feature = "testing"))]
use super::store::StoreError;
use super::tx::Tx;
use crate::event::RawEnvelope;
use crate::function::options::SingletonMode;
use crate::function::{Application, StepKind};

/// The state of the engine.
pub(crate) struct State {
    pub(crate) application: Arc<Application>,
    pub(crate) settings: Settings,
    pub(crate) rules: Rules,
    /// Expressions that were parsed before, of options and of `matching`.
    pub(crate) expressions: Expressions,
    pub(crate) last_event: EventKey,
    pub(crate) last_run: RunKey,
    pub(crate) last_execution: ExecutionId,
    /// Runs that are created now come after those that wait since before the clock was set back, at this time.
    pub(crate) order_floor: i64,
    pub(crate) runs: Runs,
    pub(crate) queue: RunQueue,
    pub(crate) timers: Timers,
    pub(crate) crons: Crons,
    pub(crate) waits: WaitIndex,
    pub(crate) wakes: Wakes,
    pub(crate) flows: FlowControl,
    pub(crate) singletons: Singletons,
    pub(crate) quarantine: Quarantine,
    pub(crate) drain: Drain,
}

/// How far a shutdown has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Drain {
    /// There is none.
    No,
    /// Nothing begins any more; what executes comes to a rest.
    Draining,
    /// Nothing executes any more, and the host was told so.
    Drained,
}

impl State {
    /// The rules of a function, apart from the rest of the state.
    pub(crate) fn rules(&self) -> Rules {
        self.rules.clone()
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.drain != Drain::No
    }

    /// The event with this id that was accepted within the window of deduplication.
    pub(crate) fn find_accepted(&self, tx: &mut Tx<'_>, id: &str) -> Result<Option<EventKey>> {
        let since = tx.now.saturating_sub(self.settings.dedupe_window_ms).saturating_add(1);
        tx.store.find_event(id, since)
    }

    /// Whether a run of a singleton keeps away the one that this event would start.
    pub(crate) fn is_kept_away(&self, tx: &mut Tx<'_>, rules: &FunctionRules, event: &EventView) -> bool {
        let mode = rules.options().singleton.map(|singleton| singleton.mode);
        mode == Some(SingletonMode::Skip)
            && rules
                .singleton_key(event, &mut |notice| tx.notice(notice))
                .is_some_and(|key| self.singletons.get(rules.function, &key).is_some())
    }

    /// Stores an event, which starts nothing by that.
    pub(crate) fn store_event(
        &mut self,
        tx: &mut Tx<'_>,
        event: impl Into<Arc<RawEnvelope>>,
    ) -> Result<StoredEvent> {
        let event = event.into();
        self.last_event = self.last_event.next();
        tx.store.put_event(self.last_event, &event, tx.now)?;
        tx.notice(Notice::Event(Arc::clone(&event)));
        Ok(StoredEvent { key: self.last_event, event, received: tx.now })
    }

    /// The time by which a new run that may start then has its place in the order of starts.
    pub(crate) fn order_time(&self, due: i64) -> i64 {
        if self.queue.waiting() == 0 { due } else { due.max(self.order_floor) }
    }

    /// The slots that a run has under the options as they are, which may be others than when it was created.
    pub(crate) fn slots_of(&self, run: &Run) -> Slots {
        let rules: &FunctionRules = &self.rules[run.function];
        let mut slots = match run.events.first() {
            _ if run.slots_of == Some(rules.slots_of) => run.slots,
            // What has no value was reported when the run was created.
            Some(first) if rules.slots_of != NO_LIMITS => {
                rules.slots(&EventView::new(Arc::clone(first)), &mut |_| {})
            }
            _ => Slots::default(),
        };
        if run.started.is_some() {
            // A throttle counts starts.
            slots[2] = 0;
        }
        slots
    }

    /// Reads a run into memory unless it is there. `None`: it has ended, or its function is not in the application.
    pub(crate) fn load(&mut self, tx: &mut Tx<'_>, key: RunKey) -> Result<Option<&mut Run>> {
        if self.runs.get(key).is_none() {
            let Some(mut run) = tx.store.load_run(key)? else { return Ok(None) };
            run.slots = self.slots_of(&run);
            self.runs.insert(run);
        }
        self.runs.find_mut(key).map(Some)
    }

    /// Forgets a run that was read to be looked at, if nothing has happened to it.
    pub(crate) fn unload_unchanged(&mut self, key: RunKey) {
        if self.runs.get(key).is_some_and(|run| run.parked && run.residency() == Residency::Queued) {
            self.runs.remove(key);
        }
    }

    /// Hands a run in memory an answer: to its execution if it executes; else once it has its turn.
    pub(crate) fn answer(&mut self, tx: &mut Tx<'_>, key: RunKey, answer: Answer) -> Result<()> {
        let run = self.runs.find_mut(key)?;
        match (run.execution, run.residency()) {
            (Some(execution), Residency::Active) => {
                run.answers += 1;
                tx.effects.push(Effect::Answer(execution, answer));
                return Ok(());
            }
            (Some(_), _) => run.inbox.push(answer),
            (None, _) => {
                if let Answer::Result(memo) = answer {
                    run.memos.push(memo);
                }
            }
        }
        self.enqueue(tx, key)
    }

    /// Lets a run in memory wait for its turn, unless it must wait for a time first.
    pub(crate) fn enqueue(&mut self, tx: &mut Tx<'_>, key: RunKey) -> Result<()> {
        let run = self.runs.find_mut(key)?;
        if run.residency() == Residency::Idle {
            self.runs.set_residency(key, Residency::Queued)?;
        }
        let run = self.runs.find_mut(key)?;
        if std::mem::take(&mut run.parked) {
            tx.store.set_status(key, Status::Open)?;
        }
        let (lane, order, due) = (run.lane(), run.start_order(), run.not_before());
        let is_early = run.execution.is_none() && due > tx.now;
        if self.runs.is_held(key) {
            self.runs.remove(key);
        } else if is_early {
            // It will be read again then: its event is of the future, or the function is to be tried again.
            self.timers.set(due, Timer::Run(key));
            self.runs.remove(key);
        } else {
            self.queue.push(lane, order);
        }
        Ok(())
    }

    /// Lets a run that is not in memory wait for its turn, or for its time.
    pub(crate) fn schedule_start(&mut self, lane: Lane, order: StartOrder, times: StartTimes) {
        if let Some(deadline) = times.deadline {
            self.timers.set(deadline, Timer::Deadline(order.run));
        }
        if times.due > times.now {
            self.timers.set(times.due, Timer::Run(order.run));
        } else {
            self.queue.push(lane, order);
        }
    }

    /// Drops an execution that waits; its run is read again when something comes for it.
    pub(crate) fn park(&mut self, tx: &mut Tx<'_>, key: RunKey) -> Result<()> {
        // It may have gone on since its timer was set.
        let Some(run) = self.runs.get(key).filter(|run| run.residency() == Residency::Idle) else {
            return Ok(());
        };
        if !run.start_is_stored {
            tx.store.set_started(key, run.started.unwrap_or(tx.now), run.deadline)?;
        }
        tx.store.set_status(key, Status::Parked)?;
        self.take_out(tx, key).map(drop)
    }

    /// Leaves a run as it is, for a build that can call its function with the events that it has.
    pub(crate) fn hold(&mut self, tx: &mut Tx<'_>, key: RunKey, reason: String) -> Result<()> {
        let run = self.take_out(tx, key)?;
        tx.store.set_held(key, &reason)?;
        self.runs.hold(key)?;
        tx.notice(Notice::Held { function: run.function, run: run.id, reason });
        Ok(())
    }

    /// Drops an execution that has come to a rest because its function was paused: its run waits for its turn, which comes after the
    /// resumption.
    pub(crate) fn step_aside(&mut self, tx: &mut Tx<'_>, key: RunKey) -> Result<()> {
        let run = self.take_out(tx, key)?;
        if let Some(started) = run.started.filter(|_| !run.start_is_stored) {
            tx.store.set_started(key, started, run.deadline)?;
        }
        if self.load(tx, key)?.is_some() {
            self.enqueue(tx, key)?;
        }
        Ok(())
    }

    /// Takes a run out of memory: its execution is dropped, and its place is free. On disk nothing changes.
    pub(crate) fn take_out(&mut self, tx: &mut Tx<'_>, key: RunKey) -> Result<Box<Run>> {
        let run = self.runs.take(key)?;
        match run.residency() {
            Residency::Active => self.queue.release(run.slots),
            Residency::Idle => {}
            Residency::Queued => {
                self.queue.remove(run.lane(), run.start_order());
            }
        }
        if let Some(execution) = run.execution {
            tx.effects.push(Effect::Stop(execution));
        }
        Ok(run)
    }

    /// Notes which events cancel a run, and on which terms: it is cancelled on these, whatever the options say later.
    pub(crate) fn watch_cancels(
        &mut self,
        tx: &mut Tx<'_>,
        run: RunKey,
        function: FunctionIndex,
        first: &EventView,
    ) -> Result<()> {
        let rules = &self.rules[function];
        for ((slot, cancel), condition) in (0..).zip(rules.options().cancel_on).zip(&rules.cancels) {
            let field = condition.as_ref().and_then(|condition| condition.required(first.value()));
            let wait = WaitRow {
                key: WaitKey { run, slot },
                event: cancel.event.into(),
                field: field.map(WaitField::new),
            };
            let until = cancel.timeout.map(|timeout| tx.now.saturating_add(milliseconds(timeout)));
            let terms = Cancellation { condition: cancel.condition.map(Into::into), until };
            tx.store.put_cancellation(&wait, &terms)?;
            self.waits.insert(wait);
        }
        Ok(())
    }

    /// Takes out the events that are on their way to a run, in their order, with whom of it they are to reach.
    pub(crate) fn take_wakes(
        &mut self,
        tx: &mut Tx<'_>,
        run: RunKey,
    ) -> Result<Vec<(Arc<RawEnvelope>, WaitKey)>> {
        let (taken, changed) = self.wakes.take(run);
        changed.iter().try_for_each(|row| tx.store.put_wake(row))?;
        Ok(taken)
    }

    /// Forgets when a step of a run in memory is due, and what it waits for.
    pub(crate) fn forget_step(&mut self, tx: &mut Tx<'_>, key: RunKey, pending: &Pending) -> Result<()> {
        let run = self.runs.find(key)?;
        let is_shared = run.due == pending.due || run.pending.iter().any(|other| other.due == pending.due);
        if !is_shared {
            self.timers.clear(pending.due, Timer::Run(key));
        }
        let first = run.events.first().cloned();
        self.forget_wait(tx, key, first, pending)
    }

    /// Forgets what a step waits for, of a run that was started by this event.
    pub(crate) fn forget_wait(
        &mut self,
        tx: &mut Tx<'_>,
        key: RunKey,
        first: Option<Arc<RawEnvelope>>,
        pending: &Pending,
    ) -> Result<()> {
        let Some(wait) = &pending.wait else { return Ok(()) };
        let row_key = WaitKey { run: key, slot: pending.slot() };
        tx.store.drop_wait(row_key)?;
        let field = wait.condition.as_ref().and_then(|condition| {
            let condition = self.expressions.get(condition).ok()?;
            let first = EventView::new(first?);
            condition.required(first.value()).map(WaitField::new)
        });
        self.waits.remove(&WaitRow { key: row_key, event: Arc::clone(&wait.event), field });
        Ok(())
    }

    /// Forgets which of a run's steps without a result wait for something, and whatever else waits for something of the run.
    pub(crate) fn forget_steps(
        &mut self,
        tx: &mut Tx<'_>,
        run: &Run,
        which: impl Fn(&Pending) -> bool,
    ) -> Result<()> {
        self.timers.clear(run.due, Timer::Run(run.key));
        for pending in run.pending.iter().filter(|pending| which(pending)) {
            self.timers.clear(pending.due, Timer::Run(run.key));
            tx.store.drop_pending(run.key, &pending.key)?;
        }
        if let Some(deadline) = run.deadline {
            self.timers.clear(deadline, Timer::Deadline(run.key));
        }
        if run.is_watched || run.pending.iter().any(|pending| pending.kind == StepKind::Wait) {
            self.forget_waits(tx, run.key)?;
        }
        Ok(())
    }

    /// Forgets the events that a run waits for, and those that cancel it.
    pub(crate) fn forget_waits(&mut self, tx: &mut Tx<'_>, key: RunKey) -> Result<()> {
        self.take_wakes(tx, key)?;
        for wait in tx.store.drop_waits(key)? {
            self.waits.remove(&wait);
        }
        Ok(())
    }

    /// Remembers a state of flow control.
    pub(crate) fn set_flow(&mut self, tx: &mut Tx<'_>, key: FlowKey, state: FlowState) -> Result<()> {
        tx.store.put_flow(&key.row(state.clone()))?;
        let due = state.due();
        let (number, before) = self.flows.set(key, state);
        if let Some(before) = before.and_then(|before| before.due()) {
            self.timers.clear(before, Timer::Flow(number));
        }
        if let Some(due) = due {
            self.timers.set(due, Timer::Flow(number));
        }
        Ok(())
    }

    /// Forgets a state of flow control; returns it, if there was one.
    pub(crate) fn drop_flow(&mut self, tx: &mut Tx<'_>, key: &FlowKey) -> Result<Option<FlowState>> {
        let Some((number, state)) = self.flows.remove(key) else { return Ok(None) };
        if let Some(due) = state.due() {
            self.timers.clear(due, Timer::Flow(number));
        }
        tx.store.drop_flow(&key.row(state.clone()))?;
        Ok(Some(state))
    }

    /// Checks that nothing is held back for longer than its option says.
    #[cfg(any(test, feature = "testing"))]
    fn check_flows(&self, now: i64) -> Result<()> {
        let is_put_off = |(key, flow): &(FlowKey, FlowState)| {
            // A suspect begins whether the throttle lets it or not, and counts.
            let may_be_late = key.kind == FlowKind::Throttle;
            !may_be_late && flow.clone().within(self.rules[key.function].options(), now) != *flow
        };
        match self.flows.to_vec().iter().find(|flow| is_put_off(flow)) {
            Some((key, flow)) => Err(StoreError::broken(format_args!("{key:?} is not put off: {flow:?}"))),
            None => Ok(()),
        }
    }

    /// Checks the invariants of every part, and those between them.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn check(&self, now: i64) -> Result<()> {
        self.runs.check()?;
        self.queue.check()?;
        self.flows.check()?;
        // A clock that was corrected by less is not said to be set back.
        let latest = now.saturating_add(STEP_BACK_MS);
        self.check_flows(latest)?;
        self.quarantine.check()?;
        self.timers.check()?;
        self.crons.check(&self.timers, latest)?;
        self.waits.check()?;
        self.wakes.check()?;
        self.singletons.check(self.runs.iter())?;
        if self.runs.active() != self.queue.active() {
            return Err(StoreError::broken("a run executes where it holds its slots"));
        }
        let waits_for_nothing = |run: &&Run| {
            // What waits for its turn has a timer again when it begins, should the clock have been set back meanwhile.
            let is_queued = run.execution.is_none() && !run.parked;
            let steps = run.pending.iter().filter(|pending| !is_queued || pending.kind != StepKind::Run);
            let steps = steps.map(|pending| (pending.due, Timer::Run(run.key)));
            let deadline = run.deadline.map(|deadline| (deadline, Timer::Deadline(run.key)));
            let mut timers = steps.chain(deadline).filter(|(due, _)| *due > now && *due != i64::MAX);
            timers.any(|(due, timer)| !self.timers.contains(due, timer))
        };
        if let Some(run) = self.runs.iter().find(waits_for_nothing) {
            return Err(StoreError::broken(format_args!("run {} has a timer for each due time", run.key)));
        }
        let known: HashSet<WaitKey> = self.waits.keys().collect();
        let is_unknown = |run: &&Run| {
            let mut waits = run.pending.iter().filter(|pending| pending.wait.is_some());
            waits.any(|pending| !known.contains(&WaitKey { run: run.key, slot: pending.slot() }))
        };
        if let Some(run) = self.runs.iter().find(is_unknown) {
            return Err(StoreError::broken(format_args!("what run {} waits for is in the index", run.key)));
        }
        if self.flows.timers().any(|(due, number)| !self.timers.contains(due, Timer::Flow(number))) {
            return Err(StoreError::broken("what is held back has a timer"));
        }
        Ok(())
    }
}

/// When a run may start.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StartTimes {
    /// Not before.
    pub(crate) due: i64,
    /// When it is cancelled unless it has started.
    pub(crate) deadline: Option<i64>,
    pub(crate) now: i64,
}

impl FlowRow {
    /// Where its state is kept.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn key(&self) -> FlowKey {
        FlowKey { function: self.function, kind: self.state.kind(), value: Arc::clone(&self.value) }
    }
}

impl FlowKey {
    /// The row of a state that is kept here.
    pub(crate) fn row(&self, state: FlowState) -> FlowRow {
        FlowRow { function: self.function, value: Arc::clone(&self.value), state }
    }
}
