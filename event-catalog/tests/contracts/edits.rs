//! Edits of events in both directions: what is called breaking really fails, and what is called compatible does not.

use std::sync::LazyLock;

use event_catalog::{Direction, Finding, Report, Verdict, compare};
use event_runtime::catalog::Catalog;

use crate::table::EDITS;
use crate::{AFTER, BEFORE};

static THERE: LazyLock<Report> = LazyLock::new(|| compare(&BEFORE, &AFTER));

/// `RULE path`, with a question mark where it is not known.
fn told(finding: &Finding) -> String {
    let mark = if finding.verdict == Verdict::Unknown { "?" } else { "" };
    // Keys of maps are samples.
    let path = match finding.path.split_once("[\"") {
        Some((before, _)) => format!("{before}[..]"),
        None => finding.path.clone(),
    };
    format!("{mark}{} {path}", finding.rule.id)
}

fn is_as_expected(expected: &str, found: &[String]) -> bool {
    match expected.strip_prefix('?') {
        _ if expected.is_empty() => found.is_empty(),
        Some(rest) if rest.starts_with("ANY ") => {
            let path = rest.trim_start_matches("ANY ");
            !found.is_empty()
                && found.iter().all(|one| one.split(' ').nth(1).is_some_and(|found| found.starts_with(path)))
        }
        _ => found == [expected],
    }
}

#[test]
fn every_edit_is_judged() {
    let report = &*THERE;
    let mut wrong = Vec::new();
    for (event, backward, forward) in EDITS {
        let of = |direction: Direction| -> Vec<String> {
            let findings = report.findings.iter().filter(|finding| finding.subject == *event);
            let findings = findings
                .filter(|finding| finding.verdict > Verdict::Stale && finding.direction == Some(direction));
            findings.map(told).collect()
        };
        for (name, expected, found) in
            [("backward", backward, of(Direction::Backward)), ("forward", forward, of(Direction::Forward))]
        {
            if !is_as_expected(expected, &found) {
                wrong.push(format!("{event} {name}: expected {expected:?}, found {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), EDITS.len(), wrong.join("\n"));
}

#[test]
fn what_breaks_really_fails_and_did_not_before() {
    let report = &*THERE;
    let mut shown = 0;
    for finding in report.findings.iter().filter(|finding| finding.verdict == Verdict::Breaking) {
        let payload =
            finding.payload.as_ref().unwrap_or_else(|| panic!("no payload: {finding:?}")).to_string();
        let read = |catalog: &Catalog| catalog.event(&finding.subject).unwrap().lift(1, &payload).unwrap();
        let (writer, reader) = match finding.direction {
            Some(Direction::Backward) => (&*BEFORE, &*AFTER),
            _ => (&*AFTER, &*BEFORE),
        };
        assert!(read(writer).is_ok(), "{payload} was never valid: {finding:?}");
        assert!(read(reader).is_err(), "{payload} is read: {finding:?}");
        shown += 1;
    }
    assert!(shown > 40, "{shown}");
}

#[test]
fn what_is_compatible_reads_the_examples_of_the_other_side() {
    for (event, backward, forward) in EDITS {
        for (expected, writer, reader) in [(backward, &*BEFORE, &*AFTER), (forward, &*AFTER, &*BEFORE)] {
            let (writer, reader) = (writer.event(event).unwrap(), reader.event(event).unwrap());
            for example in &writer.latest().unwrap().examples {
                let written = writer.lift(1, &example.to_string()).unwrap().unwrap();
                if expected.is_empty() {
                    let read = reader.lift(1, &written).unwrap();
                    assert!(read.is_ok(), "{event}: {written} is refused: {read:?}");
                }
            }
        }
    }
}

#[test]
fn the_other_way_round_the_directions_are_swapped() {
    let (there, back) = (&*THERE, &compare(&AFTER, &BEFORE));
    for (event, ..) in EDITS {
        let places = |report: &Report, direction: Direction| {
            let findings = report.findings.iter().filter(|finding| {
                finding.verdict > Verdict::Stale
                    && finding.subject == *event
                    && finding.direction == Some(direction)
            });
            let mut paths: Vec<String> = findings.map(|finding| finding.path.clone()).collect();
            paths.sort();
            paths.dedup();
            paths
        };
        assert_eq!(places(there, Direction::Backward), places(back, Direction::Forward), "{event}");
        assert_eq!(places(there, Direction::Forward), places(back, Direction::Backward), "{event}");
    }
}
