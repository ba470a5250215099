//! Lines that are wrong: each is reported with its number and everything that is wrong with it, and the rest goes on.

use serde_json::{Value, json};

use crate::process::{Program, counts, workflow, workflows};

/// `line: [path code, ..]` of each rejected line.
fn rejected(summary: &Value) -> Vec<(u64, Vec<String>)> {
    let issue = |issue: &Value| {
        assert!(!issue["message"].as_str().unwrap().is_empty());
        format!("{} {}", issue["path"].as_str().unwrap(), issue["code"].as_str().unwrap())
    };
    let issues = |line: &Value| line["issues"].as_array().unwrap().iter().map(issue).collect();
    let lines = summary["rejected"].as_array().unwrap().iter();
    lines.map(|line| (line["line"].as_u64().unwrap(), issues(line))).collect()
}

#[test]
fn every_issue_of_every_line_is_reported_and_the_rest_goes_on() {
    let program = Program::new();
    let good = workflows(1);
    let created = |data: Value| json!({ "name": "workflow/created", "data": data }).to_string();
    let wrong = created(json!({
        "id": "no", "name": "", "owner_email": "nobody",
        "steps": [{ "key": "Bad Key", "timeout_ms": 0 }, { "key": "ok", "timeout_ms": 86_400_001 }],
    }));
    let late = json!({ "name": "workflow/created", "ts": "now", "data": {} }).to_string();
    let mut lines = format!("not JSON\n\n{wrong}\n{late}\n[]\n").into_bytes();
    lines.extend(b"{\"name\":\"workflow/completed\xff\"}\n");
    lines.extend(format!("{{\"name\":\"{}\"}}\n", "no/such-event").bytes());
    lines.extend(good.bytes());
    program.write(lines);
    let summary = program.run();
    assert_eq!(counts(&summary, ["events", "accepted", "completed"]), [7, 1, 3], "{summary}");
    let expected: [(u64, &[&str]); 6] = [
        (1, &[" invalid_json"]),
        (
            3,
            &[
                "id invalid_format",
                "name too_small",
                "owner_email invalid_format",
                "steps[0].key invalid_format",
                "steps[0].timeout_ms too_small",
                "steps[1].timeout_ms too_big",
            ],
        ),
        (4, &["ts invalid_type", "id required", "name required", "owner_email required", "steps required"]),
        (5, &[" invalid_type"]),
        (6, &[" invalid_utf8"]),
        (7, &["name unknown_event"]),
    ];
    let expected: Vec<(u64, Vec<String>)> = expected
        .iter()
        .map(|(line, issues)| (*line, issues.iter().map(ToString::to_string).collect()))
        .collect();
    assert_eq!(rejected(&summary), expected);
}

#[test]
fn a_payload_over_the_limit_is_refused_however_long_the_line_is() {
    let program = Program::new();
    let line = |bytes: usize| {
        let data = json!({ "id": "00000000-0000-4000-8000-000000000001", "duration_ms": 1, "more": "x".repeat(bytes) });
        json!({ "name": "workflow/completed", "data": data }).to_string() + "\n"
    };
    program.write(line(1000) + &line(512 * 1024) + &line(3 * 1024 * 1024) + &workflows(1));
    let summary = program.run();
    let too_big = |number| (number, vec!["data too_big".to_owned()]);
    assert_eq!(rejected(&summary), [too_big(2), too_big(3)], "{summary}");
    assert_eq!(counts(&summary, ["events", "accepted"]), [4, 2]);
}

#[test]
fn what_cannot_be_opened_is_an_error_that_names_it() {
    let program = Program::new();
    let missing = program.path("missing.jsonl");
    let output = workflow().arg(&missing).arg("--db").arg(program.path("events.db")).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && error.contains("missing.jsonl"), "{error}");

    program.write(workflows(1));
    std::fs::write(program.path("events.db"), "this is no database, but somebody's text").unwrap();
    let output = program.command().output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && error.contains("is not a SQLite database"), "{error}");
    assert_eq!(
        std::fs::read(program.path("events.db")).unwrap(),
        b"this is no database, but somebody's text"
    );
}

#[test]
fn a_wrong_option_shows_how_to_call_it() {
    let output = workflow().arg("--frobnicate").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("Usage:"));
}
