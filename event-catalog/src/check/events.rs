//! Events against their files.

use std::collections::BTreeSet;

use event_runtime::catalog::{Catalog, EventEntry, Position, Version};
use serde_json::Value;

use crate::compare::{Contract, Proved, Reader, Refusal, compare};
use crate::lock::{Lock, LockedContract, LockedEvent, key_of};
use crate::report::{Direction, Finding, Verdict};
use crate::rules::{self, Kind, Rule};

/// An event, and the locks that it is compared with.
pub(super) struct Judged<'c> {
    pub(super) entry: &'c EventEntry,
    pub(super) baseline: &'c Lock,
    pub(super) working: &'c Lock,
}

/// The types of this program as a reader.
struct Types<'c>(&'c EventEntry, u32);

impl Reader for Types<'_> {
    fn refusals(&self, payload: &Value) -> Vec<Refusal> {
        let Some(Err(issues)) = self.0.lift(self.1, &payload.to_string()) else { return Vec::new() };
        issues
            .iter()
            .map(|issue| Refusal { path: issue.path.clone(), message: issue.message.to_string() })
            .collect()
    }
}

impl Judged<'_> {
    pub(super) fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let locked = self.baseline.events.get(&self.entry.name);
        if locked.is_none() && !self.working.events.contains_key(&self.entry.name) {
            findings.push(match self.baseline.tombstones.get(&self.entry.name) {
                Some(stone) => self.finding(
                    &rules::EVENT_RETURNED,
                    Verdict::Unknown,
                    None,
                    format!("it was removed: {}", stone.reason),
                ),
                None => {
                    self.finding(&rules::EVENT_ADDED, Verdict::Stale, None, "the event is new".to_owned())
                }
            });
            return findings;
        }
        for version in &self.entry.versions {
            match locked.and_then(|versions| versions.get(&version.version)) {
                Some(former) => findings.extend(self.version(version, former)),
                None if !self
                    .working
                    .events
                    .get(&self.entry.name)
                    .is_some_and(|all| all.contains_key(&version.version)) =>
                {
                    let what = format!("version {} is new", version.version);
                    findings.push(self.finding(
                        &rules::VERSION_ADDED,
                        Verdict::Stale,
                        Some(version.version),
                        what,
                    ));
                }
                None => {}
            }
        }
        let known: BTreeSet<u32> = self.entry.versions.iter().map(|version| version.version).collect();
        for former in locked.into_iter().flat_map(|versions| versions.values()) {
            if !known.contains(&former.version) {
                let what = "payloads of this version cannot be read any more".to_owned();
                let mut finding =
                    self.finding(&rules::VERSION_REMOVED, Verdict::Breaking, Some(former.version), what);
                self.prove_by_example(&mut finding, former);
                findings.push(finding);
            }
        }
        self.acknowledge(&mut findings);
        let unwritten = self.unwritten();
        if findings.is_empty() {
            findings.extend(unwritten);
        }
        findings
    }

    /// Returns the changes that the lock files of the working tree lack.
    fn unwritten(&self) -> Vec<Finding> {
        let working = self.working.events.get(&self.entry.name);
        let stale = self.entry.versions.iter().filter_map(|version| {
            let Some(file) = working.and_then(|versions| versions.get(&version.version)) else {
                return Some((version, "has no file yet".to_owned()));
            };
            let contract = LockedContract::of(version);
            let is_told = file.contract() == Some(&contract) && file.key == key_of(self.entry, version);
            (!is_told).then(|| (version, changes(file.contract(), &contract)))
        });
        let stale = stale.map(|(version, what)| {
            let rule = if what.contains("is new") { &rules::FIELD_ADDED } else { &rules::SCHEMA_CHANGED };
            self.finding(rule, Verdict::Stale, Some(version.version), what)
        });
        stale.collect()
    }

    /// A version against the file that it had.
    fn version(&self, version: &Version, former: &LockedEvent) -> Vec<Finding> {
        let contract = LockedContract::of(version);
        let mut findings = Vec::new();
        if former.key != key_of(self.entry, version) {
            let what = format!("was {}, and is {}", key_text(&former.key), key_text(&self.entry.key));
            findings.push(self.finding(&rules::KEY_CHANGED, Verdict::Breaking, Some(version.version), what));
        }
        // What is the same now was compared with all before when it was accepted.
        if former.contract() == Some(&contract) {
            return findings;
        }
        let is_latest = self.entry.latest().is_some_and(|latest| latest.version == version.version);
        for past in &former.contracts {
            let reader = Types(self.entry, version.version);
            let found = compare(&past.written, &contract.read, &reader);
            self.add(found, Direction::Backward, version.version, &mut findings);
        }
        // A former version is not written any more.
        for past in former.contracts.iter().filter(|_| is_latest) {
            let found = compare(&contract.written, &past.read, &Contract::of(&past.read));
            self.add(found, Direction::Forward, version.version, &mut findings);
        }
        if findings.is_empty() {
            findings.extend(self.told(version.version, former, &contract));
        }
        findings
    }

    /// Returns the notes: changes that people should know, and that change nothing about which payloads are accepted.
    fn told(&self, version: u32, former: &LockedEvent, contract: &LockedContract) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (keyword, rule, what) in [
            ("x-normalize", &rules::NORMALIZE_CHANGED, "texts are made uniform in another way"),
            ("x-sensitive", &rules::SENSITIVE_CHANGED, "what is sensitive has changed"),
        ] {
            let of = |schema: &Value| collect(schema, keyword);
            if former.contract().is_some_and(|past| of(&past.read) != of(&contract.read)) {
                findings.push(self.finding(rule, Verdict::Stale, Some(version), what.to_owned()));
            }
        }
        findings
    }

    fn add(&self, found: Vec<Proved>, direction: Direction, version: u32, findings: &mut Vec<Finding>) {
        let reader_is_new = direction == Direction::Backward;
        for Proved { kind, path, what, proof } in found {
            let rule = kind.rule(reader_is_new);
            let is_told = |other: &Finding| {
                other.rule == rule && other.path == path && other.direction == Some(direction)
            };
            if findings.iter().any(is_told) {
                continue;
            }
            let verdict = if proof.is_some() { Verdict::Breaking } else { Verdict::Unknown };
            let mut finding =
                self.finding(rule, verdict, Some(version), sentence(kind, reader_is_new, &what));
            finding.path = path;
            finding.direction = Some(direction);
            if let Some((payload, refusal)) = proof {
                finding.payload = Some(payload);
                finding.issue = Some(issue(&refusal));
            }
            findings.push(finding);
        }
    }

    fn finding(&self, rule: &'static Rule, verdict: Verdict, version: Option<u32>, what: String) -> Finding {
        let EventEntry { name, position, owner, handled_by, .. } = self.entry;
        let functions = if verdict > Verdict::Stale { handled_by.clone() } else { Vec::new() };
        Finding {
            rule,
            verdict,
            subject: name.clone(),
            version,
            path: String::new(),
            what,
            position: *position,
            direction: None,
            payload: None,
            issue: None,
            functions,
            owner: owner.clone(),
            accepted: None,
        }
    }

    /// A payload of a version that is gone, and what is said of it.
    fn prove_by_example(&self, finding: &mut Finding, former: &LockedEvent) {
        finding.direction = Some(Direction::Backward);
        let Some(golden) = former.examples.first() else { return };
        if let Some(Err(issues)) = self.entry.lift(former.version, &golden.payload.to_string()) {
            finding.issue = issues.iter().next().map(ToString::to_string);
            finding.payload = Some(golden.payload.clone());
        }
    }

    /// Marks what was accepted with a reason, in the working tree, for the contract that the code has now.
    fn acknowledge(&self, findings: &mut [Finding]) {
        let Some(files) = self.working.events.get(&self.entry.name) else { return };
        for finding in findings.iter_mut().filter(|finding| finding.verdict > Verdict::Stale) {
            let contract = finding
                .version
                .and_then(|version| self.entry.version(version))
                .map(|version| LockedContract::of(version).hash());
            let file = finding
                .version
                .and_then(|version| files.get(&version))
                .or_else(|| files.values().next_back());
            let accepted = file.and_then(|file| {
                file.breaking.iter().find(|accepted| {
                    contract.as_ref().is_none_or(|contract| *contract == accepted.contract)
                        && accepted.findings.contains(&finding.name())
                })
            });
            finding.accepted = accepted.map(|accepted| accepted.reason.clone());
        }
    }
}

