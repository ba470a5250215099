//! Recovery: what is on disk becomes the state in memory.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use super::expression::Expressions;
use super::model::{EventKey, FlowKey, FlowRow, OpenRun, Opening, RunKey, Slots, WakeRow};
use super::rules::Rules;
use super::settings::Settings;
use super::slots::{NO_LIMITS, throttle_of_key};
use super::state::crons::Crons;
use super::state::flow_control::{FlowControl, FlowState};
use super::state::quarantine::Quarantine;
use super::state::run_queue::{Lane, RunQueue, StartOrder};
use super::state::runs::Runs;
use super::state::singletons::Singletons;
use super::state::timers::{Timer, Timers};
use super::state::wait_index::WaitIndex;
use super::state::wakes::{Wake, Wakes};
use super::state::{Drain, State};
use super::store::{Result, Store, StoreError};
use crate::event::RawEnvelope;
use crate::function::Application;

/// Takes up what a store holds.
pub(crate) fn recover(
    application: Arc<Application>,
    settings: Settings,
    store: &mut dyn Store,
    now: i64,
) -> Result<State> {
    let Opening {
        was_closed,
        last_event,
        last_run,
        last_created,
        open,
        runs,
        singletons,
        due,
        waits,
        wakes,
        flows,
        crons,
        paused,
        held_back,
    } = store.opening()?;
    let mut expressions = Expressions::default();
    let rules = Rules::compile(&application, &mut expressions);
    let limits = rules.iter().map(super::rules::FunctionRules::limits).collect();
    let mut state = State {
        queue: RunQueue::new(limits, settings.max_active),
        application,
        settings,
        rules,
        expressions,
        last_event,
        last_run,
        last_execution: 0,
        order_floor: i64::MIN,
        runs: Runs::new(open),
        timers: Timers::default(),
        crons: Crons::default(),
        waits: WaitIndex::default(),
        wakes: Wakes::default(),
        flows: FlowControl::default(),
        singletons: Singletons::new(singletons),
        // A process that has ended in order was brought down by no run.
        quarantine: Quarantine::new(if was_closed { HashSet::new() } else { interrupted(&runs) }),
        drain: Drain::No,
    };
    for function in paused {
        state.queue.pause(function);
    }
    let mut timers: Vec<(i64, Timer)> = due.into_iter().map(|(due, run)| (due, Timer::Run(run))).collect();
    for mut run in runs {
        bring_up_to_date(&state, store, &mut run)?;
        if run.due > now && last_created > now {
            // The clock was set back: it may wait for nothing.
            run.due = store.load_run(run.key)?.map_or(run.due, |run| run.not_before());
        }
        timers.extend(run.deadline.map(|deadline| (deadline, Timer::Deadline(run.key))));
        if run.due > now {
            timers.push((run.due, Timer::Run(run.key)));
        } else if !run.parked {
            state.order_floor = state.order_floor.max(run.order);
            let lane = Lane { function: run.function, slots: run.slots };
            state.queue.push(lane, StartOrder { time: run.order, run: run.key });
        }
    }
    state.waits.extend(waits);
    take_up_wakes(&mut state, store, wakes)?;
    take_up_flows(&mut state, store, flows, now)?;
    state.flows.hold_back(&held_back);
    timers.extend(state.flows.timers().map(|(due, number)| (due, Timer::Flow(number))));
    timers.extend(state.settings.retention.map(|_| (now, Timer::Prune)));
    state.timers.extend(timers.into_iter());
    let rules = state.rules.iter().filter(|_| state.settings.crons);
    let (crons, new) = Crons::take_up(rules, &crons, now, &mut state.timers)?;
    state.crons = crons;
    for cron in new {
        store.put_cron(&cron)?;
    }
    fail_point!("open-loaded");
    Ok(state)
}

/// The runs that may have executed when the process died: a parked one was not in memory.
fn interrupted(runs: &[OpenRun]) -> HashSet<RunKey> {
    runs.iter().filter(|run| !run.parked).map(|run| run.key).collect()
}

/// Gives a run that was created under other options the slots that it has under the options as they are.
fn bring_up_to_date(state: &State, store: &mut dyn Store, run: &mut OpenRun) -> Result<()> {
    let slots_of = state.rules[run.function].slots_of;
    if run.slots_of == Some(slots_of) {
        return Ok(());
    }
    run.slots = Slots::default();
    if slots_of != NO_LIMITS
        && !run.parked
        && let Some(stored) = store.load_run(run.key)?
    {
        run.slots = state.slots_of(&stored);
    }
    Ok(())
}

/// Takes up the events that have not reached everybody.
fn take_up_wakes(state: &mut State, store: &mut dyn Store, rows: Vec<WakeRow>) -> Result<()> {
    let mut last: Option<(EventKey, Arc<RawEnvelope>)> = None;
    for row in rows {
        let event = match &last {
            Some((key, event)) if *key == row.event => Arc::clone(event),
            _ => {
                let event = store.load_event(row.event)?;
                event.ok_or_else(|| StoreError::broken("an event that is on its way is stored"))?.event
            }
        };
        last = Some((row.event, Arc::clone(&event)));
        state.wakes.push(Wake { event, row });
    }
    Ok(())
}

/// Takes up what flow control remembers, as far as the options allow it now.
fn take_up_flows(state: &mut State, store: &mut dyn Store, flows: Vec<FlowRow>, now: i64) -> Result<()> {
    let mut changed = BTreeSet::new();
    for flow in flows {
        let key = FlowKey { function: flow.function, kind: flow.state.kind(), value: flow.value };
        let within = flow.state.clone().within(state.rules[flow.function].options(), now);
        if within != flow.state {
            changed.insert(key.clone());
        }
        state.flows.take_up(key, within);
    }
    for (key, flow) in state.flows.to_vec() {
        if let (Some(throttle), FlowState::Throttle(next)) = (throttle_of_key(&key.value), flow) {
            state.await_throttle(key.function, throttle, next, now);
        }
    }
    for key in changed {
        if let Some(flow) = state.flows.get(&key) {
            store.put_flow(&key.row(flow.clone()))?;
        }
    }
    Ok(())
}
