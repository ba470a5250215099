//! What people do about a run.

use std::sync::Arc;

use super::accept::Incoming;
use super::admit::Origin;
use super::store::{FunctionIndex, Reopened, Result, RunEnd, RunKey, Status};
use super::timers::Timer;
use super::{At, Command, Core, Reply};
use crate::function::Failure;

/// Why nothing is done about a run whose function is not in the application.
const ORPHAN: &str =
    "the application does not list its function: list it, or take it over with `#[function(was = ..)]`";

/// Why a run cannot be repeated.
const PRUNED: &str = "its events were pruned";

impl Core {
    pub(super) fn command(&mut self, at: &mut At<'_>, id: &str, command: Command) -> Result<Reply> {
        let Some((key, status)) = at.store.find_run(id)? else { return Ok(Reply::NoRun) };
        match command {
            Command::Cancel if !status.is_open() => Ok(Reply::Refused("it has ended")),
            Command::Cancel => self.cancel(at, key, id),
            Command::Retry if status.is_open() => Ok(Reply::Refused("it has not ended")),
            Command::Retry if status == Status::Completed => Ok(Reply::Refused("it has completed")),
            Command::Retry => self.reopen(at, key, id),
            Command::Replay => self.replay(at, key, id),
        }
    }

    fn cancel(&mut self, at: &mut At<'_>, key: RunKey, id: &str) -> Result<Reply> {
        let end = RunEnd::Cancelled(Failure { message: "cancelled by hand".to_owned(), attempts: 0 });
        if self.load(at, key)?.is_some() {
            self.end(at, key, end)?;
        } else if let Some(parent) = at.store.end_orphan(key, &end, at.now)? {
            self.return_to(at, &parent, end)?;
        }
        Ok(Reply::Run(id.into()))
    }

    /// Opens a run again: it goes on with the results that it has, and every option holds as for one that has not started.
    fn reopen(&mut self, at: &mut At<'_>, key: RunKey, id: &str) -> Result<Reply> {
        let Some((function, keys)) = at.store.events_of(key)? else { return Ok(Reply::Refused(ORPHAN)) };
        let Some(&first) = keys.first() else { return Ok(Reply::Refused(PRUNED)) };
        let Some(event) = at.store.load_event(first)? else { return Ok(Reply::Refused(PRUNED)) };
        let first = Incoming::new(first, Arc::new(event));
        let singleton = self.singleton_key(function, &first).map(|key| (function, key));
        if singleton.as_ref().is_some_and(|place| self.singletons.contains_key(place)) {
            return Ok(Reply::Refused(
                "its function is a singleton, and another run is open: end that one first",
            ));
        }
        let due = first.event.ts.max(at.now);
        let run = Reopened {
            key,
            due,
            order: self.place(function, due, &first),
            slots: self.slots(function, &first),
            slots_of: self.rules[function as usize].slots_of,
            singleton: singleton.as_ref().map(|(_, key)| Arc::clone(key)),
            deadline: self.deadline_to_start(function, due),
        };
        at.store.reopen_run(&run)?;
        self.open += 1;
        self.singletons.extend(singleton.map(|place| (place, key)));
        self.watch_cancels(at, (key, function), &first)?;
        self.timers_of_start(&run, function, at.now);
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

    fn replay(&mut self, at: &mut At<'_>, key: RunKey, id: &str) -> Result<Reply> {
        let Some((function, keys)) = at.store.events_of(key)? else { return Ok(Reply::Refused(ORPHAN)) };
        let mut events = Vec::with_capacity(keys.len());
        for key in keys {
            match at.store.load_event(key)? {
                Some(event) => events.push((key, Arc::new(event))),
                None => return Ok(Reply::Refused(PRUNED)),
            }
        }
        let origin = Origin { parent: None, replay_of: Some(id.into()) };
        match self.create(at, function, events, origin)? {
            Some(id) => Ok(Reply::Run(id)),
            None => Ok(Reply::Refused("its function is a singleton and runs already")),
        }
    }
}
