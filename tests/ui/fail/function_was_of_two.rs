use event_runtime::prelude::*;

/// The life of a workflow.
#[domain_events]
pub enum WorkflowEvent {
    /// A workflow was created.
    Created { id: Uuid },
}

registry! {
    /// Every event.
    pub AppEvents = [WorkflowEvent];
}

/// Sends a mail.
#[function(id = "workflow-created-mailer", was("workflow-created-notes", "workflow-created-sender"))]
pub async fn send_mail(_ctx: &Context<WorkflowCreated>) -> Result<()> {
    Ok(())
}

/// Sends a letter.
#[function(id = "workflow-created-letter", was = "workflow-created-sender")]
pub async fn send_letter(_ctx: &Context<WorkflowCreated>) -> Result<()> {
    Ok(())
}

functions! {
    /// A part of the application.
    pub Letters = [send_letter];
}

functions! {
    /// Every function.
    pub AppFunctions in AppEvents = [send_mail, Letters];
}

fn main() {}
