//! The functions of the example: what reacts to the events.

use std::time::Instant;

use event_runtime::StepError;
use event_runtime::prelude::*;
use serde::{Deserialize, Serialize};

use crate::events::{AppEvents, WorkflowCompleted, WorkflowCreated, WorkflowFailed, WorkflowStep};
use crate::service::Service;

functions! {
    /// Every function of the example.
    pub AppFunctions in AppEvents = [WorkflowController, NotificationController];
}

/// What a step of a workflow did.
#[derive(Debug, Serialize, Deserialize)]
pub struct Done {
    /// Which step.
    key: String,
    /// The limit that the workflow set for it, in milliseconds.
    timeout_ms: u64,
    /// How long it took, in milliseconds.
    took_ms: u64,
}

/// Carries workflows out.
pub struct WorkflowController {
    /// What does the work.
    pub service: Service,
}

#[controller]
impl WorkflowController {
    /// Carries out each step of a new workflow, one after the other, then announces the end.
    #[function(id = "workflow-created-runner", name = "Run a workflow")]
    async fn run_workflow(&self, ctx: &Context<WorkflowCreated>) -> Result<Vec<Done>> {
        let WorkflowCreated { id, steps, .. } = &ctx.event;
        let mut done = Vec::new();
        for (index, step) in steps.iter().enumerate() {
            let step_id = step_id(steps, index);
            let result = ctx
                .step
                .run(&format!("step-{}", step.key), async || self.work(ctx, step, &step_id).await)
                .await;
            match result {
                Ok(report) => done.push(report),
                Err(error) => return Err(self.give_up(ctx, &step_id, error).await?),
            }
        }
        let duration_ms = done.iter().map(|step| step.took_ms).sum();
        ctx.step.send("announce-completion", WorkflowCompleted { id: *id, duration_ms }).await?;
        Ok(done)
    }

    /// The body of a step.
    async fn work(&self, ctx: &Context<WorkflowCreated>, step: &WorkflowStep, step_id: &str) -> Result<Done> {
        let begun = Instant::now();
        self.service.work(&ctx.meta.event_id, step_id, &step.key, ctx.step.attempt()).await?;
        let took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        Ok(Done { key: step.key.clone(), timeout_ms: step.timeout_ms, took_ms })
    }

    /// Announces that a step failed for good; returns the error that fails the run.
    async fn give_up(
        &self,
        ctx: &Context<WorkflowCreated>,
        step_id: &str,
        error: StepError,
    ) -> Result<Error> {
        let reason: String = format!("{step_id}: {error}").chars().take(500).collect();
        ctx.step.send("announce-failure", WorkflowFailed { id: ctx.event.id, reason }).await?;
        Ok(error.into())
    }
}

/// The id that the engine gives to a step: that of a repeated key gets `:1`, `:2`, as Inngest counts them.
fn step_id(steps: &[WorkflowStep], index: usize) -> String {
    let key = &steps[index].key;
    match steps[..index].iter().filter(|before| before.key == *key).count() {
        0 => format!("step-{key}"),
        repeats => format!("step-{key}:{repeats}"),
    }
}

/// Tells people.
pub struct NotificationController {
    /// What does the work.
    pub service: Service,
}

#[controller]
impl NotificationController {
    /// Tells the owner that the workflow was created.
    #[function(id = "workflow-created-owner-notifier", name = "Notify the owner")]
    async fn notify_owner(&self, ctx: &Context<WorkflowCreated>) -> Result<()> {
        self.notify(&ctx.step, &ctx.meta.event_id, "notify-owner").await
    }

    /// Files the report of a workflow that ran to its end.
    #[function(id = "workflow-completed-archiver", name = "File the report")]
    async fn file_report(&self, ctx: &Context<WorkflowCompleted>) -> Result<()> {
        self.notify(&ctx.step, &ctx.meta.event_id, "file-report").await
    }

    /// Alerts the team when a workflow failed.
    #[function(id = "workflow-failed-alerter", name = "Alert the team")]
    async fn alert_team(&self, ctx: &Context<WorkflowFailed>) -> Result<()> {
        self.notify(&ctx.step, &ctx.meta.event_id, "alert-team").await
    }

    /// One durable step that tells somebody something.
    async fn notify(&self, step: &Step, event_id: &str, what: &str) -> Result<()> {
        step.run(what, async || self.service.work(event_id, what, what, step.attempt()).await).await?;
        Ok(())
    }
}
