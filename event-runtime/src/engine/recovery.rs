//! Runs in memory and out of it: read, begun, answered, parked.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::expression::{Expression, Expressions};
use super::run::{Run, State};
use super::slots::{NO_LIMITS, name_of_limits, throttle_of_key};
use super::stage::event::Incoming;
use super::state::flow_control::{FlowState, Flows};
use super::state::quarantine::Quarantine;
use super::state::run_queue::RunQueue;
use super::state::timers::{Timer, Timers};
use super::state::wait_index::WaitIndex;
use super::store::{OpenRun, Opening, Result, RunEnd, RunKey, Slots, Status, Store, StoredRun};
use super::{
    Answer, Effect, Engine, ExecutionStart, MAX_RECOVERIES, Notice, OpenStep, Rules, Settings, Tx,
    milliseconds,
};
use crate::function::Application;
use crate::function::options::Concurrency;
use crate::function::{Failure, FunctionDescriptor, StepKind};

impl Engine {
    /// Takes up what a store holds.
    pub(crate) fn open_store(
        application: Arc<Application>,
        settings: Settings,
        store: &mut dyn Store,
        now: i64,
    ) -> Result<Self> {
        let Opening {
            was_closed,
            last_event,
            last_run,
            open,
            runs,
            singletons,
            due,
            waits,
            flows,
            held_back,
        } = store.opening()?;
        let mut expressions = Expressions::default();
        let rules: Vec<Rules> = application
            .functions
            .iter()
            .map(|function| rules(function.descriptor, &mut expressions))
            .collect();
        let limits = rules.iter().map(|rules| limits(rules.descriptor)).collect();
        let mut engine = Self {
            ready: RunQueue::new(limits, settings.max_active),
            ready_bytes: 0,
            application,
            settings,
            rules,
            expressions,
            next_event: last_event,
            next_run: last_run,
            // Of a process that has ended in order no run has died.
            last_before: if was_closed { 0 } else { last_run },
            runs: HashMap::new(),
            timers: Timers::default(),
            waits: WaitIndex::default(),
            flows: Flows::default(),
            singletons: singletons.into_iter().map(|(function, key, run)| ((function, key), run)).collect(),
            suspects: Quarantine::default(),
            held: HashSet::new(),
            next_execution: 0,
            idle: 0,
            open,
            draining: false,
            drained: false,
        };
        let mut timers: Vec<(i64, Timer)> =
            due.into_iter().map(|(due, run)| (due, Timer::Run(run))).collect();
        for mut run in runs {
            engine.bring_up_to_date(store, &mut run)?;
            timers.extend(run.deadline.map(|deadline| (deadline, Timer::Deadline(run.key))));
            if run.due > now {
                timers.push((run.due, Timer::Run(run.key)));
            } else if !run.parked {
                engine.ready.push(run.function, run.slots, (run.order, run.key));
            }
        }
        engine.waits.extend(waits);
        for flow in flows {
            let (function, throttle) = (flow.function, throttle_of_key(&flow.key));
            let (number, state) = engine.flows.take_up((function, flow.state.kind(), flow.key), flow.state);
            if let (Some(throttle), FlowState::Throttle(next)) = (throttle, &state) {
                engine.await_throttle(function, throttle, *next, now);
            }
            timers.extend(state.due().map(|due| (due, Timer::Flow(number))));
        }
        engine.flows.hold_back(&held_back);
        timers.extend(engine.settings.retention.map(|_| (now, Timer::Prune)));
        engine.timers.extend(timers.into_iter());
        engine.set_crons(now);
        fail_point!("open-loaded");
        Ok(engine)
    }

    /// The slots of a run that was created under other options: those of the options as they are.
    fn bring_up_to_date(&self, store: &mut dyn Store, run: &mut OpenRun) -> Result<()> {
        let slots_of = self.rules[run.function as usize].slots_of;
        if run.slots_of == Some(slots_of) {
            return Ok(());
        }
        run.slots = Slots::default();
        if slots_of != NO_LIMITS
            && !run.parked
            && let Some(stored) = store.load_run(run.key)?
        {
            run.slots = self.slots_of_stored(&stored);
        }
        Ok(())
    }

