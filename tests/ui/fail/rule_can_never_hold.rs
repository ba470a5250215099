use event_runtime::prelude::*;

/// The life of a workflow.
#[domain_events]
pub enum WorkflowEvent {
    /// A workflow was created.
    Created {
        #[validate(length(min = 9, max = 1))]
        name: String,
        #[validate(range(min = 10, max = -10))]
        level: i64,
        #[validate(length)]
        title: String,
        #[validate(pattern("^[a-z"))]
        key: String,
    },
}

fn main() {}
