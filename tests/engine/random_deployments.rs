//! Random series of deployments over one file, with runs in every state, against a model that knows no file.
//!
//! The deployments differ in the order, the options, the names and the versions of what they list, and some do not list
//! every function. A world is drawn from a seed, which a failure names:
//! `DEPLOYMENTS_SEED=37` repeats it, `DEPLOYMENTS_SEEDS=1000` tries more.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use event_random_programs::{Boxed, Seed};
use event_runtime::embedded::{Backoff, Engine, Retention, RunFilter, RunInfo, RunStatus};
use event_runtime::prelude::*;

use crate::support::{Log, TestClock, World, copy_as_after_a_crash};

const HOUR: i64 = 3_600_000;

/// The attempts at bodies, each with its run.
static BODIES: std::sync::LazyLock<Log> = std::sync::LazyLock::new(Log::default);
static AT_ONCE: AtomicU32 = AtomicU32::new(0);
static MOST_AT_ONCE: AtomicU32 = AtomicU32::new(0);

/// What happens while a deployment is there.
#[derive(Debug, Clone, Copy)]
enum Act {
    Come {
        number: u32,
        group: u32,
    },
    Finish {
        number: u32,
    },
    Lose {
        number: u32,
    },
    /// Time passes until so many runs have ended.
    End {
        runs: usize,
    },
}

/// How a deployment goes.
#[derive(Debug, Clone, Copy)]
enum Leaving {
    Shutdown,
    /// As a power cut leaves it: the next one opens a copy of the file.
    Death,
}

/// What cancels a run.
#[derive(Debug, Clone, Copy, PartialEq)]
enum CancelledBy {
    Loss,
    Finish,
}

/// A deployment, as the model knows it.
struct Deployment {
    name: &'static str,
    visit: fn(PathBuf, TestClock, Vec<Act>, Leaving) -> Boxed<'static, Vec<RunInfo>>,
    /// The version of the event that it sends, which is the newest that it knows.
    version: u32,
    /// What it calls the function that was `job-came-work` first.
    work: Option<&'static str>,
    others: &'static [&'static str],
    cancelled_by: Option<CancelledBy>,
    /// Whether one run of a group excludes others.
    exclusive: bool,
}

const DEPLOYMENTS: [Deployment; 5] = [
    Deployment {
        name: "first",
        visit: |file, clock, acts, leaving| Box::pin(first::visit(file, clock, acts, leaving)),
        version: 1,
        work: Some("job-came-work"),
        others: &[
            "job-came-single",
            "job-came-watched",
            "job-came-exclusive",
            "job-came-retried",
            "job-came-paced",
        ],
        cancelled_by: Some(CancelledBy::Loss),
        exclusive: true,
    },
    Deployment {
        name: "reordered",
        visit: |file, clock, acts, leaving| Box::pin(reordered::visit(file, clock, acts, leaving)),
        version: 1,
        work: Some("job-came-work"),
        others: &[
            "job-came-single",
            "job-came-watched",
            "job-came-exclusive",
            "job-came-retried",
            "job-came-paced",
        ],
        cancelled_by: Some(CancelledBy::Finish),
        exclusive: true,
    },
    Deployment {
        name: "renamed",
        visit: |file, clock, acts, leaving| Box::pin(renamed::visit(file, clock, acts, leaving)),
        version: 1,
        work: Some("job-came-labour"),
        others: &["job-came-exclusive", "job-came-single"],
        cancelled_by: None,
        exclusive: false,
    },
    Deployment {
        name: "newer",
        visit: |file, clock, acts, leaving| Box::pin(newer::visit(file, clock, acts, leaving)),
        version: 2,
        work: Some("job-came-work"),
        others: &[
            "job-came-paced",
            "job-came-retried",
            "job-came-exclusive",
            "job-came-watched",
            "job-came-single",
        ],
        cancelled_by: None,
        exclusive: true,
    },
    Deployment {
        name: "smaller",
        visit: |file, clock, acts, leaving| Box::pin(smaller::visit(file, clock, acts, leaving)),
        version: 1,
        work: None,
        others: &["job-came-retried", "job-came-paced"],
        cancelled_by: None,
        exclusive: false,
    },
];

/// The deployment that ends every run: it knows all that the others know.
const LAST: usize = 3;

