//! A store in memory: for tests of functions, and as the model that the engine is compared with.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::engine::model::{
    Cancellation, CronRow, EventKey, FlowKey, FlowRow, FunctionIndex, Keep, Memo, OpenRun, Opening, Orphan,
    Parent, Pending, Reopened, RunEnd, RunKey, RunRow, SignalState, Status, StoredEvent, WaitKey, WaitRow,
    WakeRow,
};
use crate::engine::state::runs::Run;
use crate::engine::store::{Result, Store};
use crate::event::RawEnvelope;
use crate::function::{Outcome, StepKind, undone_step};

/// A run, with everything that belongs to it.
#[derive(Debug, Clone)]
pub(crate) struct MemoryRun {
    pub(crate) row: RunRow,
    pub(crate) status: Status,
    pub(crate) attempt: u32,
    pub(crate) due: i64,
    pub(crate) started: Option<i64>,
    pub(crate) ended: Option<i64>,
    pub(crate) deadline: Option<i64>,
    pub(crate) recoveries: u32,
    pub(crate) undoing: Option<RunEnd>,
    pub(crate) end: Option<RunEnd>,
    pub(crate) memos: Vec<Memo>,
    pub(crate) pending: BTreeMap<Arc<str>, Pending>,
}

/// The store.
#[derive(Debug, Clone, Default)]
pub(crate) struct MemoryStore {
    pub(crate) events: BTreeMap<EventKey, (RawEnvelope, i64)>,
    event_ids: BTreeMap<String, EventKey>,
    seen: BTreeMap<(FunctionIndex, String), i64>,
    pub(crate) runs: BTreeMap<RunKey, MemoryRun>,
    signals: BTreeMap<(RunKey, u64), SignalState>,
    waits: BTreeMap<WaitKey, WaitRow>,
    cancellations: BTreeMap<WaitKey, Cancellation>,
    flows: BTreeMap<FlowKey, FlowRow>,
    wakes: BTreeMap<(EventKey, u32), WakeRow>,
    crons: BTreeMap<(FunctionIndex, Arc<str>), CronRow>,
    paused: BTreeSet<FunctionIndex>,
}

impl MemoryStore {
    fn run(&mut self, run: RunKey) -> Option<&mut MemoryRun> {
        self.runs.get_mut(&run)
    }
}

impl Store for MemoryStore {
    fn opening(&mut self) -> Result<Opening> {
        let open = || self.runs.values().filter(|run| run.status.is_open());
        Ok(Opening {
            was_closed: false,
            last_event: self.events.last_key_value().map(|(key, _)| *key).unwrap_or_default(),
            last_run: self.runs.last_key_value().map(|(key, _)| *key).unwrap_or_default(),
            last_created: self.runs.last_key_value().map_or(i64::MIN, |(_, run)| run.row.created),
            open: open().count(),
            runs: open()
                .map(|run| OpenRun {
                    key: run.row.key,
                    function: run.row.function,
                    parked: run.status == Status::Parked,
                    due: run.due,
                    order: run.row.order,
                    slots: run.row.slots,
                    slots_of: run.row.slots_of,
                    deadline: run.deadline,
                })
                .collect(),
            singletons: open()
                .filter_map(|run| Some((run.row.function, run.row.singleton.clone()?, run.row.key)))
                .collect(),
            due: open()
                .flat_map(|run| run.pending.values().map(|pending| (pending.due, run.row.key)))
                .filter(|(due, _)| *due < i64::MAX)
                .collect(),
            waits: self.waits.values().cloned().collect(),
            wakes: self.wakes.values().cloned().collect(),
            flows: self.flows.values().cloned().collect(),
            crons: self.crons.values().cloned().collect(),
            paused: self.paused.iter().copied().collect(),
            held_back: Vec::new(),
        })
    }

    fn find_event(&mut self, id: &str, since: i64) -> Result<Option<EventKey>> {
        let key = self.event_ids.get(id).copied();
        Ok(key.filter(|key| self.events.get(key).is_some_and(|(_, received)| *received >= since)))
    }

    fn put_event(&mut self, key: EventKey, event: &RawEnvelope, now: i64) -> Result<()> {
        self.event_ids.insert(event.id.clone(), key);
        self.events.insert(key, (event.clone(), now));
        Ok(())
    }

    fn load_event(&mut self, key: EventKey) -> Result<Option<StoredEvent>> {
        let stored = self.events.get(&key);
        Ok(stored.map(|(event, received)| StoredEvent {
            key,
            event: Arc::new(event.clone()),
            received: *received,
        }))
    }

    fn see(&mut self, function: FunctionIndex, key: &str, since: i64, now: i64) -> Result<bool> {
        let place = (function, key.to_owned());
        if self.seen.get(&place).is_some_and(|seen| *seen >= since) {
            return Ok(false);
        }
        self.seen.insert(place, now);
        Ok(true)
    }

