//! The process that is killed, and what it leaves behind.

#![allow(dead_code, unreachable_pub, reason = "each test uses a part of it")]

use std::collections::HashSet;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use event_crash::check::{Contents, damage};
use rusqlite::Connection;
use tempfile::TempDir;

/// A database, and processes that work on it one after the other.
pub struct Process {
    folder: TempDir,
}

/// What a process has said.
#[derive(Debug, Default)]
pub struct Output {
    /// Its engine had started.
    pub has_started: bool,
    /// It came to the place at which it was to fail.
    pub has_failed: bool,
    /// Events that were acknowledged.
    pub acknowledged: Vec<String>,
    /// Why events were refused.
    pub refused: Vec<String>,
    /// Why it did not start.
    pub errors: Vec<String>,
    /// The last line.
    pub last: String,
}

impl Output {
    fn take(&mut self, line: String) {
        match line.split_once(' ') {
            Some(("ack", id)) => self.acknowledged.push(id.to_owned()),
            Some(("refused", why)) => self.refused.push(why.to_owned()),
            Some(("error", why)) => self.errors.push(why.to_owned()),
            _ => {
                self.has_started |= line == "started";
                self.has_failed |= line == "fails";
            }
        }
        self.last = line;
    }
}

impl Process {
    /// No process has run yet.
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        self.folder.path().join("events.db")
    }

    /// The command of a round, not started yet.
    pub fn command(&self, round: u64) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_event-crash"));
        command.arg(self.database()).arg(self.folder.path().join("effects.txt")).arg(round.to_string());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        command
    }

    /// Starts a process and kills it after a while, counted from the start of the process or from that of its engine.
    pub fn kill(&self, round: u64, after: Duration, of_engine: bool) -> Output {
        let (mut child, lines) = spawn(self.command(round));
        let mut output = Output::default();
        let mut end = Instant::now() + after;
        if of_engine {
            // A slow machine must not make it an early one.
            let first = lines.recv_timeout(Duration::from_mins(2)).unwrap();
            output.take(first);
            end = Instant::now() + after;
        }
        std::thread::sleep(end.saturating_duration_since(Instant::now()));
        child.kill().unwrap();
        let status = child.wait().unwrap();
        assert!(status.code() != Some(101), "it panicked");
        for line in lines {
            output.take(line);
        }
        output
    }

    /// Lets a process bring everything to its end.
    pub fn drain(&self) -> Output {
        let mut command = self.command(0);
        command.arg("drain");
        let (mut output, status) = run(command);
        if !status.success() || output.last != "done" {
            output.errors.push(format!("it ends with {status} and `{}`", output.last));
        }
        output
    }

    /// What the bodies of steps have written: the run and the step.
    pub fn effects(&self) -> Vec<(String, String)> {
        let text = std::fs::read_to_string(self.folder.path().join("effects.txt")).unwrap_or_default();
        let effect = |line: &str| {
            let mut words = line.split(' ');
            Some((words.next()?.to_owned(), words.next_back()?.to_owned()))
        };
        text.lines().filter_map(effect).collect()
    }

    /// A copy of the files as the process has left them: reading them would change them.
    fn copy(&self) -> Connection {
        let copy = self.folder.path().join("copy.db");
        for suffix in ["", "-wal", "-journal"] {
            let with = |path: &Path| PathBuf::from(format!("{}{suffix}", path.display()));
            let _ = std::fs::remove_file(with(&copy));
            let _ = std::fs::copy(with(&self.database()), with(&copy));
        }
        Connection::open(copy).unwrap()
    }

    /// The steps with a body whose result is on disk: the run and the step.
    pub fn recorded(&self) -> HashSet<(String, String)> {
        let connection = self.copy();
        let rows = connection.prepare(
            "SELECT runs.id, key FROM steps JOIN runs ON seq = run WHERE kind = 0 AND ord IS NOT NULL",
        );
        // The process may have died before it had made the tables.
        let Ok(mut rows) = rows else { return HashSet::new() };
        rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
    }

    /// What is in the database, which must not be damaged.
    pub fn contents(&self) -> Contents {
        let connection = self.copy();
        assert_eq!(damage(&connection).unwrap(), None);
        Contents::read(&connection).unwrap()
    }
}

/// Runs a command to its end, which must come within a minute.
pub fn run(command: Command) -> (Output, ExitStatus) {
    let (mut child, lines) = spawn(command);
    let mut output = Output::default();
    let end = Instant::now() + Duration::from_mins(1);
    while let Ok(line) = lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
        output.take(line);
    }
    if Instant::now() >= end {
        let _ = child.kill();
    }
    (output, child.wait().unwrap())
}

/// Starts a process; its lines.
fn spawn(mut command: Command) -> (Child, Receiver<String>) {
    let mut child = command.spawn().unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let (sender, lines) = channel();
    std::thread::spawn(move || {
        // A line that was cut off by the kill says nothing.
        let mut out = out;
        let mut line = String::new();
        while out.read_line(&mut line).is_ok_and(|read| read > 0) && line.ends_with('\n') {
            line.pop();
            if sender.send(std::mem::take(&mut line)).is_err() {
                return;
            }
        }
    });
    (child, lines)
}