/// Waits until its job is finished.
macro_rules! work {
    ($name:ident, $($options:tt)*) => {
        /// Waits until its job is finished.
        #[function($($options)*)]
        async fn $name(ctx: &Context<JobCame>) -> Result<u32> {
            let number = ctx.event.number;
            ctx.step.run("begin", async || Ok(note("work begins", number))).await?;
            let finished = ctx.step.wait_for_event::<JobFinished>("finished");
            let finished = finished.matching("async.data.number == event.data.number").await?;
            ctx.step.run("end", async || Ok(note("work ends", number))).await?;
            Ok(finished.map_or(0, |finished| finished.number + 1))
        }
    };
}

/// One at a time in every deployment.
macro_rules! single {
    ($($options:tt)*) => {
        /// One at a time.
        #[function(id = "job-came-single", $($options)*)]
        async fn single(ctx: &Context<JobCame>) -> Result<u32> {
            let number = ctx.event.number;
            ctx.step.sleep("later", Duration::from_hours(1)).await?;
            ctx.step.run("alone", async || Ok(alone(number).await)).await?;
            Ok(number)
        }
    };
}

/// Sleeps, and may be cancelled meanwhile.
macro_rules! watched {
    ($($options:tt)*) => {
        /// Sleeps, and may be cancelled meanwhile.
        #[function(id = "job-came-watched", $($options)*)]
        async fn watched(ctx: &Context<JobCame>) -> Result<u32> {
            ctx.step.sleep("long", Duration::from_hours(1)).await?;
            Ok(ctx.event.number)
        }
    };
}

/// One for each group, where the deployment says so.
macro_rules! exclusive {
    ($($options:tt)*) => {
        /// One for each group, where the deployment says so.
        #[function(id = "job-came-exclusive", $($options)*)]
        async fn exclusive(ctx: &Context<JobCame>) -> Result<u32> {
            let finished = ctx.step.wait_for_event::<JobFinished>("finished");
            let finished = finished.matching("async.data.number == event.data.number").await?;
            Ok(finished.map_or(0, |finished| finished.number + 1))
        }
    };
}

/// Fails at first.
macro_rules! retried {
    ($($options:tt)*) => {
        /// Fails at first.
        #[function(id = "job-came-retried", $($options)*)]
        async fn retried(ctx: &Context<JobCame>) -> Result<u32> {
            let number = ctx.event.number;
            let body = async || {
                let attempt = ctx.step.attempt();
                note(&format!("attempt {attempt}"), number);
                if attempt == 0 { Err(Error::msg("not yet")) } else { Ok(()) }
            };
            ctx.step.run("flaky", body).await?;
            Ok(number)
        }
    };
}

/// Begins when its turn has come.
macro_rules! paced {
    ($($options:tt)*) => {
        /// Begins when its turn has come.
        #[function(id = "job-came-paced", $($options)*)]
        async fn paced(ctx: &Context<JobCame>) -> Result<u32> {
            let number = ctx.event.number;
            ctx.step.run("pace", async || Ok(note("paced", number))).await?;
            Ok(number)
        }
    };
}

/// Declares a deployment.
macro_rules! deployment {
    ($name:ident, paces: $paces:literal, $came:expr, { $($event:tt)* } [$($function:ident),*] $($item:item)*) => {
        mod $name {
            use super::*;

            /// The life of a job.
            #[domain_events]
            pub enum JobEvent {
                $($event)*
                /// A job was finished.
                #[event(unhandled)]
                Finished { number: u32 },
                /// A job was lost.
                #[event(unhandled)]
                Lost { number: u32 },
            }

            registry! { pub Events = [JobEvent]; }
            functions! { pub Functions in Events = [$($function),*]; }

            $($item)*

            pub async fn visit(file: PathBuf, clock: TestClock, acts: Vec<Act>, leaving: Leaving) -> Vec<RunInfo> {
                let engine = App::<Functions>::builder("deployments").build().unwrap().embedded(&file);
                let engine = engine.clock(clock).backoff(Backoff::fixed(Duration::from_hours(1)));
                let engine = engine.retention(Retention::FOREVER).keep_waiting_runs(0, Duration::ZERO);
                let engine = engine.start().await.unwrap();
                settle(&engine, $paces).await;
                for act in acts {
                    let client = engine.client();
                    let came: fn(u32, u32) -> JobCame = $came;
                    let sent = match act {
                        Act::Come { number, group } => {
                            client.send(came(number, group).with_id(format!("job-{number}"))).await
                        }
                        Act::Finish { number } => client.send(JobFinished { number }).await,
                        Act::Lose { number } => client.send(JobLost { number }).await,
                        Act::End { runs } => {
                            until_ended(&engine, runs).await;
                            continue;
                        }
                    };
                    sent.unwrap();
                    settle(&engine, $paces).await;
                }
                leave(engine, &file, leaving).await
            }
        }
    };
}

