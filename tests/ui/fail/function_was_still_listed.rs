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

/// Sends a mail, under its new id.
#[function(id = "workflow-created-mailer", was = "workflow-created-sender")]
pub async fn send_mail(_ctx: &Context<WorkflowCreated>) -> Result<()> {
    Ok(())
}

pub struct Mailer;

#[controller]
impl Mailer {
    /// Sends a mail, under its old id.
    #[function(id = "workflow-created-sender")]
    async fn send(&self, _ctx: &Context<WorkflowCreated>) -> Result<()> {
        Ok(())
    }
}

functions! {
    /// Every function.
    pub AppFunctions in AppEvents = [send_mail, Mailer];
}

fn main() {}
