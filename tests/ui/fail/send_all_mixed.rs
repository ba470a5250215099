//! Lists of events: one that is not registered, what is no event, a registry that knows more, and what was not declared.

use event_runtime::prelude::*;

/// The life of a user.
#[domain_events]
pub enum UserEvent {
    /// A user was created.
    Created { id: u64 },
}

/// The life of a workflow.
#[domain_events]
pub enum WorkflowEvent {
    /// A workflow was created.
    Created { id: u64 },
    /// A workflow was completed.
    Completed { id: u64 },
}

registry! {
    /// Every event.
    pub AppEvents = [WorkflowEvent];
}

registry! {
    /// More than that.
    pub AllEvents = [WorkflowEvent, UserEvent];
}

pub async fn sign_up(client: &Client<AppEvents>) {
    client.send_all((WorkflowCreated { id: 1 }, UserCreated { id: 1 }.with_id("1"))).await.unwrap();
    client.send_all(vec![UserEvent::Created(UserCreated { id: 1 })]).await.unwrap();
    client.send_all([1, 2, 3]).await.unwrap();
    client.send_all((WorkflowCreated { id: 1 }, 2)).await.unwrap();
    let _: Client<AllEvents> = client.narrow();
}

/// Completes a workflow.
#[function(id = "workflow-created-completer", emits(WorkflowCompleted))]
async fn complete(ctx: &Context<WorkflowCreated>) -> Result<()> {
    let WorkflowCreated { id } = ctx.event;
    ctx.step.send_all("tell", (WorkflowCompleted { id }, UserCreated { id })).await?;
    ctx.step.send_all("tell", [WorkflowEvent::Completed(WorkflowCompleted { id })]).await?;
    Ok(())
}

fn main() {}
