//! The same input again, and other processes on the same file.

use std::process::Stdio;

use serde_json::json;

use crate::process::{Program, counts, summary, with_input, workflow, workflows};

#[test]
fn the_shipped_sample_shows_every_kind_of_line() {
    let program = Program::new();
    let db = program.path("events.db");
    let output = workflow().arg("--db").arg(&db).arg("--json").output().unwrap();
    let numbers =
        counts(&summary(&output), ["events", "accepted", "duplicates", "runs", "completed", "failed"]);
    assert_eq!(numbers, [9, 4, 1, 12, 11, 1]);
    let people = workflow().arg("--db").arg(&db).output().unwrap();
    let people = String::from_utf8(people.stdout).unwrap();
    assert!(people.starts_with("9 events: 0 accepted, 5 seen before, 4 rejected\n"), "{people}");
}

#[test]
fn a_second_time_nothing_starts_twice() {
    let program = Program::new();
    program.write(workflows(20));
    let first = program.run();
    assert_eq!(
        counts(&first, ["accepted", "duplicates", "runs", "steps_run", "retries"]),
        [20, 0, 60, 120, 20]
    );
    let effects = program.effects();
    let second = program.run();
    assert_eq!(
        counts(&second, ["accepted", "duplicates", "runs", "steps_run", "retries"]),
        [0, 20, 60, 0, 0]
    );
    assert_eq!(counts(&second, ["completed", "failed", "steps_recorded"]), [60, 0, 100]);
    assert_eq!(program.effects(), effects, "no body was executed");
}

#[test]
fn a_line_without_an_id_gets_one_from_its_content() {
    let program = Program::new();
    let data = json!({ "id": "00000000-0000-4000-8000-000000000001", "duration_ms": 1 });
    let line = json!({ "name": "workflow/completed", "data": data }).to_string();
    let spaced = format!("  {} ", line.replace(':', " : "));
    let other = line.replace("\"duration_ms\":1", "\"duration_ms\":2");
    let null = line.replacen('{', "{\"id\":null,", 1);
    program.write(format!("{line}\n{line}\n{spaced}\n{other}\n{null}\n"));
    let summary = program.run();
    assert_eq!(counts(&summary, ["accepted", "duplicates", "runs"]), [2, 3, 2], "{summary}");
}

#[test]
fn a_second_process_on_the_file_is_refused() {
    let program = Program::new();
    program.write("");
    // Holds the file open as long as its input is open.
    let mut first = workflow();
    first.arg("-").arg("--db").arg(program.path("events.db")).arg("--json");
    let mut first = first.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    while !program.path("events.db-wal").exists() {
        assert!(first.try_wait().unwrap().is_none());
        std::thread::yield_now();
    }
    let second = program.command().output().unwrap();
    let error = String::from_utf8(second.stderr).unwrap();
    assert!(!second.status.success() && error.contains("is in use by another engine"), "{error}");
    drop(first.stdin.take());
    assert!(first.wait_with_output().unwrap().status.success());
    program.run();
}

#[test]
fn standard_input_is_read() {
    let program = Program::new();
    let mut command = workflow();
    command.arg("-").arg("--db").arg(program.path("events.db")).arg("--json");
    let summary = summary(&with_input(command, workflows(3).as_bytes()));
    assert_eq!(counts(&summary, ["events", "accepted", "completed"]), [3, 3, 9]);
}
