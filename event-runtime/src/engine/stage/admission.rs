//! Admission: whether an event starts a run of a function, and when. Conditions and flow control, then the run itself.

use std::sync::Arc;

use crate::engine::message::{Effect, Notice, Reply};
use crate::engine::milliseconds;
use crate::engine::model::{EventKey, EventView, FlowKey, FunctionIndex, RunEnd, RunRow, StoredEvent};
use crate::engine::rules::FunctionRules;
use crate::engine::state::flow_control::{FlowState, Rate};
use crate::engine::state::runs::Run;
use crate::engine::state::{StartTimes, State};
use crate::engine::store::{Result, StoreError};
use crate::engine::tx::Tx;
use crate::engine::work::{Origin, Work};
use crate::function::options::{Debounce, SingletonMode};
use crate::function::{Failure, Outcome};

/// Starts the functions that an event triggers, as their conditions and flow control let it.
pub(crate) fn admit(state: &mut State, tx: &mut Tx<'_>, key: EventKey, event: &EventView) -> Result<()> {
    let application = Arc::clone(&state.application);
    let rules = state.rules();
    for &function in application.by_event.get(event.event.name.as_str()).into_iter().flatten() {
        admit_to(state, tx, &rules[FunctionIndex::new(function)], key, event)?;
    }
    Ok(())
}

fn admit_to(
    state: &mut State,
    tx: &mut Tx<'_>,
    rules: &FunctionRules,
    key: EventKey,
    event: &EventView,
) -> Result<()> {
    if !rules.lets(event, &mut |notice| tx.notice(notice)) {
        return Ok(());
    }
    let function = rules.function;
    if let Some(seen) = rules.idempotency_key(event, &mut |notice| tx.notice(notice)) {
        let since = tx.now.saturating_sub(state.settings.dedupe_window_ms).saturating_add(1);
        if !tx.store.see(function, &seen, since, tx.now)? {
            return skip(tx, function, (key, event), "idempotency");
        }
    }
    if let Some(limit) = rules.options().rate_limit
        && let Some(flow) = rules.rate_limit_key(event, &mut |notice| tx.notice(notice))
    {
        let rate = Rate::of_rate_limit(limit);
        let next = match state.flows.get(&flow) {
            Some(FlowState::RateLimit(next)) => Some(*next),
            _ => None,
        };
        let (start, next) = rate.admit(next, tx.now);
        if start > tx.now {
            return skip(tx, function, (key, event), "rate_limit");
        }
        state.set_flow(tx, flow, FlowState::RateLimit(next))?;
    }
    if let Some(batch) = rules.options().batch
        && rules.is_batched(event, &mut |notice| tx.notice(notice))
    {
        let flow = rules.batch_key(key, event, &mut |notice| tx.notice(notice));
        let due = tx.now.saturating_add(milliseconds(batch.timeout));
        return gather(state, tx, &flow, key, due, batch.max_size as usize);
    }
    if let Some(option) = rules.options().debounce {
        let flow = rules.debounce_key(key, event, &mut |notice| tx.notice(notice));
        return debounce(state, tx, flow, option, (key, event.event.ts));
    }
    let stored = StoredEvent { key, event: Arc::clone(&event.event), received: tx.now };
    create(state, tx, rules, event, vec![stored], &Origin::Event).map(drop)
}

/// Notes that an option of a function keeps an event from starting it.
fn skip(
    tx: &mut Tx<'_>,
    function: FunctionIndex,
    (key, event): (EventKey, &EventView),
    by: &'static str,
) -> Result<()> {
    tx.store.put_skip(key, function, by)?;
    tx.notice(Notice::Skipped { function, event: event.event.id.as_str().into(), by });
    Ok(())
}

/// Adds an event to its batch, which is due then if it is the first; a full one starts.
fn gather(
    state: &mut State,
    tx: &mut Tx<'_>,
    flow: &FlowKey,
    event: EventKey,
    due: i64,
    max_size: usize,
) -> Result<()> {
    let (mut events, due) = match state.flows.get(flow) {
        Some(FlowState::Batch { events, due }) => (events.clone(), *due),
        _ => (Vec::new(), due),
    };
    events.push(event);
    let is_full = events.len() >= max_size;
    state.set_flow(tx, flow.clone(), FlowState::Batch { events, due })?;
    if is_full { release(state, tx, flow) } else { Ok(()) }
}

/// Puts a start off: `this` is an event, and when it happened.
fn debounce(
    state: &mut State,
    tx: &mut Tx<'_>,
    flow: FlowKey,
    option: Debounce,
    this: (EventKey, i64),
) -> Result<()> {
    let (first, newest) = match state.flows.get(&flow) {
        Some(FlowState::Debounce { event, ts, first, .. }) => (*first, Some((*event, *ts))),
        _ => (tx.now, None),
    };
    // The newest is what happened last, which may not have come last.
    let (event, ts) = newest.filter(|(_, ts)| *ts > this.1).unwrap_or(this);
    if let Some((newest, _)) = newest {
        let other = if event == this.0 { newest } else { this.0 };
        tx.store.put_skip(other, flow.function, "debounce")?;
    }
    let due = tx.now.saturating_add(milliseconds(option.period));
    let latest = option.timeout.map_or(i64::MAX, |timeout| first.saturating_add(milliseconds(timeout)));
    state.set_flow(tx, flow, FlowState::Debounce { event, ts, first, due: due.min(latest) })
}

