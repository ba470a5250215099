//! A time that was missed while no process was there starts its function once, wherever the processes die that make up for it.

use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use event_crash::harbour::Standing;
use event_crash::random::Random;
use event_runtime::embedded::{Engine, RunFilter, RunStatus};
use event_runtime::prelude::*;

/// The life of a lighthouse.
#[domain_events]
pub enum LighthouseEvent {
    /// A lighthouse was lit.
    #[event(unhandled)]
    Lit {},
}

/// Milliseconds since the Unix epoch.
fn since(time: SystemTime) -> i64 {
    i64::try_from(time.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

/// Cleans the lens, every morning at nine.
#[function(id = "lens-cleaning", cron = "0 9 * * *")]
async fn clean(ctx: &Context<Cron>) -> Result<i64> {
    Ok(ctx.step.run("clean", async || Ok(since(ctx.meta.ts))).await?)
}

registry! { pub LighthouseEvents = [LighthouseEvent]; }
functions! { pub LighthouseFunctions in LighthouseEvents = [clean]; }

/// 1 December 2026 at ten.
const BEGIN: i64 = 1_796_083_200_000 + 10 * HOUR;
const HOUR: i64 = 3_600_000;

/// Tells the process which file it works on, and at which place it dies.
const FILE: &str = "LIGHTHOUSE_FILE";
const PLACE: &str = "LIGHTHOUSE_PLACE";

async fn start(file: &Path, hours: i64) -> Engine<LighthouseFunctions> {
    let app = App::<LighthouseFunctions>::builder("lighthouse").build().unwrap();
    app.embedded(file).clock(Standing::at(BEGIN + hours * HOUR)).start().await.unwrap()
}

/// Not a test: what the process does that is killed, three days later.
#[tokio::test]
async fn process() {
    let Some(file) = std::env::var_os(FILE) else { return };
    if let Ok(place) = std::env::var(PLACE) {
        event_runtime::embedded::fail_points::set(move |reached| {
            if reached == place {
                std::process::abort();
            }
            false
        });
    }
    let engine = start(Path::new(&file), 72).await;
    engine.wait_idle().await.unwrap();
    // Nothing is left to do; it is killed.
    std::future::pending::<()>().await;
}

fn command(file: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "process", "--test-threads", "1"]).env(FILE, file);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn die_at(file: &Path, place: &str) -> ExitStatus {
    let mut child = command(file).env(PLACE, place).spawn().unwrap();
    let begun = std::time::Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        assert!(begun.elapsed() < Duration::from_mins(2), "`{place}` is not come to");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn kill_after(file: &Path, time: Duration) {
    let mut child = command(file).spawn().unwrap();
    std::thread::sleep(time);
    child.kill().unwrap();
    child.wait().unwrap();
}

/// The process before has ended in order, and knows the time.
async fn prepare(file: &Path) {
    start(file, 0).await.shutdown().await;
}

async fn check(file: &Path, what: &str) {
    let engine = start(file, 72).await;
    let begun = std::time::Instant::now();
    while engine.runs(&RunFilter::default()).await.unwrap().is_empty() {
        assert!(begun.elapsed() < Duration::from_mins(2), "{what}: it never comes");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    engine.wait_idle().await.unwrap();
    let runs = engine.runs(&RunFilter::default()).await.unwrap();
    let missed = (BEGIN + 23 * HOUR).to_string();
    let ended: Vec<_> = runs.iter().map(|run| (run.status, run.output.as_deref())).collect();
    assert_eq!(ended, [(RunStatus::Completed, Some(missed.as_str()))], "{what}");
    engine.shutdown().await;
}

#[tokio::test]
async fn a_time_that_was_missed_comes_once_wherever_the_process_dies() {
    let places = [
        "open-loaded",
        "run-stored",
        "inputs-handled",
        "commit-before",
        "commit-after",
        "replies-after",
        "result-stored",
        "end-stored",
    ];
    for place in places {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("events.db");
        prepare(&file).await;
        assert_eq!(die_at(&file, place).code(), None, "{place}");
        check(&file, place).await;
    }
}

#[tokio::test]
async fn a_time_that_was_missed_comes_once_whenever_the_process_is_killed() {
    for seed in 1..=8 {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("events.db");
        prepare(&file).await;
        let mut random = Random::new(seed);
        for _ in 0..5 {
            kill_after(&file, Duration::from_millis(random.below(60)));
        }
        check(&file, &format!("seed {seed}")).await;
    }
}
