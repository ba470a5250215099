//! Handles: a run from outside, with the types of its function.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::engine::{Engine, Shared};
use super::inspect::Standing;
use crate::client::{SendError, sealed_for_one};
use crate::engine::message::{Command, Question, Reply};
use crate::engine::model::RunEnd;
use crate::event::Starts;
use crate::function::{Function, FunctionList, assert_member};
use crate::inspect::{RunChanges, RunDetails, Stop, Watch};
use crate::registry::{Carries, RegisteredIn, Registry};
use crate::run::{CommandError, RunError, StartRunError, output, shown};

impl<F: FunctionList> Engine<F> {
    /// Starts the function with the marker `G` with an event, and returns a handle to its run. The event is validated and stored
    /// as by [`Client::send`](crate::Client::send), but starts nothing else and wakes nobody. As when a step
    /// [invokes](crate::Step::invoke) it, the function's conditions, debounce and rate limit do not count; its concurrency, throttle,
    /// priority and singleton do.
    ///
    /// When this returns, the run is stored: it goes on whatever becomes of the handle, or of the process.
    ///
    /// An event with an id, `event.with_id("import-7")`, starts the function once: within the deduplication window a second call
    /// returns a handle to the same run.
    ///
    /// ```
    /// use event_runtime::prelude::*;
    ///
    /// # /// The life of an order.
    /// # #[domain_events]
    /// # pub enum OrderEvent {
    /// #     /// An order was placed.
    /// #     Placed { id: u64 },
    /// # }
    /// # registry! { pub AppEvents = [OrderEvent]; }
    /// /// Prices an order.
    /// #[function(id = "order-placed-price")]
    /// async fn price(ctx: &Context<OrderPlaced>) -> Result<u64> {
    ///     Ok(ctx.step.run("ask", async || Ok(ctx.event.id * 100)).await?)
    /// }
    /// functions! { pub AppFunctions in AppEvents = [price]; }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<()> {
    /// # let engine = App::<AppFunctions>::builder("shop").build()?.embedded(":memory:").start().await?;
    /// let run = engine.start::<Price>(OrderPlaced { id: 7 }).await?;
    /// let cents: u64 = run.result().await?;
    /// assert_eq!(cents, 700);
    ///
    /// // Later, perhaps in another process:
    /// let id = run.id().to_owned();
    /// let run = engine.handle::<Price>(&id).await?;
    /// assert_eq!(run.result().await?, 700);
    /// # engine.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// That the application lists the function is checked when the program is built; `cargo check` does not see it:
    ///
    /// ```compile_fail,E0080
    /// use event_runtime::prelude::*;
    ///
    /// # /// The life of an order.
    /// # #[domain_events]
    /// # pub enum OrderEvent {
    /// #     /// An order was placed.
    /// #     #[event(unhandled)]
    /// #     Placed { id: u64 },
    /// # }
    /// # registry! { pub AppEvents = [OrderEvent]; }
    /// # /// Prices an order.
    /// # #[function(id = "order-placed-price")]
    /// # async fn price(ctx: &Context<OrderPlaced>) -> Result<u64> { Ok(ctx.event.id) }
    /// functions! { pub AppFunctions in AppEvents = []; }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<()> {
    /// # let engine = App::<AppFunctions>::builder("shop").build()?.embedded(":memory:").start().await?;
    /// engine.start::<Price>(OrderPlaced { id: 7 }).await?; // function `order-placed-price` is not listed by the application
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`StartRunError`]: the event is not valid, the engine does not run, the function is a singleton that runs already, or the
    /// event's id was used for something else. Nothing was started.
    pub async fn start<G: Function>(
        &self,
        event: impl Starts<G::Trigger> + RegisteredIn<F::Registry> + Carries<<F::Registry as Registry>::Meta>,
    ) -> Result<RunHandle<G>, StartRunError> {
        const { assert_member::<F, G>() };
        let function_id = G::SOURCE.id;
        let event = sealed_for_one::<F::Registry>(event, &*self.shared)?;
        let event_id = event.id.clone();
        match self.shared.ask_with_room(Question::Start { function: function_id, event }, 1).await? {
            Reply::Run(id) => Ok(RunHandle::new(&self.shared, id)),
            Reply::Skipped(by) => Err(StartRunError::Skipped { function_id, by }),
            Reply::Duplicate => Err(StartRunError::Duplicate { function_id, event_id }),
            _ => Err(SendError::Closed.into()),
        }
    }

    /// Finds a run of the function with the marker `G` by its id: after a restart, or from a request.
    ///
    /// # Errors
    ///
    /// [`RunError::NoRun`], [`RunError::OtherFunction`], or that the engine did not answer.
    pub async fn handle<G: Function>(&self, run_id: &str) -> Result<RunHandle<G>, RunError> {
        const { assert_member::<F, G>() };
        let handle = RunHandle::new(&self.shared, run_id.into());
        handle.standing().await?;
        Ok(handle)
    }
}

/// A run of the function with the marker `G`, from outside: see [`Engine::start`]. Cheap to clone; dropping it changes nothing.
pub struct RunHandle<G> {
    shared: Arc<Shared>,
    id: Arc<str>,
    function: PhantomData<fn() -> G>,
}

impl<G> Clone for RunHandle<G> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), id: Arc::clone(&self.id), function: PhantomData }
    }
}

impl<G> fmt::Debug for RunHandle<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunHandle").field("id", &self.id).finish_non_exhaustive()
    }
}

