//! What a power cut has done to a database.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use event_crash::check::{Contents, damage};
use event_crash::{Effect, Hurry, engine};
use rusqlite::Connection;

use crate::disk::{Disk, Op};

/// What was recorded of an engine at work.
#[derive(Debug)]
pub struct Recording {
    /// What has reached the disk.
    pub ops: Vec<Op>,
    /// Events whose `send` had returned, and what was recorded by then.
    pub acknowledged: Vec<(usize, String)>,
    /// Bodies that had begun, likewise.
    pub begun: Vec<(usize, Effect)>,
}

/// What is wrong after a power cut.
#[derive(Debug, Default)]
pub struct Damage {
    /// SQLite says that the file is damaged, or cannot read it.
    pub corrupt: Option<String>,
    /// Acknowledged events that are not there.
    pub lost: usize,
    /// Whatever else.
    pub problems: Vec<String>,
}

impl Damage {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.corrupt.is_none() && self.lost == 0 && self.problems.is_empty()
    }
}

impl Recording {
    /// What a power cut at `position` has done.
    ///
    /// # Panics
    ///
    /// When there is no room for temporary files.
    pub fn judge(&self, files: &[(Arc<str>, Vec<u8>)], position: usize) -> Damage {
        let acknowledged: Vec<String> =
            self.acknowledged.iter().filter(|(at, _)| *at <= position).map(|(_, id)| id.clone()).collect();
        let mut found = Damage::default();
        let folder = tempfile::tempdir().unwrap();
        // Nothing of this needs to be flushed.
        let _disk = Disk::new(folder.path(), Duration::ZERO, None);
        let contents = match read(&place(folder.path(), "plain", files)) {
            Ok(contents) => contents,
            Err(error) => return Damage { corrupt: Some(error), ..found },
        };
        found.lost = contents.missing(&acknowledged).len();
        found.problems = contents.problems();
        let seen = self.begun.iter().filter(|(at, _)| *at <= position).map(|(_, effect)| effect);
        found.problems.extend(forgotten(&contents, seen));
        if !found.is_none() {
            return found;
        }
        let database = place(folder.path(), "engine", files);
        match resume(&database) {
            Ok(effects) => found.problems.extend(repeated(&contents, &effects)),
            Err(error) => found.problems.push(error),
        }
        match read(&database) {
            Ok(after) => {
                found.lost = after.missing(&acknowledged).len();
                found.problems.extend(after.problems_at_the_end());
                found.problems.extend(contents.changed_in(&after));
            }
            Err(error) => found.corrupt = Some(error),
        }
        found
    }
}

/// Writes the files of an image.
fn place(folder: &Path, name: &str, files: &[(Arc<str>, Vec<u8>)]) -> PathBuf {
    for (file, bytes) in files {
        let file = file.replace("events.db", &format!("{name}.db"));
        if !bytes.is_empty() {
            std::fs::write(folder.join(file), bytes).unwrap();
        }
    }
    folder.join(format!("{name}.db"))
}

/// Reads a database; of one that was not made yet nothing.
///
/// # Errors
///
/// When it is damaged.
pub fn read(database: &Path) -> Result<Contents, String> {
    let read = || {
        let connection = Connection::open(database)?;
        if let Some(damage) = damage(&connection)? {
            return Ok(Err(damage));
        }
        let tables: i64 =
            connection.query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'events'", [], |row| {
                row.get(0)
            })?;
        if tables == 0 { Ok(Ok(Contents::default())) } else { Contents::read(&connection).map(Ok) }
    };
    read().map_err(|error: rusqlite::Error| error.to_string()).flatten()
}

/// Results that a function had seen, and that are not there.
fn forgotten<'a>(contents: &Contents, begun: impl Iterator<Item = &'a Effect>) -> Vec<String> {
    let runs: HashMap<&str, _> = contents.runs.values().map(|run| (run.id.as_str(), run)).collect();
    let mut problems = Vec::new();
    for effect in begun {
        let Some(run) = runs.get(effect.run.as_str()) else {
            problems.push(format!("{effect} has begun, and its run is not there"));
            continue;
        };
        for step in effect.saw.iter().filter(|step| !run.steps.contains_key(**step)) {
            problems.push(format!("{effect} has seen the result of {step}, which is not there"));
        }
    }
    problems
}

/// Lets an engine bring everything to its end. The bodies that it executed.
///
/// # Errors
///
/// When it does not start, or some runs do not end.
///
/// # Panics
///
/// When there is no runtime.
pub fn resume(database: &Path) -> Result<Vec<Effect>, String> {
    let effects = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&effects);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let engine = engine(database, Arc::new(move |effect| noted.lock().unwrap().push(effect)));
        let engine = engine.clock(Hurry::default()).start().await.map_err(|error| error.to_string())?;
        let ends = tokio::time::timeout(Duration::from_mins(2), engine.wait_idle()).await;
        engine.shutdown().await;
        match ends {
            Ok(ended) => ended.map_err(|error| error.to_string()),
            Err(_) => Err("some runs do not end".to_owned()),
        }
    })?;
    Ok(std::mem::take(&mut *effects.lock().unwrap()))
}

/// Bodies that ran again though their result was recorded.
fn repeated(contents: &Contents, effects: &[Effect]) -> Vec<String> {
    let recorded: HashSet<(&str, &str)> = contents
        .runs
        .values()
        .flat_map(|run| run.steps.keys().map(|step| (run.id.as_str(), step.as_str())))
        .collect();
    let again = effects.iter().filter(|effect| recorded.contains(&(effect.run.as_str(), effect.step)));
    again.map(|effect| format!("{effect} was recorded, and ran again")).collect()
}