deployment! { first, paces: true, |number, group| JobCame { number, group }, {
        /// A job has come.
        Came { number: u32, group: u32 },
    } [work, single, watched, exclusive, retried, paced]
    work! { work, id = "job-came-work" }
    single! { concurrency(limit = 1) }
    watched! { cancel_on(event = JobLost, if = "async.data.number == event.data.number") }
    exclusive! { singleton(mode = "skip", key = "event.data.group") }
    retried! { retries = 3 }
    paced! { throttle(limit = 1, period = "1h") }
}

deployment! { reordered, paces: true, |number, group| JobCame { number, group }, {
        /// A job has come.
        Came { number: u32, group: u32 },
    } [paced, retried, exclusive, watched, single, work]
    work! { work, id = "job-came-work", retries = 9, concurrency(limit = 3), priority = "event.data.number" }
    single! { concurrency(limit = 5, key = "'all'", scope = "env"), concurrency(limit = 1) }
    watched! { cancel_on(event = JobFinished, if = "async.data.number == event.data.number") }
    exclusive! { singleton(mode = "skip", key = "event.data.group"), concurrency(limit = 9) }
    retried! { retries = 2, idempotency = "string(event.data.number)" }
    paced! { throttle(limit = 1, period = "2h", key = "event.data.group") }
}

deployment! { renamed, paces: true, |number, group| JobCame { number, group }, {
        /// A job has come.
        Came { number: u32, group: u32 },
    } [exclusive, labour, single]
    work! { labour, id = "job-came-labour", was = "job-came-work" }
    single! { concurrency(limit = 1), retries = 0 }
    exclusive! { retries = 1 }
}

deployment! { newer, paces: false, |number, group| JobCame { number, group, note: "new".to_owned() }, {
        /// A job has come.
        #[event(version = 2, upcast(CameV1))]
        Came { number: u32, group: u32, note: String },
    } [work, paced, retried, exclusive, watched, single]
    work! { work, id = "job-came-work", was = "job-came-labour", timeouts(start = "30d") }
    single! { concurrency(limit = 1) }
    watched! { retries = 1 }
    exclusive! { singleton(mode = "skip", key = "event.data.group") }
    retried! { retries = 4 }
    paced! { retries = 4 }

    /// As it was.
    #[payload]
    pub struct CameV1 {
        number: u32,
        group: u32,
    }

    impl Upcast<JobCame> for CameV1 {
        fn upcast(self) -> JobCame {
            JobCame { number: self.number, group: self.group, note: "old".to_owned() }
        }
    }
}

deployment! { smaller, paces: true, |number, group| JobCame { number, group }, {
        /// A job has come.
        Came { number: u32, group: u32 },
    } [retried, paced]
    retried! { retries = 3, timeouts(start = "30d") }
    paced! { throttle(limit = 1, period = "1h") }
}

fn note(what: &str, number: u32) {
    BODIES.add(format!("{what} {number}"));
}

