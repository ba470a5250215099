use event_runtime::prelude::*;

/// Events of another system: Pagerduty.
#[domain_events(foreign)]
pub enum PagerdutyEvent {
    /// From 1 sample(s).
    #[event(name = "pagerduty", unhandled)]
    Pagerduty {
        event: PagerdutyPagerdutyEvent,
    },
}

/// In `pagerduty.event.agent`.
#[payload]
pub struct PagerdutyPagerdutyEventAgent {
    html_url: String,
    id: String,
    r#type: String,
}

/// In `pagerduty.event.data.assignees[]`.
#[payload]
pub struct PagerdutyPagerdutyEventDataAssigneesItem {
    id: String,
    summary: String,
}

/// In `pagerduty.event.data.escalation_policy`.
#[payload]
pub struct PagerdutyPagerdutyEventDataEscalationPolicy {
    id: String,
    summary: String,
}

/// In `pagerduty.event.data`.
#[payload]
pub struct PagerdutyPagerdutyEventData {
    assignees: Vec<PagerdutyPagerdutyEventDataAssigneesItem>,
    escalation_policy: PagerdutyPagerdutyEventDataEscalationPolicy,
    id: String,
    number: u64,
    resolve_reason: serde_json::Value,
    status: String,
    title: String,
    r#type: String,
    urgency: String,
}

/// In `pagerduty.event`.
#[payload]
pub struct PagerdutyPagerdutyEvent {
    agent: PagerdutyPagerdutyEventAgent,
    client: serde_json::Value,
    data: PagerdutyPagerdutyEventData,
    event_type: String,
    id: String,
    occurred_at: String,
    resource_type: String,
}
