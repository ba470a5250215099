//! Inspection: the contents of the database as types. Reads go beside the writer and never block it.

mod bulk;
mod events;
mod runs;
mod sql;
mod waiting;

use rusqlite::{Connection, Result};

pub(super) use self::bulk::{Part, newest};
use self::events::events;
pub(super) use self::runs::{Standing, paused_functions};
use self::runs::{details, open_runs, runs, standing};
use self::sql::keyed;
use self::waiting::Waiting;
use super::engine::{Engine, Shared};
use super::sqlite::backup;
use super::{EngineError, Totals};
use crate::client::SharedError;
use crate::inspect::{EventFilter, EventInfo, Orphans, Page, RunDetails, RunFilter, RunInfo};
use crate::middleware::Place;

impl<F> Engine<F> {
    /// Lists runs, the newest first unless the filter says otherwise.
    ///
    /// # Errors
    ///
    /// When the engine is closed, or the database cannot be read.
    pub async fn runs(&self, filter: &RunFilter) -> Result<Page<RunInfo>, EngineError> {
        let key = filter.key.as_ref().map(|key| keyed(key, self.shared.events()));
        let (filter, waiting) = (filter.clone(), Waiting(self.shared.waiting_runs().await?));
        let mut page =
            self.shared.read(move |connection| runs(connection, &filter, key.as_ref(), &waiting)).await?;
        for run in &mut page.items {
            self.shared.show(run);
        }
        Ok(page)
    }

    /// Lists events, the newest first unless the filter says otherwise.
    ///
    /// # Errors
    ///
    /// When the engine is closed, or the database cannot be read.
    pub async fn events(&self, filter: &EventFilter) -> Result<Page<EventInfo>, EngineError> {
        let key = filter.key.as_ref().map(|key| keyed(key, self.shared.events()));
        let filter = filter.clone();
        let mut page = self.shared.read(move |connection| events(connection, &filter, key.as_ref())).await?;
        for event in &mut page.items {
            self.shared.show_event(event);
        }
        Ok(page)
    }

    /// Finds a run by its id, with its steps and failed attempts.
    ///
    /// # Errors
    ///
    /// When the engine is closed, or the database cannot be read.
    pub async fn run(&self, id: &str) -> Result<Option<RunDetails>, EngineError> {
        self.shared.details(id).await
    }

    /// Lists the functions that have open runs but are not in the application: removed, or renamed without `was`. Their runs
    /// cost nothing and stay as they are; [`runs`](Self::runs) lists those of one, [`cancel`](Self::cancel) ends one.
    ///
    /// # Errors
    ///
    /// When the engine is closed, or the database cannot be read.
    pub async fn orphans(&self) -> Result<Vec<Orphans>, EngineError> {
        let mut open = self.shared.read(open_runs).await?;
        open.retain(|orphans| !self.shared.lists(&orphans.function_id));
        Ok(open)
    }

    /// Copies the database to another file, readable by its owner only, while the engine is running. The copy is a consistent
    /// database as of one moment.
    ///
    /// # Errors
    ///
    /// When the file exists or cannot be written, or the engine is closed.
    pub async fn backup(&self, path: impl Into<std::path::PathBuf>) -> Result<(), EngineError> {
        let path = path.into();
        let copied = self.shared.read(move |connection| Ok(backup(connection, &path))).await?;
        copied.map_err(|error| EngineError::Store(SharedError::new(error)))
    }
}

impl Shared {
    /// Finds a run by its id.
    pub(super) async fn details(&self, id: &str) -> Result<Option<RunDetails>, EngineError> {
        let (id, waiting) = (id.to_owned(), Waiting(self.waiting_runs().await?));
        let mut details = self.read(move |connection| details(connection, &id, &waiting)).await?;
        if let Some(details) = &mut details {
            self.show_details(details);
        }
        Ok(details)
    }

    /// A part of the runs that a filter selects, up to this one.
    pub(super) async fn part_of_runs(&self, filter: &RunFilter, newest: i64) -> Result<Part, EngineError> {
        let key = filter.key.as_ref().map(|key| keyed(key, self.events()));
        let (filter, waiting) = (filter.clone(), Waiting(self.waiting_runs().await?));
        self.read(move |connection| bulk::part(connection, &filter, key.as_ref(), &waiting, newest)).await
    }

    /// Counts the runs that a filter selects.
    pub(super) async fn count_runs(&self, filter: &RunFilter) -> Result<u64, EngineError> {
        let key = filter.key.as_ref().map(|key| keyed(key, self.events()));
        let (filter, waiting) = (filter.clone(), Waiting(self.waiting_runs().await?));
        self.read(move |connection| bulk::count(connection, &filter, key.as_ref(), &waiting)).await
    }

    /// How a run stands.
    pub(super) async fn standing(&self, id: &str) -> Result<Option<Standing>, EngineError> {
        let id = id.to_owned();
        self.read(move |connection| standing(connection, &id)).await
    }
}

/// Stored values, decoded by the middleware of the application.
impl Shared {
    fn show(&self, run: &mut RunInfo) {
        let place = Place::stored(&run.function_id, &run.id, None);
        if let Some(json) = &mut run.output {
            *json = self.application.middleware.shown(&place, json).into_owned();
        }
    }

    fn show_details(&self, details: &mut RunDetails) {
        let RunDetails { run, steps, .. } = details;
        self.show(run);
        for step in steps {
            let place = Place::stored(&run.function_id, &run.id, Some((&step.id, step.kind)));
            if let Some(json) = &mut step.output {
                *json = self.application.middleware.shown(&place, json).into_owned();
            }
        }
    }

    fn show_event(&self, event: &mut EventInfo) {
        if let Ok(data) = self.application.middleware.receive_data(&event.name, None, event.data.clone()) {
            event.data = data;
        }
    }
}

/// Counts what the database holds.
pub(super) fn totals(connection: &Connection) -> Result<Totals> {
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map(i64::unsigned_abs);
    Ok(Totals {
        events: count("SELECT count(*) FROM events")?,
        runs: count("SELECT count(*) FROM runs")?,
        open: count("SELECT count(*) FROM runs WHERE status < 1")?,
        completed: count("SELECT count(*) FROM runs WHERE status = 1")?,
        failed: count("SELECT count(*) FROM runs WHERE status = 2")?,
        cancelled: count("SELECT count(*) FROM runs WHERE status = 3")?,
        steps_recorded: count("SELECT count(*) FROM steps WHERE kind = 0 AND ord IS NOT NULL")?,
    })
}
