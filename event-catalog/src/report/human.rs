//! The report for people, in the form of a compiler's.

use super::{Finding, Report, Verdict};

pub(crate) fn human(report: &Report) -> String {
    let mut text = String::new();
    for finding in &report.findings {
        text.push_str(&one(finding));
        text.push('\n');
    }
    text.push_str(&summary(report));
    text
}

fn one(finding: &Finding) -> String {
    let level = match (&finding.accepted, finding.verdict) {
        (Some(_), _) => "accepted",
        (None, verdict) => verdict.as_str(),
    };
    let version = finding.version.map(|version| format!(" version {version}")).unwrap_or_default();
    let path = if finding.path.is_empty() { String::new() } else { format!(", `{}`", finding.path) };
    let mut lines =
        vec![format!("{level}[{}]: `{}`{version}{path}: {}", finding.rule.id, finding.subject, finding.what)];
    if !finding.position.file.is_empty() {
        lines.push(format!("  --> {}:{}", finding.position.file, finding.position.line));
    }
    let mut row = |name: &str, value: &str| lines.push(format!("   | {name:<10} {value}"));
    if let Some(direction) = finding.direction {
        row("direction", direction.as_str());
    }
    if let Some(payload) = &finding.payload {
        row("payload", &payload.to_string());
    }
    if let Some(issue) = &finding.issue {
        row("fails", issue);
    }
    if finding.verdict == Verdict::Unknown {
        row("unknown", "no payload was found that fails, and none can be ruled out");
    }
    if !finding.functions.is_empty() {
        row("breaks", &finding.functions.join(", "));
    }
    if let Some(owner) = &finding.owner {
        row("owner", owner);
    }
    match &finding.accepted {
        Some(reason) => row("accepted", reason),
        None if finding.verdict > Verdict::Stale => {
            lines.push(format!("   = to do: {}", finding.rule.what_to_do));
            lines.push(format!("   = more: `events explain {}`", finding.rule.id));
        }
        None => {}
    }
    lines.join("\n") + "\n"
}

fn summary(report: &Report) -> String {
    let count = |verdict: Verdict| {
        report
            .findings
            .iter()
            .filter(|finding| finding.verdict == verdict && finding.accepted.is_none())
            .count()
    };
    let note =
        report.note.as_ref().map(|note| format!("note: compared with {}, since {note}\n", report.baseline));
    let (breaking, unknown, stale) =
        (count(Verdict::Breaking), count(Verdict::Unknown), count(Verdict::Stale));
    let verdict = match report.verdict() {
        Verdict::Same => "same: the lock says what the code says".to_owned(),
        Verdict::Stale => {
            format!("stale: {stale} change(s) that break nothing. Write them down: `events accept`")
        }
        _ => format!(
            "breaking: {breaking} change(s) break something, of {unknown} it is not known, {stale} break nothing. Mend them, or accept \
             one with its reason: `events accept --breaking {} --reason \"..\"`",
            worst(report)
        ),
    };
    format!("{}{verdict} (compared with {})\n", note.unwrap_or_default(), report.baseline)
}

fn worst(report: &Report) -> &str {
    let first = report.findings.iter().find(|finding| finding.accepted.is_none());
    first.map_or("EVENT", |finding| finding.subject.as_str())
}
