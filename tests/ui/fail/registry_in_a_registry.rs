use event_runtime::prelude::*;

/// The life of a workflow.
#[domain_events]
pub enum WorkflowEvent {
    /// A workflow was created.
    Created { id: Uuid },
}

registry! { pub AppEvents = [WorkflowEvent]; }
registry! { pub MoreEvents in AppEvents = [WorkflowEvent]; }

/// The registry is there.
pub async fn create(client: &Client<MoreEvents>) {
    client.send(WorkflowCreated { id: Uuid::nil() }).await.unwrap();
}

fn main() {}
