//! A server that follows the specification, in memory: it calls a function as often as it takes, in an order that is drawn
//! from a seed, and keeps what the answers and the checkpoints report.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard};

use event_random_programs::Seed;
use event_runtime::inngest::InngestService;
use serde_json::{Map, Value, json};

use crate::endpoint::{Answer, ask};
use crate::fake::Asked;

/// How a run has ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Ended {
    /// What the function has returned, or its error.
    pub result: Result<Value, Value>,
    /// The hashed ids of the steps that were recorded, in their order.
    pub stack: Vec<String>,
    /// How often the function was called.
    pub calls: usize,
}

/// What is recorded of a run.
#[derive(Debug, Default)]
struct Record {
    steps: Map<String, Value>,
    stack: Vec<String>,
    /// Whether something was reported during the call.
    checkpointed: bool,
}

impl Record {
    fn add(&mut self, hash: &str, memo: Value) {
        let replaced = self.steps.insert(hash.to_owned(), memo);
        assert!(replaced.is_none(), "the step {hash} is reported twice");
        self.stack.push(hash.to_owned());
    }
}

/// The server's record of the run that is under way: what takes checkpoints shares it.
#[derive(Debug, Clone, Default)]
pub struct Recorder(Arc<Mutex<Record>>);

impl Recorder {
    fn lock(&self) -> MutexGuard<'_, Record> {
        self.0.lock().expect("no test panicked")
    }

    /// Takes a checkpoint (section 10.3.1).
    ///
    /// # Panics
    ///
    /// When there is something else in it than the results of steps.
    pub fn checkpoint(&self, asked: &Asked) {
        let mut record = self.lock();
        for op in asked.json()["steps"].as_array().expect("steps") {
            assert_eq!(op["op"], "StepRun", "only what has succeeded is reported during a call");
            record.add(op["id"].as_str().expect("an id"), json!({ "data": op["data"] }));
        }
        record.checkpointed = true;
    }
}

/// What is to be done next.
#[derive(Debug, Clone, PartialEq)]
enum Item {
    /// To call the function.
    Discovery { attempt: u32 },
    /// To call it for one step that was planned.
    Step { hash: String, attempt: u32 },
    /// To end a sleep.
    Timer { hash: String },
}

/// Calls one run of a function.
pub struct Simulation<'s> {
    /// The application.
    pub service: &'s InngestService,
    /// `app-function`.
    pub function: &'s str,
    /// What starts the run.
    pub event: Value,
    /// How often a step is tried.
    pub max_attempts: u32,
    /// Where checkpoints go.
    pub recorder: Recorder,
}

/// The state of a run.
struct Run {
    items: Vec<Item>,
    /// Steps that were reported, and have no result yet.
    pending: HashSet<String>,
    calls: usize,
}

