use event_runtime::prelude::*;

/// The life of a workflow.
#[domain_events]
pub enum WorkflowEvent {
    /// A workflow was created.
    Created {
        #[validate(length(min = 1))]
        count: u64,
        #[validate(range(min = 1))]
        name: String,
        #[validate(email)]
        tags: Vec<String>,
    },
}

fn main() {}
