//! Running the example, and reading what it leaves behind.

#![allow(unreachable_pub, reason = "a test has no public interface")]

use std::collections::HashSet;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// The example, with files of its own.
pub struct Program {
    folder: TempDir,
}

/// A step of an event's runs, as the example writes it down: `<event id> <step id>`.
pub type Effect = String;

impl Program {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes the lines to read.
    pub fn write(&self, lines: impl AsRef<[u8]>) {
        std::fs::write(self.path("events.jsonl"), lines).unwrap();
    }

    /// `workflow events.jsonl --db events.db --effects effects.txt --json`, not started yet.
    pub fn command(&self) -> Command {
        let mut command = workflow();
        command.arg(self.path("events.jsonl"));
        command.arg("--db").arg(self.path("events.db"));
        command.arg("--effects").arg(self.path("effects.txt")).arg("--json");
        command
    }

    /// Runs it to its end; its summary.
    pub fn run(&self) -> Value {
        summary(&self.command().output().unwrap())
    }

    /// Starts it, and kills it (`SIGKILL`) when it has executed `effects` bodies of steps.
    pub fn kill_after(&self, effects: usize) {
        let mut child = self.command().stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        while self.effects().len() < effects {
            assert!(child.try_wait().unwrap().is_none(), "it ended before {effects} effects");
            std::thread::yield_now();
        }
        kill(&mut child);
    }

    /// What the bodies of steps have written, in its order.
    pub fn effects(&self) -> Vec<Effect> {
        let text = std::fs::read_to_string(self.path("effects.txt")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// Why runs failed for good.
    pub fn failures(&self) -> Vec<String> {
        self.rows("SELECT result FROM runs WHERE status = 2")
    }

    /// The steps whose result is in the database.
    pub fn recorded(&self) -> HashSet<Effect> {
        let rows = self.rows(
            "SELECT events.id || ' ' || steps.key FROM steps JOIN runs ON runs.seq = steps.run \
             JOIN events ON events.seq = runs.event WHERE steps.kind = 0 AND steps.ord IS NOT NULL",
        );
        rows.into_iter().collect()
    }

    fn rows(&self, sql: &str) -> Vec<String> {
        let database = rusqlite::Connection::open(self.path("events.db")).unwrap();
        let mut rows = database.prepare(sql).unwrap();
        rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }
}

fn kill(child: &mut Child) {
    child.kill().unwrap();
    let status = child.wait().unwrap();
    assert_eq!(status.code(), None, "it was killed and did not end by itself");
}

/// The program, with its input closed.
pub fn workflow() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_example-workflow"));
    command.stdin(Stdio::null());
    command
}

/// Runs a command with `input` on its standard input.
pub fn with_input(mut command: Command, input: &[u8]) -> Output {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

/// The last line of standard output.
pub fn summary(output: &Output) -> Value {
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stderr}");
    serde_json::from_str(stdout.lines().last().expect("a last line")).unwrap()
}

/// The numbers of a summary that do not depend on time.
pub fn counts<const N: usize>(summary: &Value, names: [&str; N]) -> [u64; N] {
    names.map(|name| summary[name].as_u64().unwrap_or_else(|| panic!("`{name}` in {summary}")))
}

/// `count` workflows of three steps: one works, one fails at its first attempt, one works again.
pub fn workflows(count: usize) -> String {
    let line = |n: usize| {
        let steps = ["first", "flaky-second", "third"].map(|key| json!({ "key": key, "timeout_ms": 1000 }));
        let id = format!("00000000-0000-4000-8000-{n:012}");
        let data =
            json!({ "id": id, "name": "A workflow", "owner_email": "ada@example.org", "steps": steps });
        json!({ "id": format!("event-{n}"), "name": "workflow/created", "data": data }).to_string() + "\n"
    };
    (0..count).map(line).collect()
}