async fn alone(number: u32) {
    MOST_AT_ONCE.fetch_max(AT_ONCE.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
    tokio::task::yield_now().await;
    AT_ONCE.fetch_sub(1, Ordering::SeqCst);
    note("alone", number);
}

async fn all_runs<F>(engine: &Engine<F>) -> Vec<RunInfo> {
    engine.runs(&RunFilter::new().limit(1_000)).await.unwrap().items
}

/// Waits until nothing goes on without time, an event or another deployment; a run that waits for its pace may look as if it
/// were about to begin.
async fn settle<F>(engine: &Engine<F>, paces: bool) {
    let orphans = engine.orphans().await.unwrap();
    let orphans: BTreeSet<String> = orphans.into_iter().map(|orphans| orphans.function_id).collect();
    let is_settled = |run: &RunInfo| {
        run.status != RunStatus::Open
            || run.held.is_some()
            || (paces && run.function_id == "job-came-paced")
            || orphans.contains(&run.function_id)
    };
    let mut unsettled = Vec::new();
    for _ in 0..120_000 {
        unsettled = all_runs(engine).await;
        unsettled.retain(|run| !is_settled(run));
        if unsettled.is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("they never settle: {unsettled:#?}");
}

async fn until_ended<F>(engine: &Engine<F>, runs: usize) {
    let mut open = Vec::new();
    for _ in 0..120_000 {
        open = all_runs(engine).await;
        let all = open.len();
        open.retain(|run| run.ended.is_none());
        if all - open.len() == runs {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("{runs} runs never end, but without these: {open:#?}");
}

/// Reads the runs, and leaves; after a death `file` is as it was found.
async fn leave<F>(engine: Engine<F>, file: &Path, leaving: Leaving) -> Vec<RunInfo> {
    let runs = all_runs(&engine).await;
    let copy = file.with_extension("copy");
    if let Leaving::Death = leaving {
        copy_as_after_a_crash(file, &copy);
    }
    engine.shutdown().await;
    if let Leaving::Death = leaving {
        for suffix in ["", "-wal"] {
            let with = |path: &Path| PathBuf::from(format!("{}{suffix}", path.display()));
            std::fs::rename(with(&copy), with(file)).unwrap();
        }
    }
    runs
}

/// What is expected of a run.
#[derive(Debug, Clone, PartialEq)]
struct Expected {
    group: u32,
    version: u32,
    finished: bool,
    cancelled: bool,
    cancelled_by: Option<CancelledBy>,
    /// Whether it keeps others of its group away.
    holds_its_group: bool,
}

/// The runs that there should be, by what their function does and by their job.
#[derive(Default)]
struct Model(BTreeMap<(&'static str, u32), Expected>);

impl Model {
    fn act(&mut self, act: Act, deployment: &Deployment) {
        match act {
            Act::Come { number, group } => self.come(number, group, deployment),
            Act::Finish { number } => self.tell(number, CancelledBy::Finish),
            Act::Lose { number } => self.tell(number, CancelledBy::Loss),
            Act::End { .. } => {}
        }
        self.release(deployment);
    }

    fn come(&mut self, number: u32, group: u32, deployment: &Deployment) {
        for function in
            deployment.work.iter().map(|_| "job-came-work").chain(deployment.others.iter().copied())
        {
            let is_exclusive = function == "job-came-exclusive" && deployment.exclusive;
            if is_exclusive && self.is_held(group) {
                continue;
            }
            let cancelled_by = deployment.cancelled_by.filter(|_| function == "job-came-watched");
            let (version, finished, cancelled) = (deployment.version, false, false);
            let holds_its_group = is_exclusive;
            let run = Expected { group, version, finished, cancelled, cancelled_by, holds_its_group };
            self.0.insert((function, number), run);
        }
    }

    fn is_held(&self, group: u32) -> bool {
        self.0.values().any(|run| run.group == group && run.holds_its_group)
    }

    /// What can end under a deployment does, and makes room for others.
    fn release(&mut self, deployment: &Deployment) {
        for ((function, _), run) in &mut self.0 {
            let is_known = deployment.others.contains(function) && run.version <= deployment.version;
            run.holds_its_group &= !(run.finished && is_known);
        }
    }

    fn tell(&mut self, number: u32, what: CancelledBy) {
        for ((_, of), run) in &mut self.0 {
            if *of == number {
                run.finished |= what == CancelledBy::Finish;
                run.cancelled |= run.cancelled_by == Some(what);
            }
        }
    }

    /// How the run should end.
    fn end(function: &str, number: u32, run: &Expected) -> (RunStatus, Option<String>) {
        let waits = ["job-came-work", "job-came-exclusive"].contains(&function);
        match run {
            Expected { cancelled: true, .. } => (RunStatus::Cancelled, None),
            Expected { finished: true, .. } if waits => {
                (RunStatus::Completed, Some((number + 1).to_string()))
            }
            _ if waits => (RunStatus::Waiting, None),
            _ => (RunStatus::Completed, Some(number.to_string())),
        }
    }
}

/// A world: deployments that follow each other, and what happens while each is there.
fn draw(seed: u64) -> Vec<(usize, Vec<Act>, Leaving)> {
    let mut draw = Seed(seed);
    let first_number = u32::try_from(seed * 100).unwrap();
    let mut numbers = 0;
    let mut visits = Vec::new();
    for _ in 0..4 + draw.below(6) {
        let mut acts = Vec::new();
        for _ in 0..draw.below(6) {
            let one_of_them = first_number + u32::try_from(draw.below(numbers + 1)).unwrap();
            acts.push(match draw.below(4) {
                0 => Act::Finish { number: one_of_them },
                1 => Act::Lose { number: one_of_them },
                _ => {
                    numbers += 1;
                    let number = first_number + u32::try_from(numbers).unwrap();
                    Act::Come { number, group: u32::try_from(draw.below(3)).unwrap() }
                }
            });
        }
        let leaving = if draw.below(3) == 0 { Leaving::Death } else { Leaving::Shutdown };
        visits.push((draw.below(DEPLOYMENTS.len()), acts, leaving));
    }
    visits
}

/// What a run is called in the model: of what was renamed, the first name.
fn name_in_model(function: &str) -> &str {
    if function == "job-came-labour" { "job-came-work" } else { function }
}

async fn go_through(seed: u64) {
    let world = World::new();
    let clock = TestClock::new();
    let mut model = Model::default();
    let visits = draw(seed);
    let mut told = format!("seed {seed}");
    let mut someone_died = false;
    for (deployment, acts, leaving) in visits {
        let deployment = &DEPLOYMENTS[deployment];
        let _ = write!(told, "\n{}: {acts:?}, {leaving:?}", deployment.name);
        model.release(deployment);
        for act in &acts {
            model.act(*act, deployment);
        }
        someone_died |= matches!(leaving, Leaving::Death);
        let runs = (deployment.visit)(world.database(), clock.clone(), acts, leaving).await;
        assert_eq!(runs.len(), model.0.len(), "{told}\n{runs:#?}");
    }
    clock.advance(3 * HOUR);
    let ends = model
        .0
        .iter()
        .filter(|((function, number), run)| Model::end(function, *number, run).0 != RunStatus::Waiting);
    let acts = vec![Act::End { runs: ends.count() }];
    let runs = (DEPLOYMENTS[LAST].visit)(world.database(), clock, acts, Leaving::Shutdown).await;
    compare(&runs, &model, &told);
    for ((function, number), run) in &model.0 {
        let expected: &[(&str, bool)] = match *function {
            "job-came-work" => &[("work begins", true), ("work ends", run.finished)],
            "job-came-single" => &[("alone", true)],
            "job-came-retried" => &[("attempt 0", true), ("attempt 1", true)],
            "job-came-paced" if !someone_died => &[("paced", true)],
            _ => &[],
        };
        for (body, once) in expected {
            let body = format!("{body} {number}");
            assert_eq!(BODIES.count(&body), usize::from(*once), "`{body}`, {told}");
        }
    }
    assert!(MOST_AT_ONCE.load(Ordering::SeqCst) <= 1, "{told}");
}

fn compare(runs: &[RunInfo], model: &Model, told: &str) {
    let found: BTreeMap<_, _> = runs
        .iter()
        .map(|run| {
            let number = run.event_id.as_deref().unwrap().strip_prefix("job-").unwrap().parse().unwrap();
            let ended = (run.status, run.output.clone());
            ((name_in_model(&run.function_id), number), ended)
        })
        .collect();
    let expected = model.0.iter();
    let expected =
        expected.map(|(&(function, number), run)| ((function, number), Model::end(function, number, run)));
    assert_eq!(found, expected.collect(), "{told}");
}

#[tokio::test]
async fn random_deployments_over_one_file_agree_with_the_model() {
    let variable = |name: &str| std::env::var(name).ok().map(|number| number.parse::<u64>().unwrap());
    let seeds = match variable("DEPLOYMENTS_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..variable("DEPLOYMENTS_SEEDS").unwrap_or(20),
    };
    for seed in seeds {
        go_through(seed).await;
    }
}