impl Finding {
    /// By which it is written down when it is accepted.
    pub(crate) fn name(&self) -> String {
        if self.path.is_empty() { self.rule.id.to_owned() } else { format!("{} {}", self.rule.id, self.path) }
    }
}

/// The events that are locked and not there any more.
pub(super) fn removed(catalog: &Catalog, baseline: &Lock, working: &Lock) -> Vec<Finding> {
    let names: BTreeSet<&String> = baseline.events.keys().chain(working.events.keys()).collect();
    let gone = names.into_iter().filter(|name| catalog.event(name).is_none());
    let finding = |name: &String| {
        if working.tombstones.contains_key(name) && baseline.tombstones.contains_key(name) {
            return None;
        }
        let versions = baseline.events.get(name).or_else(|| working.events.get(name))?;
        let former = versions.values().next_back()?;
        let renamed = catalog.events.iter().find(|event| {
            let contract = event.latest().map(LockedContract::of);
            contract.as_ref() == former.contract() && !baseline.events.contains_key(&event.name)
        });
        let what = match renamed {
            Some(event) => format!("is gone; `{}` has the same payload: was it renamed?", event.name),
            None => "is gone".to_owned(),
        };
        let handled = baseline.functions.values().filter(|function| function.triggers.contains(name));
        Some(Finding {
            rule: &rules::EVENT_REMOVED,
            verdict: Verdict::Breaking,
            subject: name.clone(),
            version: Some(former.version),
            path: String::new(),
            what,
            position: renamed.map_or_else(Position::default, |event| event.position),
            direction: Some(Direction::Backward),
            payload: former.examples.first().map(|golden| golden.payload.clone()),
            issue: Some(format!("name: no event of this application is named `{name}`")),
            functions: handled.map(|function| function.function.clone()).collect(),
            owner: former.about.owner.clone(),
            accepted: working.tombstones.get(name).map(|stone| stone.reason.clone()),
        })
    };
    gone.filter_map(finding).collect()
}

