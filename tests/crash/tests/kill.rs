//! A real process, killed (`SIGKILL`) a thousand times, at random moments: nothing that was acknowledged is lost, and nothing
//! that was recorded is done again.
//!
//! `KILL_ROUNDS` sets how often, `KILL_SEED` with which seed it begins.

mod process;

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use event_crash::random::{Random, setting};

use crate::process::Process;

/// How often the processes of one database are killed.
const OF_ONE: u64 = 24;

/// So many kills in a row; then a process works in peace. A run that was taken up ten times in vain would be held to be the
/// cause, and fail.
const IN_A_ROW: u64 = 8;

/// What has happened.
#[derive(Debug, Default)]
struct Tally {
    kills: u64,
    /// Kills before the engine had started.
    early: u64,
    acknowledged: usize,
    effects: usize,
    runs: usize,
    problems: Vec<String>,
}

#[test]
fn a_thousand_kills_lose_nothing_and_repeat_nothing() {
    let begun = Instant::now();
    let (rounds, seed) = (setting("KILL_ROUNDS", 1_000), setting("KILL_SEED", 1));
    let next = Mutex::new(0..rounds.div_ceil(OF_ONE));
    let tally = Mutex::new(Tally::default());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let Some(database) = next.lock().unwrap().next() else { return };
                    let found = kill_often(seed + database);
                    let mut tally = tally.lock().unwrap();
                    tally.kills += found.kills;
                    tally.early += found.early;
                    tally.acknowledged += found.acknowledged;
                    tally.effects += found.effects;
                    tally.runs += found.runs;
                    let seeded = |problem| format!("seed {}: {problem}", seed + database);
                    tally.problems.extend(found.problems.into_iter().map(seeded));
                }
            });
        }
    });
    let tally = tally.into_inner().unwrap();
    let Tally { kills, early, acknowledged, effects, runs, ref problems } = tally;
    println!(
        "{kills} kills, {early} of them before the engine had started; {acknowledged} acknowledgements, {effects} bodies, \
         {runs} runs; {} problems; {:?}",
        problems.len(),
        begun.elapsed()
    );
    assert!(
        tally.problems.is_empty(),
        "{} problems: {:#?}",
        tally.problems.len(),
        tally.problems.iter().take(9).collect::<Vec<_>>()
    );
    assert!(tally.kills >= rounds && tally.acknowledged > 0 && tally.early < tally.kills, "{kills} kills");
}

/// Kills the processes of one database, then lets one end in peace.
fn kill_often(seed: u64) -> Tally {
    let process = Process::new();
    let mut random = Random::new(seed);
    let mut tally = Tally::default();
    let mut acknowledged = Vec::new();
    let mut recorded = HashSet::new();
    let mut effects = 0;
    let mut judge = |process: &Process, recorded: &HashSet<(String, String)>| {
        let all = process.effects();
        let problems = repeated(&all[effects..], recorded);
        effects = all.len();
        problems
    };
    for round in 0..OF_ONE {
        let delay = Duration::from_micros(1_000 + random.below(49_000));
        let output = process.kill(round, delay, random.once_in(2));
        tally.kills += 1;
        tally.early += u64::from(!output.has_started);
        acknowledged.extend(output.acknowledged);
        tally.problems.extend(output.errors);
        tally.problems.extend(judge(&process, &recorded));
        recorded = process.recorded();
        if (round + 1) % IN_A_ROW == 0 {
            tally.problems.extend(process.drain().errors);
            tally.problems.extend(judge(&process, &recorded));
            recorded = process.recorded();
        }
    }
    let contents = process.contents();
    tally.problems.extend(contents.problems_at_the_end());
    let missing = contents.missing(&acknowledged);
    tally.problems.extend(missing.iter().map(|id| format!("the event {id} was acknowledged, and is lost")));
    tally.acknowledged = acknowledged.len();
    tally.effects = effects;
    tally.runs = contents.runs.len();
    tally
}

/// Bodies that ran though their result was recorded before the process began, or ran twice in one process.
fn repeated(effects: &[(String, String)], recorded: &HashSet<(String, String)>) -> Vec<String> {
    let mut problems = Vec::new();
    let mut times = HashMap::new();
    for effect in effects {
        let (run, step) = effect;
        if recorded.contains(effect) {
            problems.push(format!("{step} of {run} was recorded, and ran again"));
        }
        let times: &mut u32 = times.entry(effect).or_default();
        *times += 1;
        // One step fails at its first attempt.
        if *times > if step == "unsteady" { 2 } else { 1 } {
            problems.push(format!("{step} of {run} ran {times} times in one process"));
        }
    }
    problems
}
