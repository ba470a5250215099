//! Pausing functions.

use std::time::SystemTime;

use super::EngineError;
use super::engine::{Engine, Shared};
use super::inspect::paused_functions;
use crate::engine::message::{Question, Reply};
use crate::function::{Function, FunctionList, assert_member};
use crate::run::PauseError;

impl<F: FunctionList> Engine<F> {
    /// Pauses the function with the marker `G`: none of its runs begins anything until it is [resumed](Self::resume), also after a
    /// restart. Returns whether it was not paused before.
    ///
    /// Its runs that execute stop before their next step: a body that runs ends first, and its result is recorded. New runs queue, in
    /// their order; so do those whose sleep has ended, or whose event has come. Events, debounces and batches are kept. A `cron` starts
    /// nothing meanwhile: its times are skipped. Deadlines of the option `timeouts` go on.
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
    /// # /// Charges an order.
    /// # #[function(id = "order-placed-charge")]
    /// # async fn charge(ctx: &Context<OrderPlaced>) -> Result<u64> { Ok(ctx.event.id) }
    /// # functions! { pub AppFunctions in AppEvents = [charge]; }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<()> {
    /// # let engine = App::<AppFunctions>::builder("shop").build()?.embedded(":memory:").start().await?;
    /// engine.pause::<Charge>().await?;
    /// let run = engine.start::<Charge>(OrderPlaced { id: 7 }).await?;
    /// // The payment provider is down; its run waits.
    /// engine.resume::<Charge>().await?;
    /// assert_eq!(run.result().await?, 7);
    /// # engine.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the engine is not running.
    pub async fn pause<G: Function>(&self) -> Result<bool, PauseError> {
        const { assert_member::<F, G>() };
        self.pause_function(G::SOURCE.id).await
    }

    /// Resumes the function with the marker `G`: its runs go on, in their order. Returns whether it was paused.
    ///
    /// # Errors
    ///
    /// When the engine is not running.
    pub async fn resume<G: Function>(&self) -> Result<bool, PauseError> {
        const { assert_member::<F, G>() };
        self.resume_function(G::SOURCE.id).await
    }
}

impl<F> Engine<F> {
    /// Pauses the function with this id: see [`pause`](Self::pause).
    ///
    /// # Errors
    ///
    /// [`PauseError`]: the application does not list it, or the engine is not running.
    pub async fn pause_function(&self, function_id: &str) -> Result<bool, PauseError> {
        self.shared.set_paused(function_id, true).await
    }

    /// Resumes the function with this id: see [`resume`](Self::resume).
    ///
    /// # Errors
    ///
    /// [`PauseError`]: the application does not list it, or the engine is not running.
    pub async fn resume_function(&self, function_id: &str) -> Result<bool, PauseError> {
        self.shared.set_paused(function_id, false).await
    }

    /// Lists the functions that are paused, by their ids, and since when.
    ///
    /// # Errors
    ///
    /// When the engine is closed, or the database cannot be read.
    pub async fn paused_functions(&self) -> Result<Vec<(String, SystemTime)>, EngineError> {
        self.shared.read(paused_functions).await
    }
}

impl Shared {
    async fn set_paused(&self, function_id: &str, pauses: bool) -> Result<bool, PauseError> {
        match self.ask(Question::Pause { function: function_id.into(), pauses }).await? {
            Reply::Paused(is_new) => Ok(is_new),
            _ => Err(PauseError::no_function(function_id, &self.application)),
        }
    }
}
