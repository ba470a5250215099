//! The events of the example: the life of a workflow.

use event_runtime::prelude::*;

/// The life of a workflow.
#[domain_events]
pub enum WorkflowEvent {
    /// A workflow was created, from a template or from scratch.
    Created {
        /// Which workflow.
        id: Uuid,
        /// Shown in the workflow list.
        #[validate(length(min = 1, max = 120))]
        name: String,
        /// Who hears of it.
        #[validate(email)]
        owner_email: String,
        /// What it does, in this order.
        #[validate(length(min = 1, max = 20))]
        steps: Vec<WorkflowStep>,
    },
    /// Every step of a workflow has ended.
    Completed {
        /// Which workflow.
        id: Uuid,
        /// How long its steps took together, in milliseconds.
        duration_ms: u64,
    },
    /// A step of a workflow failed for good.
    Failed {
        /// Which workflow.
        id: Uuid,
        /// The step and its error, for people.
        #[validate(length(min = 1, max = 500))]
        reason: String,
    },
}

/// A step of a workflow.
#[payload]
pub struct WorkflowStep {
    /// Names the step in its workflow.
    #[validate(pattern("^[a-z][a-z0-9-]*$"))]
    pub key: String,
    /// How long it may take, in milliseconds. Only recorded.
    #[validate(range(min = 1, max = 86_400_000))]
    pub timeout_ms: u64,
}

registry! {
    /// Every event of the example.
    pub AppEvents = [WorkflowEvent];
}
