//! What operators do about a run.

use std::sync::Arc;

use crate::engine::message::{Command, Effect, Reply, ReplyId};
use crate::engine::model::{EventView, Reopened, RunEnd, RunKey, Status};
use crate::engine::state::run_queue::{Lane, StartOrder};
use crate::engine::state::{StartTimes, State};
use crate::engine::store::Result;
use crate::engine::tx::Tx;
use crate::engine::work::{Origin, Work};
use crate::event::RawEnvelope;

/// Why nothing is done about a run whose function is not in the application.
const ORPHAN: &str =
    "the application does not list its function: list it, or take it over with `#[function(was = ..)]`";

/// Why a run cannot be repeated.
const PRUNED: &str = "its events were pruned";

/// Why a run cannot be repeated with another event.
const BATCH: &str = "it was started by a batch of events: replay it as it was, or send the events";

/// Carries out a command, and replies now or when it is done.
pub(crate) fn command(
    state: &mut State,
    tx: &mut Tx<'_>,
    id: &Arc<str>,
    command: Command,
    reply: ReplyId,
) -> Result<()> {
    let answer = match (command, tx.store.find_run(id)?) {
        (_, None) => Some(Reply::NoRun),
        (Command::Cancel, Some((_, status))) if !status.is_open() => Some(Reply::Refused("it has ended")),
        (Command::Cancel, Some((key, _))) if is_undone(state, tx, key)? => {
            Some(Reply::Refused("it has failed or was cancelled, and its steps are being undone"))
        }
        (Command::Cancel, Some((key, _))) => {
            tx.push(Work::End { run: key, end: RunEnd::cancelled("cancelled by hand".to_owned()) });
            Some(Reply::Run(Arc::clone(id)))
        }
        (Command::Retry, Some((_, status))) if status.is_open() => Some(Reply::Refused("it has not ended")),
        (Command::Retry, Some((_, Status::Completed))) => Some(Reply::Refused("it has completed")),
        (Command::Retry, Some((key, _))) => Some(reopen(state, tx, key, id)?),
        (Command::Replay, Some((key, _))) => replay(tx, key, id, reply)?,
    };
    tx.effects.extend(answer.map(|answer| Effect::Reply(reply, answer)));
    Ok(())
}

/// Whether the steps of a run are being undone.
fn is_undone(state: &mut State, tx: &mut Tx<'_>, key: RunKey) -> Result<bool> {
    let is_undone = state.load(tx, key)?.is_some_and(|run| run.undoing.is_some());
    state.unload_unchanged(key);
    Ok(is_undone)
}

/// Opens a run again: it goes on with the results that it has, and every option holds as for one that has not started.
fn reopen(state: &mut State, tx: &mut Tx<'_>, key: RunKey, id: &Arc<str>) -> Result<Reply> {
    let Some((function, keys)) = tx.store.events_of(key)? else { return Ok(Reply::Refused(ORPHAN)) };
    let Some(&first) = keys.first() else { return Ok(Reply::Refused(PRUNED)) };
    let Some(event) = tx.store.load_event(first)? else { return Ok(Reply::Refused(PRUNED)) };
    let due = event.due(tx.now);
    let first = EventView::new(event.event);
    let rules = &state.rules[function];
    let singleton = rules.singleton_key(&first, &mut |notice| tx.notice(notice));
    if singleton.as_ref().is_some_and(|key| state.singletons.get(function, key).is_some()) {
        return Ok(Reply::Refused(
            "its function is a singleton, and another run is open: end that one first",
        ));
    }
    let run = Reopened {
        key,
        due,
        order: rules.start_time(state.order_time(due), &first, &mut |notice| tx.notice(notice)),
        slots: rules.slots(&first, &mut |notice| tx.notice(notice)),
        slots_of: rules.slots_of,
        singleton,
        deadline: rules.deadline_to_start(due),
    };
    tx.store.reopen_run(&run)?;
    state.runs.opened();
    if let Some(singleton) = &run.singleton {
        state.singletons.occupy(function, singleton, key);
    }
    state.watch_cancels(tx, key, function, &first)?;
    let (lane, order) = (Lane { function, slots: run.slots }, StartOrder { time: run.order, run: key });
    state.schedule_start(lane, order, StartTimes { due, deadline: run.deadline, now: tx.now });
    Ok(Reply::Run(Arc::clone(id)))
}

/// Starts another run with the same events. `None`: whoever starts it replies.
fn replay(tx: &mut Tx<'_>, key: RunKey, id: &Arc<str>, reply: ReplyId) -> Result<Option<Reply>> {
    let Some((function, keys)) = tx.store.events_of(key)? else { return Ok(Some(Reply::Refused(ORPHAN))) };
    let mut events = Vec::with_capacity(keys.len());
    for key in keys {
        let Some(event) = tx.store.load_event(key)? else { return Ok(Some(Reply::Refused(PRUNED))) };
        events.push(event);
    }
    tx.push(Work::Start { function, events, origin: Origin::Replay { of: Arc::clone(id), reply } });
    Ok(None)
}

/// Starts another run with another event; what that leaves open is as in the event of the run. Whoever starts it replies, unless it
/// is refused.
pub(crate) fn replay_with(
    state: &mut State,
    tx: &mut Tx<'_>,
    id: &Arc<str>,
    event: RawEnvelope,
    reply: ReplyId,
) -> Result<()> {
    let answer = match tx.store.find_run(id)? {
        None => Some(Reply::NoRun),
        Some((key, _)) => start_again(state, tx, (key, id), event, reply)?.map(Reply::Refused),
    };
    tx.effects.extend(answer.map(|answer| Effect::Reply(reply, answer)));
    Ok(())
}

/// Starts the run again with another event. Why not.
fn start_again(
    state: &mut State,
    tx: &mut Tx<'_>,
    (key, id): (RunKey, &Arc<str>),
    event: RawEnvelope,
    reply: ReplyId,
) -> Result<Option<&'static str>> {
    let Some((function, keys)) = tx.store.events_of(key)? else { return Ok(Some(ORPHAN)) };
    let [first] = keys[..] else { return Ok(Some(BATCH)) };
    let rules = state.rules();
    if !rules[function].descriptor.triggers.contains(&event.name.as_str()) {
        return Ok(Some("its function is not started by such an event"));
    }
    let before = tx.store.load_event(first)?.map(|stored| stored.event);
    let before = before.as_deref();
    let event = Arc::new(RawEnvelope {
        meta: event.meta.or_else(|| before?.meta.clone()),
        user: event.user.or_else(|| before?.user.clone()),
        traceparent: event.traceparent.or_else(|| before?.traceparent.clone()),
        ..event
    });
    if state.is_kept_away(tx, &rules[function], &EventView::new(Arc::clone(&event))) {
        return Ok(Some("its function is a singleton and runs already"));
    }
    let events = vec![state.store_event(tx, event)?];
    tx.push(Work::Start { function, events, origin: Origin::Replay { of: Arc::clone(id), reply } });
    Ok(None)
}
