use event_runtime::prelude::*;

/// The life of a workflow.
#[domain_events(domian = "workflow")]
pub enum WorkflowEvent {
    /// A workflow was created.
    Created {
        #[validate(emial, wild)]
        email: String,
        #[validate(length(minimum = 1))]
        name: String,
        #[serde(borrow)]
        more: String,
    },
}

/// Sends a mail.
#[function(id = "workflow-created-mailer", retry = 3)]
async fn send_mail(_ctx: &Context<WorkflowCreated>) -> Result<()> {
    Ok(())
}

fn main() {}
