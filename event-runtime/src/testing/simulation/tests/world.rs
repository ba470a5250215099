//! An application of random functions with random options, and what it has done.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::program::{self, FUNCTIONS, Programs, Real};
use crate::event::MetaRules;
use crate::function::options::{Batching, Concurrency, Debounce, Scope, Throttle, Timeouts};
use crate::function::{
    Application, FunctionDescriptor, Handler, Invocation, Options, RegisteredFunction, RegistryOf, Step,
};
use crate::testing::memory::MemoryStore;
use crate::testing::simulation::Seeded;

pub(super) const EVENTS: [&str; FUNCTIONS] = ["a/came", "b/came", "c/came"];
pub(super) const IDS: [&str; FUNCTIONS] = ["first", "second", "third"];

/// The function that starts by itself, if there is one, after the others.
pub(super) const CRON_ID: &str = "fourth";
pub(super) const CRON: &str = "*/20 * * * *";

/// The metadata of what nobody sends.
pub(super) const DEFAULT_META: &str = r#"{"tenant":"nobody"}"#;

/// The payload of every event.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Payload {
    pub(super) n: u64,
    pub(super) k: u64,
}

/// What the runs of a function do, seen from within.
#[derive(Default)]
pub(super) struct Log {
    /// How many bodies of each run execute now.
    running: Arc<Mutex<BTreeMap<Arc<str>, u32>>>,
    /// The most runs that executed bodies at once.
    most: Mutex<usize>,
    /// The metadata that the executions of each run have found with its event.
    metas: Mutex<BTreeMap<Arc<str>, String>>,
    /// The tokens of the signals that handlers wait for, or will.
    tokens: Mutex<BTreeSet<String>>,
    /// Bodies that have begun since the last look: their run, and how many results its handler had seen.
    begun: Mutex<Vec<(Arc<str>, usize)>>,
}

/// A body that executes.
pub(super) struct Running(Arc<Mutex<BTreeMap<Arc<str>, u32>>>, Arc<str>);

impl Drop for Running {
    fn drop(&mut self) {
        let mut running = self.0.lock().unwrap();
        if let Some(bodies) = running.get_mut(&self.1) {
            *bodies -= 1;
        }
        running.retain(|_, bodies| *bodies > 0);
    }
}

impl Log {
    pub(super) fn enter_body(&self, run: &Arc<str>, seen: usize) -> Running {
        self.begun.lock().unwrap().push((Arc::clone(run), seen));
        let mut running = self.running.lock().unwrap();
        *running.entry(Arc::clone(run)).or_default() += 1;
        let mut most = self.most.lock().unwrap();
        *most = (*most).max(running.len());
        Running(Arc::clone(&self.running), Arc::clone(run))
    }

    pub(super) fn add_token(&self, token: &str) {
        self.tokens.lock().unwrap().insert(token.to_owned());
    }

    pub(super) fn tokens(&self) -> Vec<String> {
        self.tokens.lock().unwrap().iter().cloned().collect()
    }

    /// However often a run is taken up, its metadata is the same.
    fn check_meta(&self, invocation: &Invocation) {
        let meta = invocation.events[0].meta.as_ref().expect("an event comes with metadata").get();
        let mut metas = self.metas.lock().unwrap();
        let first = metas.entry(Arc::clone(&invocation.run_id)).or_insert_with(|| meta.to_owned());
        assert_eq!(first, meta, "the metadata of a run has changed");
    }

    /// No body begins before every result that its handler has seen is on disk.
    pub(super) fn check_begun(&self, store: &MemoryStore) {
        for (id, seen) in self.begun.lock().unwrap().drain(..) {
            let run = store.runs.values().find(|run| run.row.id == id);
            let recorded = run.map_or(0, |run| run.memos.len());
            assert!(
                seen <= recorded,
                "a body has begun after {seen} results, of which {recorded} are on disk"
            );
        }
    }

    pub(super) fn most(&self) -> usize {
        *self.most.lock().unwrap()
    }
}

/// The application, and what may be asked about it.
pub(super) struct World {
    pub(super) application: Arc<Application>,
    pub(super) programs: Programs,
    pub(super) options: Vec<Options>,
    pub(super) logs: Vec<Arc<Log>>,
}

