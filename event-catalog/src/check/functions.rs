//! Functions against their files.

use event_runtime::catalog::{Catalog, FunctionEntry, Position};

use crate::lock::{Lock, LockedFunction};
use crate::report::{Finding, Verdict};
use crate::rules::{self, Rule};

/// Returns the findings about functions.
pub(super) fn findings(catalog: &Catalog, baseline: &Lock, working: &Lock) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for function in &catalog.functions {
        let former = baseline.functions.get(&function.id);
        let renamed = function.was.iter().find_map(|id| baseline.functions.get(id));
        let found = match former.or(renamed) {
            Some(former) => changes(function, former, working),
            None => vec![finding(
                &rules::FUNCTION_ADDED,
                Verdict::Stale,
                function,
                "the function is new".to_owned(),
            )],
        };
        // What the working tree says already is not stale.
        let is_written = working.functions.get(&function.id).is_some_and(|file| same(file, function));
        findings.extend(found.into_iter().filter(|finding| finding.verdict > Verdict::Stale || !is_written));
    }
    findings.extend(removed(catalog, baseline, working));
    findings
}

/// Whether a file says what the code says.
pub(crate) fn same(file: &LockedFunction, function: &FunctionEntry) -> bool {
    let now = LockedFunction { breaking: file.breaking.clone(), ..LockedFunction::of(function) };
    now.sealed() == *file
}

fn changes(function: &FunctionEntry, former: &LockedFunction, working: &Lock) -> Vec<Finding> {
    let mut findings = Vec::new();
    if former.function != function.id {
        let what = format!("was `{}`", former.function);
        findings.push(finding(&rules::FUNCTION_RENAMED, Verdict::Stale, function, what));
    }
    for trigger in former.triggers.iter().filter(|trigger| !function.triggers.contains(trigger)) {
        let what = format!("`{trigger}` no longer starts it");
        let mut found = finding(&rules::TRIGGER_REMOVED, Verdict::Breaking, function, what);
        found.path.clone_from(trigger);
        let name = found.name();
        let file = working.functions.get(&function.id);
        let accepted =
            file.and_then(|file| file.breaking.iter().find(|accepted| accepted.findings.contains(&name)));
        found.accepted = accepted.map(|accepted| accepted.reason.clone());
        findings.push(found);
    }
    for trigger in function.triggers.iter().filter(|trigger| !former.triggers.contains(trigger)) {
        let what = format!("`{trigger}` starts it as well");
        findings.push(finding(&rules::TRIGGER_ADDED, Verdict::Stale, function, what));
    }
    let now = LockedFunction::of(function);
    let names = former.options.keys().chain(now.options.keys());
    let mut changed: Vec<&str> = names
        .filter(|name| former.options.get(*name) != now.options.get(*name))
        .map(String::as_str)
        .collect();
    changed.extend((former.crons != now.crons).then_some("cron"));
    changed.extend((former.sends != now.sends).then_some("emits"));
    changed.sort_unstable();
    changed.dedup();
    if !changed.is_empty() {
        let what = format!("{} changed", changed.join(", "));
        findings.push(finding(&rules::FUNCTION_CHANGED, Verdict::Stale, function, what));
    }
    findings
}

fn removed(catalog: &Catalog, baseline: &Lock, working: &Lock) -> Vec<Finding> {
    let is_known = |id: &str| {
        catalog.functions.iter().any(|function| function.id == id || function.was.iter().any(|was| was == id))
    };
    let gone = baseline.functions.values().filter(|former| !is_known(&former.function));
    let gone = gone.map(|former| {
        // Accepted with a reason, its file is there no longer, and the reason is where the file was.
        let accepted = working.functions.get(&former.function).and_then(|file| file.breaking.last());
        Finding {
            rule: &rules::FUNCTION_REMOVED,
            verdict: Verdict::Breaking,
            subject: format!("functions/{}", former.function),
            version: None,
            path: String::new(),
            what: format!("is gone; it was started by {}", list(&former.triggers)),
            position: Position::default(),
            direction: None,
            payload: None,
            issue: None,
            functions: vec![former.function.clone()],
            owner: None,
            accepted: accepted.map(|accepted| accepted.reason.clone()),
        }
    });
    // Once that is on the main branch, it is history.
    gone.filter(|finding| {
        let id = finding.subject.trim_start_matches("functions/");
        baseline
            .functions
            .get(id)
            .is_none_or(|file| file.breaking.iter().all(|accepted| accepted.contract != REMOVED))
    })
    .collect()
}

/// Stands for the contract of a function that is gone.
pub(crate) const REMOVED: &str = "removed";

fn list(triggers: &[String]) -> String {
    if triggers.is_empty() { "times".to_owned() } else { triggers.join(", ") }
}

fn finding(rule: &'static Rule, verdict: Verdict, function: &FunctionEntry, what: String) -> Finding {
    Finding {
        rule,
        verdict,
        subject: format!("functions/{}", function.id),
        version: None,
        path: String::new(),
        what,
        position: function.position,
        direction: None,
        payload: None,
        issue: None,
        functions: if verdict > Verdict::Stale { vec![function.id.clone()] } else { Vec::new() },
        owner: None,
        accepted: None,
    }
}
