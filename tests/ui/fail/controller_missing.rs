use event_runtime::prelude::*;

/// The life of a workflow.
#[domain_events]
pub enum WorkflowEvent {
    /// A workflow was created.
    Created { id: Uuid },
}

pub struct Mailer;

impl Mailer {
    /// Sends a mail.
    #[function(id = "workflow-created-mailer")]
    async fn send(&self, _ctx: &Context<WorkflowCreated>) -> Result<()> {
        Ok(())
    }

    /// The method is there.
    pub async fn send_again(&self, ctx: &Context<WorkflowCreated>) -> Result<()> {
        self.send(ctx).await
    }
}

fn main() {}
