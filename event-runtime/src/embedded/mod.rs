//! The embedded engine: one process, one SQLite file, nothing lost on `kill -9`.
//!
//! ```
//! use event_runtime::embedded::Backoff;
//! use event_runtime::prelude::*;
//!
//! /// The life of a user.
//! #[domain_events]
//! pub enum UserEvent {
//!     /// A user was created.
//!     Created { name: String },
//! }
//!
//! /// Greets new users.
//! #[function(id = "user-created-greeter")]
//! async fn greet(ctx: &Context<UserCreated>) -> Result<String> {
//!     Ok(ctx.step.run("greet", async || Ok(format!("Hello {}", ctx.event.name))).await?)
//! }
//!
//! registry! { pub AppEvents = [UserEvent]; }
//! functions! { pub AppFunctions in AppEvents = [greet]; }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<()> {
//! let app = App::<AppFunctions>::builder("greeter").build()?;
//! let engine = app
//!     .embedded(":memory:")
//!     .backoff(Backoff::exponential(Duration::from_millis(100), Duration::from_secs(60)))
//!     .start()
//!     .await?;
//! engine.client().send(UserCreated { name: "Ada".into() }).await?;
//! engine.wait_idle().await?;
//! assert_eq!(engine.totals().await?.completed, 1);
//! engine.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! Whatever is acknowledged is on disk: the database has a write-ahead log that is flushed at every commit, and a single writer
//! commits everything that is pending (group commit), so that throughput grows with load. Unfinished runs are resumed at the next
//! start; a step whose result was recorded returns it and does not run again.

mod bulk;
mod engine;
mod error;
mod executor;
mod handle;
mod inspect;
mod jobs;
mod mailbox;
mod metrics;
mod pause;
mod readers;
mod signals;
mod sqlite;
mod state;
mod stats;
mod writer;

use std::fmt;
use std::marker::PhantomData;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

pub use crate::inspect::{
    EventFilter, EventInfo, FailedAttempt, Orphans, RunDetails, RunFilter, RunInfo, RunStatus, StepInfo,
};
pub use crate::run::{
    BulkAction, BulkError, BulkReport, CommandError, PauseError, Refusal, ReplayError, RunError,
    StartRunError,
};
pub use engine::Engine;
pub use error::{EngineError, EngineFailure, StartError};
pub use handle::RunHandle;
pub use state::EngineState;
pub use stats::{Stats, Totals};

use crate::app::App;
pub use crate::backoff::Backoff;
use crate::clock::{Clock, Environment, Random};
use crate::engine::Settings;
#[cfg(feature = "fail-points")]
#[doc(hidden)]
pub use crate::engine::fail_points;
pub use crate::engine::{Limits, Retention, WhenFull};
use crate::function::{Application, FunctionList};

impl<F: FunctionList> App<F> {
    /// Configures the embedded engine for this application, with its database in the file `path`, or `:memory:` for tests.
    ///
    /// See [`embedded`](crate::embedded).
    pub fn embedded(&self, path: impl Into<PathBuf>) -> Embedded<F> {
        Embedded::new(Arc::clone(&self.application), path.into())
    }
}

/// The options of an embedded engine for the functions of the list `F`: see [`App::embedded`](crate::App::embedded).
pub struct Embedded<F> {
    application: Arc<Application>,
    path: PathBuf,
    options: Options,
    functions: PhantomData<fn() -> F>,
}

/// What can be set.
#[derive(Debug, Clone)]
struct Options {
    settings: Settings,
    /// Set to take over the database of another application.
    adopts: bool,
    shutdown_grace: Duration,
    environment: Environment,
}

impl<F> fmt::Debug for Embedded<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Embedded")
            .field("path", &self.path)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl<F> Embedded<F> {
    pub(crate) fn new(application: Arc<Application>, path: PathBuf) -> Self {
        let options = Options {
            settings: Settings::default(),
            adopts: false,
            shutdown_grace: Duration::from_secs(10),
            environment: Environment::default(),
        };
        Self { application, path, options, functions: PhantomData }
    }

    /// Sets how long to wait before the next attempt. Default: Inngest's, from 15 s to 2 h.
    #[must_use]
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.options.settings.backoff = backoff;
        self
    }

    /// Sets the limits on sizes and counts. Default: Inngest's.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.options.settings.limits = limits;
        self
    }

    /// Sets how long ended runs are kept. Default: 30 days.
    #[must_use]
    pub fn retention(mut self, retention: Retention) -> Self {
        self.options.settings.retention = Some(retention);
        self
    }

    /// Sets how many runs that are only waiting stay in memory, and for how long. Others are read from the database again when
    /// what they wait for has come. Default: 1,000 runs, for 1 second.
    #[must_use]
    pub fn keep_waiting_runs(mut self, runs: usize, time: Duration) -> Self {
        self.options.settings.max_idle = runs;
        self.options.settings.idle_ms = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        self
    }

    /// Sets how long the id of an event is remembered: a second event with the same id starts nothing. Default: 24 hours, as
    /// Inngest's.
    #[must_use]
    pub fn dedupe_window(mut self, window: Duration) -> Self {
        self.options.settings.dedupe_window_ms = i64::try_from(window.as_millis()).unwrap_or(i64::MAX);
        self
    }

    /// Sets how many runs may execute at once, at least 1; the others wait for their turn. Runs that sleep or wait do not count.
    /// Default: 1,000.
    #[must_use]
    pub fn max_concurrent_runs(mut self, runs: usize) -> Self {
        self.options.settings.max_active = runs.max(1);
        self
    }

    /// Sets how long a shutdown waits for step bodies that are running. Default: 10 s.
    #[must_use]
    pub fn shutdown_grace(mut self, grace: Duration) -> Self {
        self.options.shutdown_grace = grace;
        self
    }

    /// Sets the clock. Default: the system's.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.options.environment.clock = Arc::new(clock);
        self
    }

    /// Sets the source of randomness, for ids and back-off. Default: the operating system's.
    #[must_use]
    pub fn random(mut self, random: impl Random) -> Self {
        self.options.environment.random = Arc::new(random);
        self
    }

    /// Takes over the database of another application: of this one under its former name, say. Without this, a database belongs
    /// to the application that was first started on it, by the id in [`App::builder`](crate::App::builder), and every other one
    /// is refused. Functions of the other application that this one does not list keep their open runs, see
    /// [`Engine::orphans`]. Remove the call once the application has started: it would adopt any database by mistake.
    ///
    /// ```no_run
    /// # use event_runtime::prelude::*;
    /// # registry! { pub AppEvents = []; }
    /// # functions! { pub AppFunctions in AppEvents = []; }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<()> {
    /// // It was named "shop" before.
    /// let app = App::<AppFunctions>::builder("store").build()?;
    /// let engine = app.embedded("events.db").adopt_file().start().await?;
    /// # engine.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn adopt_file(mut self) -> Self {
        self.options.adopts = true;
        self
    }

    /// Opens the database, creates it if necessary, and resumes the runs that have not ended. Must be called in a tokio runtime
    /// with its timer enabled; the engine runs there.
    ///
    /// # Errors
    ///
    /// [`StartError`]: the file cannot be written, belongs to another application, was written by a later version, or
    /// is in use.
    pub async fn start(self) -> Result<Engine<F>, StartError> {
        engine::start(self.application, self.path, self.options).await
    }
}
