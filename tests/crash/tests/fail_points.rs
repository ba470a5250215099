//! Every place at which the engine can fail, each of its first three hits, once with an error and once with the death of
//! the process: what was acknowledged is there, and the next process brings everything to its end.

mod process;

use std::sync::Mutex;

use crate::process::{Output, Process, run};

/// Places in the opening of a database, and how often each is come to when there is none yet.
const OPENING: [(&str, u32); 7] = [
    ("open-configured", 1),
    ("open-folded", 1),
    ("migrate-tables", 1),
    ("migrate-before-commit", 1),
    ("migrate-after-commit", 1),
    ("open-function", 3),
    ("open-loaded", 1),
];

/// Places in the work of an engine.
const WORKING: [&str; 12] = [
    "event-stored",
    "run-stored",
    "report-before",
    "result-stored",
    "pending-stored",
    "end-stored",
    "timer-fired",
    "inputs-handled",
    "commit-before",
    "commit-after",
    "replies-after",
    "recovered",
];

/// How it fails.
const MODES: [&str; 2] = ["kill", "error"];

/// Fails at a place, in a process with these orders in this round.
fn fail(process: &Process, place: &str, hit: u32, mode: &str, round: u64, prune: bool) -> Output {
    let mut command = process.command(round);
    command.env("FAIL_POINT", format!("{place}:{hit}:{mode}")).env("ORDERS", "3");
    if prune {
        command.env("PRUNE", "1");
    }
    let (output, status) = run(command);
    let what = format!("{place}:{hit}:{mode}: {output:?} {status}");
    assert!(output.has_failed, "the place was not come to: {what}");
    if mode == "kill" {
        assert_eq!(status.code(), None, "{what}");
        return output;
    }
    let names_the_place = |message: &String| message.contains(&format!("the fail point `{place}`"));
    if output.has_started {
        // Nobody waits for an answer, and what is told is the cause, or, after that, that the engine is closed.
        assert_eq!((output.last.as_str(), status.code()), ("closed", Some(0)), "{what}");
        let is_told = |message: &String| names_the_place(message) || message.contains("closed");
        assert!(output.refused.iter().all(is_told), "{what}");
    } else {
        assert_eq!(status.code(), Some(3), "{what}");
        assert!(output.errors.iter().any(names_the_place), "{what}");
    }
    output
}

/// The next process brings everything to its end; nothing is missing.
fn recover(process: &Process, acknowledged: &[String], what: &str) {
    let recorded = process.recorded();
    let before = process.effects().len();
    let output = process.drain();
    assert!(output.errors.is_empty(), "{what}: {output:?}");
    for effect in &process.effects()[before..] {
        assert!(!recorded.contains(effect), "{what}: {effect:?} was recorded, and ran again");
    }
    let contents = process.contents();
    assert_eq!(contents.problems_at_the_end(), [""; 0], "{what}");
    assert_eq!(contents.missing(acknowledged), [""; 0], "{what}");
}

/// Does all of this, in two lanes.
fn each<T: Send>(cases: impl IntoIterator<Item = T>, test: impl Fn(T) + Sync) {
    let cases = Mutex::new(cases.into_iter().collect::<Vec<T>>());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let Some(case) = cases.lock().unwrap().pop() else { return };
                    test(case);
                }
            });
        }
    });
}

#[test]
fn in_the_opening_of_a_new_database() {
    let hits = OPENING.iter().flat_map(|(place, hits)| (1..=*hits).map(move |hit| (*place, hit)));
    each(hits.flat_map(|(place, hit)| MODES.map(|mode| (place, hit, mode))), |(place, hit, mode)| {
        let process = Process::new();
        let output = fail(&process, place, hit, mode, 0, false);
        assert_eq!(output.acknowledged, [""; 0], "{place}:{hit}:{mode}");
        recover(&process, &[], &format!("{place}:{hit}:{mode}"));
    });
}

#[test]
fn in_the_work_of_an_engine() {
    let hits = WORKING.iter().flat_map(|place| (1..=3).map(move |hit| (*place, hit)));
    each(hits.flat_map(|(place, hit)| MODES.map(|mode| (place, hit, mode))), |(place, hit, mode)| {
        let process = Process::new();
        let mut acknowledged = Vec::new();
        if place == "recovered" {
            // There must be something to recover: three runs that a process has died in.
            acknowledged = fail(&process, "replies-after", 8, "kill", 0, false).acknowledged;
        }
        acknowledged.extend(fail(&process, place, hit, mode, 1, false).acknowledged);
        recover(&process, &acknowledged, &format!("{place}:{hit}:{mode}"));
    });
}

#[test]
fn while_history_is_pruned() {
    each((1..=3).flat_map(|hit| MODES.map(|mode| (hit, mode))), |(hit, mode)| {
        let process = Process::new();
        let mut command = process.command(0);
        command.env("ORDERS", "3");
        let (first, status) = run(command);
        assert!(status.success() && first.last == "done", "{first:?}");
        let before = process.contents().runs.len();
        let output = fail(&process, "prune-run", hit, mode, 1, true);
        let contents = process.contents();
        assert_eq!(contents.runs.len(), before, "a pruning is done or not done");
        assert_eq!(contents.problems(), [""; 0]);
        assert_eq!(contents.missing(&output.acknowledged), [""; 0]);
        recover(&process, &output.acknowledged, &format!("prune-run:{hit}:{mode}"));
    });
}
