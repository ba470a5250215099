// Not in the types: job_posting: `if`
// Not in the types: job_posting: `then`
// Not in the types: job_posting.either: `anyOf` without a tag, kept as any JSON
// Not in the types: job_posting.elsewhere: `$ref` to `https://example.com/other.json`, outside of this document: kept as any JSON
// Not in the types: job_posting.extra: `patternProperties`
use std::collections::BTreeMap;

use event_runtime::prelude::*;

/// A representation of a job posting
#[domain_events(foreign)]
pub enum JobPostingEvent {
    /// A representation of a job posting
    #[event(name = "job_posting", unhandled)]
    JobPosting {
        #[serde(rename = "applicationDeadline")]
        #[serde(skip_serializing_if = "Option::is_none")]
        #[validate(date)]
        application_deadline: Option<String>,
        company: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        contact: Option<JobPostingJobPostingContact>,
        description: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        either: Option<serde_json::Value>,
        #[serde(skip_serializing_if = "Option::is_none")]
        elsewhere: Option<serde_json::Value>,
        #[serde(rename = "employmentType")]
        #[serde(skip_serializing_if = "Option::is_none")]
        #[validate(pattern("^[a-z-]+$"))]
        employment_type: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        extra: Option<BTreeMap<String, serde_json::Value>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[validate(unique, inner(range(min = 1, max = 6)))]
        grades: Option<Vec<u64>>,
        location: String,
        #[serde(rename = "reportsTo")]
        #[serde(skip_serializing_if = "Option::is_none")]
        reports_to: Option<Person>,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[validate(range(min = 0.0))]
        salary: Option<f64>,
        title: String,
    },
}

/// In `job_posting.contact`.
#[payload]
#[serde(tag = "kind")]
pub enum JobPostingJobPostingContact {
    /// `email`.
    #[serde(rename = "email")]
    Email {
        #[validate(email)]
        address: String,
    },
    /// `phone`.
    #[serde(rename = "phone")]
    Phone {
        #[validate(length(min = 3))]
        number: String,
    },
}

/// In `job_posting.reportsTo`.
#[payload]
pub struct Person {
    #[serde(skip_serializing_if = "Option::is_none")]
    manager: Option<Box<Person>>,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<String>,
}
