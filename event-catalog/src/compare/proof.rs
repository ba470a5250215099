//! Proofs of differences: a payload that the writer may write and the reader really refuses, checked against an oracle.

use jsonschema::canonical::Containment;
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use super::walk::{Difference, differences};
use crate::rules::Kind;

/// An issue, as the reader reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) path: String,
    pub(crate) message: String,
}

/// A reader of payloads: the types of this program, or the locked contract of a former one.
pub(crate) trait Reader {
    /// The issues of a payload; none if it is accepted.
    fn refusals(&self, payload: &Value) -> Vec<Refusal>;
}

/// Something that the reader does not take.
#[derive(Debug, Clone)]
pub(crate) struct Proved {
    pub(crate) kind: Kind,
    pub(crate) path: String,
    pub(crate) what: String,
    /// The smallest payload that is known to fail, and the issue; without, it is not known whether one fails.
    pub(crate) proof: Option<(Value, Refusal)>,
}

/// Compares what is written with what is read.
pub(crate) fn compare(written: &Value, read: &Value, reader: &dyn Reader) -> Vec<Proved> {
    let writer = validator(written);
    let (proposed, agreed) = differences(written, read);
    let all: Vec<(Proved, bool)> = proposed
        .into_iter()
        .map(|difference| {
            let must_be_shown = matches!(difference.kind, Kind::Custom | Kind::Format);
            (prove(difference, writer.as_ref(), reader), must_be_shown)
        })
        .collect();
    let (proved, open): (Vec<_>, Vec<_>) = all.into_iter().partition(|(one, _)| one.proof.is_some());
    let mut found: Vec<Proved> = proved.into_iter().map(|(one, _)| one).collect();
    found = without_repetition(found);
    // What could not be shown is safe only if the oracle says so; of functions and formats it knows nothing.
    let oracle = if open.is_empty() && !found.is_empty() { Containment::No } else { covers(read, written) };
    for (one, must_be_shown) in open {
        let is_safe = matches!(oracle, Containment::Yes) && !must_be_shown;
        let is_told = found.iter().any(|other| other.path == one.path && other.kind == one.kind);
        if !is_safe && !is_told {
            found.push(one);
        }
    }
    if found.is_empty() && !agreed && matches!(oracle, Containment::No) {
        let what = "the rules find nothing, and the oracle says that not all of it can be read".to_owned();
        found.push(Proved { kind: Kind::Other, path: String::new(), what, proof: None });
    }
    found
}

/// Of differences at one place and of one kind, the first.
fn without_repetition(found: Vec<Proved>) -> Vec<Proved> {
    let mut kept: Vec<Proved> = Vec::new();
    for one in found {
        if kept.iter().all(|other| (other.kind, &other.path) != (one.kind, &one.path)) {
            kept.push(one);
        }
    }
    kept
}

/// Looks for the smallest payload that the writer may write and that fails at this place.
fn prove(difference: Difference, writer: Option<&Validator>, reader: &dyn Reader) -> Proved {
    let Difference { kind, path, what, mut payloads } = difference;
    payloads.sort_by_key(|payload| (payload.to_string().len(), payload.to_string()));
    payloads.dedup();
    let proof = payloads.into_iter().find_map(|payload| {
        if !writer?.is_valid(&payload) {
            return None;
        }
        let refusals = reader.refusals(&payload);
        let here = refusals.iter().find(|refusal| refusal.path == path);
        let near = || refusals.iter().find(|refusal| is_near(&refusal.path, &path));
        let refusal = here.or_else(near).cloned()?;
        Some((payload, refusal))
    });
    Proved { kind, path, what, proof }
}

/// Whether an issue is of a value around a place, or inside it.
fn is_near(issue: &str, place: &str) -> bool {
    let begins = |long: &str, short: &str| {
        long.strip_prefix(short)
            .is_some_and(|rest| rest.is_empty() || short.is_empty() || rest.starts_with(['.', '[']))
    };
    begins(issue, place) || begins(place, issue)
}

/// Whether all that is written can be read, according to the oracle.
pub(crate) fn covers(read: &Value, written: &Value) -> Containment {
    let canonical = |schema: &Value| jsonschema::canonicalize(schema).ok();
    let (Some(read), Some(written)) = (canonical(read), canonical(written)) else {
        return Containment::Unknown;
    };
    read.covers(&written).unwrap_or(Containment::Unknown)
}

pub(crate) fn validator(schema: &Value) -> Option<Validator> {
    jsonschema::options().should_validate_formats(true).build(schema).ok()
}

/// A contract as a reader.
pub(crate) struct Contract(Option<Validator>);

impl Contract {
    pub(crate) fn of(schema: &Value) -> Self {
        Self(validator(schema))
    }
}

impl Reader for Contract {
    fn refusals(&self, payload: &Value) -> Vec<Refusal> {
        let errors = self
            .0
            .as_ref()
            .map(|validator| validator.iter_errors(payload).map(|error| refusal(&error)).collect());
        errors.unwrap_or_default()
    }
}

fn refusal(error: &ValidationError<'_>) -> Refusal {
    use jsonschema::error::ValidationErrorKind as Is;
    let path = path_of(error.instance_path().as_str());
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match error.kind() {
        Is::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            Refusal { path: below(name), message: "is required".to_owned() }
        }
        Is::AdditionalProperties { unexpected } => {
            let name = unexpected.first().map(String::as_str).unwrap_or_default();
            Refusal { path: below(name), message: "is not known, and unknown fields are refused".to_owned() }
        }
        _ => Refusal { message: error.to_string(), path },
    }
}

/// A JSON Pointer as paths of issues are written.
fn path_of(pointer: &str) -> String {
    let steps = pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~"));
    steps.fold(String::new(), |path, step| {
        let is_index = !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
        let is_name = step.chars().all(|char| char.is_alphanumeric() || char == '_');
        match (is_index, is_name, path.is_empty()) {
            (true, _, _) => format!("{path}[{step}]"),
            (_, true, true) => step,
            (_, true, false) => format!("{path}.{step}"),
            _ => format!("{path}[{step:?}]"),
        }
    })
}