    /// The slots that a run has under the options as they are.
    fn slots_of_stored(&self, run: &StoredRun) -> Slots {
        let function = run.row.function;
        let slots_of = self.rules[function as usize].slots_of;
        let mut slots = match run.events.first() {
            _ if run.row.slots_of == Some(slots_of) => run.row.slots,
            Some(first) if slots_of != NO_LIMITS => {
                self.slots(function, &Incoming::new(run.row.events[0], Arc::clone(first)))
            }
            _ => Slots::default(),
        };
        if run.started.is_some() {
            // A throttle counts starts.
            slots[2] = 0;
        }
        slots
    }

    /// Begins what has its turn.
    pub(crate) fn dispatch(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        while !self.draining && !self.is_held(tx.now) {
            if let Some((run, function, slots)) = self.next_suspect(tx) {
                if let Some(order) = self.load(tx, run)?.map(|run| run.order) {
                    // Something may have come for it while it waited.
                    self.ready.remove(function, slots, (order, run));
                }
                self.begin_or_release(tx, run, slots)?;
                continue;
            }
            let Some((run, slots)) = self.ready.pop() else { break };
            match self.load(tx, run)?.map(|run| run.function) {
                Some(function) if self.is_suspect(&self.runs[&run]) => {
                    self.ready.release(slots);
                    self.keep_suspect(tx, (run, function, slots));
                }
                _ => self.begin_or_release(tx, run, slots)?,
            }
        }
        if self.draining && !self.drained && self.ready.active() == 0 {
            self.drained = true;
            tx.effects.push(Effect::Drained);
        }
        Ok(())
    }

    /// A run has its turn, unless it has ended meanwhile.
    fn begin_or_release(&mut self, tx: &mut Tx<'_>, run: RunKey, slots: Slots) -> Result<()> {
        if self.load(tx, run)?.is_some() {
            return self.begin(tx, run);
        }
        self.ready.release(slots);
        Ok(())
    }

    /// A run has its turn: its execution goes on, or a new one begins.
    fn begin(&mut self, tx: &mut Tx<'_>, key: RunKey) -> Result<()> {
        let (last_before, now) = (self.last_before, tx.now);
        let Some(run) = self.runs.get_mut(&key) else { return Ok(()) };
        run.state = State::Active;
        self.ready_bytes -= std::mem::take(&mut run.ready_bytes);
        if let Some(execution) = run.execution {
            for answer in std::mem::take(&mut run.inbox) {
                run.answers += 1;
                tx.effects.push(Effect::Answer(execution, answer));
            }
            return Ok(());
        }
        let was_parked = std::mem::take(&mut run.parked);
        if was_parked {
            tx.store.set_status(key, Status::Open)?;
        }
        if key <= last_before && !was_parked {
            if run.recoveries >= MAX_RECOVERIES {
                let attempts = run.recoveries;
                let message = format!("the process died {attempts} times while it executed this run");
                return self.end(tx, key, RunEnd::Failed(Failure { message, attempts }));
            }
            // On disk before the function gets a chance to bring the process down again.
            run.recoveries += 1;
            tx.store.set_recoveries(key, run.recoveries)?;
            fail_point!("recovered");
        }
        let first = run.started.is_none();
        run.started.get_or_insert(now);
        let throttle = std::mem::take(&mut run.slots[2]);
        self.next_execution += 1;
        run.execution = Some(self.next_execution);
        run.answers = 0;
        // The clock may have been set back since a timer has fired: then it fires again.
        let bodies = run.pending.iter().filter(|pending| pending.kind == StepKind::Run && pending.due > now);
        bodies.for_each(|pending| self.timers.set(pending.due, Timer::Run(key)));
        let held = run.pending.iter().map(|pending| OpenStep {
            key: Arc::clone(&pending.key),
            kind: pending.kind,
            failed: pending.attempts,
            may_run: pending.kind == StepKind::Run && pending.due <= now,
        });
        let begin = ExecutionStart {
            run: key,
            execution: self.next_execution,
            id: Arc::clone(&run.id),
            function: run.function,
            events: Arc::clone(&run.events),
            attempt: run.attempt,
            held: held.collect(),
            memos: std::mem::take(&mut run.memos),
            step_output_bytes: self.settings.limits.step_output_bytes,
        };
        let (function, waited_ms) = (run.function, now.saturating_sub(run.created));
        if throttle != 0 {
            self.count_start(tx, function, throttle)?;
        }
        if first {
            self.limit_duration(tx, key, throttle != 0)?;
        }
        tx.notice(Notice::Began { function, waited_ms, first });
        tx.effects.push(Effect::Start(Box::new(begin)));
        Ok(())
    }

