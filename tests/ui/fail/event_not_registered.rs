use event_runtime::prelude::*;

/// The life of a user.
#[domain_events]
pub enum UserEvent {
    /// A user was created.
    Created { id: Uuid },
}

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

pub async fn sign_up(client: &Client<AppEvents>) {
    client.send(UserCreated { id: Uuid::nil() }).await.unwrap();
    client.send(UserCreated { id: Uuid::nil() }.with_id("1")).await.unwrap();
}

fn main() {}
