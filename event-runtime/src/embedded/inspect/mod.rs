//! Inspection: the contents of the database as types. Reads go beside the writer and never block it.

mod bulk;
mod events;
mod functions;
mod runs;
mod sizes;
mod sql;
mod waiting;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rusqlite::{Connection, Result};
use tokio::sync::broadcast::{Sender, WeakSender};

pub(super) use self::bulk::{Part, newest};
use self::events::{event_of_id, events};
use self::functions::statistics;
use self::runs::{Known, details, open_runs, runs, runs_of_event, standing};
pub(super) use self::runs::{Standing, paused_functions};
use self::sizes::sizes;
use self::sql::keyed;
use self::waiting::Waiting;
use super::Options;
use super::engine::{Engine, Shared};
use super::readers::Readers;
use super::sqlite::backup;
use super::{EngineError, Totals};
use crate::client::SharedError;
use crate::clock::{from_ms, to_ms};
use crate::engine::expression::Expressions;
use crate::engine::model::{EventView, FunctionIndex};
use crate::engine::rules::Rules;
use crate::event::{EventDescriptor, RawEnvelope, Seals as _};
use crate::function::{FunctionDescriptor, FunctionList};
use crate::inspect::{
    AuditEntry, Change, Changes, EngineInfo, EventDetails, EventFilter, EventInfo, FunctionInfo,
    FunctionStats, LimitsInForce, Orphans, Page, Redaction, RunDetails, RunFilter, RunInfo, Sizes, Skipped,
    of_options,
};
use crate::middleware::Place;
use crate::registry::Registry;
use crate::validate::Issues;

/// The engine's side of `inspect`.
pub(super) struct Inspection {
    /// Ends with the thread of the engine.
    changes: WeakSender<Change>,
    pub(super) readers: Arc<Readers>,
    limits: LimitsInForce,
    /// When the engine started, in milliseconds.
    started: i64,
    rules: OnceLock<Rules>,
    redaction: OnceLock<Redaction>,
}

impl Inspection {
    pub(super) fn new(options: &Options, changes: &Sender<Change>, readers: &Arc<Readers>) -> Self {
        Self {
            changes: changes.downgrade(),
            readers: Arc::clone(readers),
            limits: LimitsInForce::new(&options.settings),
            started: options.environment.now_ms(),
            rules: OnceLock::new(),
            redaction: OnceLock::new(),
        }
    }
}

