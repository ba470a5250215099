use event_runtime::prelude::*;

/// The life of a workflow.
#[domain_events]
pub enum WorkflowEvent {
    /// A workflow was created.
    Create { id: Uuid },
    /// An email goes out.
    SendEmail { id: Uuid },
    /// A workflow is taken down.
    Takedown,
    /// A workflow goes on.
    Processing,
    /// A workflow is active.
    Active,
}

fn main() {}
