//! Whether an event starts a run of a function, and when: conditions and flow control, then the run itself.

use std::sync::Arc;

use serde_json::Value;

use super::event::Incoming;
use crate::engine::expression::Expression;
use crate::engine::run::{Run, State};
use crate::engine::state::flow_control::{FlowKey, FlowKind, FlowState, Rate};
use crate::engine::state::timers::Timer;
use crate::engine::store::{
    EventKey, FlowRow, FunctionIndex, Parent, Result, RunEnd, RunRow, Status, StoredRun, WaitKey, WaitRow,
};
use crate::engine::{Engine, Notice, Tx, key_text, milliseconds};
use crate::envelope::RawEnvelope;
use crate::function::Failure;
use crate::function::options::{Scope, SingletonMode};

/// The most by which priority moves a run, in seconds: 12 hours, Inngest's limit.
const MAX_PRIORITY_SECONDS: i64 = 12 * 60 * 60;

/// How much of runs that wait for their turn is kept in memory, in bytes; others are read when it has come.
const MAX_READY_BYTES: usize = 64 * 1024 * 1024;

/// What a run takes besides its events, in bytes.
const RUN_BYTES: usize = 512;

impl Engine {
    /// An event has come that may start this function.
    pub(crate) fn admit(
        &mut self,
        tx: &mut Tx<'_>,
        function: FunctionIndex,
        incoming: &Incoming,
    ) -> Result<()> {
        let (rules, options) = (&self.rules[function as usize], self.options(function));
        if rules.condition.as_ref().is_some_and(|condition| !condition.holds(incoming.value(), None)) {
            return Ok(());
        }
        if let Some(idempotency) = &rules.idempotency {
            let key = key_text(idempotency.evaluate(incoming.value(), None).unwrap_or_default());
            let since = tx.now.saturating_sub(self.settings.dedupe_window_ms).saturating_add(1);
            if !tx.store.see(function, &key, since, tx.now)? {
                tx.notice(Notice::Skipped { function, by: "idempotency" });
                return Ok(());
            }
        }
        if let Some(limit) = options.rate_limit {
            let key = flow_key(function, FlowKind::RateLimit, rules.rate_limit.as_ref(), incoming);
            let rate = Rate { limit: limit.limit, period_ms: milliseconds(limit.period), burst: limit.limit };
            let next = match self.flows.get(&key) {
                Some(FlowState::RateLimit(next)) => Some(*next),
                _ => None,
            };
            let (start, next) = rate.admit(next, tx.now);
            if start > tx.now {
                tx.notice(Notice::Skipped { function, by: "rate_limit" });
                return Ok(());
            }
            self.set_flow(tx, key, FlowState::RateLimit(next))?;
        }
        if options.batch.is_some() {
            return self.gather(tx, function, incoming);
        }
        if options.debounce.is_some() {
            return self.debounce(tx, function, incoming);
        }
        self.create(tx, function, vec![(incoming.key, Arc::clone(&incoming.event))], Origin::default())
            .map(drop)
    }

    /// Adds an event to its batch; a full one starts.
    fn gather(&mut self, tx: &mut Tx<'_>, function: FunctionIndex, incoming: &Incoming) -> Result<()> {
        let Some(batch) = self.options(function).batch else { return Ok(()) };
        let key = flow_key(function, FlowKind::Batch, self.rules[function as usize].batch.as_ref(), incoming);
        let (mut events, due) = match self.flows.get(&key) {
            Some(FlowState::Batch { events, due }) => (events.clone(), *due),
            _ => (Vec::new(), tx.now.saturating_add(milliseconds(batch.timeout))),
        };
        events.push(incoming.key);
        let is_full = events.len() >= batch.max_size as usize;
        self.set_flow(tx, key.clone(), FlowState::Batch { events, due })?;
        if is_full { self.release_flow(tx, &key) } else { Ok(()) }
    }

    /// Puts a start off.
    fn debounce(&mut self, tx: &mut Tx<'_>, function: FunctionIndex, incoming: &Incoming) -> Result<()> {
        let Some(debounce) = self.options(function).debounce else { return Ok(()) };
        let key =
            flow_key(function, FlowKind::Debounce, self.rules[function as usize].debounce.as_ref(), incoming);
        let first = match self.flows.get(&key) {
            Some(FlowState::Debounce { first, .. }) => *first,
            _ => tx.now,
        };
        let due = tx.now.saturating_add(milliseconds(debounce.period));
        let latest = debounce.timeout.map_or(i64::MAX, |timeout| first.saturating_add(milliseconds(timeout)));
        let state = FlowState::Debounce { event: incoming.key, first, due: due.min(latest) };
        self.set_flow(tx, key, state)
    }

