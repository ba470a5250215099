//! With this crate.

use event_runtime::prelude::*;

/// Workflows.
#[domain_events]
pub enum WorkflowEvent {
    /// A workflow was created.
    Created {
        id: Uuid,
        #[validate(length(min = 1, max = 120))]
        name: String,
        #[validate(email)]
        owner_email: String,
        #[validate(url)]
        callback_url: String,
        #[validate(range(min = 1, max = 5))]
        priority: u8,
        #[validate(length(min = 1, max = 20))]
        steps: Vec<WorkflowStep>,
    },
}

/// A step of a workflow.
#[payload]
pub struct WorkflowStep {
    #[validate(pattern("^[a-z][a-z0-9-]*$"))]
    key: String,
    #[validate(range(min = 1, max = 86_400_000))]
    timeout_ms: u64,
}

/// Logins.
#[domain_events]
pub enum LoginEvent {
    /// Somebody could not log in.
    Failed {
        user_id: Uuid,
        #[validate(email)]
        email: String,
        #[validate(range(min = 1, max = 10))]
        attempts: u32,
    },
}
