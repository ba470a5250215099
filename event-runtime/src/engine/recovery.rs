//! Runs in memory and out of it: read, begun, answered, parked.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::expression::{Expression, Expressions};
use super::run::{Run, State};
use super::state::flow_control::Flows;
use super::state::quarantine::Quarantine;
use super::state::run_queue::RunQueue;
use super::state::timers::{Timer, Timers};
use super::state::wait_index::WaitIndex;
use super::store::{Opening, Result, RunEnd, RunKey, Status, Store};
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
        let Opening { last_event, last_run, open, runs, due, waits, flows } = store.opening()?;
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
            last_before: last_run,
            runs: HashMap::new(),
            timers: Timers::default(),
            waits: WaitIndex::default(),
            flows: Flows::default(),
            suspects: Quarantine::default(),
            next_execution: 0,
            idle: 0,
            open,
            draining: false,
            drained: false,
        };
        let mut timers: Vec<(i64, Timer)> =
            due.into_iter().map(|(due, run)| (due, Timer::Run(run))).collect();
        for run in runs {
            timers.extend(run.deadline.map(|deadline| (deadline, Timer::Deadline(run.key))));
            if run.due > now {
                timers.push((run.due, Timer::Run(run.key)));
            } else if !run.parked {
                engine.ready.push(run.function, run.slots, (run.order, run.key));
            }
        }
        engine.waits.extend(waits);
        for flow in flows {
            let due = flow.state.due();
            let (number, _) = engine.flows.set((flow.function, flow.state.kind(), flow.key), flow.state);
            timers.extend(due.map(|due| (due, Timer::Flow(number))));
        }
        timers.extend(engine.settings.retention.map(|_| (now, Timer::Prune)));
        engine.timers.extend(timers.into_iter());
        engine.set_crons(now);
        fail_point!("open-loaded");
        Ok(engine)
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
    fn begin_or_release(&mut self, tx: &mut Tx<'_>, run: RunKey, slots: [u64; 2]) -> Result<()> {
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
        if first {
            self.limit_duration(tx, key)?;
        }
        tx.notice(Notice::Began { function, waited_ms, first });
        tx.effects.push(Effect::Start(Box::new(begin)));
        Ok(())
    }

    /// From its start on a run has another deadline.
    fn limit_duration(&mut self, tx: &mut Tx<'_>, key: RunKey) -> Result<()> {
        let Some(run) = self.runs.get_mut(&key) else { return Ok(()) };
        let finish = self.rules[run.function as usize].descriptor.options.timeouts.finish;
        if run.deadline.is_none() && finish.is_none() {
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
        Ok(match self.runs.entry(key) {
            Entry::Occupied(run) => Some(run.into_mut()),
            Entry::Vacant(place) => match tx.store.load_run(key)? {
                Some(stored) => Some(place.insert(Box::new(Run::of_stored(stored)))),
                None => None,
            },
        })
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
        *slot = Some((parse(limit.key), limit.scope));
    }
    Rules {
        descriptor,
        condition: parse(options.condition),
        slots,
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