impl World {
    pub(super) fn random(seed: &Seeded, has_cron: bool) -> Self {
        let programs: Programs = (0..FUNCTIONS).map(|function| program::random(seed, function)).collect();
        let options: Vec<Options> = (0..FUNCTIONS).map(|function| random_options(seed, function)).collect();
        let (mut functions, mut logs) = (Vec::new(), Vec::new());
        for (index, options) in options.iter().enumerate() {
            let descriptor: &'static FunctionDescriptor = Box::leak(Box::new(descriptor(index, options)));
            let log = Arc::<Log>::default();
            let handler = handler(index, Arc::clone(&programs), Arc::clone(&log));
            logs.push(log);
            functions.push(RegisteredFunction { descriptor, handler });
        }
        functions.extend(has_cron.then(cron));
        let meta = MetaRules::of_test(RawValue::from_string(DEFAULT_META.to_owned()).unwrap());
        let registry = RegistryOf { is_registered: |_| true, events: Vec::new, meta: Arc::new(meta) };
        let application = Application::new("test".to_owned(), functions, registry, Arc::default());
        Self { application: Arc::new(application), programs, options, logs }
    }
}

/// A function that starts by itself, and returns when that was.
fn cron() -> RegisteredFunction {
    let mut options = Options::DEFAULT;
    options.crons = &[CRON];
    let descriptor = FunctionDescriptor { id: CRON_ID, triggers: &[], ..descriptor(0, &options) };
    let handler: Handler = Arc::new(|invocation| {
        Box::pin(async move {
            let when = invocation.events.first().map(|event| event.ts);
            Ok(serde_json::to_string(&when)?.into())
        })
    });
    RegisteredFunction { descriptor: Box::leak(Box::new(descriptor)), handler }
}

fn descriptor(index: usize, options: &Options) -> FunctionDescriptor {
    FunctionDescriptor {
        id: IDS[index],
        was: &[],
        name: IDS[index],
        description: "",
        triggers: std::slice::from_ref(&EVENTS[index]),
        emits: &[],
        allows_cycle: false,
        options: *options,
        on_failure: None,
        path: "",
        file: "",
        line: 0,
        trigger_hashes: &[],
    }
}

fn handler(index: usize, programs: Programs, log: Arc<Log>) -> Handler {
    Arc::new(move |invocation| {
        let (programs, log) = (Arc::clone(&programs), Arc::clone(&log));
        Box::pin(async move {
            log.check_meta(&invocation);
            let event = invocation.events.first().unwrap();
            let payload: Payload = serde_json::from_str(event.data.get()).unwrap();
            let steps = Real {
                step: Step::new(invocation.promises),
                payload,
                run: invocation.run_id,
                log,
                seen: AtomicUsize::new(0),
            };
            let result = programs[index].execute(&steps).await;
            Ok(serde_json::to_string(&result)?.into())
        })
    })
}

const ONE: &[Concurrency] = &[Concurrency { limit: 1, key: None, scope: Scope::Function }];
const KEYED: &[Concurrency] = &[
    Concurrency { limit: 2, key: None, scope: Scope::Function },
    Concurrency { limit: 1, key: Some("event.data.k"), scope: Scope::Function },
];
const SHARED: &[Concurrency] = &[Concurrency { limit: 1, key: Some("'all'"), scope: Scope::Environment }];

fn random_options(seed: &Seeded, function: usize) -> Options {
    let mut options = Options::DEFAULT;
    match seed.below(8) {
        0 => options.concurrency = ONE,
        1 => options.concurrency = KEYED,
        2 => options.concurrency = SHARED,
        3 => {
            let period = std::time::Duration::from_mins(1);
            options.throttle = Some(Throttle { limit: 2, period, burst: 1, key: None });
        }
        _ => {}
    }
    // What holds events back or cancels is for the function that nobody calls.
    if function == 0 {
        let minute = std::time::Duration::from_mins(1);
        match seed.below(8) {
            0 => {
                options.debounce =
                    Some(Debounce { period: minute, timeout: None, key: Some("event.data.k") });
            }
            1 => options.batch = Some(Batching { max_size: 2, timeout: minute, key: None, condition: None }),
            2 => options.timeouts = Timeouts { start: None, finish: Some(minute * 30) },
            _ => {}
        }
    }
    if seed.below(4) == 0 {
        options.priority = Some("event.data.k * 10");
    }
    options
}