    fn put_skip(&mut self, _: EventKey, _: FunctionIndex, _: &'static str) -> Result<()> {
        Ok(())
    }

    fn put_run(&mut self, row: &RunRow) -> Result<()> {
        let run = MemoryRun {
            row: row.clone(),
            status: Status::Open,
            attempt: 0,
            due: row.due,
            started: None,
            ended: None,
            deadline: row.deadline,
            recoveries: 0,
            undoing: None,
            end: None,
            memos: Vec::new(),
            pending: BTreeMap::new(),
        };
        self.runs.insert(row.key, run);
        Ok(())
    }

    fn load_run(&mut self, run: RunKey) -> Result<Option<Run>> {
        let Some(stored) = self.runs.get(&run).filter(|run| run.status.is_open()) else { return Ok(None) };
        let events = stored.row.events.iter().filter_map(|key| self.events.get(key));
        let events = events.map(|(event, _)| Arc::new(event.clone())).collect();
        let row = RunRow { due: stored.due, deadline: stored.deadline, ..stored.row.clone() };
        let mut run = Run::new(row, events);
        run.attempt = stored.attempt;
        run.started = stored.started;
        run.start_is_stored = stored.started.is_some();
        run.recoveries = stored.recoveries;
        run.parked = stored.status == Status::Parked;
        run.undoing.clone_from(&stored.undoing);
        run.take_up(stored.memos.clone(), stored.pending.values().cloned().collect());
        Ok(Some(run))
    }

    fn find_run(&mut self, id: &str) -> Result<Option<(RunKey, Status)>> {
        Ok(self.runs.values().find(|run| &*run.row.id == id).map(|run| (run.row.key, run.status)))
    }

    fn find_run_of(&mut self, event: EventKey, function: FunctionIndex) -> Result<Option<Arc<str>>> {
        let is_it = |run: &&MemoryRun| run.row.function == function && run.row.events.contains(&event);
        Ok(self.runs.values().find(is_it).map(|run| Arc::clone(&run.row.id)))
    }

    fn events_of(&mut self, run: RunKey) -> Result<Option<(FunctionIndex, Vec<EventKey>)>> {
        Ok(self.runs.get(&run).map(|run| (run.row.function, run.row.events.clone())))
    }

    fn set_started(&mut self, run: RunKey, started: i64, deadline: Option<i64>) -> Result<()> {
        if let Some(run) = self.run(run) {
            (run.started, run.deadline) = (Some(started), deadline);
            run.row.slots[2] = 0;
        }
        Ok(())
    }

    fn set_status(&mut self, run: RunKey, status: Status) -> Result<()> {
        if let Some(run) = self.run(run) {
            run.status = status;
        }
        Ok(())
    }

    fn set_attempt(&mut self, run: RunKey, attempt: u32, due: i64) -> Result<()> {
        if let Some(run) = self.run(run) {
            (run.attempt, run.due) = (attempt, due);
        }
        Ok(())
    }

    fn set_recoveries(&mut self, run: RunKey, recoveries: u32) -> Result<()> {
        if let Some(run) = self.run(run) {
            run.recoveries = recoveries;
        }
        Ok(())
    }

    fn end_run(&mut self, run: RunKey, end: &RunEnd, started: Option<i64>, now: i64) -> Result<()> {
        if let Some(run) = self.run(run) {
            (run.status, run.end, run.ended) = (end.status(), Some(end.clone()), Some(now));
            run.started = started.or(run.started);
        }
        Ok(())
    }

    fn set_undoing(&mut self, run: RunKey, end: &RunEnd, started: Option<i64>, now: i64) -> Result<()> {
        if let Some(run) = self.run(run) {
            (run.undoing, run.status, run.due, run.deadline) = (Some(end.clone()), Status::Open, now, None);
            (run.started, run.row.singleton) = (started.or(run.started), None);
        }
        Ok(())
    }

    fn reopen_run(&mut self, reopened: &Reopened) -> Result<()> {
        if let Some(run) = self.run(reopened.key) {
            (run.status, run.end, run.ended, run.attempt) = (Status::Open, None, None, 0);
            (run.due, run.started, run.deadline) = (reopened.due, None, reopened.deadline);
            (run.row.order, run.row.slots) = (reopened.order, reopened.slots);
            (run.row.slots_of, run.row.singleton) = (Some(reopened.slots_of), reopened.singleton.clone());
            (run.row.parent, run.recoveries) = (None, 0);
            run.undoing = None;
            let undone =
                |memo: &Memo| (memo.kind == StepKind::Undo).then(|| undone_step(&memo.key).to_owned());
            let undone: Vec<String> = run.memos.iter().filter_map(undone).collect();
            run.memos.retain(|memo| {
                let stays = memo.kind != StepKind::Undo && !undone.iter().any(|step| **step == *memo.key);
                stays && matches!(memo.outcome, Outcome::Value(_))
            });
        }
        Ok(())
    }

