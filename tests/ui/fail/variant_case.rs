use event_runtime::prelude::*;

/// The life of a workflow.
#[domain_events]
#[allow(non_camel_case_types)]
pub enum WorkflowEvent {
    /// A workflow was created.
    was_created { id: Uuid },
    /// A workflow was deleted.
    DELETED,
}

fn main() {}
