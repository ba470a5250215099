//! A function that declares what it sends, and sends something else.

use event_runtime::prelude::*;

/// The life of a workflow.
#[domain_events]
pub enum WorkflowEvent {
    /// A workflow was created.
    Created { id: Uuid },
    /// A workflow was completed.
    Completed { id: Uuid },
    /// A workflow failed.
    Failed { id: Uuid },
}

/// Completes a workflow.
#[function(id = "workflow-created-completer", emits(WorkflowCompleted))]
async fn complete(ctx: &Context<WorkflowCreated>) -> Result<()> {
    ctx.step.send("complete", WorkflowCompleted { id: ctx.event.id }).await?;
    ctx.step.send("fail", WorkflowFailed { id: ctx.event.id }).await?;
    ctx.step.send("fail", WorkflowFailed { id: ctx.event.id }.with_id("1")).await?;
    ctx.step.send("number", 42u32).await?;
    Ok(())
}

/// Sends what is no event.
#[function(id = "workflow-created-confused")]
async fn confused(ctx: &Context<WorkflowCreated>) -> Result<()> {
    ctx.step.send("number", 42u32).await?;
    Ok(())
}

fn main() {}
