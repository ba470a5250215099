//! A server that follows the specification, in memory: it calls a function as often as it takes, in an order that is drawn
//! from a seed, and keeps what the answers and the checkpoints report. Calls overlap. When a step has ended, the function is called
//! again once no other step is open, or at once where the step says `race`, as the servers do.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

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
    /// How long the run has slept.
    pub slept: Duration,
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
        // Calls that overlap may report a step twice: the first result counts.
        if !self.steps.contains_key(hash) {
            self.steps.insert(hash.to_owned(), memo);
            self.stack.push(hash.to_owned());
        }
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
    Discovery { attempt: u32, is_race: bool },
    /// To call it for one step that was planned.
    Step { hash: String, attempt: u32, is_race: bool },
    /// To end a sleep, when this much time of the run has passed.
    Timer { hash: String, at: Duration, is_race: bool },
}

impl Item {
    /// Whether something follows from it at once, though other steps are open.
    const fn is_race(&self) -> bool {
        match self {
            Self::Discovery { is_race, .. } | Self::Step { is_race, .. } | Self::Timer { is_race, .. } => {
                *is_race
            }
        }
    }

    fn again(self) -> Self {
        match self {
            Self::Discovery { attempt, is_race } => Self::Discovery { attempt: attempt + 1, is_race },
            Self::Step { hash, attempt, is_race } => Self::Step { hash, attempt: attempt + 1, is_race },
            timer @ Self::Timer { .. } => timer,
        }
    }
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
    /// Whether sleeps end when nothing else is to be done, and in order; else at any time.
    pub is_punctual: bool,
}

/// The state of a run.
struct Run {
    items: Vec<Item>,
    /// Steps that were reported, and have no result yet.
    pending: HashSet<String>,
    /// Steps that were ever reported: a server schedules each once.
    known: HashSet<String>,
    /// Whether steps have to be planned (section 5.5).
    is_parallel: bool,
    calls: usize,
    slept: Duration,
}

