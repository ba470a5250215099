//! The report as annotations of GitHub Actions, beside the lines of a pull request.

use super::{Report, Verdict};

pub(crate) fn github(report: &Report) -> String {
    let mut text = String::new();
    for finding in &report.findings {
        let level = match (finding.verdict, &finding.accepted) {
            (_, Some(_)) | (Verdict::Same | Verdict::Stale, _) => "notice",
            (Verdict::Unknown | Verdict::Breaking, None) => "error",
        };
        let path = if finding.path.is_empty() { String::new() } else { format!(", `{}`", finding.path) };
        let mut message = vec![format!("`{}`{path}: {}", finding.subject, finding.what)];
        message.extend(finding.direction.map(|direction| direction.as_str().to_owned()));
        message.extend(finding.payload.as_ref().map(|payload| format!("fails: {payload}")));
        message.extend(finding.issue.clone());
        if !finding.functions.is_empty() {
            message.push(format!("breaks: {}", finding.functions.join(", ")));
        }
        message.extend(finding.owner.as_ref().map(|owner| format!("owner: {owner}")));
        match &finding.accepted {
            Some(reason) => message.push(format!("accepted: {reason}")),
            None => message.push(format!("to do: {}", finding.rule.what_to_do)),
        }
        let place = if finding.position.file.is_empty() {
            String::new()
        } else {
            format!("file={},line={},", property(finding.position.file), finding.position.line)
        };
        let title = property(finding.rule.id);
        text.push_str(&format!("::{level} {place}title={title}::{}\n", data(&message.join("\n"))));
    }
    let verdict = report.verdict();
    if let Some(note) = &report.note {
        text.push_str(&format!(
            "::warning title=Baseline::{}\n",
            data(&format!("compared with {}, since {note}", report.baseline))
        ));
    }
    text + &format!("{}: compared with {}\n", verdict.as_str(), report.baseline)
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