/// Starts what was held back: the run of a debounce or of a batch.
pub(crate) fn release(state: &mut State, tx: &mut Tx<'_>, flow: &FlowKey) -> Result<()> {
    // A batch may have become full, and started, since its timer was due.
    let Some(held_back) = state.drop_flow(tx, flow)? else { return Ok(()) };
    let mut events = Vec::with_capacity(held_back.events().len());
    for &key in held_back.events() {
        match tx.store.load_event(key)? {
            Some(event) => events.push(event),
            // Earlier versions removed it with a run that it had started.
            None => tracing::error!(event = key.0, "an event that was held back is not in the database"),
        }
    }
    let rules = state.rules();
    let rules = &rules[flow.function];
    // The option may have been changed since they came, or removed.
    let size = rules.options().batch.map_or(1, |batch| batch.max_size as usize);
    for batch in events.chunks(size.max(1)) {
        start_with(state, tx, rules, batch.to_vec(), &Origin::Event)?;
    }
    Ok(())
}

/// Starts a function, and tells whoever wanted that.
pub(crate) fn start(
    state: &mut State,
    tx: &mut Tx<'_>,
    function: FunctionIndex,
    events: Vec<StoredEvent>,
    origin: Origin,
) -> Result<()> {
    let rules = state.rules();
    let run = start_with(state, tx, &rules[function], events, &origin)?;
    match (origin, run) {
        (Origin::Event, _) | (Origin::Step(_), Some(_)) => {}
        (Origin::Step(parent), None) => {
            let id = rules[function].descriptor.id;
            let message = format!("the function `{id}` runs already, and is a singleton");
            let outcome = Outcome::Failed(Failure::new(message, 1));
            tx.push(Work::Resolve { run: parent.run, step: parent.step, outcome });
        }
        (Origin::Call(reply), run) => {
            let answer = run.map_or(Reply::Skipped("singleton"), Reply::Run);
            tx.effects.push(Effect::Reply(reply, answer));
        }
        (Origin::Replay { reply, .. }, run) => {
            let refused = Reply::Refused("its function is a singleton and runs already");
            tx.effects.push(Effect::Reply(reply, run.map_or(refused, Reply::Run)));
        }
    }
    Ok(())
}

fn start_with(
    state: &mut State,
    tx: &mut Tx<'_>,
    rules: &FunctionRules,
    events: Vec<StoredEvent>,
    origin: &Origin,
) -> Result<Option<Arc<str>>> {
    let first = events.first().ok_or_else(|| StoreError::broken("a run is started by an event"))?;
    let first = EventView::new(Arc::clone(&first.event));
    create(state, tx, rules, &first, events, origin)
}

/// Creates a run; returns its id. `None`: the function is a singleton that runs already.
fn create(
    state: &mut State,
    tx: &mut Tx<'_>,
    rules: &FunctionRules,
    first: &EventView,
    events: Vec<StoredEvent>,
    origin: &Origin,
) -> Result<Option<Arc<str>>> {
    let function = rules.function;
    let singleton = rules.singleton_key(first, &mut |notice| tx.notice(notice));
    if let Some(key) = &singleton
        && !make_room(state, tx, rules, key, (&events, first))?
    {
        return Ok(None);
    }
    let row = row(state, tx, rules, singleton, (&events, first), origin);
    if let Some(key) = &row.singleton {
        state.singletons.occupy(function, key, row.key);
    }
    tx.store.put_run(&row)?;
    fail_point!("run-stored");
    state.runs.opened();
    state.watch_cancels(tx, row.key, function, first)?;
    let (id, due) = (Arc::clone(&row.id), row.due);
    let times = StartTimes { due, deadline: row.deadline, now: tx.now };
    let mut run = Run::new(row, events.into_iter().map(|stored| stored.event).collect());
    run.is_watched = !rules.options().cancel_on.is_empty();
    state.schedule_start(run.lane(), run.start_order(), times);
    if due <= tx.now {
        state.runs.keep_queued(run);
    }
    Ok(Some(id))
}

/// Whether a singleton may start: a run that is there is cancelled, or keeps the new one away.
fn make_room(
    state: &State,
    tx: &mut Tx<'_>,
    rules: &FunctionRules,
    key: &Arc<str>,
    (events, first): (&[StoredEvent], &EventView),
) -> Result<bool> {
    let Some(run) = state.singletons.get(rules.function, key) else { return Ok(true) };
    let mode = rules.options().singleton.map(|singleton| singleton.mode);
    if mode == Some(SingletonMode::Skip) {
        for event in events {
            tx.store.put_skip(event.key, rules.function, "singleton")?;
        }
        let event = first.event.id.as_str().into();
        tx.notice(Notice::Skipped { function: rules.function, event, by: "singleton" });
        return Ok(false);
    }
    let end = RunEnd::cancelled("cancelled by a new run of the singleton".to_owned());
    tx.push(Work::End { run, end });
    Ok(true)
}

/// The row of a new run. It does not start before its event says.
fn row(
    state: &mut State,
    tx: &mut Tx<'_>,
    rules: &FunctionRules,
    singleton: Option<Arc<str>>,
    (events, first): (&[StoredEvent], &EventView),
    origin: &Origin,
) -> RunRow {
    let due = events.first().map_or(tx.now, |event| event.due(tx.now));
    state.last_run = state.last_run.next();
    let (parent, replay_of) = match origin {
        Origin::Event | Origin::Call(_) => (None, None),
        Origin::Step(parent) => (Some(parent.clone()), None),
        Origin::Replay { of, .. } => (None, Some(Arc::clone(of))),
    };
    RunRow {
        key: state.last_run,
        id: tx.environment.new_id(),
        function: rules.function,
        events: events.iter().map(|stored| stored.key).collect(),
        created: tx.now,
        due,
        order: rules.start_time(state.order_time(due), first, &mut |notice| tx.notice(notice)),
        slots: rules.slots(first, &mut |notice| tx.notice(notice)),
        slots_of: Some(rules.slots_of),
        singleton,
        parent,
        deadline: rules.deadline_to_start(due),
        replay_of,
    }
}