impl Simulation<'_> {
    /// Runs to the end.
    ///
    /// # Panics
    ///
    /// When an answer breaks the specification, or there is no end.
    pub async fn run(&self, seed: &mut Seed) -> Ended {
        *self.recorder.lock() = Record::default();
        let mut run = Run { items: vec![Item::Discovery { attempt: 0 }], pending: HashSet::new(), calls: 0 };
        loop {
            assert!(run.calls < 3_000, "the run does not end");
            assert!(!run.items.is_empty(), "nothing is to be done, and the run has not ended");
            let item = run.items.swap_remove(seed.below(run.items.len()));
            match &item {
                Item::Timer { hash } => {
                    run.pending.remove(hash);
                    self.recorder.lock().add(hash, Value::Null);
                    run.discover();
                }
                Item::Discovery { attempt } | Item::Step { attempt, .. } => {
                    run.calls += 1;
                    let answer = self.call(&item, *attempt, !run.pending.is_empty()).await;
                    if let Some(result) = self.take(&mut run, &item, *attempt, &answer) {
                        let stack = self.recorder.lock().stack.clone();
                        return Ended { result, stack, calls: run.calls };
                    }
                }
            }
        }
    }

    /// Calls the function. While steps that were reported together are open, none may be run at once (section 5.5).
    async fn call(&self, item: &Item, attempt: u32, is_parallel: bool) -> Answer {
        let step = match item {
            Item::Step { hash, .. } => hash.as_str(),
            _ => "step",
        };
        let body = {
            let mut record = self.recorder.lock();
            record.checkpointed = false;
            json!({
                "event": self.event,
                "events": [self.event],
                "steps": record.steps,
                "ctx": {
                    "run_id": "01M83ASHYMYM9NEQGTMWBEQ71K",
                    "attempt": attempt,
                    "max_attempts": self.max_attempts,
                    "disable_immediate_execution": is_parallel,
                    "use_api": false,
                    "fn_id": "6c0508f8-38e7-500c-ac69-3d889799f1a0",
                    "qi_id": "MmZj",
                    "stack": { "stack": record.stack, "current": record.stack.len() },
                },
            })
        };
        let uri = format!("/api/inngest?fnId={}&stepId={step}", self.function);
        ask(self.service, "POST", &uri, &[], body.to_string().as_bytes()).await
    }

    /// Takes an answer; gives the result of the run when it has one.
    fn take(
        &self,
        run: &mut Run,
        item: &Item,
        attempt: u32,
        answer: &Answer,
    ) -> Option<Result<Value, Value>> {
        let may_try_again = answer.header("x-inngest-no-retry") != "true" && attempt + 1 < self.max_attempts;
        match answer.status.as_u16() {
            200 => return Some(Ok(answer.json())),
            206 => {}
            _ if may_try_again => {
                run.items.push(Item::Discovery { attempt: attempt + 1 });
                return None;
            }
            _ => return Some(Err(answer.json())),
        }
        let json = answer.json();
        let ops = json.as_array().expect("operations");
        assert!(!ops.is_empty(), "an answer with 206 reports something");
        if let Item::Step { hash, .. } = item {
            assert_eq!(ops.len(), 1, "only the step that was planned is answered");
            assert_eq!(ops[0]["id"], hash.as_str());
            run.pending.remove(hash);
        }
        let mut is_open = false;
        for op in ops {
            let hash = op["id"].as_str().expect("an id");
            match op["op"].as_str().expect("an operation") {
                "RunComplete" => return Some(Ok(op["data"].clone())),
                "StepRun" => self.recorder.lock().add(hash, json!({ "data": op["data"] })),
                "StepFailed" => self.recorder.lock().add(hash, json!({ "error": op["error"] })),
                "StepError" => {
                    // What was reported during the call has made attempts count anew.
                    let attempt = if self.recorder.lock().checkpointed { 0 } else { attempt };
                    let again = match item {
                        Item::Step { hash, .. } => {
                            run.pending.insert(hash.clone());
                            Item::Step { hash: hash.clone(), attempt: attempt + 1 }
                        }
                        _ => Item::Discovery { attempt: attempt + 1 },
                    };
                    run.items.push(again);
                    is_open = true;
                }
                "StepPlanned" => {
                    run.open(hash, Item::Step { hash: hash.to_owned(), attempt: 0 }, &mut is_open);
                }
                "Sleep" => run.open(hash, Item::Timer { hash: hash.to_owned() }, &mut is_open),
                "StepNotFound" => assert!(matches!(item, Item::Step { .. })),
                "DiscoveryRequest" => run.discover(),
                other => panic!("the operation {other} is not expected"),
            }
        }
        if !is_open {
            run.discover();
        }
        None
    }
}

impl Run {
    /// One call finds what is next, however many steps have ended meanwhile.
    fn discover(&mut self) {
        if !self.items.iter().any(|item| matches!(item, Item::Discovery { .. })) {
            self.items.push(Item::Discovery { attempt: 0 });
        }
    }

    fn open(&mut self, hash: &str, item: Item, is_open: &mut bool) {
        *is_open = true;
        if self.pending.insert(hash.to_owned()) {
            self.items.push(item);
        }
    }
}
