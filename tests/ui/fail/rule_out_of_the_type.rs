use event_runtime::prelude::*;

/// The life of a workflow.
#[domain_events]
pub enum WorkflowEvent {
    /// A workflow was created.
    Created {
        #[validate(range(max = 300))]
        level: u8,
    },
}

fn main() {}
