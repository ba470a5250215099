//! An application whose one function does what a test tells it to do.

use std::pin::Pin;
use std::sync::Arc;

use event_inngest_tests::endpoint::{Answer, ask};
use event_runtime::Either;
use event_runtime::inngest::{InngestConfig, InngestService};
use event_runtime::prelude::*;
use serde_json::{Value, json};

/// The life of a task.
#[domain_events]
pub enum TaskEvent {
    /// A task was started.
    #[event(version = 2, upcast = TaskStartedV1)]
    Started {
        /// Any number.
        #[validate(range(max = 1_000))]
        number: u32,
    },
    /// A task was finished.
    Finished {
        /// At most five characters.
        #[validate(length(max = 5))]
        note: String,
    },
    /// A task was renamed.
    Renamed {
        /// Its name.
        name: String,
    },
}

/// The first payload.
#[payload]
pub struct TaskStartedV1 {
    count: u32,
}

impl Upcast<TaskStarted> for TaskStartedV1 {
    fn upcast(self) -> TaskStarted {
        TaskStarted { number: self.count }
    }
}

/// The life of what no registry knows.
#[domain_events]
pub enum GhostEvent {
    /// A ghost was seen.
    Seen {},
}

registry! {
    /// Every event.
    pub Events = [TaskEvent];
}

functions! {
    /// Every function.
    pub Functions in Events = [Worker, file];
}

pub type Doing<'a> = Pin<Box<dyn Future<Output = Result<Value>> + Send + 'a>>;
type Behaviour = dyn for<'a> Fn(&'a Context<TaskStarted>) -> Doing<'a> + Send + Sync;

/// Does what the test says.
pub struct Worker(Arc<Behaviour>);

#[controller]
impl Worker {
    /// Does what the test says.
    #[function(id = "task-started-worker")]
    async fn work(&self, ctx: &Context<TaskStarted>) -> Result<Value> {
        (self.0)(ctx).await
    }

    /// Has two triggers.
    #[function(id = "task-finished-namer")]
    async fn name(&self, ctx: &Context<Either<TaskFinished, TaskRenamed>>) -> Result<Value> {
        Ok(match &ctx.event {
            Either::Left(finished) => json!({ "finished": finished.note }),
            Either::Right(renamed) => json!({ "renamed": renamed.name }),
        })
    }
}

/// Is called by other functions.
#[function(id = "task-renamed-filer")]
pub async fn file(ctx: &Context<TaskRenamed>) -> Result<String> {
    Ok(ctx.event.name.clone())
}

/// The worker that does this.
pub fn worker(
    behaviour: impl for<'a> Fn(&'a Context<TaskStarted>) -> Doing<'a> + Send + Sync + 'static,
) -> Worker {
    Worker(Arc::new(behaviour))
}

/// The application behind a server.
pub struct Target {
    pub service: InngestService,
    pub client: Client<Events>,
}

/// An application that is called without signatures, one step a call.
pub fn target(
    config: InngestConfig,
    behaviour: impl for<'a> Fn(&'a Context<TaskStarted>) -> Doing<'a> + Send + Sync + 'static,
) -> Target {
    let app = App::<Functions>::builder("app").provide(worker(behaviour)).build().unwrap();
    let inngest = app.inngest(config);
    Target { service: inngest.service(), client: inngest.client() }
}

/// A call of the worker.
#[derive(Clone)]
pub struct Call {
    pub event: Value,
    pub steps: Value,
    pub stack: Vec<String>,
    pub ctx: Value,
    pub function: &'static str,
    pub step: String,
}

impl Default for Call {
    fn default() -> Self {
        Self {
            event: json!({ "id": "1", "name": "task/started", "data": { "number": 1 }, "ts": 1, "v": "2" }),
            steps: json!({}),
            stack: Vec::new(),
            ctx: json!({}),
            function: "app-task-started-worker",
            step: "step".to_owned(),
        }
    }
}

impl Call {
    pub async fn ask(&self, target: &Target) -> Answer {
        let mut ctx = json!({
            "run_id": "01M83ASHYMYM9NEQGTMWBEQ71K",
            "attempt": 0,
            "max_attempts": 4,
            "disable_immediate_execution": false,
            "use_api": false,
            "stack": { "stack": self.stack, "current": self.stack.len() },
        });
        for (name, value) in self.ctx.as_object().unwrap() {
            ctx[name] = value.clone();
        }
        let body = json!({ "event": self.event, "events": [self.event], "steps": self.steps, "ctx": ctx });
        let uri = format!("/api/inngest?fnId={}&stepId={}", self.function, self.step);
        ask(&target.service, "POST", &uri, &[], body.to_string().as_bytes()).await
    }
}
