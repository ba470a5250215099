//! Payloads that were written once, read with the types of today.

use event_runtime::catalog::EventEntry;
use serde_json::Value;

use crate::lock::Lock;
use crate::report::{Direction, Finding, Verdict};
use crate::rules;

/// The examples that are refused now, or come out as something else than they did.
pub(super) fn findings(event: &EventEntry, working: &Lock) -> Vec<Finding> {
    let files = working.events.get(&event.name).into_iter().flat_map(|versions| versions.values());
    let examples = files.flat_map(|file| file.examples.iter().map(move |golden| (file.version, golden)));
    let known = examples.filter(|(version, _)| event.version(*version).is_some());
    let finding = |(version, golden): (u32, &crate::lock::Golden)| {
        let latest = event.latest()?.version;
        let (rule, verdict, what, issue) = match event.lift(version, &golden.payload.to_string())? {
            // Of the latest version the contract says more.
            Err(_) if version == latest => return None,
            Err(issues) => {
                let what = format!("an example of version {version} is refused after it was lifted");
                (&rules::UPCAST_FAILS, Verdict::Breaking, what, Some(issues.iter().next()?.to_string()))
            }
            Ok(lifted) => {
                let lifted: Value = serde_json::from_str(&lifted).ok()?;
                let lost = lost(&golden.becomes, &lifted, "")?;
                (
                    &rules::GOLDEN_CHANGED,
                    Verdict::Stale,
                    format!("an example of version {version} comes out otherwise: {lost}"),
                    None,
                )
            }
        };
        Some(Finding {
            rule,
            verdict,
            subject: event.name.clone(),
            version: Some(version),
            path: String::new(),
            what,
            position: event.position,
            direction: Some(Direction::Backward),
            payload: Some(golden.payload.clone()),
            issue,
            functions: if verdict > Verdict::Stale { event.handled_by.clone() } else { Vec::new() },
            owner: event.owner.clone(),
            accepted: None,
        })
    };
    known.filter_map(finding).collect()
}

/// Finds the first part of a value that is missing or has changed; new fields do not count.
fn lost(was: &Value, is: &Value, path: &str) -> Option<String> {
    match (was, is) {
        (Value::Object(was), Value::Object(is)) => was.iter().find_map(|(name, value)| {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            lost(value, is.get(name).unwrap_or(&Value::Null), &path)
        }),
        (Value::Array(was), Value::Array(is)) if was.len() == is.len() => was
            .iter()
            .zip(is)
            .enumerate()
            .find_map(|(index, (was, is))| lost(was, is, &format!("{path}[{index}]"))),
        (was, is) if was == is => None,
        (was, is) => Some(format!("`{path}` was {was}, and is {is}")),
    }
}
