use event_runtime::prelude::*;

/// The life of a workflow.
#[domain_events]
pub struct WorkflowEvent {
    #[validate(email)]
    email: String,
}

fn main() {}
