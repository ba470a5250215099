//! Killed at any time, it goes on where it was: nothing accepted is lost, nothing recorded is repeated.

use std::collections::{HashMap, HashSet};

use crate::process::{Effect, Program, counts, workflows};

const WORKFLOWS: usize = 200;

/// Of each workflow: the run of its steps, two notifications and the report.
const STEPS: usize = 5;

#[test]
fn a_kill_repeats_no_recorded_step() {
    for effects in [1, 150, 600] {
        let program = Program::new();
        program.write(workflows(WORKFLOWS));
        program.kill_after(effects);
        let (before, recorded) = (program.effects().len(), program.recorded());

        let summary = program.run();
        let repeated: Vec<Effect> = program
            .effects()
            .split_off(before)
            .into_iter()
            .filter(|effect| recorded.contains(effect))
            .collect();
        assert!(repeated.is_empty(), "recorded before the kill, and executed again after it: {repeated:?}");
        assert_all_done(&program, &summary);
    }
}

#[test]
fn many_kills_in_a_row_lose_nothing() {
    let program = Program::new();
    program.write(workflows(WORKFLOWS));
    let mut recorded = HashSet::new();
    for kill in 1..=8 {
        let before = program.effects().len();
        program.kill_after(kill * 100);
        let after = program.effects().split_off(before);
        let repeated: Vec<&Effect> = after.iter().filter(|effect| recorded.contains(*effect)).collect();
        assert!(repeated.is_empty(), "after kill {kill}: {repeated:?}");
        recorded = program.recorded();
    }
    let summary = program.run();
    assert_all_done(&program, &summary);
}

/// Every run has ended as it should, and each step was executed.
fn assert_all_done(program: &Program, summary: &serde_json::Value) {
    assert_eq!(program.failures(), [""; 0]);
    let count = u64::try_from(WORKFLOWS).unwrap();
    let totals = counts(summary, ["events", "runs", "completed", "failed", "steps_recorded"]);
    assert_eq!(totals, [count, 3 * count, 3 * count, 0, 5 * count], "{summary}");
    assert_eq!(summary["accepted"].as_u64().unwrap() + summary["duplicates"].as_u64().unwrap(), count);
    let mut times = HashMap::<Effect, usize>::new();
    program.effects().into_iter().for_each(|effect| *times.entry(effect).or_default() += 1);
    assert_eq!(times.len(), STEPS * WORKFLOWS);
    let flaky = times.iter().filter(|(effect, _)| effect.ends_with(" step-flaky-second"));
    assert!(flaky.into_iter().all(|(_, times)| *times >= 2), "a flaky step fails once");
}
