//! `event!` with names that the registry lacks.

use event_runtime::{event, prelude::*};

/// The life of a workflow.
#[domain_events]
pub enum WorkflowEvent {
    /// A workflow was created.
    Created { id: Uuid },
    /// A workflow was completed.
    Completed { id: Uuid },
}

registry! {
    /// Every event.
    pub AppEvents = [WorkflowEvent];
}

fn main() {
    let _ = event!(AppEvents, "workflow/craeted");
    let _ = event!(AppEvents, "workflow/exploded");
    let _ = event!(AppEvents, "billing/paid");
    let _ = event!(AppEvents);
}
