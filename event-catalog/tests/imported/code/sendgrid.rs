use event_runtime::prelude::*;

/// Events of another system: Sendgrid.
#[domain_events(foreign)]
pub enum SendgridEvent {
    /// From 3 sample(s).
    #[event(name = "sendgrid", unhandled)]
    Sendgrid {
        #[serde(skip_serializing_if = "Option::is_none")]
        attempt: Option<String>,
        category: Vec<String>,
        email: String,
        event: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        ip: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        response: Option<String>,
        sg_event_id: String,
        sg_message_id: String,
        #[serde(rename = "smtp-id")]
        #[serde(skip_serializing_if = "Option::is_none")]
        smtp_id: Option<String>,
        timestamp: u64,
        #[serde(skip_serializing_if = "Option::is_none")]
        useragent: Option<String>,
    },
}
