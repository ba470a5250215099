//! What people do about a run.

use std::sync::Arc;

use super::admission::Origin;
use crate::engine::store::{Result, RunEnd, RunKey, Status};
use crate::engine::{Command, Engine, Reply, Tx};
use crate::function::Failure;

impl Engine {
    pub(crate) fn command(&mut self, tx: &mut Tx<'_>, id: &str, command: Command) -> Result<Reply> {
        let Some((key, status)) = tx.store.find_run(id)? else { return Ok(Reply::NoRun) };
        match command {
            Command::Cancel if !status.is_open() => Ok(Reply::Refused("it has ended")),
            Command::Cancel => {
                self.load(tx, key)?;
                let failure = Failure { message: "cancelled by hand".to_owned(), attempts: 0 };
                self.end(tx, key, RunEnd::Cancelled(failure))?;
                Ok(Reply::Run(id.into()))
            }
            Command::Retry if status.is_open() => Ok(Reply::Refused("it has not ended")),
            Command::Retry if status == Status::Completed => Ok(Reply::Refused("it has completed")),
            Command::Retry => self.reopen(tx, key, id),
            Command::Replay => self.replay(tx, key, id),
        }
    }

    fn reopen(&mut self, tx: &mut Tx<'_>, key: RunKey, id: &str) -> Result<Reply> {
        tx.store.reopen_run(key, tx.now)?;
        self.open += 1;
        if self.load(tx, key)?.is_none() {
            // Its function is not in the application.
            self.open -= 1;
            return Ok(Reply::NoRun);
        }
        self.make_ready(tx, key)?;
        Ok(Reply::Run(id.into()))
    }

    fn replay(&mut self, tx: &mut Tx<'_>, key: RunKey, id: &str) -> Result<Reply> {
        let Some((function, keys)) = tx.store.events_of(key)? else { return Ok(Reply::NoRun) };
        let mut events = Vec::with_capacity(keys.len());
        for key in keys {
            match tx.store.load_event(key)? {
                Some(event) => events.push((key, Arc::new(event))),
                None => return Ok(Reply::Refused("its events were pruned")),
            }
        }
        let origin = Origin { parent: None, replay_of: Some(id.into()) };
        match self.create(tx, function, events, origin)? {
            Some(id) => Ok(Reply::Run(id)),
            None => Ok(Reply::Refused("its function is a singleton and runs already")),
        }
    }
}
