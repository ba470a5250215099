use event_runtime::prelude::*;

/// The life of a workflow.
#[domain_events]
pub enum WorkflowEvent {
    /// A workflow was created.
    Created { id: Uuid },
}

pub struct Mailer<S> {
    service: S,
}

#[controller]
impl<S: Send + Sync + 'static> Mailer<S> {
    /// Sends a mail.
    #[function(id = "workflow-created-mailer")]
    async fn send(&self, _ctx: &Context<WorkflowCreated>) -> Result<()> {
        Ok(())
    }
}

pub struct Idle;

#[controller]
impl Idle {
    pub fn nothing(&self) {}
}

fn main() {}