impl<G: Function> RunHandle<G> {
    pub(super) fn new(shared: &Arc<Shared>, id: Arc<str>) -> Self {
        Self { shared: Arc::clone(shared), id, function: PhantomData }
    }

    /// Returns the id of the run, by which [`Engine::handle`] finds it again.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Waits until the run has ended, and returns what its function returned. May be called often, and dropped at any time.
    ///
    /// A run that has ended is kept as long as the [retention](crate::embedded::Embedded::retention) says; who waits already gets
    /// its result in any case.
    ///
    /// # Errors
    ///
    /// [`RunError`]: the run failed, was cancelled, is held for another build, or was pruned; or the engine was shut down or has
    /// died, and the run goes on after the next start.
    pub async fn result(&self) -> Result<G::Output, RunError>
    where
        G::Output: DeserializeOwned,
    {
        let end = self.end().await?;
        output(&self.shared.application, (G::SOURCE.id, &self.id), end)
    }

    async fn end(&self) -> Result<RunEnd, RunError> {
        // Before the look, so that nothing comes between them unnoticed.
        let watch = self.shared.feed.await_end(&self.id);
        self.look(&watch).await?;
        match watch.stopped().await {
            Stop::Ended(end) => Ok(end),
            Stop::Held(reason) => Err(RunError::Held { run_id: self.id.to_string(), reason }),
            Stop::Closed => Err(self.shared.over().into()),
        }
    }

    /// Watches the run: its changes from now on, once they are on disk. Of a run that has ended there is one, that it has.
    ///
    /// ```
    /// use event_runtime::inspect::{RunChange, RunStatus};
    /// # use event_runtime::prelude::*;
    ///
    /// # /// The life of an order.
    /// # #[domain_events]
    /// # pub enum OrderEvent {
    /// #     /// An order was placed.
    /// #     Placed { id: u64 },
    /// # }
    /// # registry! { pub AppEvents = [OrderEvent]; }
    /// # /// Prices an order.
    /// # #[function(id = "order-placed-price")]
    /// # async fn price(ctx: &Context<OrderPlaced>) -> Result<u64> {
    /// #     Ok(ctx.step.run("ask", async || Ok(ctx.event.id * 100)).await?)
    /// # }
    /// # functions! { pub AppFunctions in AppEvents = [price]; }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<()> {
    /// # let engine = App::<AppFunctions>::builder("shop").build()?.embedded(":memory:").start().await?;
    /// let run = engine.start::<Price>(OrderPlaced { id: 7 }).await?;
    /// let mut changes = run.watch().await?;
    /// let mut last = None;
    /// while let Some(change) = changes.next().await {
    ///     println!("{change}"); // step `ask` (run): done
    ///     last = Some(change);
    /// }
    /// assert!(matches!(last, Some(RunChange::Ended { status: RunStatus::Completed, .. })));
    /// # engine.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`RunError::NoRun`], or that the engine did not answer.
    pub async fn watch(&self) -> Result<RunChanges, RunError> {
        let watch = self.shared.feed.watch(&self.id);
        self.look(&watch).await?;
        Ok(RunChanges::new(watch))
    }

    /// Tells a watch if nothing more comes.
    async fn look(&self, watch: &Watch) -> Result<(), RunError> {
        let Standing { end, held, .. } = match self.standing().await {
            // It may have ended and been pruned since it is watched.
            Err(RunError::NoRun { .. }) if watch.has_stopped() => return Ok(()),
            standing => standing?,
        };
        if let Some(stop) = end.map(Stop::Ended).or(held.map(Stop::Held)) {
            watch.had_stopped(stop);
        }
        Ok(())
    }

    /// How the run stands.
    async fn standing(&self) -> Result<Standing, RunError> {
        let standing = self.shared.standing(&self.id).await?;
        let standing = standing.ok_or_else(|| RunError::NoRun { run_id: shown(&self.id) })?;
        if standing.function_id != G::SOURCE.id {
            let (run_id, function_id) = (self.id.to_string(), standing.function_id);
            return Err(RunError::OtherFunction { run_id, function_id, expected: G::SOURCE.id });
        }
        Ok(standing)
    }

    /// Returns the run as it is now, with its steps and failed attempts.
    ///
    /// # Errors
    ///
    /// [`RunError::NoRun`], or that the engine did not answer.
    pub async fn details(&self) -> Result<RunDetails, RunError> {
        let details = self.shared.details(&self.id).await?;
        details.ok_or_else(|| RunError::NoRun { run_id: shown(&self.id) })
    }

    /// Cancels the run: see [`Engine::cancel`].
    ///
    /// # Errors
    ///
    /// [`CommandError`]: it has ended, or was pruned.
    pub async fn cancel(&self) -> Result<(), CommandError> {
        self.shared.command(&self.id, Command::Cancel).await.map(drop)
    }

    /// Resumes the run after it has failed or was cancelled: see [`Engine::retry`].
    ///
    /// # Errors
    ///
    /// [`CommandError`]: it has not ended, has completed, or was pruned.
    pub async fn retry(&self) -> Result<(), CommandError> {
        self.shared.command(&self.id, Command::Retry).await.map(drop)
    }

    /// Starts a new run with the same events, from the top, and returns its handle: see [`Engine::replay`].
    ///
    /// # Errors
    ///
    /// [`CommandError`]: its events were pruned, or its function is a singleton that runs already.
    pub async fn replay(&self) -> Result<Self, CommandError> {
        let id = self.shared.command(&self.id, Command::Replay).await?;
        Ok(Self::new(&self.shared, id.into()))
    }
}
