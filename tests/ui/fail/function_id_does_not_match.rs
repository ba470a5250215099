use event_runtime::prelude::*;

/// The life of a workflow.
#[domain_events]
pub enum WorkflowEvent {
    /// A workflow was created.
    Created { id: Uuid },
}

/// Sends a mail.
#[function(id = "workflow-creatd-mailer")]
pub async fn send_mail(_ctx: &Context<WorkflowCreated>) -> Result<()> {
    Ok(())
}

/// Has no purpose.
#[function(id = "workflow-created")]
pub async fn purposeless(_ctx: &Context<WorkflowCreated>) -> Result<()> {
    Ok(())
}

/// Audits.
#[function(id = "audit-trail")]
pub async fn audit(_ctx: &Context<WorkflowEvent>) -> Result<()> {
    Ok(())
}

fn main() {}
