//! Writing down what the code says.

use std::collections::BTreeMap;
use std::path::Path;

use event_runtime::catalog::{Catalog, EventEntry, Version};

use crate::check::{self, REMOVED, same};
use crate::error::Error;
use crate::lock::{
    About, Accepted, Baseline, Change, FORMAT, Lock, LockedContract, LockedEvent, LockedFunction, Tombstone,
    event_folder, golden, key_of, write_all,
};
use crate::report::{Report, Verdict};

/// The breaking changes to accept.
#[derive(Debug, Clone, Default)]
pub(crate) struct Breaking {
    /// Events, or functions as `functions/<id>`.
    pub(crate) subjects: Vec<String>,
    pub(crate) reason: String,
}

/// The outcome of accepting.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The files that were written, or removed.
    Written(Vec<Change>),
    /// Something breaks: nothing was written.
    Refused(Report),
}

/// Writes the files; nothing is written when something breaks that is not accepted by name.
pub(crate) fn accept(
    catalog: &Catalog,
    folder: &Path,
    baseline: &Baseline,
    working: &Lock,
    breaking: &Breaking,
) -> Result<Outcome, Error> {
    let mut report = check::check(catalog, baseline, working);
    // A baseline that is older than what is written down here: both must hold.
    report.findings.extend(against_working(catalog, working, &report));
    report.sort();
    let is_broken = |subject: &str| {
        report.findings.iter().any(|finding| finding.verdict > Verdict::Stale && finding.subject == subject)
    };
    if let Some(subject) = breaking.subjects.iter().find(|subject| !is_broken(subject)) {
        return Err(Error::new(format!(
            "`--breaking {subject}`: nothing breaks there. Name an event, such as `order/placed`, or a function, `functions/<id>`, as the report does"
        )));
    }
    let is_open = |finding: &&crate::report::Finding| {
        finding.verdict > Verdict::Stale
            && finding.accepted.is_none()
            && !breaking.subjects.contains(&finding.subject)
    };
    if report.findings.iter().any(|finding| is_open(&finding)) {
        report.findings.retain(|finding| is_open(&finding));
        return Ok(Outcome::Refused(report));
    }
    let changes = changes(catalog, working, &report, breaking)?;
    write_all(folder, &changes)?;
    Ok(Outcome::Written(changes))
}

/// Returns the findings that break the lock of the working tree alone.
fn against_working(catalog: &Catalog, working: &Lock, report: &Report) -> Vec<crate::report::Finding> {
    let here = Baseline { lock: working.clone(), name: report.baseline.clone(), note: None };
    let found = check::check(catalog, &here, working).findings.into_iter();
    let is_new = |finding: &crate::report::Finding| {
        let same = |other: &crate::report::Finding| {
            (&other.subject, other.name()) == (&finding.subject, finding.name())
        };
        finding.verdict > Verdict::Stale && !report.findings.iter().any(same)
    };
    found.filter(is_new).collect()
}

fn changes(
    catalog: &Catalog,
    working: &Lock,
    report: &Report,
    breaking: &Breaking,
) -> Result<Vec<Change>, Error> {
    let mut changes = Vec::new();
    for event in &catalog.events {
        let files = working.events.get(&event.name);
        for version in &event.versions {
            let former = files.and_then(|files| files.get(&version.version));
            let file = updated(event, version, former, report, breaking);
            if former != Some(&file) {
                changes.push(Change::write(
                    format!("{}/{}.json", event_folder(&event.name), version.version),
                    &file,
                )?);
            }
        }
        if working.tombstones.contains_key(&event.name) {
            changes.push(Change::Remove(format!("{}/removed.json", event_folder(&event.name))));
        }
        for gone in
            files.into_iter().flat_map(BTreeMap::keys).filter(|version| event.version(**version).is_none())
        {
            changes.push(Change::Remove(format!("{}/{gone}.json", event_folder(&event.name))));
        }
    }
    for name in working.events.keys().filter(|name| catalog.event(name).is_none()) {
        if !working.tombstones.contains_key(name) {
            let stone = Tombstone { format: FORMAT, removed: name.clone(), reason: breaking.reason.clone() };
            changes.push(Change::write(format!("{}/removed.json", event_folder(name)), &stone)?);
        }
    }
    functions(catalog, working, report, breaking, &mut changes)?;
    Ok(changes)
}

/// The file of a version as it should be.
fn updated(
    event: &EventEntry,
    version: &Version,
    former: Option<&LockedEvent>,
    report: &Report,
    breaking: &Breaking,
) -> LockedEvent {
    let fresh = LockedEvent::of(event, version);
    let Some(former) = former else { return fresh };
    let contract = LockedContract::of(version);
    let mut file =
        LockedEvent { about: About::of(event, version), key: key_of(event, version), ..former.clone() };
    let accepted = accepted(&event.name, Some(version.version), report, breaking, &contract.hash());
    let is_broken = accepted.is_some();
    file.breaking.extend(accepted);
    if is_broken {
        // What came before cannot be read any more: that is what was accepted.
        file.contracts = vec![contract];
        file.examples = fresh.examples;
    } else if file.contract() != Some(&contract) {
        file.contracts.push(contract);
        for example in fresh.examples {
            if file.examples.iter().all(|other| other.payload != example.payload) {
                file.examples.push(example);
            }
        }
    }
    for example in &mut file.examples {
        if let Some(now) = golden(event, version.version, &example.payload) {
            *example = now;
        }
    }
    file.sealed()
}

/// The records of accepted breaking changes.
fn accepted(
    subject: &str,
    version: Option<u32>,
    report: &Report,
    breaking: &Breaking,
    contract: &str,
) -> Option<Accepted> {
    if !breaking.subjects.iter().any(|one| one == subject) {
        return None;
    }
    let of_this = report.findings.iter().filter(|finding| {
        finding.verdict > Verdict::Stale
            && finding.subject == subject
            && finding.version == version
            && finding.accepted.is_none()
    });
    let mut findings: Vec<String> = of_this.map(crate::report::Finding::name).collect();
    findings.sort();
    findings.dedup();
    (!findings.is_empty()).then(|| Accepted {
        reason: breaking.reason.clone(),
        findings,
        contract: contract.to_owned(),
    })
}

fn functions(
    catalog: &Catalog,
    working: &Lock,
    report: &Report,
    breaking: &Breaking,
    changes: &mut Vec<Change>,
) -> Result<(), Error> {
    for function in &catalog.functions {
        let former = working.functions.get(&function.id);
        let accepted = accepted(&format!("functions/{}", function.id), None, report, breaking, "");
        if former.is_some_and(|file| same(file, function)) && accepted.is_none() {
            continue;
        }
        let mut file = LockedFunction::of(function);
        file.breaking = former.map(|former| former.breaking.clone()).unwrap_or_default();
        file.breaking.extend(accepted);
        changes.push(Change::write(format!("functions/{}.json", function.id), &file.sealed())?);
    }
    for (id, file) in working.functions.iter().filter(|(id, _)| catalog.function(id).is_none()) {
        let path = format!("functions/{id}.json");
        let is_renamed = catalog.functions.iter().any(|function| function.was.contains(id));
        match accepted(&format!("functions/{id}"), None, report, breaking, REMOVED) {
            Some(accepted) if !is_renamed => {
                let mut file = file.clone();
                file.breaking.push(accepted);
                changes.push(Change::write(path, &file.sealed())?);
            }
            _ if is_renamed => changes.push(Change::Remove(path)),
            _ => {}
        }
    }
    Ok(())
}
