//! Actions on many runs at once, and replays with another event.

use super::engine::{Engine, Shared};
use super::handle::RunHandle;
use super::inspect::newest;
use super::{EngineError, RunFilter};
use crate::client::{sealed_for_one, sealed_json};
use crate::engine::message::{Command, Question};
use crate::event::{RawEnvelope, Starts};
use crate::function::{Function, FunctionList, assert_member};
use crate::inspect::Order;
use crate::registry::RegisteredIn;
use crate::run::{BulkAction, BulkError, BulkReport, CommandError, ReplayError, command_reply, shown};

/// How many runs are handled at once. Others have their turn between these parts.
const PART: usize = 100;

impl<F> Engine<F> {
    /// Counts the runs that a filter selects, before something is done with them: see [`bulk`](Self::bulk).
    ///
    /// # Errors
    ///
    /// When the engine is closed, or the database cannot be read.
    pub async fn count_runs(&self, filter: &RunFilter) -> Result<u64, EngineError> {
        let pages = filter.clone().order(Order::Oldest).limit(1_000);
        Ok(self.shared.count_runs(&pages).await?.min(filter.at_most()))
    }

    /// Cancels, retries or replays every run that a filter selects, the oldest first, and says what has become of each.
    ///
    /// It means the runs that are there when it begins; with a [`limit`](RunFilter::limit) at most so many. They are handled in parts of
    /// 100, so that others have their turn: between two parts runs go on and events are stored. A run that is in another state by then,
    /// because it has ended, say, is left as it is, and [told](BulkReport::reasons) with the reason. A call that is dropped ends with
    /// the part at hand.
    ///
    /// ```
    /// use event_runtime::embedded::BulkAction;
    /// use event_runtime::inspect::{RunFilter, RunStatus};
    /// # use event_runtime::prelude::*;
    ///
    /// # registry! { pub AppEvents = []; }
    /// # functions! { pub AppFunctions in AppEvents = []; }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<()> {
    /// # let engine = App::<AppFunctions>::builder("shop").build()?.embedded(":memory:").start().await?;
    /// let hour_ago = SystemTime::now() - Duration::from_hours(1);
    /// let failed = RunFilter::new().status(RunStatus::Failed).ended_after(hour_ago);
    /// println!("{} runs failed", engine.count_runs(&failed).await?);
    /// let report = engine.bulk(BulkAction::Retry, &failed).await?;
    /// println!("{report}"); // retry: 120 runs done, 0 not
    /// # assert_eq!(report.runs(), 0);
    /// # engine.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`BulkError`], with what was done until then: the engine has stopped meanwhile, or the database cannot be read.
    pub async fn bulk(&self, action: BulkAction, filter: &RunFilter) -> Result<BulkReport, BulkError> {
        let mut report = BulkReport::new(action);
        match self.shared.bulk(filter, &mut report).await {
            Ok(()) => Ok(report),
            Err(error) => Err(BulkError { report, error }),
        }
    }

    /// Starts a new run like an earlier one, with this payload in place of the one that its event had: JSON, validated first. The name,
    /// the metadata and the user of the event stay; its id and its time are new, and its version is the current one. Returns the id of
    /// the new run.
    ///
    /// # Errors
    ///
    /// [`ReplayError`]: the payload is not valid (every issue), there is no such run, it was started by a batch or by a time, or
    /// its function is a singleton that runs already.
    pub async fn replay_json(&self, run_id: &str, payload: &[u8]) -> Result<String, ReplayError>
    where
        F: FunctionList,
    {
        let shared = &self.shared;
        let details = shared.details(run_id).await.map_err(CommandError::Engine)?;
        let details = details.ok_or_else(|| CommandError::NoRun { run_id: shown(run_id) })?;
        let name = details.run.event_name.unwrap_or_default();
        let event = sealed_json::<F::Registry>(&name, payload, &**shared)?;
        shared.replay_with(run_id, event).await
    }
}

impl<F: FunctionList> Engine<F> {
    /// Starts a new run of the function with the marker `G` like an earlier one, with this event in place of its own; metadata that the
    /// event does not bring is that of the earlier one. Returns the handle of the new run.
    ///
    /// # Errors
    ///
    /// [`ReplayError`]: the event is not valid, there is no such run of this function, it was started by a batch, or its function is a
    /// singleton that runs already.
    pub async fn replay_with<G: Function>(
        &self,
        run_id: &str,
        event: impl Starts<G::Trigger> + RegisteredIn<F::Registry>,
    ) -> Result<RunHandle<G>, ReplayError> {
        const { assert_member::<F, G>() };
        let event = sealed_for_one::<F::Registry>(event, &*self.shared)?;
        let id = self.shared.replay_with(run_id, event).await?;
        Ok(RunHandle::new(&self.shared, id.into()))
    }
}

impl Shared {
    async fn replay_with(&self, run_id: &str, event: RawEnvelope) -> Result<String, ReplayError> {
        let question = Question::ReplayWith { run: run_id.into(), event };
        let reply = self.ask_with_room(question, 1).await?;
        Ok(command_reply(run_id, Command::Replay, Some(reply))?)
    }

    async fn bulk(&self, filter: &RunFilter, report: &mut BulkReport) -> Result<(), EngineError> {
        let newest = self.read(newest).await?;
        let mut part_of = filter.clone().order(Order::Oldest).limit(PART);
        loop {
            let mut part = self.part_of_runs(&part_of, newest).await?;
            let left = filter.at_most() - report.runs();
            part.ids.truncate(usize::try_from(left).unwrap_or(usize::MAX));
            let command = report.action.command();
            // All are asked before the first reply is awaited, so that one commit does for many.
            let asked: Vec<_> = part
                .ids
                .into_iter()
                .map(|id| (self.send_question(Question::Command { run: id.as_str().into(), command }), id))
                .collect();
            for (asked, id) in asked {
                match command_reply(&id, command, Some(self.reply_to(asked?).await?)) {
                    Ok(_) => report.done += 1,
                    Err(CommandError::Refused { reason, .. }) => report.refuse(id, reason),
                    Err(_) => report.refuse(id, "it was pruned meanwhile"),
                }
            }
            let Some(next) = part.next.filter(|_| report.runs() < filter.at_most()) else { return Ok(()) };
            part_of = part_of.after(next);
        }
    }
}
