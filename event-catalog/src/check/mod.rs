//! Code against the lock: same, stale, breaking, or not known.

mod events;
mod functions;
mod goldens;

use event_runtime::catalog::Catalog;

use self::events::Judged;
pub(crate) use self::functions::{REMOVED, same};
use crate::lock::{Baseline, Lock};
use crate::report::{Finding, Report};

/// Compares code with the baseline, and finds what the files in the working tree do not say yet.
pub(crate) fn check(catalog: &Catalog, baseline: &Baseline, working: &Lock) -> Report {
    let mut findings: Vec<Finding> = Vec::new();
    for event in &catalog.events {
        let subject = Judged { entry: event, baseline: &baseline.lock, working };
        findings.extend(subject.findings());
        findings.extend(goldens::findings(event, working));
    }
    findings.extend(events::removed(catalog, &baseline.lock, working));
    findings.extend(functions::findings(catalog, &baseline.lock, working));
    let mut report = Report {
        application: catalog.application.clone(),
        baseline: baseline.name.clone(),
        note: baseline.note.clone(),
        findings,
    };
    report.sort();
    report
}

/// Compares two catalogues, such as those of two branches: what the second one breaks for whoever has the first.
#[must_use]
pub fn compare(before: &Catalog, after: &Catalog) -> Report {
    let lock = Lock::of_catalog(before);
    let baseline = Baseline { lock: lock.clone(), name: "the former catalogue".to_owned(), note: None };
    check(after, &baseline, &lock)
}
