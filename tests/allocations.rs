//! On the valid path nothing is allocated but the decoded value.

use allocation_counter::measure;
use event_runtime::prelude::*;

/// Workflows.
#[domain_events]
pub enum WorkflowEvent {
    /// A workflow was created.
    #[validate(refine = has_steps)]
    Created {
        id: Uuid,
        #[validate(length(min = 1, max = 120), starts_with("On"))]
        name: String,
        #[validate(email)]
        owner_email: Option<String>,
        #[validate(range(min = 1, max = 5), one_of(1, 2, 3))]
        priority: u8,
        #[validate(length(min = 1, max = 20))]
        steps: Vec<WorkflowStep>,
        #[validate(datetime)]
        due: String,
        #[serde(default)]
        tags: Vec<String>,
    },
}

/// A step of a workflow.
#[payload]
pub struct WorkflowStep {
    #[validate(pattern("^[a-z][a-z0-9-]*$"))]
    key: String,
    #[validate(range(min = 1))]
    timeout_ms: u64,
}

fn has_steps(created: &WorkflowCreated) -> Result<(), &'static str> {
    if created.steps.is_empty() { Err("has no steps") } else { Ok(()) }
}

registry! { pub AppEvents = [WorkflowEvent]; }

const JSON: &str = r#"{
    "id": "0195d4a5-0f5c-7c3e-8f0a-5b6a4c3d2e1f",
    "name": "Onboarding",
    "owner_email": "ada@example.org",
    "priority": 3,
    "steps": [{ "key": "send-mail", "timeout_ms": 5000 }, { "key": "wait", "timeout_ms": 1 }],
    "due": "2026-01-02T03:04:05Z",
    "unknown": { "field": [1, 2, 3] }
}"#;

/// How often something is allocated.
fn allocations<T>(code: impl Fn() -> T) -> u64 {
    // Once before it counts: what is made at its first use is there then.
    drop(code());
    measure(|| drop(code())).count_total
}

#[test]
fn validation_allocates_nothing() {
    let created = WorkflowCreated::parse(JSON.as_bytes()).unwrap();
    assert_eq!(allocations(|| created.validate().is_ok()), 0);
}

#[test]
fn parsing_allocates_the_value_alone() {
    let created = WorkflowCreated::parse(JSON.as_bytes()).unwrap();
    // A list of two elements is allocated once, as by a clone.
    assert_eq!(
        allocations(|| WorkflowCreated::parse(JSON.as_bytes()).unwrap()),
        allocations(|| created.clone())
    );
}

/// An e-mail address.
#[payload]
pub struct Email(
    #[normalize(trim, lowercase, nfc, collapse_whitespace)]
    #[validate(email)]
    String,
);

/// How something is paid.
#[payload]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Method {
    /// In notes and coins.
    Cash,
    /// By card.
    Card {
        #[event(sensitive)]
        #[validate(length(min = 4))]
        number: String,
        holder: Email,
    },
}

/// Payments.
#[domain_events]
pub enum PaymentEvent {
    /// A payment was received.
    Received {
        method: Method,
        #[serde(flatten)]
        step: WorkflowStep,
        others: [Method; 2],
    },
}

#[test]
fn enums_newtypes_and_uniform_texts_allocate_the_value_alone() {
    const JSON: &str = r#"{
        "key": "a-1", "timeout_ms": 7, "unknown": [1, "x"],
        "method": { "number": "4111", "holder": " Ada@Example.org", "type": "card" },
        "others": [{ "type": "cash" }, { "type": "card", "number": "4111", "holder": "a@b.de" }]
    }"#;
    let received = PaymentReceived::parse(JSON.as_bytes()).unwrap();
    // The elements of an array are read as those of a list, which is allocated too.
    assert_eq!(
        allocations(|| PaymentReceived::parse(JSON.as_bytes()).unwrap()),
        allocations(|| received.clone()) + 1
    );
    assert_eq!(allocations(|| received.validate().is_ok()), 0);
}

#[test]
fn finding_an_event_allocates_nothing() {
    assert_eq!(allocations(|| AppEvents::find("workflow/created").is_some()), 0);
    assert_eq!(allocations(|| AppEvents::find("workflow/deleted").is_some()), 0);
}

#[test]
fn issues_are_allocated_when_there_are_some() {
    assert!(allocations(|| WorkflowCreated::parse(b"{}").is_err()) > 0);
}
