//! A function is listed by its path: the type that stands for it is not imported with its name.

use event_runtime::prelude::*;

/// The life of a workflow.
#[domain_events]
pub enum WorkflowEvent {
    /// A workflow was created.
    Created { id: Uuid },
}

mod mail {
    use super::WorkflowCreated;
    use event_runtime::prelude::*;

    /// Sends a mail.
    #[function(id = "workflow-created-mailer", on_failure = tell)]
    pub async fn send_mail(_ctx: &Context<WorkflowCreated>) -> Result<()> {
        Ok(())
    }

    /// Tells of a failure.
    #[function(id = "workflow-created-teller")]
    pub async fn tell(_ctx: &Context<Failed<WorkflowCreated>>) -> Result<()> {
        Ok(())
    }
}

use mail::send_mail;

registry! { pub AppEvents = [WorkflowEvent]; }
functions! { pub AppFunctions in AppEvents = [send_mail]; }

fn main() {}
