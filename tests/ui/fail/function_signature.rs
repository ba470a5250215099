use event_runtime::prelude::*;

/// The life of a workflow.
#[domain_events]
pub enum WorkflowEvent {
    /// A workflow was created.
    Created { id: Uuid },
}

/// Is not async.
#[function(id = "workflow-created-sync")]
pub fn sync(_ctx: &Context<WorkflowCreated>) -> Result<()> {
    Ok(())
}

/// Has no event.
#[function(id = "workflow-created-nothing")]
pub async fn nothing() -> Result<()> {
    Ok(())
}

/// Takes the context by value.
#[function(id = "workflow-created-value")]
pub async fn by_value(_ctx: Context<WorkflowCreated>) -> Result<()> {
    Ok(())
}

/// Returns nothing.
#[function(id = "workflow-created-void")]
pub async fn void(_ctx: &Context<WorkflowCreated>) {}

/// Returns no `Result`.
#[function(id = "workflow-created-plain")]
pub async fn plain(_ctx: &Context<WorkflowCreated>) -> u32 {
    1
}

/// Has no id.
#[function]
pub async fn anonymous(_ctx: &Context<WorkflowCreated>) -> Result<()> {
    Ok(())
}

/// Takes what is no event.
#[function(id = "string-sent-reader")]
pub async fn stringly(_ctx: &Context<String>) -> Result<()> {
    Ok(())
}

fn main() {}
