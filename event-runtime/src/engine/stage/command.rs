//! What people do about a run.

use std::sync::Arc;

use super::admission::Origin;
use super::event::Incoming;
use crate::engine::state::timers::Timer;
use crate::engine::store::{FunctionIndex, Reopened, Result, RunEnd, RunKey, Status};
use crate::engine::{Command, Engine, Reply, Tx};
use crate::function::Failure;

/// Why nothing is done about a run whose function is not in the application.
const ORPHAN: &str =
    "the application does not list its function: list it, or take it over with `#[function(was = ..)]`";

/// Why a run cannot be repeated.
const PRUNED: &str = "its events were pruned";

impl Engine {
    pub(crate) fn command(&mut self, tx: &mut Tx<'_>, id: &str, command: Command) -> Result<Reply> {
        let Some((key, status)) = tx.store.find_run(id)? else { return Ok(Reply::NoRun) };
        match command {
            Command::Cancel if !status.is_open() => Ok(Reply::Refused("it has ended")),
            Command::Cancel => self.cancel(tx, key, id),
            Command::Retry if status.is_open() => Ok(Reply::Refused("it has not ended")),
            Command::Retry if status == Status::Completed => Ok(Reply::Refused("it has completed")),
            Command::Retry => self.reopen(tx, key, id),
            Command::Replay => self.replay(tx, key, id),
        }
    }

    fn cancel(&mut self, tx: &mut Tx<'_>, key: RunKey, id: &str) -> Result<Reply> {
        let end = RunEnd::Cancelled(Failure { message: "cancelled by hand".to_owned(), attempts: 0 });
        if self.load(tx, key)?.is_some() {
            self.end(tx, key, end)?;
        } else if let Some(parent) = tx.store.end_orphan(key, &end, tx.now)? {
            self.return_to(tx, &parent, end)?;
        }
        Ok(Reply::Run(id.into()))
    }

    /// Opens a run again: it goes on with the results that it has, and every option holds as for one that has not started.
    fn reopen(&mut self, tx: &mut Tx<'_>, key: RunKey, id: &str) -> Result<Reply> {
        let Some((function, keys)) = tx.store.events_of(key)? else { return Ok(Reply::Refused(ORPHAN)) };
        let Some(&first) = keys.first() else { return Ok(Reply::Refused(PRUNED)) };
        let Some(event) = tx.store.load_event(first)? else { return Ok(Reply::Refused(PRUNED)) };
        let first = Incoming::new(first, Arc::new(event));
        let singleton = self.singleton_key(function, &first).map(|key| (function, key));
        if singleton.as_ref().is_some_and(|place| self.singletons.contains_key(place)) {
            return Ok(Reply::Refused(
                "its function is a singleton, and another run is open: end that one first",
            ));
        }
        let due = first.event.ts.max(tx.now);
        let run = Reopened {
            key,
            due,
            order: self.place(function, due, &first),
            slots: self.slots(function, &first),
            slots_of: self.rules[function as usize].slots_of,
            singleton: singleton.as_ref().map(|(_, key)| Arc::clone(key)),
            deadline: self.deadline_to_start(function, due),
        };
        tx.store.reopen_run(&run)?;
        self.open += 1;
        self.singletons.extend(singleton.map(|place| (place, key)));
        self.watch_cancels(tx, (key, function), &first)?;
        self.timers_of_start(&run, function, tx.now);
        Ok(Reply::Run(id.into()))
    }

    /// A run that has not started waits for its turn, or for its time.
    fn timers_of_start(&mut self, run: &Reopened, function: FunctionIndex, now: i64) {
        if let Some(deadline) = run.deadline {
            self.timers.set(deadline, Timer::Deadline(run.key));
        }
        if run.due > now {
            self.timers.set(run.due, Timer::Run(run.key));
        } else {
            self.ready.push(function, run.slots, (run.order, run.key));
        }
    }

    fn replay(&mut self, tx: &mut Tx<'_>, key: RunKey, id: &str) -> Result<Reply> {
        let Some((function, keys)) = tx.store.events_of(key)? else { return Ok(Reply::Refused(ORPHAN)) };
        let mut events = Vec::with_capacity(keys.len());
        for key in keys {
            match tx.store.load_event(key)? {
                Some(event) => events.push((key, Arc::new(event))),
                None => return Ok(Reply::Refused(PRUNED)),
            }
        }
        let origin = Origin { parent: None, replay_of: Some(id.into()) };
        match self.create(tx, function, events, origin)? {
            Some(id) => Ok(Reply::Run(id)),
            None => Ok(Reply::Refused("its function is a singleton and runs already")),
        }
    }
}
