//! What people do about a run.

use std::sync::Arc;

use super::admit::Origin;
use super::store::{Result, RunEnd, RunKey, Status};
use super::{At, Command, Core, Reply};
use crate::function::Failure;

impl Core {
    pub(super) fn command(&mut self, at: &mut At<'_>, id: &str, command: Command) -> Result<Reply> {
        let Some((key, status)) = at.store.find_run(id)? else { return Ok(Reply::NoRun) };
        match command {
            Command::Cancel if !status.is_open() => Ok(Reply::Refused("it has ended")),
            Command::Cancel => {
                self.load(at, key)?;
                let failure = Failure { message: "cancelled by hand".to_owned(), attempts: 0 };
                self.end(at, key, RunEnd::Cancelled(failure))?;
                Ok(Reply::Run(id.into()))
            }
            Command::Retry if status.is_open() => Ok(Reply::Refused("it has not ended")),
            Command::Retry if status == Status::Completed => Ok(Reply::Refused("it has completed")),
            Command::Retry => self.reopen(at, key, id),
            Command::Replay => self.replay(at, key, id),
        }
    }

    fn reopen(&mut self, at: &mut At<'_>, key: RunKey, id: &str) -> Result<Reply> {
        at.store.reopen_run(key, at.now)?;
        self.open += 1;
        if self.load(at, key)?.is_none() {
            // Its function is not in the application.
            self.open -= 1;
            return Ok(Reply::NoRun);
        }
        self.make_ready(at, key)?;
        Ok(Reply::Run(id.into()))
    }

    fn replay(&mut self, at: &mut At<'_>, key: RunKey, id: &str) -> Result<Reply> {
        let Some((function, keys)) = at.store.events_of(key)? else { return Ok(Reply::NoRun) };
        let mut events = Vec::with_capacity(keys.len());
        for key in keys {
            match at.store.load_event(key)? {
                Some(event) => events.push((key, Arc::new(event))),
                None => return Ok(Reply::Refused("its events were pruned")),
            }
        }
        let origin = Origin { parent: None, replay_of: Some(id.into()) };
        match self.create(at, function, events, origin)? {
            Some(id) => Ok(Reply::Run(id)),
            None => Ok(Reply::Refused("its function is a singleton and runs already")),
        }
    }
}
