//! The report for programs.

use event_runtime::catalog::canonical;
use serde_json::{Value, json};

use super::{Finding, Report};

pub(crate) fn json(report: &Report) -> String {
    canonical(&json!({
        "application": report.application,
        "baseline": report.baseline,
        "note": report.note,
        "verdict": report.verdict().as_str(),
        "findings": report.findings.iter().map(finding).collect::<Vec<Value>>(),
    }))
}

fn finding(finding: &Finding) -> Value {
    json!({
        "rule": finding.rule.id,
        "verdict": finding.verdict.as_str(),
        "subject": finding.subject,
        "version": finding.version,
        "path": finding.path,
        "what": finding.what,
        "file": finding.position.file,
        "line": finding.position.line,
        "direction": finding.direction.map(super::Direction::as_str),
        "payload": finding.payload,
        "issue": finding.issue,
        "functions": finding.functions,
        "owner": finding.owner,
        "accepted": finding.accepted,
        "what_to_do": finding.rule.what_to_do,
    })
}
