//! Try.
use event_runtime::prelude::*;

/// A step.
#[payload]
pub struct WorkflowStep {
    /// Key.
    #[validate(pattern("^[a-z][a-z0-9-]*$"))]
    pub key: String,
    /// Timeout.
    #[validate(range(min = 1, max = 86_400_000))]
    pub timeout_ms: u64,
}

/// The life of a workflow.
#[domain_events]
pub enum WorkflowEvent {
    /// A workflow was created, from a template or from scratch.
    Created {
        id: Uuid,
        /// Shown in the workflow list.
        #[validate(length(min = 1, max = 120))]
        name: String,
        #[validate(email)]
        owner_email: String,
        #[validate(length(min = 1, max = 20))]
        steps: Vec<WorkflowStep>,
        note: Option<String>,
    },
    /// Every step of the workflow has ended.
    Completed { id: Uuid, duration_ms: u64 },
    /// Paused.
    Paused,
}

registry! {
    /// Every event.
    pub AppEvents = [WorkflowEvent];
}

/// Mail.
#[function(id = "workflow-created-mailer")]
async fn send_mail(ctx: &Context<WorkflowCreated>) -> Result<String> {
    Ok(ctx.event.name.clone())
}

/// C.
#[derive(Debug)]
pub struct Ctl { n: u32 }

#[controller]
impl Ctl {
    /// Does.
    #[function(id = "workflow-completed-counter", name = "Count")]
    async fn count(&self, ctx: &Context<WorkflowCompleted>) -> Result<u64> {
        Ok(ctx.event.duration_ms + u64::from(self.n))
    }
    /// All.
    #[function(id = "workflow-audit")]
    async fn audit(&self, ctx: &Context<WorkflowEvent>) -> Result<()> {
        match &ctx.event {
            WorkflowEvent::Created(created) => drop(created.name.clone()),
            WorkflowEvent::Completed(_) | WorkflowEvent::Paused(_) => {}
        }
        Ok(())
    }
}

functions! {
    /// Every function.
    pub AppFunctions in AppEvents = [send_mail, Ctl];
}

#[test]
fn works() {
    assert_eq!(WorkflowEvent::CREATED, "workflow/created");
    let issues = WorkflowCreated::parse(br#"{"id":"x","name":"","owner_email":"y","steps":[{"key":"A","timeout_ms":0},{"timeout_ms":"x"}]}"#).unwrap_err();
    for i in &issues { println!("{}", serde_json::to_string(i).unwrap()); }
    println!("{}", serde_json::to_string_pretty(&WorkflowCreated::schema()).unwrap());
    println!("{}", serde_json::to_string(&WorkflowPaused).unwrap());
    assert!(AppEvents::find("workflow/created").is_some());
    let app = App::<AppFunctions>::new("x").provide(Ctl { n: 1 }).build().unwrap();
    println!("{app:?}");
    println!("{}", App::<AppFunctions>::new("x").build().unwrap_err());
    let x = WorkflowCreated::parse(br#"{"id":"67e55044-10b1-426f-9247-bb680e5fe0c8","name":"n","owner_email":"y@z.de","steps":[{"key":"a","timeout_ms":1}]}"#).unwrap();
    println!("{} {x:?}", serde_json::to_string(&x).unwrap());
}
