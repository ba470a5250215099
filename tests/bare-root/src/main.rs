//! Tries what a bare system may lack: the rules of time zones, and a folder for temporary files.
//!
//! ```text
//! event-bare-root FOLDER
//! ```
//!
//! `tests/bare-root/run` runs it where nothing but the folder can be written.

#![allow(unreachable_pub, reason = "a program has no public interface")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use event_runtime::clock::Clock;
use event_runtime::embedded::RunFilter;
use event_runtime::prelude::*;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

const ZURICH: &str = "TZ=Europe/Zurich 0 9 * * *";
const KATHMANDU: &str = "TZ=Asia/Kathmandu 0 9 * * *";

/// When each is due, in seconds since the Unix epoch. Summer time began in Zurich on 29 March 2026.
const DUE: [(&str, u64); 3] = [
    (ZURICH, 1_774_684_800),    // 2026-03-28T08:00:00Z
    (ZURICH, 1_774_767_600),    // 2026-03-29T07:00:00Z
    (KATHMANDU, 1_774_754_100), // 2026-03-29T03:15:00Z
];

/// Far longer than a cron that fires takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// The life of a report.
#[domain_events]
pub enum ReportEvent {
    /// A report was requested.
    Requested {
        /// How many chapters it has.
        chapters: usize,
    },
}

registry! {
    /// Every event.
    pub Events = [ReportEvent];
}

functions! {
    /// Every function.
    pub Functions in Events = [Mornings, write_report];
}

/// How many bytes a chapter of a report has.
const CHAPTER: usize = 100_000;

/// Writes a report: a run with more results than SQLite sorts in its cache.
#[function(id = "report-requested-writer")]
async fn write_report(ctx: &Context<ReportRequested>) -> Result<()> {
    for chapter in 0..ctx.event.chapters {
        ctx.step.run(&format!("chapter-{chapter}"), async || Ok("x".repeat(CHAPTER))).await?;
    }
    Ok(())
}

/// Notes when it is nine in the morning.
struct Mornings {
    fired: UnboundedSender<(String, SystemTime)>,
}

#[controller]
impl Mornings {
    /// Notes which cron fired, and for which time.
    #[function(id = "morning-clock-note", cron("TZ=Europe/Zurich 0 9 * * *", "TZ=Asia/Kathmandu 0 9 * * *"))]
    async fn note(&self, ctx: &Context<Cron>) -> Result<()> {
        self.fired.send((ctx.event.cron.clone(), ctx.meta.ts)).map_err(|_| Error::msg("nobody listens"))
    }
}

/// A time, given in seconds since the Unix epoch.
fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// A clock that stands until it is set.
struct Hands(Arc<AtomicU64>);

impl Clock for Hands {
    fn now(&self) -> SystemTime {
        at(self.0.load(Ordering::SeqCst))
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("error: say in which folder databases may be made");
        return ExitCode::from(2);
    };
    match all(&folder).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn all(folder: &Path) -> Result<()> {
    for (index, (cron, due)) in DUE.into_iter().enumerate() {
        let (other, time) = first_cron(&folder.join(format!("cron-{index}.db")), due).await?;
        if (&*other, time) != (cron, at(due)) {
            return Err(Error::msg(format!("`{other}` fired at {time:?}, instead of `{cron}` at {due}")));
        }
        println!("fired at {due}: {cron}");
    }
    let steps = long_run(folder).await?;
    println!("read a run of {steps} steps, and made a copy");
    Ok(())
}

/// The first cron that fires in an engine that starts shortly before `due`, and the time that it fired for.
async fn first_cron(database: &Path, due: u64) -> Result<(String, SystemTime)> {
    let (fired, mut firings) = unbounded_channel();
    let app = App::<Functions>::builder("bare").provide(Mornings { fired }).build()?;
    let hands = Arc::new(AtomicU64::new(due - 1));
    let engine = app.embedded(database).clock(Hands(Arc::clone(&hands))).start().await?;
    hands.store(due, Ordering::SeqCst);
    let first = tokio::time::timeout(PATIENCE, firings.recv()).await;
    engine.shutdown().await;
    first.ok().flatten().ok_or_else(|| Error::msg(format!("no cron fired at {due}")))
}

/// Has a long report written, reads its run, and makes a copy of the database. How many steps the run has.
async fn long_run(folder: &Path) -> Result<usize> {
    let (fired, _firings) = unbounded_channel();
    let app = App::<Functions>::builder("bare").provide(Mornings { fired }).build()?;
    let engine = app.embedded(folder.join("report.db")).start().await?;
    engine.client().send(ReportRequested { chapters: 50 }).await?;
    engine.wait_idle().await?;
    let runs = engine.runs(&RunFilter::default()).await?;
    let run = runs.first().ok_or_else(|| Error::msg("there is no run"))?;
    let details = engine.run(&run.id).await?.ok_or_else(|| Error::msg("the run is gone"))?;
    engine.backup(folder.join("copy.db")).await?;
    engine.shutdown().await;
    Ok(details.steps.len())
}
