use event_runtime::prelude::*;

/// The life of a workflow.
#[domain_events]
pub enum WorkflowEvent {
    /// A workflow was created.
    Created { id: Uuid },
}

registry! {
    /// Every event.
    pub AppEvents = [WorkflowEvent, WorkflowEvent];
}

fn main() {}
