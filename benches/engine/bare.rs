//! The bare pattern: the statements that the engine writes for a run of three steps, by one thread that commits whatever
//! has gathered, for the same number of clients, in a file of the same format; and no engine.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, Statement, params};
use tokio::sync::oneshot;

use crate::app::now_ms;
use crate::load::embedded;
use crate::report::Numbers;
use crate::usage::{Meter, micros, quantile};

/// The most that one commit holds, as in the engine.
const MAX_BATCH: usize = 512;

/// Runs have numbers in the order of their start.
static NEXT_RUN: AtomicI64 = AtomicI64::new(1);

/// What a client asks for: the part of a run, 0 its event, 1 to 3 its steps, 4 its end.
type Job = (i64, u8, oneshot::Sender<()>);

/// A file as the engine makes it, and opened as the engine opens it.
pub async fn create(database: &Path) -> Connection {
    embedded(database).start().await.expect("it starts").shutdown().await;
    let connection = Connection::open(database).expect("opened");
    let set = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;
               PRAGMA wal_autocheckpoint = 4000;";
    connection.execute_batch(set).expect("set");
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).expect("set");
    connection
}

struct Writer<'c> {
    begin: Statement<'c>,
    commit: Statement<'c>,
    find_event: Statement<'c>,
    put_event: Statement<'c>,
    put_run: Statement<'c>,
    put_result: Statement<'c>,
    end_run: Statement<'c>,
}

impl<'c> Writer<'c> {
    fn new(connection: &'c Connection) -> Self {
        let prepare = |sql: &str| connection.prepare(sql).expect("a statement");
        Self {
            begin: prepare("BEGIN IMMEDIATE"),
            commit: prepare("COMMIT"),
            find_event: prepare(
                "SELECT seq FROM events WHERE id = ?1 AND received >= ?2 ORDER BY seq DESC LIMIT 1",
            ),
            put_event: prepare(
                "INSERT INTO events (seq, id, name, data, ts, received) VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
            ),
            put_run: prepare(
                "INSERT INTO runs (seq, id, function, event, status, attempt, created, due, place, recoveries)
                 VALUES (?1, ?2, 1, ?1, 0, 0, ?3, ?3, ?3, 0)",
            ),
            put_result: prepare(
                "INSERT INTO steps (run, key, kind, ord, attempts, value, at) VALUES (?1, ?2, 0, ?3, 0, ?4, ?5)
                 ON CONFLICT (run, key) DO UPDATE
                 SET kind = excluded.kind, ord = excluded.ord, due = NULL, value = excluded.value,
                     error = excluded.error, at = excluded.at
                 WHERE ord IS NULL",
            ),
            end_run: prepare(
                "UPDATE runs SET status = 1, result = ?2, started = coalesce(started, ?3), ended = ?3 WHERE seq = ?1",
            ),
        }
    }

    fn write(&mut self, run: i64, part: u8) -> rusqlite::Result<()> {
        let now = i64::try_from(now_ms()).unwrap_or_default();
        match part {
            0 => {
                let id = |kind: char| format!("01{kind}{now:013}{run:010}");
                let event = id('A');
                assert!(!self.find_event.exists(params![event, now - 86_400_000])?, "each id is new");
                let data = format!(r#"{{"number":{run}}}"#);
                self.put_event.execute(params![run, event, "order/placed", data, now])?;
                self.put_run.execute(params![run, id('B'), now])?;
            }
            1..=3 => {
                let key = ["first", "second", "third"][usize::from(part) - 1];
                self.put_result.execute(params![run, key, part - 1, run.to_string(), now])?;
            }
            _ => {
                self.end_run.execute(params![run, run.to_string(), now])?;
            }
        }
        Ok(())
    }

    /// Commits whatever has gathered, until nobody asks any more.
    fn serve(&mut self, jobs: &Receiver<Job>) -> rusqlite::Result<()> {
        let mut done = Vec::with_capacity(MAX_BATCH);
        while let Ok(first) = jobs.recv() {
            self.begin.execute([])?;
            let more = std::iter::from_fn(|| jobs.try_recv().ok()).take(MAX_BATCH - 1);
            for (run, part, reply) in std::iter::once(first).chain(more) {
                self.write(run, part)?;
                done.push(reply);
            }
            self.commit.execute([])?;
            for reply in done.drain(..) {
                reply.send(()).expect("the client waits");
            }
        }
        Ok(())
    }
}

/// Writes the parts of a run, each when the one before is on disk.
async fn run(jobs: &Sender<Job>, run: i64) {
    for part in 0..5 {
        let (reply, replied) = oneshot::channel();
        jobs.send((run, part, reply)).expect("the writer is there");
        replied.await.expect("written");
    }
}

/// How long one client alone is measured.
const TIME_OF_ONE: Duration = Duration::from_secs(2);

/// Runs per second for so many clients, and from event to end.
pub async fn measure(database: PathBuf, clients: i64) -> Numbers {
    let connection = create(&database).await;
    let (jobs, received) = channel();
    let writer = std::thread::spawn(move || Writer::new(&connection).serve(&received).expect("written"));
    let (runs, limit) =
        if clients == 1 { (i64::MAX, TIME_OF_ONE) } else { (30_000 / clients, Duration::MAX) };
    let meter = Meter::start();
    let all: Vec<_> = (0..clients)
        .map(|_| {
            let jobs = jobs.clone();
            tokio::spawn(async move {
                let (mut times, first) = (Vec::new(), Instant::now());
                for _ in 0..runs {
                    let begun = Instant::now();
                    if first.elapsed() > limit {
                        break;
                    }
                    run(&jobs, NEXT_RUN.fetch_add(1, Ordering::Relaxed)).await;
                    times.push(micros(begun));
                }
                times
            })
        })
        .collect();
    let mut times = Vec::new();
    for client in all {
        times.extend(client.await.expect("no panic"));
    }
    let mut numbers = Numbers::default();
    #[allow(clippy::cast_precision_loss, reason = "some ten thousand")]
    numbers.extend(meter.per(times.len() as f64));
    numbers.set("p50", quantile(&mut times, 0.5));
    numbers.set("p99", quantile(&mut times, 0.99));
    drop(jobs);
    writer.join().expect("no panic");
    numbers
}
