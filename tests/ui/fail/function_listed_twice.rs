use event_runtime::prelude::*;

/// The life of a workflow.
#[domain_events]
pub enum WorkflowEvent {
    /// A workflow was created.
    Created { id: Uuid },
}

/// Sends a mail.
#[function(id = "workflow-created-mailer")]
pub async fn send_mail(_ctx: &Context<WorkflowCreated>) -> Result<()> {
    Ok(())
}

registry! { pub AppEvents = [WorkflowEvent]; }
functions! { pub AppFunctions in AppEvents = [send_mail, SendMail, self::send_mail]; }

fn main() {}
