//! What is half typed is told once, and everything else is still there: nothing else is reported.

use event_runtime::prelude::*;

/// The life of a workflow.
#[domain_events]
pub enum WorkflowEvent {
    /// A workflow was created.
    Created {
        id: Uuid,
        #[validate(length(min = ))]
        name: String,
    },
    /// A workflow was completed.
    Completed { id: Uuid },
}

/// Sends a mail.
#[function(id = )]
async fn send_mail(ctx: &Context<WorkflowCreated>) -> Result<Uuid> {
    Ok(ctx.event.id)
}

registry! { pub AppEvents = [WorkflowEvent]; }

fn main() {
    let created = WorkflowCreated { id: Uuid::nil(), name: String::new() };
    let _ = (WorkflowEvent::from(created), AppEvents::find(WorkflowEvent::COMPLETED));
}
