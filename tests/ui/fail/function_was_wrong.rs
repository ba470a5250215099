use event_runtime::prelude::*;

/// The life of a workflow.
#[domain_events]
pub enum WorkflowEvent {
    /// A workflow was created.
    Created { id: Uuid },
}

/// Was always called so.
#[function(id = "workflow-created-mailer", was = "workflow-created-mailer")]
pub async fn send_mail(_ctx: &Context<WorkflowCreated>) -> Result<()> {
    Ok(())
}

/// Was nothing.
#[function(id = "workflow-created-letter", was = "")]
pub async fn send_letter(_ctx: &Context<WorkflowCreated>) -> Result<()> {
    Ok(())
}

/// Was one thing, twice.
#[function(id = "workflow-created-call", was("workflow-created-ring", "workflow-created-ring"))]
pub async fn call(_ctx: &Context<WorkflowCreated>) -> Result<()> {
    Ok(())
}

/// Was a number.
#[function(id = "workflow-created-sign", was = 3)]
pub async fn sign(_ctx: &Context<WorkflowCreated>) -> Result<()> {
    Ok(())
}

fn main() {}
