//! The status of runs, of which those that wait in memory are open on disk.

use std::fmt::Write as _;

use rusqlite::{Error, Result, Row};

use super::sql::Sql;
use crate::engine::model::{RunKey, Status};
use crate::inspect::RunStatus;

/// The runs whose executions wait in memory. On disk they are open.
pub(super) struct Waiting(Vec<RunKey>);

impl Waiting {
    pub(super) fn new(mut runs: Vec<RunKey>) -> Self {
        runs.sort_unstable();
        Self(runs)
    }

    /// As a list in JSON.
    fn list(&self) -> String {
        let mut list = String::from("[");
        for (index, run) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            // Writing to a text does not fail.
            let _ = write!(list, "{comma}{}", run.0);
        }
        list + "]"
    }

    /// Whether it holds a run.
    pub(super) fn has(&self, run: RunKey) -> bool {
        self.0.binary_search(&run).is_ok()
    }

    /// The status of a run, as it stands in this column. A status that does not exist is an error.
    pub(super) fn status(&self, run: i64, row: &Row<'_>, column: usize) -> Result<RunStatus> {
        let stored = row.get(column)?;
        Ok(match Status::of_number(stored) {
            Some(Status::Parked) => RunStatus::Waiting,
            Some(Status::Completed) => RunStatus::Completed,
            Some(Status::Failed) => RunStatus::Failed,
            Some(Status::Cancelled) => RunStatus::Cancelled,
            Some(Status::Open) if self.has(RunKey(run)) => RunStatus::Waiting,
            Some(Status::Open) => RunStatus::Open,
            None => return Err(Error::IntegralValueOutOfRange(column, stored)),
        })
    }

    /// The condition that a run whose status is stored as this has one of these; `None` if none can have.
    pub(super) fn condition(&self, stored: Status, statuses: &[RunStatus]) -> Option<Sql> {
        let wanted = |status| statuses.is_empty() || statuses.contains(&status);
        let among = |is| {
            let mut sql = Sql::default();
            sql.add(&format!(" AND runs.seq {is} (SELECT value FROM json_each(?))"), [self.list()]);
            sql
        };
        let fits = match stored {
            Status::Parked => wanted(RunStatus::Waiting),
            Status::Completed => wanted(RunStatus::Completed),
            Status::Failed => wanted(RunStatus::Failed),
            Status::Cancelled => wanted(RunStatus::Cancelled),
            Status::Open => match (wanted(RunStatus::Open), wanted(RunStatus::Waiting)) {
                (true, false) => return Some(among("NOT IN")),
                (false, true) => return Some(among("IN")),
                (both, _) => both,
            },
        };
        fits.then(Sql::default)
    }
}
