//! By hand, and carefully: plain structs, and checks that look at each byte once and allocate nothing that is not needed.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What is wrong with a field.
#[allow(dead_code, reason = "a caller would read it")]
pub struct Problem {
    /// Where.
    pub path: String,
    /// What, for programs.
    pub code: &'static str,
    /// What, for people.
    pub message: String,
}

fn problem(path: impl Into<String>, code: &'static str, message: impl Into<String>) -> Problem {
    Problem { path: path.into(), code, message: message.into() }
}

/// A type that is checked by hand.
pub trait Check {
    /// Everything that is wrong with it.
    fn check(&self) -> Vec<Problem>;
}

/// A workflow.
#[derive(Deserialize, Serialize)]
pub struct Workflow {
    #[allow(dead_code)]
    id: Uuid,
    name: String,
    owner_email: String,
    callback_url: String,
    priority: u8,
    steps: Vec<Step>,
}

/// One of its steps.
#[derive(Deserialize, Serialize)]
pub struct Step {
    key: String,
    timeout_ms: u64,
}

impl Check for Workflow {
    fn check(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        length("name", &self.name, 1, 120, &mut problems);
        if !is_email(&self.owner_email) {
            problems.push(problem("owner_email", "invalid_format", "must be an e-mail address"));
        }
        if !is_url(&self.callback_url) {
            problems.push(problem("callback_url", "invalid_format", "must be an absolute URL"));
        }
        range("priority", u64::from(self.priority), 1, 5, &mut problems);
        if self.steps.is_empty() || self.steps.len() > 20 {
            problems.push(problem("steps", "wrong_length", "must have 1 to 20 elements"));
        }
        for (index, step) in self.steps.iter().enumerate() {
            step.check(index, &mut problems);
        }
        problems
    }
}

impl Step {
    fn check(&self, index: usize, problems: &mut Vec<Problem>) {
        if !is_key(&self.key) {
            let message = "must match the pattern `^[a-z][a-z0-9-]*$`";
            problems.push(problem(format!("steps[{index}].key"), "invalid_format", message));
        }
        if !(1..=86_400_000).contains(&self.timeout_ms) {
            let message = format!("must be in 1..=86400000, is {}", self.timeout_ms);
            problems.push(problem(format!("steps[{index}].timeout_ms"), "out_of_range", message));
        }
    }
}

/// A login.
#[derive(Deserialize, Serialize)]
pub struct Login {
    #[allow(dead_code)]
    user_id: Uuid,
    email: String,
    attempts: u32,
}

impl Check for Login {
    fn check(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if !is_email(&self.email) {
            problems.push(problem("email", "invalid_format", "must be an e-mail address"));
        }
        range("attempts", u64::from(self.attempts), 1, 10, &mut problems);
        problems
    }
}

fn length(path: &str, text: &str, min: usize, max: usize, problems: &mut Vec<Problem>) {
    let surely = text.len() <= max && text.len() >= min * 4;
    let length = if surely { min } else { text.chars().count() };
    if length < min || length > max {
        problems.push(problem(
            path,
            "wrong_length",
            format!("must have {min} to {max} characters, has {length}"),
        ));
    }
}

fn range(path: &str, number: u64, min: u64, max: u64, problems: &mut Vec<Problem>) {
    if number < min || number > max {
        let mut message = String::new();
        // Writing to a text cannot fail.
        let _ = write!(message, "must be in {min}..={max}, is {number}");
        problems.push(problem(path, "out_of_range", message));
    }
}

/// One pass over the local part, one over the host.
fn is_email(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(at) = bytes.iter().rposition(|byte| *byte == b'@') else { return false };
    let (local, host) = (&bytes[..at], &bytes[at + 1..]);
    let mut after_dot = true;
    for byte in local {
        match byte {
            b'.' if after_dot => return false,
            b'.' => after_dot = true,
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => after_dot = false,
            b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'/' | b'=' | b'?' | b'^'..=b'`' | b'{'..=b'~' => {
                after_dot = false;
            }
            _ => return false,
        }
    }
    !after_dot && bytes.len() <= 254 && local.len() <= 64 && is_host(host)
}

fn is_host(host: &[u8]) -> bool {
    let (mut label, mut last) = (0, b'-');
    for &byte in host {
        match byte {
            b'.' if label == 0 || last == b'-' => return false,
            b'.' => label = 0,
            b'-' if label == 0 => return false,
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' if label < 63 => label += 1,
            _ => return false,
        }
        last = byte;
    }
    label > 0 && last != b'-'
}

/// The shape of an http URL (RFC 3986) as a byte scan: scheme, host, port, and the characters of the rest.
fn is_url(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else {
        return url::Url::parse(text).is_ok();
    };
    let end = rest.bytes().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(rest.len());
    let (authority, path) = rest.as_bytes().split_at(end);
    let host = match authority.iter().position(|byte| *byte == b':') {
        Some(at) if authority[at + 1..].iter().all(u8::is_ascii_digit) => &authority[..at],
        Some(_) => return false,
        None => authority,
    };
    is_host(host) && path.iter().all(|byte| matches!(byte, b'!'..=b'~'))
}

fn is_key(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_lowercase())
        && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}
