use event_runtime::prelude::*;

/// Events of another system: Slack.
#[domain_events(foreign)]
pub enum SlackEvent {
    /// From 2 sample(s).
    #[event(name = "slack", unhandled)]
    Slack {
        api_app_id: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        authed_users: Option<Vec<String>>,
        event: SlackSlackEvent,
        event_id: String,
        event_time: u64,
        team_id: String,
        token: String,
        r#type: String,
    },
}

/// In `slack.event.item`.
#[payload]
pub struct SlackSlackEventItem {
    channel: String,
    ts: String,
    r#type: String,
}

/// In `slack.event`.
#[payload]
pub struct SlackSlackEvent {
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel_type: Option<String>,
    event_ts: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<SlackSlackEventItem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reaction: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ts: Option<String>,
    r#type: String,
    user: String,
}