    /// What was held back comes out: the run of a debounce or of a batch.
    pub(crate) fn release_flow(&mut self, tx: &mut Tx<'_>, key: &FlowKey) -> Result<()> {
        let Some(state) = self.drop_flow(tx, key)? else { return Ok(()) };
        let keys = match state {
            FlowState::Debounce { event, .. } => vec![event],
            FlowState::Batch { events, .. } => events,
            _ => return Ok(()),
        };
        let mut events = Vec::with_capacity(keys.len());
        for key in keys {
            if let Some(event) = tx.store.load_event(key)? {
                events.push((key, Arc::new(event)));
            }
        }
        self.create(tx, key.0, events, Origin::default()).map(drop)
    }

    pub(crate) fn set_flow(&mut self, tx: &mut Tx<'_>, key: FlowKey, state: FlowState) -> Result<()> {
        tx.store.put_flow(&FlowRow { function: key.0, key: Arc::clone(&key.2), state: state.clone() })?;
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

    pub(crate) fn drop_flow(&mut self, tx: &mut Tx<'_>, key: &FlowKey) -> Result<Option<FlowState>> {
        let Some((number, state)) = self.flows.remove(key) else { return Ok(None) };
        if let Some(due) = state.due() {
            self.timers.clear(due, Timer::Flow(number));
        }
        tx.store.drop_flow(&FlowRow { function: key.0, key: Arc::clone(&key.2), state: state.clone() })?;
        Ok(Some(state))
    }

    /// The place of the one run of a singleton, if the function is one.
    pub(crate) fn singleton_key(&self, function: FunctionIndex, first: &Incoming) -> Option<FlowKey> {
        self.options(function).singleton?;
        let expression = self.rules[function as usize].singleton.as_ref();
        Some(flow_key(function, FlowKind::Singleton, expression, first))
    }

    /// Creates a run. `None` when the function is a singleton that runs already.
    pub(crate) fn create(
        &mut self,
        tx: &mut Tx<'_>,
        function: FunctionIndex,
        events: Vec<(EventKey, Arc<RawEnvelope>)>,
        origin: Origin,
    ) -> Result<Option<Arc<str>>> {
        let Some((first_key, first_event)) = events.first() else { return Ok(None) };
        let first = Incoming::new(*first_key, Arc::clone(first_event));
        let singleton = self.singleton_key(function, &first);
        if let Some(key) = &singleton
            && !self.make_room(tx, function, key)?
        {
            return Ok(None);
        }
        let row = self.row(tx, function, &events, &first, origin)?;
        if let Some(key) = singleton {
            self.set_flow(tx, key, FlowState::Singleton(row.key))?;
        }
        tx.store.put_run(&row)?;
        fail_point!("run-stored");
        self.open += 1;
        self.watch_cancels(tx, &row, &first)?;
        if let Some(deadline) = row.deadline {
            self.timers.set(deadline, Timer::Deadline(row.key));
        }
        let id = Arc::clone(&row.id);
        if row.due > tx.now {
            self.timers.set(row.due, Timer::Run(row.key));
            return Ok(Some(id));
        }
        self.ready.push(function, row.slots, (row.order, row.key));
        let bytes = RUN_BYTES + events.iter().map(|(_, event)| event.data.get().len()).sum::<usize>();
        if self.ready_bytes + bytes <= MAX_READY_BYTES {
            self.ready_bytes += bytes;
            let events = events.into_iter().map(|(_, event)| event).collect();
            self.runs.insert(row.key, Box::new(Run { ready_bytes: bytes, ..new_run(row, events) }));
        }
        Ok(Some(id))
    }

    /// Whether a singleton may start: a run that is there is cancelled, or keeps the new one away.
    fn make_room(&mut self, tx: &mut Tx<'_>, function: FunctionIndex, key: &FlowKey) -> Result<bool> {
        let Some(FlowState::Singleton(running)) = self.flows.get(key) else { return Ok(true) };
        let (running, mode) = (*running, self.options(function).singleton.map(|singleton| singleton.mode));
        if mode == Some(SingletonMode::Skip) {
            tx.notice(Notice::Skipped { function, by: "singleton" });
            return Ok(false);
        }
        let message = "cancelled by a new run of the singleton".to_owned();
        self.load(tx, running)?;
        self.end(tx, running, RunEnd::Cancelled(Failure { message, attempts: 0 }))?;
        Ok(true)
    }

    fn row(
        &mut self,
        tx: &mut Tx<'_>,
        function: FunctionIndex,
        events: &[(EventKey, Arc<RawEnvelope>)],
        first: &Incoming,
        origin: Origin,
    ) -> Result<RunRow> {
        let due = self.throttled(tx, function, first)?;
        let (rules, options) = (&self.rules[function as usize], self.options(function));
        let priority =
            rules.priority.as_ref().and_then(|priority| priority.evaluate(first.value(), None).ok());
        let seconds = priority.and_then(|value| value.as_i64()).unwrap_or_default();
        let seconds = seconds.clamp(-MAX_PRIORITY_SECONDS, MAX_PRIORITY_SECONDS);
        self.next_run += 1;
        Ok(RunRow {
            key: self.next_run,
            id: tx.environment.new_id().into(),
            function,
            events: events.iter().map(|(key, _)| *key).collect(),
            created: tx.now,
            due,
            order: due.max(tx.now).saturating_sub(seconds * 1_000),
            slots: self.slots(function, first),
            parent: origin.parent,
            deadline: options.timeouts.start.map(|start| tx.now.max(due).saturating_add(milliseconds(start))),
            replay_of: origin.replay_of,
        })
    }

    /// When a run may start: not before its event says, nor the throttle.
    fn throttled(&mut self, tx: &mut Tx<'_>, function: FunctionIndex, first: &Incoming) -> Result<i64> {
        let due = if first.event.ts > tx.now { first.event.ts } else { tx.now };
        let Some(throttle) = self.options(function).throttle else { return Ok(due) };
        let key =
            flow_key(function, FlowKind::Throttle, self.rules[function as usize].throttle.as_ref(), first);
        let next = match self.flows.get(&key) {
            Some(FlowState::Throttle(next)) => Some(*next),
            _ => None,
        };
        let rate =
            Rate { limit: throttle.limit, period_ms: milliseconds(throttle.period), burst: throttle.burst };
        let (start, next) = rate.admit(next, due);
        self.set_flow(tx, key, FlowState::Throttle(next))?;
        Ok(start)
    }

    /// The limits of concurrency that a run counts for.
    fn slots(&self, function: FunctionIndex, first: &Incoming) -> [u64; 2] {
        let limits = &self.rules[function as usize].slots;
        let mut slots = [0; 2];
        for (index, limit) in limits.iter().enumerate() {
            let Some((key, scope)) = limit else { continue };
            let value = evaluated(key.as_ref(), first);
            let name = match scope {
                Scope::Function => format!("f{function}.{index}.{value}"),
                Scope::Environment => format!("e.{value}"),
                Scope::Account => format!("a.{value}"),
            };
            slots[index] = event_conventions::hash_name(&name).max(1);
        }
        slots
    }

    /// Notes which events cancel a run.
    fn watch_cancels(&mut self, tx: &mut Tx<'_>, row: &RunRow, first: &Incoming) -> Result<()> {
        let (options, rules) = (self.options(row.function), &self.rules[row.function as usize]);
        for (index, cancel) in options.cancel_on.iter().enumerate() {
            let field = rules.cancels[index].as_ref().and_then(|condition| condition.required(first.value()));
            let wait = WaitRow {
                key: WaitKey { run: row.key, slot: index as u64 },
                event: cancel.event.into(),
                field: field.map(|(field, value)| (field, crate::engine::state::wait_index::hash(&value))),
            };
            tx.store.put_wait(&wait)?;
            self.waits.insert(wait);
        }
        Ok(())
    }
}

/// Where a run comes from, if not from an event that was sent.
#[derive(Debug, Default)]
pub(crate) struct Origin {
    /// The step that called the function.
    pub(crate) parent: Option<Parent>,
    /// The run that it repeats.
    pub(crate) replay_of: Option<Arc<str>>,
}

fn new_run(row: RunRow, events: Vec<Arc<RawEnvelope>>) -> Run {
    let stored = StoredRun {
        row,
        status: Status::Open,
        attempt: 0,
        started: None,
        recoveries: 0,
        events,
        memos: Vec::new(),
        pending: Vec::new(),
    };
    Run { state: State::Ready, ..Run::of_stored(stored) }
}

fn flow_key(
    function: FunctionIndex,
    kind: FlowKind,
    expression: Option<&Arc<Expression>>,
    incoming: &Incoming,
) -> FlowKey {
    (function, kind, evaluated(expression, incoming))
}

/// The value of a key; without a key, or without a value, the empty text.
fn evaluated(expression: Option<&Arc<Expression>>, incoming: &Incoming) -> Arc<str> {
    let value = expression.and_then(|expression| expression.evaluate(incoming.value(), None).ok());
    value.filter(|value| !matches!(value, Value::Null)).map_or_else(|| "".into(), key_text)
}
