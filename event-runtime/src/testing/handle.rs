//! Handles in the test kit: a run from outside, on virtual time.
#![allow(clippy::unused_async, reason = "the calls are those of a real engine")]

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::task::Poll;

use serde::de::DeserializeOwned;

use super::engine::TestEngine;
use super::host::TestHost;
use super::memory::MemoryRun;
use super::run::TestRun;
use crate::client::{SendError, sealed_for_one};
use crate::engine::message::{Command, Question, Reply};
use crate::event::Starts;
use crate::function::{Function, FunctionList, assert_member};
use crate::inspect::{RunChange, Stop, Watch};
use crate::registry::{Carries, RegisteredIn, Registry};
use crate::run::{CommandError, RunError, StartRunError, output, shown};

impl<F: FunctionList> TestEngine<F> {
    /// Starts the function with the marker `G` with an event, as [`Engine::start`](crate::embedded::Engine::start) does. The run is
    /// stored; it executes when the test drives the engine, or waits for its [`result`](TestHandle::result).
    ///
    /// ```
    /// use event_runtime::prelude::*;
    /// use event_runtime::testing::TestEngine;
    ///
    /// # /// The life of an order.
    /// # #[domain_events]
    /// # pub enum OrderEvent {
    /// #     /// An order was placed.
    /// #     Placed { id: u64 },
    /// # }
    /// # registry! { pub AppEvents = [OrderEvent]; }
    /// /// Prices an order, after a night's sleep.
    /// #[function(id = "order-placed-price")]
    /// async fn price(ctx: &Context<OrderPlaced>) -> Result<u64> {
    ///     ctx.step.sleep("night", Duration::from_hours(8)).await?;
    ///     Ok(ctx.event.id * 100)
    /// }
    /// functions! { pub AppFunctions in AppEvents = [price]; }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let app = App::<AppFunctions>::builder("shop").build().unwrap();
    /// let mut engine = TestEngine::new(&app);
    /// let run = engine.start::<Price>(OrderPlaced { id: 7 }).await.unwrap();
    /// assert_eq!(run.result().await, Ok(700)); // The night takes no time.
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Engine::start`](crate::embedded::Engine::start).
    pub async fn start<G: Function>(
        &mut self,
        event: impl Starts<G::Trigger> + RegisteredIn<F::Registry> + Carries<<F::Registry as Registry>::Meta>,
    ) -> Result<TestHandle<G>, StartRunError> {
        const { assert_member::<F, G>() };
        let (host, function_id) = (self.host(), G::SOURCE.id);
        let event = sealed_for_one::<F::Registry>(event, &**host)?;
        let event_id = event.id.clone();
        match host.ask_now(Question::Start { function: function_id, event }) {
            Some(Reply::Run(id)) => Ok(TestHandle::new(host, id)),
            Some(Reply::Skipped(by)) => Err(StartRunError::Skipped { function_id, by }),
            Some(Reply::Duplicate) => Err(StartRunError::Duplicate { function_id, event_id }),
            _ => Err(SendError::Closed.into()),
        }
    }

    /// Finds a run of the function with the marker `G` by its id.
    ///
    /// # Errors
    ///
    /// [`RunError::NoRun`] and [`RunError::OtherFunction`].
    pub async fn handle<G: Function>(&self, run_id: &str) -> Result<TestHandle<G>, RunError> {
        const { assert_member::<F, G>() };
        let handle = TestHandle::new(self.host(), run_id.into());
        let (run_id, function_id) =
            handle.look(|run, function_id| (run.row.id.to_string(), function_id.to_owned()))?;
        if function_id != G::SOURCE.id {
            return Err(RunError::OtherFunction { run_id, function_id, expected: G::SOURCE.id });
        }
        Ok(handle)
    }
}

/// A run of the function with the marker `G`, from outside: see [`TestEngine::start`]. Its calls are those of
/// [`RunHandle`](crate::embedded::RunHandle); those that wait let virtual time pass.
pub struct TestHandle<G> {
    host: Arc<TestHost>,
    id: Arc<str>,
    function: PhantomData<fn() -> G>,
}

impl<G> Clone for TestHandle<G> {
    fn clone(&self) -> Self {
        Self { host: Arc::clone(&self.host), id: Arc::clone(&self.id), function: PhantomData }
    }
}

impl<G> fmt::Debug for TestHandle<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestHandle").field("id", &self.id).finish_non_exhaustive()
    }
}

impl<G: Function> TestHandle<G> {
    fn new(host: &Arc<TestHost>, id: Arc<str>) -> Self {
        Self { host: Arc::clone(host), id, function: PhantomData }
    }

    /// Returns the id of the run.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Lets time pass until the run has ended, and returns what its function returned.
    ///
    /// # Errors
    ///
    /// [`RunError`]: the run failed or was cancelled.
    ///
    /// # Panics
    ///
    /// When the run cannot end by itself: nothing is due any more. Its function may be paused.
    pub async fn result(&self) -> Result<G::Output, RunError>
    where
        G::Output: DeserializeOwned,
    {
        loop {
            self.host.settle().await;
            if let Some(end) = self.look(|run, _| run.end.clone())? {
                return output(&self.host.simulation().application, (G::SOURCE.id, &self.id), end);
            }
            assert!(
                self.host.pass_to_next_due(i64::MAX),
                "run `{}` of `{}` does not end by itself: nothing is due any more. Is its function paused?",
                self.id,
                G::SOURCE.id
            );
        }
    }

    /// Watches the run: its changes from now on. Of a run that has ended there is one, that it has.
    ///
    /// # Errors
    ///
    /// [`RunError::NoRun`].
    pub async fn watch(&self) -> Result<TestChanges, RunError> {
        self.look(|_, _| ())?;
        let watch = self.host.simulation().feed.watch(&self.id);
        Ok(TestChanges { host: Arc::clone(&self.host), id: Arc::clone(&self.id), watch })
    }

    /// Returns a snapshot of the run, with assertions.
    ///
    /// # Panics
    ///
    /// When the run was pruned.
    #[track_caller]
    pub fn run(&self) -> TestRun {
        let simulation = self.host.simulation();
        match simulation.find_run(&self.id) {
            Some(run) => TestRun::new(run, &simulation),
            None => panic!("there is no run `{}`", self.id),
        }
    }

    /// Cancels the run.
    ///
    /// # Errors
    ///
    /// [`CommandError`]: it has ended.
    pub async fn cancel(&self) -> Result<(), CommandError> {
        self.host.command(&self.id, Command::Cancel).map(drop)
    }

    /// Resumes the run after it has failed or was cancelled.
    ///
    /// # Errors
    ///
    /// [`CommandError`]: it has not ended, or has completed.
    pub async fn retry(&self) -> Result<(), CommandError> {
        self.host.command(&self.id, Command::Retry).map(drop)
    }

    /// Starts a new run with the same events, from the top, and returns its handle.
    ///
    /// # Errors
    ///
    /// [`CommandError`]: its function is a singleton that runs already.
    pub async fn replay(&self) -> Result<Self, CommandError> {
        let id = self.host.command(&self.id, Command::Replay)?;
        Ok(Self::new(&self.host, id.into()))
    }

    /// Looks at the run, and at the id of its function.
    fn look<T>(&self, look: impl FnOnce(&MemoryRun, &'static str) -> T) -> Result<T, RunError> {
        let simulation = self.host.simulation();
        let run = simulation.find_run(&self.id);
        let run = run.ok_or_else(|| RunError::NoRun { run_id: shown(&self.id) })?;
        Ok(look(run, simulation.application.functions[run.row.function.get()].descriptor.id))
    }
}

/// The changes of a run, on virtual time: see [`TestHandle::watch`].
pub struct TestChanges {
    host: Arc<TestHost>,
    id: Arc<str>,
    watch: Watch,
}

impl TestChanges {
    /// Returns the next change, and lets time pass until there is one. `None` after the end of the run, and when nothing is due
    /// any more.
    pub async fn next(&mut self) -> Option<RunChange> {
        loop {
            if let Poll::Ready(change) = self.watch.try_next() {
                return change;
            }
            self.host.settle().await;
            if self.watch.is_empty() {
                // What a crash has kept from being told is found out here.
                let end = self.host.simulation().find_run(&self.id).map(|run| run.end.clone());
                match end {
                    Some(Some(end)) => self.watch.had_stopped(Stop::Ended(end)),
                    Some(None) if self.host.pass_to_next_due(i64::MAX) => {}
                    _ => return None,
                }
            }
        }
    }
}

impl fmt::Debug for TestChanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestChanges").field("run", &self.id).finish_non_exhaustive()
    }
}