    /// From its start on a run has another deadline. A start that was counted is on disk, so that it counts once.
    fn limit_duration(&mut self, tx: &mut Tx<'_>, key: RunKey, is_counted: bool) -> Result<()> {
        let Some(run) = self.runs.get_mut(&key) else { return Ok(()) };
        let finish = self.rules[run.function as usize].descriptor.options.timeouts.finish;
        if run.deadline.is_none() && finish.is_none() && !is_counted {
            return Ok(());
        }
        if let Some(before) = run.deadline.take() {
            self.timers.clear(before, Timer::Deadline(key));
        }
        run.deadline = finish.map(|finish| tx.now.saturating_add(milliseconds(finish)));
        if let Some(deadline) = run.deadline {
            self.timers.set(deadline, Timer::Deadline(key));
        }
        run.start_is_stored = true;
        tx.store.set_started(key, tx.now, run.deadline)
    }

    /// A run that has not ended, in memory.
    pub(crate) fn load(&mut self, tx: &mut Tx<'_>, key: RunKey) -> Result<Option<&mut Run>> {
        if !self.runs.contains_key(&key) {
            let Some(stored) = tx.store.load_run(key)? else { return Ok(None) };
            let slots = self.slots_of_stored(&stored);
            self.runs.insert(key, Box::new(Run { slots, ..Run::of_stored(stored) }));
        }
        Ok(self.runs.get_mut(&key).map(Box::as_mut))
    }

    /// A run that was read to look at it, and that nothing happened to, does not stay.
    pub(crate) fn unload_unchanged(&mut self, key: RunKey) {
        let stays = self.runs.get(&key).is_none_or(|run| !run.parked || run.state != State::Ready);
        if !stays {
            self.forget_run(key);
        }
    }

