use std::rc::Rc;

use event_runtime::prelude::*;

/// The life of a workflow.
#[domain_events]
pub enum WorkflowEvent {
    /// A workflow was created.
    Created { id: Uuid },
}

/// Keeps something of one thread over an await.
#[function(id = "workflow-created-mailer")]
pub async fn send_mail(_ctx: &Context<WorkflowCreated>) -> Result<()> {
    let rc = Rc::new(1);
    std::future::ready(()).await;
    drop(rc);
    Ok(())
}

fn main() {}