impl Simulation<'_> {
    /// Runs to the end.
    ///
    /// # Panics
    ///
    /// When an answer breaks the specification, or there is no end.
    pub async fn run(&self, seed: &mut Seed) -> Ended {
        *self.recorder.lock() = Record::default();
        let mut run = Run {
            items: vec![Item::Discovery { attempt: 0, is_race: false }],
            pending: HashSet::new(),
            known: HashSet::new(),
            is_parallel: false,
            calls: 0,
            slept: Duration::ZERO,
        };
        loop {
            assert!(run.calls < 3_000, "the run does not end");
            assert!(!run.items.is_empty(), "nothing is to be done, and the run has not ended");
            let mut answers = Vec::new();
            for item in self.draw(&mut run, seed) {
                if let Item::Timer { hash, at, is_race } = &item {
                    run.slept = run.slept.max(*at);
                    self.recorder.lock().add(hash, Value::Null);
                    run.ended(hash, *is_race);
                } else {
                    run.calls += 1;
                    answers.push((self.call(&item, run.is_parallel), item));
                }
            }
            // Each call was made with what was recorded before the others.
            for (answer, item) in answers {
                let answer = answer.await;
                if let Some(result) = self.take(&mut run, item, &answer) {
                    let stack = self.recorder.lock().stack.clone();
                    return Ended { result, stack, calls: run.calls, slept: run.slept };
                }
            }
        }
    }

    /// What is done next: one thing, or several calls that overlap.
    fn draw(&self, run: &mut Run, seed: &mut Seed) -> Vec<Item> {
        let is_timer = |item: &Item| matches!(item, Item::Timer { .. });
        let calls = run.items.iter().filter(|item| !is_timer(item)).count();
        if self.is_punctual && calls > 0 {
            // All calls that are due, at once.
            return run.items.extract_if(.., |item| !is_timer(item)).collect();
        }
        let mut at = seed.below(run.items.len());
        if is_timer(&run.items[at]) {
            let due = |item: &Item| if let Item::Timer { at, .. } = item { *at } else { Duration::MAX };
            at = (0..run.items.len()).min_by_key(|at| due(&run.items[*at])).unwrap_or(at);
            return vec![run.items.swap_remove(at)];
        }
        let mut drawn = vec![run.items.swap_remove(at)];
        if calls > 1 && seed.below(2) == 0 {
            let others: Vec<usize> = (0..run.items.len()).filter(|at| !is_timer(&run.items[*at])).collect();
            drawn.push(run.items.swap_remove(others[seed.below(others.len())]));
        }
        drawn
    }

    /// Calls the function, with what is recorded now.
    fn call(&self, item: &Item, is_parallel: bool) -> impl Future<Output = Answer> + use<'_> {
        let (step, attempt) = match item {
            Item::Step { hash, attempt, .. } => (hash.as_str(), *attempt),
            Item::Discovery { attempt, .. } => ("step", *attempt),
            Item::Timer { .. } => ("step", 0),
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
        let service = self.service;
        async move { ask(service, "POST", &uri, &[], body.to_string().as_bytes()).await }
    }

    /// Takes an answer; gives the result of the run when it has one.
    fn take(&self, run: &mut Run, item: Item, answer: &Answer) -> Option<Result<Value, Value>> {
        let attempt = match &item {
            Item::Discovery { attempt, .. } | Item::Step { attempt, .. } => *attempt,
            Item::Timer { .. } => 0,
        };
        let may_try_again = answer.header("x-inngest-no-retry") != "true" && attempt + 1 < self.max_attempts;
        match answer.status.as_u16() {
            200 => return Some(Ok(answer.json())),
            206 => {}
            _ if may_try_again => {
                run.items.push(item.again());
                return None;
            }
            _ => return Some(Err(answer.json())),
        }
        let json = answer.json();
        let ops = json.as_array().expect("operations");
        assert!(!ops.is_empty(), "an answer with 206 reports something");
        if let Item::Step { hash, .. } = &item {
            assert_eq!(ops.len(), 1, "only the step that was planned is answered");
            assert_eq!(ops[0]["id"], hash.as_str());
        }
        run.is_parallel |= ops.len() > 1;
        if ops.iter().any(|op| op["op"] == "StepPlanned") {
            // What is reported together is open until all of it has ended.
            let ids = ops.iter().map(|op| op["id"].as_str().expect("an id"));
            run.pending.extend(ids.filter(|id| !run.known.contains(*id)).map(str::to_owned));
        }
        for op in ops {
            let hash = op["id"].as_str().expect("an id");
            let is_race = op["opts"]["parallelMode"] == "race";
            match op["op"].as_str().expect("an operation") {
                "RunComplete" => return Some(Ok(op["data"].clone())),
                "StepRun" => {
                    self.recorder.lock().add(hash, json!({ "data": op["data"] }));
                    run.ended(hash, is_race);
                }
                "StepFailed" => {
                    self.recorder.lock().add(hash, json!({ "error": op["error"] }));
                    // Servers go by what was said when it was planned.
                    run.ended(hash, item.is_race());
                }
                "StepError" => {
                    // What was reported during the call has made attempts count anew.
                    let was_checkpointed =
                        matches!(item, Item::Discovery { .. }) && self.recorder.lock().checkpointed;
                    run.items.push(if was_checkpointed {
                        Item::Discovery { attempt: 1, is_race: item.is_race() }
                    } else {
                        item.clone().again()
                    });
                }
                "StepPlanned" => run.open(hash, Item::Step { hash: hash.to_owned(), attempt: 0, is_race }),
                "Sleep" => {
                    let at = run.slept + duration(op["opts"]["duration"].as_str().expect("a duration"));
                    run.open(hash, Item::Timer { hash: hash.to_owned(), at, is_race });
                }
                "WaitForEvent" => {
                    // Nothing comes.
                    let at = run.slept + duration(op["opts"]["timeout"].as_str().expect("a duration"));
                    run.open(hash, Item::Timer { hash: hash.to_owned(), at, is_race });
                }
                "StepNotFound" => assert!(matches!(item, Item::Step { .. })),
                "DiscoveryRequest" => run.discover(false),
                other => panic!("the operation {other} is not expected"),
            }
        }
        None
    }
}

impl Run {
    /// A step has ended.
    fn ended(&mut self, hash: &str, is_race: bool) {
        self.pending.remove(hash);
        if is_race || self.pending.is_empty() {
            self.discover(is_race);
        }
    }

    /// Where no step races with another, one call finds what is next, however many steps have ended meanwhile.
    fn discover(&mut self, is_race: bool) {
        self.is_parallel = false;
        let is_there = self.items.iter().any(|item| matches!(item, Item::Discovery { .. }));
        if is_race || !is_there {
            self.items.push(Item::Discovery { attempt: 0, is_race });
        }
    }

    fn open(&mut self, hash: &str, item: Item) {
        if self.known.insert(hash.to_owned()) {
            self.pending.insert(hash.to_owned());
            self.items.push(item);
        }
    }
}

/// A duration as the endpoint writes it: `1m30s`, `1500ms`.
fn duration(mut text: &str) -> Duration {
    let mut sum = Duration::ZERO;
    while let Some(number) = text.find(|it: char| !it.is_ascii_digit()).filter(|at| *at > 0) {
        let unit = text[number..].find(|it: char| it.is_ascii_digit()).map_or(text.len(), |at| number + at);
        let ms = match &text[number..unit] {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            "w" => 604_800_000,
            other => panic!("the unit {other} of a duration"),
        };
        sum += Duration::from_millis(ms * text[..number].parse::<u64>().expect("a number"));
        text = &text[unit..];
    }
    assert!(text.is_empty(), "{text} is no duration");
    sum
}