fn issue(refusal: &Refusal) -> String {
    if refusal.path.is_empty() {
        refusal.message.clone()
    } else {
        format!("{}: {}", refusal.path, refusal.message)
    }
}

fn key_text(key: &[String]) -> String {
    if key.is_empty() { "without a key".to_owned() } else { format!("`{}`", key.join("`, `")) }
}

/// Describes a difference, from the side that has changed.
fn sentence(kind: Kind, reader_is_new: bool, what: &str) -> String {
    match (kind, reader_is_new) {
        (Kind::Required, false) => format!("{what} in what is written now, as former code sees it"),
        (Kind::Renamed | Kind::Custom | Kind::Other, _) | (_, true) => what.to_owned(),
        (_, false) => format!("for former code it {what}"),
    }
}

/// Summarises the changes between two compatible contracts.
fn changes(past: Option<&LockedContract>, now: &LockedContract) -> String {
    let names = |contract: &LockedContract| -> BTreeSet<String> {
        let properties = contract.written.get("properties").and_then(Value::as_object);
        properties.into_iter().flat_map(|properties| properties.keys().cloned()).collect()
    };
    let (past, now) = (past.map(names).unwrap_or_default(), names(now));
    let list = |names: Vec<&String>| {
        names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    };
    let (new, gone) = (list(now.difference(&past).collect()), list(past.difference(&now).collect()));
    match (new.is_empty(), gone.is_empty()) {
        (false, true) => format!("{new} is new, and breaks nothing"),
        (true, false) => format!("{gone} is gone, and breaks nothing"),
        (false, false) => format!("{new} is new and {gone} is gone, which breaks nothing"),
        (true, true) => "the contract has changed, and breaks nothing".to_owned(),
    }
}

/// Where a keyword stands, and its values.
fn collect(schema: &Value, keyword: &str) -> Vec<(String, String)> {
    fn walk(at: &Value, path: &str, keyword: &str, found: &mut Vec<(String, String)>) {
        if let Some(members) = at.as_object() {
            for (name, value) in members {
                if name == keyword {
                    found.push((path.to_owned(), value.to_string()));
                }
                walk(value, &format!("{path}/{name}"), keyword, found);
            }
        }
        for (index, element) in at.as_array().into_iter().flatten().enumerate() {
            walk(element, &format!("{path}/{index}"), keyword, found);
        }
    }
    let mut found = Vec::new();
    walk(schema, "", keyword, &mut found);
    found
}
