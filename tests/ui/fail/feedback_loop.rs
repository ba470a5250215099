//! Functions that start each other without end.

use event_runtime::prelude::*;

/// The life of a workflow.
#[domain_events]
pub enum WorkflowEvent {
    /// A workflow was created.
    Created { id: Uuid },
    /// A workflow was completed.
    Completed { id: Uuid },
    /// A workflow was archived.
    Archived { id: Uuid },
}

registry! {
    /// Every event.
    pub AppEvents = [WorkflowEvent];
}

/// Completes a workflow.
#[function(id = "workflow-created-completer", emits(WorkflowCompleted))]
async fn complete(_ctx: &Context<WorkflowCreated>) -> Result<()> {
    Ok(())
}

/// Begins again.
#[function(id = "workflow-completed-repeater", emits(WorkflowArchived, WorkflowCreated))]
async fn repeat(_ctx: &Context<WorkflowCompleted>) -> Result<()> {
    Ok(())
}

/// Archives what is archived.
#[function(id = "workflow-archived-archiver", emits(WorkflowArchived))]
async fn archive(_ctx: &Context<WorkflowArchived>) -> Result<()> {
    Ok(())
}

/// Allowed.
#[function(id = "workflow-archived-looper", emits(WorkflowArchived), allow_cycle)]
async fn allowed(_ctx: &Context<WorkflowArchived>) -> Result<()> {
    Ok(())
}

functions! {
    /// Every function.
    pub AppFunctions in AppEvents = [complete, repeat, archive, allowed];
}

fn main() {}