    /// Hands a run an answer: to its execution if that executes; else once it has its turn.
    pub(crate) fn answer(&mut self, tx: &mut Tx<'_>, key: RunKey, answer: Answer) -> Result<()> {
        let Some(run) = self.runs.get_mut(&key) else { return Ok(()) };
        match (run.execution, run.state) {
            (Some(execution), State::Active) => {
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
        self.make_ready(tx, key)
    }

    /// A run waits for its turn, unless it must wait for a time first.
    pub(crate) fn make_ready(&mut self, tx: &mut Tx<'_>, key: RunKey) -> Result<()> {
        let Some(run) = self.runs.get_mut(&key) else { return Ok(()) };
        if run.state == State::Idle {
            self.idle -= 1;
            run.state = State::Ready;
        }
        if std::mem::take(&mut run.parked) {
            tx.store.set_status(key, Status::Open)?;
        }
        if self.held.contains(&key) {
            self.forget_run(key);
            return Ok(());
        }
        if run.execution.is_none() && run.due > tx.now {
            // It will be read again then: the clock was set back, or the function is to be tried again.
            self.timers.set(run.due, Timer::Run(key));
            self.forget_run(key);
            return Ok(());
        }
        self.ready.push(run.function, run.slots, (run.order, key));
        Ok(())
    }

    /// An execution that waits leaves memory; its run is read again when something comes for it.
    pub(crate) fn park(&mut self, tx: &mut Tx<'_>, key: RunKey) -> Result<()> {
        let Some(run) = self.runs.get(&key).filter(|run| run.state == State::Idle) else { return Ok(()) };
        if !run.start_is_stored {
            tx.store.set_started(key, run.started.unwrap_or(tx.now), run.deadline)?;
        }
        tx.store.set_status(key, Status::Parked)?;
        self.take_out(tx, key);
        Ok(())
    }

    /// Leaves a run as it is, for a build that can call its function with the events that it has.
    pub(crate) fn hold(&mut self, tx: &mut Tx<'_>, key: RunKey, reason: String) -> Result<()> {
        let Some(run) = self.take_out(tx, key) else { return Ok(()) };
        tx.store.set_held(key, &reason)?;
        self.held.insert(key);
        self.open -= 1;
        tx.notice(Notice::Held { function: run.function, run: run.id, reason });
        Ok(())
    }

    /// Forgets a run that is on disk as it is in memory.
    fn forget_run(&mut self, key: RunKey) {
        if let Some(run) = self.runs.remove(&key) {
            self.ready_bytes -= run.ready_bytes;
        }
    }

    /// Takes a run out of memory: its execution is dropped, and its place is free. On disk nothing changes.
    pub(crate) fn take_out(&mut self, tx: &mut Tx<'_>, key: RunKey) -> Option<Box<Run>> {
        let run = self.runs.remove(&key)?;
        self.ready_bytes -= run.ready_bytes;
        match run.state {
            State::Active => self.ready.release(run.slots),
            State::Idle => self.idle -= 1,
            State::Ready => {
                self.ready.remove(run.function, run.slots, (run.order, key));
            }
        }
        if let Some(execution) = run.execution {
            tx.effects.push(Effect::Stop(execution));
        }
        Some(run)
    }

    /// Begins nothing more; what executes comes to a rest.
    pub(crate) fn drain(&mut self, tx: &mut Tx<'_>) {
        self.draining = true;
        let mut executions: Vec<_> = self
            .runs
            .values_mut()
            .filter(|run| run.state == State::Active)
            .filter_map(|run| run.execution)
            .collect();
        executions.sort_unstable();
        tx.effects.extend(executions.into_iter().map(|execution| Effect::Answer(execution, Answer::Drain)));
    }

    /// An execution has come to a rest: its run is taken up at the next start.
    pub(crate) fn drained(&mut self, tx: &mut Tx<'_>, key: RunKey) -> Result<()> {
        if let Some(run) = self.runs.get(&key).filter(|run| run.recoveries > 0) {
            // The process ends in order.
            tx.store.set_recoveries(run.key, 0)?;
        }
        self.take_out(tx, key);
        Ok(())
    }
}

/// The most runs that each limit of a function lets execute.
fn limits(descriptor: &FunctionDescriptor) -> [u32; 2] {
    let limit = |index: usize| {
        let limits: &[Concurrency] = descriptor.options.concurrency;
        limits.get(index).map_or(u32::MAX, |limit| limit.limit)
    };
    [limit(0), limit(1)]
}

/// Parses the expressions of a function's options.
fn rules(descriptor: &'static FunctionDescriptor, expressions: &mut Expressions) -> Rules {
    let options = &descriptor.options;
    let mut parse = |source: Option<&'static str>| -> Option<Arc<Expression>> {
        expressions
            .get(source?)
            // `#[function]` has parsed it with the same library.
            .inspect_err(|problem| {
                tracing::error!(function = descriptor.id, problem, "an expression is none of CEL");
            })
            .ok()
    };
    let mut slots = [None, None];
    for (slot, limit) in slots.iter_mut().zip(options.concurrency) {
        *slot = parse(limit.key);
    }
    Rules {
        descriptor,
        condition: parse(options.condition),
        slots,
        slots_of: name_of_limits(descriptor),
        throttle: parse(options.throttle.and_then(|option| option.key)),
        rate_limit: parse(options.rate_limit.and_then(|option| option.key)),
        debounce: parse(options.debounce.and_then(|option| option.key)),
        batch: parse(options.batch.and_then(|option| option.key)),
        priority: parse(options.priority),
        singleton: parse(options.singleton.and_then(|option| option.key)),
        idempotency: parse(options.idempotency),
        cancels: options.cancel_on.iter().map(|cancel| parse(cancel.condition)).collect(),
    }
}