    fn set_held(&mut self, run: RunKey, _: &str) -> Result<()> {
        self.set_recoveries(run, 0)
    }

    fn load_orphan(&mut self, _: RunKey) -> Result<Option<Orphan>> {
        // There is none: the application is always the same.
        Ok(None)
    }

    fn end_orphan(&mut self, _: RunKey, _: &RunEnd, _: i64) -> Result<Option<Parent>> {
        Ok(None)
    }

    fn put_result_of_orphan(&mut self, _: RunKey, _: &str, _: &Outcome, _: i64) -> Result<()> {
        Ok(())
    }

    fn put_result(
        &mut self,
        run: RunKey,
        (step, kind): (&str, StepKind),
        ord: u32,
        outcome: &Outcome,
        _: i64,
    ) -> Result<()> {
        if let Some(run) = self.run(run) {
            run.pending.remove(step);
            // The first result stays.
            if !run.memos.iter().any(|memo| &*memo.key == step) {
                run.memos.push(Memo { key: step.into(), kind, ord, outcome: outcome.clone() });
            }
        }
        Ok(())
    }

    fn put_pending(&mut self, run: RunKey, pending: &Pending, _: i64) -> Result<()> {
        if let Some(run) = self.run(run) {
            run.pending.insert(Arc::clone(&pending.key), pending.clone());
        }
        Ok(())
    }

    fn drop_pending(&mut self, run: RunKey, step: &str) -> Result<()> {
        if let Some(run) = self.run(run) {
            run.pending.remove(step);
        }
        Ok(())
    }

    fn put_failed_attempt(&mut self, _: RunKey, _: &str, _: u32, _: &str, _: i64) -> Result<()> {
        Ok(())
    }

    fn signal(&mut self, run: RunKey, slot: u64) -> Result<Option<SignalState>> {
        Ok(self.signals.get(&(run, slot)).cloned())
    }

    fn put_signal(&mut self, run: RunKey, slot: u64, state: &SignalState) -> Result<()> {
        self.signals.insert((run, slot), state.clone());
        Ok(())
    }

    fn put_wait(&mut self, wait: &WaitRow) -> Result<()> {
        self.waits.insert(wait.key, wait.clone());
        Ok(())
    }

    fn put_cancellation(&mut self, wait: &WaitRow, terms: &Cancellation) -> Result<()> {
        self.waits.insert(wait.key, wait.clone());
        self.cancellations.insert(wait.key, terms.clone());
        Ok(())
    }

    fn cancellation(&mut self, wait: WaitKey) -> Result<Option<Cancellation>> {
        Ok(self.cancellations.get(&wait).cloned())
    }

    fn drop_wait(&mut self, wait: WaitKey) -> Result<()> {
        self.waits.remove(&wait);
        Ok(())
    }

    fn drop_waits(&mut self, run: RunKey) -> Result<Vec<WaitRow>> {
        let of_run = WaitKey { run, slot: 0 }..=WaitKey { run, slot: u64::MAX };
        let dropped: Vec<WaitRow> = self.waits.range(of_run).map(|(_, wait)| wait.clone()).collect();
        for wait in &dropped {
            self.waits.remove(&wait.key);
            self.cancellations.remove(&wait.key);
        }
        Ok(dropped)
    }

    fn put_wake(&mut self, wake: &WakeRow) -> Result<()> {
        let place = (wake.event, wake.part);
        if wake.waits.is_empty() {
            self.wakes.remove(&place);
        } else {
            self.wakes.insert(place, wake.clone());
        }
        Ok(())
    }

    fn put_flow(&mut self, flow: &FlowRow) -> Result<()> {
        self.flows.insert(flow.key(), flow.clone());
        Ok(())
    }

    fn drop_flow(&mut self, flow: &FlowRow) -> Result<()> {
        self.flows.remove(&flow.key());
        Ok(())
    }

    fn put_cron(&mut self, cron: &CronRow) -> Result<()> {
        self.crons.insert((cron.function, Arc::clone(&cron.cron)), cron.clone());
        Ok(())
    }

    fn set_paused(&mut self, function: FunctionIndex, since: Option<i64>) -> Result<()> {
        if since.is_some() {
            self.paused.insert(function);
        } else {
            self.paused.remove(&function);
        }
        Ok(())
    }

    fn prune(&mut self, keep: &Keep<'_>) -> Result<bool> {
        let runs = usize::try_from(keep.runs).unwrap_or(usize::MAX);
        let ended: Vec<RunKey> =
            self.runs.iter().filter(|(_, run)| !run.status.is_open()).map(|(key, _)| *key).collect();
        let too_many = ended.len().saturating_sub(runs);
        for (index, key) in ended.into_iter().enumerate() {
            let is_old = self.runs[&key].ended.is_some_and(|ended| ended < keep.ended_before);
            if index < too_many || is_old {
                self.runs.remove(&key);
            }
        }
        self.seen.retain(|_, seen| *seen >= keep.seen_before);
        Ok(false)
    }
}
