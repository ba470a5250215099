//! What is measured: each case makes its subject once, and gives a function that is called again and again.

use event_runtime::{Event, Payload};
use serde_json::Value;

use crate::hand::{self, Check};
use crate::measure::Call;
use crate::ours::{LoginFailed, WorkflowCreated};
use crate::payloads::{LARGE, LARGE_BAD, SMALL, SMALL_BAD};
use crate::peers::{with_garde, with_serde_valid, with_validator};

/// One row of a table.
pub struct Case {
    /// What is done.
    pub table: &'static str,
    /// With what.
    pub with: &'static str,
    /// How many issues there are.
    pub issues: usize,
    /// Makes the function to call, which gives the number of issues.
    pub prepare: fn() -> Call,
}

/// A type that is decoded and validated in one of the ways that are compared.
trait Subject: Sized + 'static {
    /// Decodes.
    fn decode(json: &'static [u8]) -> Self;
    /// Validates; the number of issues.
    fn validate(&self) -> usize;
    /// Decodes and validates; the number of issues.
    fn parse(json: &'static [u8]) -> usize;
}

macro_rules! subject {
    ($type:ty, decode: $decode:expr, validate: $validate:expr, parse: $parse:expr) => {
        impl Subject for $type {
            fn decode(json: &'static [u8]) -> Self {
                #[allow(clippy::redundant_closure_call)]
                ($decode)(json)
            }

            fn validate(&self) -> usize {
                #[allow(clippy::redundant_closure_call)]
                ($validate)(self)
            }

            fn parse(json: &'static [u8]) -> usize {
                #[allow(clippy::redundant_closure_call)]
                ($parse)(json)
            }
        }
    };
}

macro_rules! subjects {
    ($($type:ty),*; validate: $validate:expr) => {$(
        subject!(
            $type,
            decode: |json| serde_json::from_slice(json).unwrap(),
            validate: $validate,
            parse: |json| Subject::validate(&<Self as Subject>::decode(json))
        );
    )*};
}

macro_rules! ours {
    ($($type:ty),*) => {$(
        subject!(
            $type,
            decode: |json| serde_json::from_slice(json).unwrap(),
            validate: |value| event_runtime::Validate::validate(value).map_or_else(|issues| issues.len(), |()| 0),
            parse: |json| <$type as Payload>::parse(json).map_or_else(|issues| issues.len(), |_| 0)
        );
    )*};
}

macro_rules! by_hand {
    ($($type:ty),*) => {$(
        subject!(
            $type,
            // The bytes are checked to be UTF-8 once, and not text by text.
            decode: |json| serde_json::from_str(std::str::from_utf8(json).unwrap()).unwrap(),
            validate: |value| Check::check(value).len(),
            parse: |json| Subject::validate(&<Self as Subject>::decode(json))
        );
    )*};
}

ours!(WorkflowCreated, LoginFailed);
by_hand!(hand::Workflow, hand::Login);
subjects!(with_garde::Workflow, with_garde::Login;
    validate: |value| garde::Validate::validate(value).map_or_else(|report| report.iter().count(), |()| 0));
subjects!(with_validator::Workflow, with_validator::Login;
    validate: |value| validator::Validate::validate(value).map_or_else(|errors| count_validator(&errors), |()| 0));
subjects!(with_serde_valid::Workflow, with_serde_valid::Login;
    validate: |value| serde_valid::Validate::validate(value).map_or_else(|errors| count_serde_valid(&errors), |()| 0));

fn count_validator(errors: &validator::ValidationErrors) -> usize {
    use validator::ValidationErrorsKind as Kind;
    let count = |kind: &Kind| match kind {
        Kind::Field(errors) => errors.len(),
        Kind::Struct(errors) => count_validator(errors),
        Kind::List(elements) => elements.values().map(|errors| count_validator(errors)).sum(),
    };
    errors.errors().values().map(count).sum()
}

fn count_serde_valid(errors: &serde_valid::validation::Errors) -> usize {
    use serde_valid::validation::{Error, Errors};
    let count = |error: &Error| match error {
        Error::Items(errors) => errors.items.values().map(count_serde_valid).sum(),
        Error::Properties(errors) => errors.properties.values().map(count_serde_valid).sum(),
        _ => 1,
    };
    match errors {
        Errors::Array(array) => {
            array.errors.iter().map(count).chain(array.items.values().map(count_serde_valid)).sum()
        }
        Errors::Object(object) => {
            object.errors.iter().map(count).chain(object.properties.values().map(count_serde_valid)).sum()
        }
        Errors::NewType(errors) => errors.iter().map(count).sum(),
    }
}

fn validated<T: Subject>(json: &'static str) -> Call {
    let value = T::decode(json.as_bytes());
    Box::new(move || value.validate())
}

fn parsed<T: Subject>(json: &'static str) -> Call {
    Box::new(move || T::parse(json.as_bytes()))
}

/// Writes a typed value.
fn written<T: Subject>(json: &'static str, write: fn(&T) -> String) -> Call {
    let value = T::decode(json.as_bytes());
    Box::new(move || {
        std::hint::black_box(write(&value));
        0
    })
}

/// The two cases of writing a pair of types.
fn written_by(with: &'static str, large: fn() -> Call, small: fn() -> Call) -> [Case; 2] {
    let case = |table, prepare| Case { table, with, issues: 0, prepare };
    [case("large: write", large), case("small: write", small)]
}

/// `jsonschema` with our schema: it validates a `Value`, from which the type is decoded afterwards.
fn schema<E: Event>(json: &'static str, parse: bool) -> Call {
    let validator =
        jsonschema::options().should_validate_formats(true).build(E::schema().as_value()).unwrap();
    let value: Value = serde_json::from_str(json).unwrap();
    if !parse {
        return Box::new(move || validator.iter_errors(&value).count());
    }
    Box::new(move || {
        let value: Value = serde_json::from_slice(json.as_bytes()).unwrap();
        let issues = validator.iter_errors(&value).count();
        if issues == 0 {
            std::hint::black_box(serde_json::from_value::<E>(value).is_ok());
        }
        issues
    })
}

/// The six cases of a pair of types.
fn of<L: Subject, S: Subject>(with: &'static str) -> [Case; 6] {
    let case = |table, issues, prepare| Case { table, with, issues, prepare };
    [
        case("large: validate a typed value", 0, || validated::<L>(LARGE)),
        case("large: parse and validate", 0, || parsed::<L>(LARGE)),
        case("large: report 3 bad fields", 3, || parsed::<L>(LARGE_BAD)),
        case("small: validate a typed value", 0, || validated::<S>(SMALL)),
        case("small: parse and validate", 0, || parsed::<S>(SMALL)),
        case("small: report 2 bad fields", 2, || parsed::<S>(SMALL_BAD)),
    ]
}

/// All cases.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    cases.extend(of::<WorkflowCreated, LoginFailed>("event-runtime"));
    cases.extend(of::<hand::Workflow, hand::Login>("by hand"));
    cases.extend(of::<with_garde::Workflow, with_garde::Login>("garde"));
    cases.extend(of::<with_validator::Workflow, with_validator::Login>("validator"));
    cases.extend(of::<with_serde_valid::Workflow, with_serde_valid::Login>("serde_valid"));
    cases.extend(written_by(
        "event-runtime",
        || written::<WorkflowCreated>(LARGE, |value| value.to_json().unwrap()),
        || written::<LoginFailed>(SMALL, |value| value.to_json().unwrap()),
    ));
    cases.extend(written_by(
        "serde_json",
        || written::<hand::Workflow>(LARGE, |value| serde_json::to_string(value).unwrap()),
        || written::<hand::Login>(SMALL, |value| serde_json::to_string(value).unwrap()),
    ));
    let mut add = |table, issues, prepare| cases.push(Case { table, with: "jsonschema", issues, prepare });
    add("large: validate a typed value", 0, || schema::<WorkflowCreated>(LARGE, false));
    add("large: parse and validate", 0, || schema::<WorkflowCreated>(LARGE, true));
    add("large: report 3 bad fields", 3, || schema::<WorkflowCreated>(LARGE_BAD, true));
    add("small: validate a typed value", 0, || schema::<LoginFailed>(SMALL, false));
    add("small: parse and validate", 0, || schema::<LoginFailed>(SMALL, true));
    add("small: report 2 bad fields", 2, || schema::<LoginFailed>(SMALL_BAD, true));
    // Side by side: the rows of a table follow each other.
    cases.sort_by_key(|case| case.table);
    cases
}