/// The events of the registry.
type Events<'a> = &'a [&'static EventDescriptor];

impl<F> Engine<F> {
    /// Lists runs, the newest first unless the filter says otherwise.
    ///
    /// # Errors
    ///
    /// When the engine is closed, or the database cannot be read.
    pub async fn runs(&self, filter: &RunFilter) -> Result<Page<RunInfo>, EngineError> {
        let key = filter.key.as_ref().map(|key| keyed(key, self.shared.events()));
        let (filter, waiting) = (filter.clone(), self.shared.waiting().await?);
        let listed = self.shared.events();
        let mut page = self
            .shared
            .read(move |connection| {
                runs(connection, &filter, key.as_ref(), Known { waiting: &waiting, events: &listed })
            })
            .await?;
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
        let (filter, shared) = (filter.clone(), Arc::clone(&self.shared));
        let mut page = self
            .shared
            .read(move |connection| {
                let text = filter.text.as_ref().map(|text| text.to_lowercase());
                let is_wanted = |event: &EventInfo| text.as_ref().is_none_or(|text| shared.says(event, text));
                events(connection, &filter, key.as_ref(), is_wanted)
            })
            .await?;
        for event in &mut page.items {
            self.shared.show_event(event);
        }
        Ok(page)
    }

    /// Finds an event by its id, with the runs that it has started. Of several events with this id, accepted in different
    /// deduplication windows: the newest.
    ///
    /// # Errors
    ///
    /// When the engine is closed, or the database cannot be read.
    pub async fn event(&self, id: &str) -> Result<Option<EventDetails>, EngineError> {
        let (id, waiting, listed) = (id.to_owned(), self.shared.waiting().await?, self.shared.events());
        let found = self
            .shared
            .read(move |connection| {
                let Some((key, event)) = event_of_id(connection, &id)? else { return Ok(None) };
                let runs = runs_of_event(connection, key, Known { waiting: &waiting, events: &listed })?;
                Ok(Some(EventDetails { event, runs, issues: Issues::new() }))
            })
            .await?;
        Ok(found.map(|mut details| {
            self.shared.show_event(&mut details.event);
            details.issues = self.shared.judge(&details.event);
            details.runs.iter_mut().for_each(|run| self.shared.show(run));
            details
        }))
    }

    /// Lists the functions of the application, with statistics of the runs that were created within the last `window`.
    ///
    /// # Errors
    ///
    /// When the engine is closed, or the database cannot be read.
    pub async fn functions(&self, window: Duration) -> Result<Vec<FunctionInfo>, EngineError> {
        let waiting = self.shared.waiting().await?;
        let descriptors: Vec<&'static FunctionDescriptor> =
            self.shared.application.functions.iter().map(|function| function.descriptor).collect();
        let ids: Vec<&'static str> = descriptors.iter().map(|descriptor| descriptor.id).collect();
        let window = i64::try_from(window.as_millis()).unwrap_or(i64::MAX);
        let since = self.shared.now_ms().saturating_sub(window);
        let stats = self.shared.read(move |connection| statistics(connection, &ids, since, &waiting)).await?;
        Ok(descriptors
            .into_iter()
            .zip(stats)
            .map(|(descriptor, stats)| function_info(descriptor, stats))
            .collect())
    }

    /// Says what the engine works with, how large that is, and what it has done since it started.
    ///
    /// # Errors
    ///
    /// When the engine is closed, or the database cannot be read.
    pub async fn info(&self) -> Result<EngineInfo, EngineError> {
        let mut found: Sizes = self.shared.read(sizes).await?;
        found.queued_events = self.shared.queued_events();
        found.log_bytes = self.shared.log_bytes();
        Ok(self.shared.info(found, self.stats()))
    }

    /// Notes what an operator did, for those who ask later. It is on disk when this returns.
    ///
    /// # Errors
    ///
    /// When the engine is closed.
    pub async fn note(&self, entry: AuditEntry) -> Result<(), EngineError> {
        self.shared.note(entry).await
    }

    /// Lists what operators did, the newest first; at most 200.
    ///
    /// # Errors
    ///
    /// When the engine is closed, or the database cannot be read.
    pub async fn audit(&self) -> Result<Vec<AuditEntry>, EngineError> {
        self.shared.read(audit).await
    }

    /// Returns the changes from now on, as they happen: see [`Change`](crate::inspect::Change). The engine never waits for who reads
    /// them.
    ///
    /// ```
    /// # use event_runtime::prelude::*;
    /// use event_runtime::inspect::{Change, RunStatus};
    /// # /// The life of a user.
    /// # #[domain_events]
    /// # pub enum UserEvent {
    /// #     /// A user was created.
    /// #     Created { name: String },
    /// # }
    /// # /// Greets new users.
    /// # #[function(id = "user-created-greeter")]
    /// # async fn greet(ctx: &Context<UserCreated>) -> Result<()> { let _ = ctx; Ok(()) }
    /// # registry! { pub AppEvents = [UserEvent]; }
    /// # functions! { pub AppFunctions in AppEvents = [greet]; }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<()> {
    /// # let engine = App::<AppFunctions>::builder("greeter").build()?.embedded(":memory:").start().await?;
    /// let mut changes = engine.changes();
    /// engine.client().send(UserCreated { name: "Ada".into() }).await?;
    /// while let Some(change) = changes.next().await {
    ///     if matches!(change, Change::Run { status: RunStatus::Completed, .. }) {
    ///         break;
    ///     }
    /// }
    /// # engine.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn changes(&self) -> Changes {
        let changes = self.shared.inspection.changes.upgrade();
        Changes::new(changes.map(|changes| changes.subscribe()))
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

impl<F: FunctionList> Engine<F> {
    /// Returns what removes sensitive values from runs and events, for those who only look on.
    #[must_use]
    pub fn redaction(&self) -> Redaction {
        Redaction::new(self.shared.events(), F::Registry::meta_schema().map(schemars::Schema::to_value))
    }
}

fn function_info(descriptor: &'static FunctionDescriptor, stats: FunctionStats) -> FunctionInfo {
    let FunctionDescriptor { id, name, description, triggers, options, .. } = descriptor;
    FunctionInfo {
        id,
        name,
        description,
        triggers,
        crons: options.crons,
        emits: descriptor.emits.iter().map(|emit| emit.name).collect(),
        options: of_options(options),
        on_failure: descriptor.on_failure.map(|handler| handler.id),
        source: source(descriptor),
        stats,
    }
}

/// The file and line of a function.
fn source(descriptor: &FunctionDescriptor) -> String {
    format!("{}:{}", descriptor.file, descriptor.line)
}

impl Shared {
    /// The runs that wait in memory.
    async fn waiting(&self) -> Result<Waiting, EngineError> {
        self.waiting_runs().await.map(Waiting::new)
    }

    /// Whether an event says this text, in lower case, in what may be shown of it.
    fn says(&self, event: &EventInfo, text: &str) -> bool {
        let says = |part: &str| part.to_lowercase().contains(text);
        says(&event.id) || says(&event.name) || {
            let mut shown = event.clone();
            self.show_event(&mut shown);
            let redaction = || Redaction::new(self.events(), None);
            self.inspection.redaction.get_or_init(redaction).event(&mut shown);
            says(shown.data.get())
        }
    }

    /// Validates the payload of an event by the rules of this build.
    fn judge(&self, event: &EventInfo) -> Issues {
        let listed = self.events();
        let descriptor = listed.iter().find(|listed| listed.name == event.name);
        let judged =
            descriptor.map(|event_of| event_of.validate(event.version.unwrap_or(1), event.data.get()));
        judged.and_then(Result::err).unwrap_or_default()
    }

    /// The functions whose condition an event does not meet. That is not stored: the condition says so again.
    fn unmet_conditions(&self, event: &EventInfo) -> Vec<Skipped> {
        let Some(functions) = self.application.by_event.get(event.name.as_str()) else { return Vec::new() };
        let compile = || Rules::compile(&self.application, &mut Expressions::default());
        let rules = self.inspection.rules.get_or_init(compile);
        let view = EventView::new(Arc::new(RawEnvelope {
            id: event.id.clone(),
            name: event.name.clone(),
            data: event.data.clone(),
            ts: to_ms(event.ts),
            v: event.version,
            user: event.user.clone(),
            traceparent: event.traceparent.clone().map(String::into_boxed_str),
            cause: event.cause.clone().map(Box::new),
            meta: event.meta.clone(),
        }));
        let rules = functions.iter().map(|index| &rules[FunctionIndex::new(*index)]);
        let unmet = rules.filter(|rules| !rules.lets(&view, &mut |_| {}));
        unmet
            .map(|rules| Skipped { function_id: rules.descriptor.id.to_owned(), by: "if".to_owned() })
            .collect()
    }

    fn info(&self, sizes: Sizes, stats: super::Stats) -> EngineInfo {
        EngineInfo {
            application: self.application.id.clone(),
            version: env!("CARGO_PKG_VERSION"),
            format: super::sqlite::format(),
            database: self.path.clone(),
            state: self.state_name(),
            started: from_ms(self.inspection.started),
            sizes,
            stats,
            limits: self.inspection.limits,
        }
    }

    /// Finds a run by its id.
    pub(super) async fn details(&self, id: &str) -> Result<Option<RunDetails>, EngineError> {
        let (id, waiting, listed) = (id.to_owned(), self.waiting().await?, self.events());
        let known = move |connection: &Connection| {
            details(connection, &id, Known { waiting: &waiting, events: &listed })
        };
        let mut details = self.read(known).await?;
        if let Some(details) = &mut details {
            self.show_details(details);
        }
        Ok(details)
    }

    /// A part of the runs that a filter selects, up to this one.
    pub(super) async fn part_of_runs(&self, filter: &RunFilter, newest: i64) -> Result<Part, EngineError> {
        let key = filter.key.as_ref().map(|key| keyed(key, self.events()));
        let (filter, waiting) = (filter.clone(), self.waiting().await?);
        self.read(move |connection| bulk::part(connection, &filter, key.as_ref(), &waiting, newest)).await
    }

    /// Counts the runs that a filter selects.
    pub(super) async fn count_runs(&self, filter: &RunFilter) -> Result<u64, EngineError> {
        let key = filter.key.as_ref().map(|key| keyed(key, self.events()));
        let (filter, waiting) = (filter.clone(), self.waiting().await?);
        self.read(move |connection| bulk::count(connection, &filter, key.as_ref(), &waiting)).await
    }

    /// Returns the status of a run.
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
        let RunDetails { run, steps, event, source: of, .. } = details;
        self.show(run);
        if let Some(event) = event {
            self.show_event(event);
        }
        let mut functions = self.application.functions.iter().map(|function| function.descriptor);
        *of = functions.find(|descriptor| descriptor.id == run.function_id).map(source);
        for step in steps {
            let place = Place::stored(&run.function_id, &run.id, Some((&step.id, step.kind)));
            if let Some(json) = &mut step.output {
                *json = self.application.middleware.shown(&place, json).into_owned();
            }
        }
    }

    fn show_event(&self, event: &mut EventInfo) {
        event.skipped.extend(self.unmet_conditions(event));
        if let Ok(data) = self.application.middleware.receive_data(&event.name, None, event.data.clone()) {
            event.data = data;
        }
    }
}

/// Reads the audit table, the newest entries first.
fn audit(connection: &Connection) -> Result<Vec<AuditEntry>> {
    let mut statement =
        connection.prepare("SELECT at, who, action, target, count FROM audit ORDER BY seq DESC LIMIT 200")?;
    let rows = statement.query_map([], |row| {
        let entry = AuditEntry::new(
            row.get::<_, String>(1)?,
            row.get::<_, String>(2)?,
            row.get::<_, String>(3)?,
            row.get::<_, i64>(4)?.unsigned_abs(),
        );
        Ok(AuditEntry { at: from_ms(row.get(0)?), ..entry })
    })?;
    rows.collect()
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
