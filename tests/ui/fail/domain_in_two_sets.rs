use event_runtime::prelude::*;

/// The life of a workflow.
#[domain_events]
pub enum WorkflowEvent {
    /// A workflow was created.
    Created { id: Uuid },
}

mod legacy {
    use event_runtime::prelude::*;

    /// The life of a workflow, as it was.
    #[domain_events(domain = "workflow")]
    pub enum OldEvent {
        /// A workflow was created.
        Created { id: Uuid },
        /// A workflow was archived.
        Archived { id: Uuid },
    }
}

registry! {
    /// Every event.
    pub AppEvents = [WorkflowEvent, legacy::OldEvent];
}

fn main() {}
